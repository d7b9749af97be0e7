package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/export"
	"rathaus/internal/files"
)

// takenNotes is what a person keeps for themselves in chat.
type takenNotes struct {
	Drafts []Draft        `json:"drafts"`
	Later  []Later        `json:"later"`
	Saved  []SavedMessage `json:"saved"`
}

func (c *Chat) takeNotes(ctx context.Context, p access.Principal) (n takenNotes, err error) {
	if n.Drafts, err = c.Drafts(ctx, p); err != nil {
		return n, err
	}
	if n.Later, err = c.Laters(ctx, p); err != nil {
		return n, err
	}
	n.Saved, err = c.Saved(ctx, p, false)
	return n, err
}

// writeNotes writes drafts, messages to be sent later with their files, and saved messages
// with their reminders, as data and as a page.
func (b roomBook) writeNotes(ctx context.Context, p access.Principal, a *export.Archive) (export.Link, error) {
	words := export.WordsIn(a.Lang)
	link := export.Link{Href: words.Names.Notes + ".html", Text: words.Notes}
	notes, err := b.chat.takeNotes(ctx, p)
	if err != nil {
		return link, err
	}
	if err := a.JSON(words.Names.Notes+".json", notes); err != nil {
		return link, err
	}
	page := export.Page{
		Lang: a.Lang, Title: words.Notes, About: p.Name, Footer: a.Footer(),
		Links: []export.Link{{Href: "index.html", Text: words.Overview}, {Href: words.Names.Notes + ".json", Text: words.Data}},
	}
	for _, d := range notes.Drafts {
		if d.Text != "" {
			page.Entries = append(page.Entries, export.Entry{Author: words.Draft, At: momentIn(a.Lang, d.WrittenAt), Prose: export.Prose(d.Text)})
		}
	}
	for _, l := range notes.Later {
		e, err := b.laterEntry(ctx, p, a, l)
		if err != nil {
			return link, err
		}
		page.Entries = append(page.Entries, e)
	}
	for _, s := range notes.Saved {
		e := export.Entry{Author: s.Message.Author.Name, At: momentIn(a.Lang, s.Message.CreatedAt), Marks: []string{words.Saved + " " + momentIn(a.Lang, s.SavedAt)}, Prose: export.Prose(s.Message.Text)}
		if s.RemindAt != "" {
			e.Marks = append(e.Marks, words.RemindAt+" "+momentIn(a.Lang, s.RemindAt))
		}
		page.Entries = append(page.Entries, e)
	}
	return link, a.Page(link.Href, page)
}

// laterEntry writes the files of a message that waits and says what it is.
func (b roomBook) laterEntry(ctx context.Context, p access.Principal, a *export.Archive, l Later) (export.Entry, error) {
	words := export.WordsIn(a.Lang)
	e := export.Entry{
		Author: strings.TrimSpace(p.Name + " " + l.RoomName), At: words.Waiting + " " + momentIn(a.Lang, l.SendAt), Title: l.Message.Title, Prose: export.Prose(l.Message.Text),
	}
	if l.Problem != "" {
		e.Marks = append(e.Marks, words.NotSent)
	}
	if poll := l.Message.Poll; poll != nil {
		e.Title, e.Poll = poll.Question, poll.Options
	}
	for n, fileID := range l.Message.Files {
		link, err := b.waitingFile(ctx, a, fmt.Sprintf("%s/%s-%d-", words.Names.Waiting, l.ID, n+1), fileID)
		if err != nil {
			return e, err
		}
		if link.Href != "" {
			e.Files = append(e.Files, link)
		}
	}
	return e, nil
}

// waitingFile writes a file of a message that waits; no link if it is gone.
func (b roomBook) waitingFile(ctx context.Context, a *export.Archive, before, fileID string) (export.FileLink, error) {
	var link export.FileLink
	err := b.writeFile(ctx, a, fileID, func(f files.File) string {
		link = export.FileLink{Href: before + export.SafeName(f.Name), Name: f.Name, Image: f.Kind == files.Image}
		return link.Href
	})
	return link, err
}

func momentIn(lang, stamp string) string {
	t, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return stamp
	}
	return export.Moment(lang, t)
}
