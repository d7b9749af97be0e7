package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/export"
	"rathaus/internal/fault"
	"rathaus/internal/files"
	"rathaus/pads"
)

// entriesOfPage is how many messages stand on one page of an export.
const entriesOfPage = 400

// chapters are the parts of an export, in their order.
func (p *Program) chapters() []export.Chapter {
	books := roomBook{p.chat, p.files}
	return []export.Chapter{roomChapter{books}, mineChapter{books, p.directory, p.pads}}
}

// roomChapter is one room, for its members.
type roomChapter struct{ roomBook }

func (c roomChapter) Count(ctx context.Context, p access.Principal, w export.Wish) (int, string, error) {
	if w.Kind != export.KindRoom {
		return 0, "", nil
	}
	t, _, err := c.chat.TakeOne(ctx, p, w.Room)
	return 2 * t.Count, t.Title, err
}

func (c roomChapter) Write(ctx context.Context, p access.Principal, w export.Wish, a *export.Archive) error {
	if w.Kind != export.KindRoom {
		return nil
	}
	t, members, err := c.chat.TakeOne(ctx, p, w.Room)
	if err != nil {
		return err
	}
	if err := a.JSON("raum.json", map[string]any{"room": t, "members": members}); err != nil {
		return err
	}
	return c.write(ctx, p, t, a, "", len(members))
}

// roomBook writes rooms.
type roomBook struct {
	chat  *chat.Chat
	files *files.Files
}

// write writes what is taken of a room into a folder: "" or one that ends with a slash.
func (b roomBook) write(ctx context.Context, p access.Principal, t chat.TakeRoom, a *export.Archive, folder string, members int) error {
	err := a.List(folder+"nachrichten.json", func(put func(any) error) error {
		return b.each(ctx, p, t, func(page []chat.Message, _ map[string][]chat.TakenFile) error {
			for _, m := range page {
				if err := put(m); err != nil {
					return err
				}
			}
			return a.Step(len(page))
		})
	})
	if err != nil {
		return err
	}
	if err := b.writeFiles(ctx, p, t, a, folder); err != nil {
		return err
	}
	return b.writePages(ctx, p, t, a, folder, members)
}

// each reads a room page by page.
func (b roomBook) each(ctx context.Context, p access.Principal, t chat.TakeRoom, fn func([]chat.Message, map[string][]chat.TakenFile) error) error {
	for after := int64(0); ; {
		page, err := b.chat.TakePage(ctx, p, t, after)
		if err != nil || len(page) == 0 {
			return err
		}
		carried, err := b.chat.TakeFiles(ctx, page)
		if err != nil {
			return err
		}
		if err := fn(page, carried); err != nil {
			return err
		}
		after = page[len(page)-1].Seq
	}
}

// fileName is where a file lies: its number makes it the only one of its name.
func fileName(m chat.Message, n int, f chat.TakenFile) string {
	return fmt.Sprintf("dateien/%06d-%d-%s", m.Seq, n+1, export.SafeName(f.Name))
}

