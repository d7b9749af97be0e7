package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/export"
)

// entriesOfPage is how many messages stand on one page of an export.
const entriesOfPage = 400

// writePages writes the pages to read, and the first one with the way to them.
func (b roomBook) writePages(ctx context.Context, p access.Principal, t TakeRoom, a *export.Archive, folder string, members int) error {
	words := export.WordsIn(a.Lang)
	pages := max(1, (t.Count+entriesOfPage-1)/entriesOfPage)
	first := export.Page{Lang: a.Lang, Title: t.Title, About: roomAbout(words, t, members), Footer: a.Footer()}
	var entries []export.Entry
	var day string
	number := 0
	flush := func() error {
		if len(entries) == 0 {
			return nil
		}
		number++
		first.Links = append(first.Links, export.Link{Href: pageName(words, number), Text: fmt.Sprintf("%s %d", words.Page, number), Note: entries[0].At})
		err := writePage(a, folder, number, pages, t.Title, entries)
		entries = entries[:0]
		return err
	}
	err := b.each(ctx, p, t, func(page []Message, carried map[string][]TakenFile) error {
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
	first.Links = append(first.Links, export.Link{Href: words.Names.Messages + ".json", Text: words.Data})
	return a.Page(folder+"index.html", first)
}

func roomAbout(words export.Words, t TakeRoom, members int) string {
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

func pageName(words export.Words, n int) string {
	return fmt.Sprintf("%s-%04d.html", words.Names.Page, n)
}

func writePage(a *export.Archive, folder string, n, of int, title string, entries []export.Entry) error {
	words := export.WordsIn(a.Lang)
	p := export.Page{Lang: a.Lang, Title: title, About: fmt.Sprintf("%s %d / %d", words.Page, n, of), Entries: entries, Links: []export.Link{{Href: "index.html", Text: words.Overview}}}
	if n > 1 {
		p.Links = append(p.Links, export.Link{Href: pageName(words, n-1), Text: words.Previous})
	}
	if n < of {
		p.Links = append(p.Links, export.Link{Href: pageName(words, n+1), Text: words.Next})
	}
	return a.Page(folder+pageName(words, n), p)
}

func entryOf(lang string, words export.Words, m Message, carried []TakenFile, day *string) export.Entry {
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
		e.Files = append(e.Files, export.FileLink{Href: fileName(words, m, n, f), Name: f.Name, Image: f.Kind == "image"})
	}
	return e
}

// noteOf words the entries of the house.
func noteOf(words export.Words, m Message) string {
	var names []string
	for _, p := range m.People {
		names = append(names, p.Name)
	}
	whom := strings.Join(names, ", ")
	switch m.Kind {
	case KindText:
		return ""
	case KindJoined:
		return words.Joined
	case KindAdded:
		return words.Added + " " + whom
	case KindLeft:
		return words.Left
	case KindRemoved:
		return words.Removed + " " + whom
	case KindRenamed:
		return words.Renamed + " " + m.Data.Name
	case KindCall:
		return words.Call
	case KindCreated:
		return words.Created
	case KindRole:
		return words.Role + " " + whom + " (" + roleIn(words, m.Data.Role) + ")"
	case KindArchived:
		return words.Archived
	case KindReopened:
		return words.Reopened
	case KindExpiry:
		return expiryIn(words, m.Data.Seconds)
	}
	return m.Kind
}

func roleIn(words export.Words, role string) string {
	switch role {
	case string(Owner):
		return words.Owner
	case string(Moderator):
		return words.Moderator
	}
	return words.Member
}

// expiryIn says after how long messages remove themselves, in the largest whole unit.
func expiryIn(words export.Words, seconds int) string {
	if seconds == 0 {
		return words.NoExpiry
	}
	n, unit := seconds/60, words.Minutes
	if seconds%3600 == 0 {
		n, unit = seconds/3600, words.Hours
	}
	if seconds%86400 == 0 {
		n, unit = seconds/86400, words.Days
	}
	return fmt.Sprintf("%s, %s: %d", words.Expiry, unit, n)
}