func (b roomBook) writeFiles(ctx context.Context, p access.Principal, t chat.TakeRoom, a *export.Archive, folder string) error {
	return b.each(ctx, p, t, func(page []chat.Message, carried map[string][]chat.TakenFile) error {
		for _, m := range page {
			for n, f := range carried[m.ID] {
				if err := b.writeFile(ctx, a, folder+fileName(m, n, f), f.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// writeFile leaves out a file that is gone.
func (b roomBook) writeFile(ctx context.Context, a *export.Archive, name, fileID string) (err error) {
	content, _, err := b.files.Content(ctx, fileID)
	if err != nil {
		if fault.From(err).Kind == fault.KindNotFound {
			return nil
		}
		return err
	}
	err = a.Copy(name, content)
	if end := content.Close(); err == nil {
		err = end
	}
	return err
}

// writePages writes the pages to read, and the first one with the way to them.
func (b roomBook) writePages(ctx context.Context, p access.Principal, t chat.TakeRoom, a *export.Archive, folder string, members int) error {
	words := export.WordsIn(a.Lang)
	pages := max(1, (t.Count+entriesOfPage-1)/entriesOfPage)
	first := export.Page{Lang: a.Lang, Title: t.Title, About: roomAbout(words, t, members), Footer: words.Made + " " + export.Moment(a.Lang, time.Now().UTC())}
	var entries []export.Entry
	var day string
	number := 0
	flush := func() error {
		if len(entries) == 0 {
			return nil
		}
		number++
		first.Links = append(first.Links, export.Link{Href: pageName(number), Text: fmt.Sprintf("%s %d", words.Page, number), Note: entries[0].At})
		err := writePage(a, folder, number, pages, t.Title, entries)
		entries = entries[:0]
		return err
	}
	err := b.each(ctx, p, t, func(page []chat.Message, carried map[string][]chat.TakenFile) error {
		for _, m := range page {
			entries = append(entries, entryOf(a.Lang, words, m, carried[m.ID], &day))
			if len(entries) == entriesOfPage {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return a.Step(len(page))
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return err
	}
	first.Links = append(first.Links, export.Link{Href: "nachrichten.json", Text: words.Data})
	w, err := a.Create(folder + "index.html")
	if err != nil {
		return err
	}
	return first.Write(w)
}

func roomAbout(words export.Words, t chat.TakeRoom, members int) string {
	parts := []string{fmt.Sprintf("%s: %d", words.Messages, t.Count)}
	if t.Topic != "" {
		parts = append([]string{t.Topic}, parts...)
	}
	if members > 0 {
		parts = append(parts, fmt.Sprintf("%s: %d", words.Members, members))
	}
	if t.Mine {
		parts = append(parts, words.OnlyMine)
	}
	return strings.Join(parts, " · ")
}

func pageName(n int) string { return fmt.Sprintf("seite-%04d.html", n) }

func writePage(a *export.Archive, folder string, n, of int, title string, entries []export.Entry) error {
	words := export.WordsIn(a.Lang)
	p := export.Page{Lang: a.Lang, Title: title, About: fmt.Sprintf("%s %d / %d", words.Page, n, of), Entries: entries, Links: []export.Link{{Href: "index.html", Text: words.Overview}}}
	if n > 1 {
		p.Links = append(p.Links, export.Link{Href: pageName(n - 1), Text: words.Previous})
	}
	if n < of {
		p.Links = append(p.Links, export.Link{Href: pageName(n + 1), Text: words.Next})
	}
	w, err := a.Create(folder + pageName(n))
	if err != nil {
		return err
	}
	return p.Write(w)
}

func entryOf(lang string, words export.Words, m chat.Message, carried []chat.TakenFile, day *string) export.Entry {
	sent, err := time.Parse(time.RFC3339Nano, m.CreatedAt)
	if err != nil {
		sent = time.Time{}
	}
	e := export.Entry{Anchor: fmt.Sprintf("m%d", m.Seq), Author: m.Author.Name, At: export.Moment(lang, sent), Note: noteOf(words, m)}
	if d := export.Day(lang, sent); d != *day {
		*day, e.Day = d, d
	}
	if e.Note != "" {
		return e
	}
	e.Prose = export.Prose(m.Text)
	if m.EditedAt != "" {
		e.Marks = append(e.Marks, words.Edited)
	}
	if m.Poll != nil {
		e.Title = m.Poll.Question
		for _, o := range m.Poll.Options {
			e.Poll = append(e.Poll, fmt.Sprintf("%s: %d", o.Text, o.Votes))
		}
	}
	for n, f := range carried {
		e.Files = append(e.Files, export.FileLink{Href: fileName(m, n, f), Name: f.Name, Image: f.Kind == "image"})
	}
	return e
}

// noteOf words the entries of the house.
func noteOf(words export.Words, m chat.Message) string {
	var names []string
	for _, p := range m.People {
		names = append(names, p.Name)
	}
	whom := strings.Join(names, ", ")
	switch m.Kind {
	case chat.KindText:
		return ""
	case chat.KindJoined:
		return words.Joined
	case chat.KindAdded:
		return words.Added + " " + whom
	case chat.KindLeft:
		return words.Left
	case chat.KindRemoved:
		return words.Removed + " " + whom
	case chat.KindRenamed:
		return words.Renamed + " " + m.Data.Name
	case chat.KindCall:
		return words.Call
	case chat.KindCreated:
		return words.Created
	}
	return m.Kind
}

// mineChapter is everything that belongs to one person.
type mineChapter struct {
	roomBook
	directory *directory.Directory
	pads      *pads.Service
}

func (c mineChapter) Count(ctx context.Context, p access.Principal, w export.Wish) (int, string, error) {
	if w.Kind != export.KindMine {
		return 0, "", nil
	}
	rooms, err := c.chat.TakeMine(ctx, p)
	n := 0
	for _, t := range rooms {
		n += 2 * t.Count
	}
	return n, export.WordsIn(w.Lang).Mine, err
}

func (c mineChapter) Write(ctx context.Context, p access.Principal, w export.Wish, a *export.Archive) error {
	if w.Kind != export.KindMine {
		return nil
	}
	words := export.WordsIn(a.Lang)
	first := export.Page{Lang: a.Lang, Title: words.Mine, About: p.Name, Footer: words.Made + " " + export.Moment(a.Lang, time.Now().UTC())}
	rooms, err := c.chat.TakeMine(ctx, p)
	if err != nil {
		return err
	}
	if err := a.JSON("raeume.json", rooms); err != nil {
		return err
	}
	for i, t := range rooms {
		folder := fmt.Sprintf("raeume/%03d-%s/", i+1, export.SafeName(t.Title))
		if err := c.write(ctx, p, t, a, folder, 0); err != nil {
			return err
		}
		first.Links = append(first.Links, export.Link{Href: folder + "index.html", Text: t.Title, Note: roomAbout(words, t, 0)})
	}
	if err := c.notes(ctx, p, a); err != nil {
		return err
	}
	first.Links = append(first.Links,
		export.Link{Href: "profil.json", Text: words.Profile},
		export.Link{Href: "notizen.json", Text: words.Notes},
		export.Link{Href: "pads.json", Text: words.Pads, Note: words.PadsNote})
	page, err := a.Create("index.html")
	if err != nil {
		return err
	}
	return first.Write(page)
}

// notes writes what is no message: profile, drafts, saved messages, the list of pads.
func (c mineChapter) notes(ctx context.Context, p access.Principal, a *export.Archive) error {
	u, err := c.directory.ByID(ctx, p.UserID)
	if err != nil {
		return err
	}
	profile := map[string]any{
		"id": u.ID, "name": u.Name, "email": u.Email, "role": u.Role, "title": u.Title, "unit": u.Unit, "phone": u.Phone,
		"locale": u.Locale, "created_at": u.CreatedAt,
	}
	groups, err := c.directory.GroupsOf(ctx, p.UserID)
	if err != nil {
		return err
	}
	names := []string{}
	for _, g := range groups {
		names = append(names, g.Name)
	}
	profile["groups"] = names
	if err := a.JSON("profil.json", profile); err != nil {
		return err
	}
	drafts, saved, err := c.chat.TakeNotes(ctx, p)
	if err != nil {
		return err
	}
	if err := a.JSON("notizen.json", map[string]any{"drafts": drafts, "saved": saved}); err != nil {
		return err
	}
	own, err := c.pads.OwnedBy(ctx, p)
	if err != nil {
		return err
	}
	return a.JSON("pads.json", map[string]any{"note": export.WordsIn(a.Lang).PadsNote, "pads": own})
}
