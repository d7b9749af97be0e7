package chat

import (
	"context"
	"errors"
	"fmt"

	"rathaus/internal/access"
	"rathaus/internal/export"
	"rathaus/internal/fault"
	"rathaus/internal/files"
)

// Chapters are the parts of an export that chat writes: one room, for its members.
func (c *Chat) Chapters() []export.Chapter { return []export.Chapter{roomChapter{roomBook{c}}} }

// Part is what chat adds to everything that a person takes along: rooms and notes.
func (c *Chat) Part() export.Part { return minePart{roomBook{c}} }

// roomChapter is one room, for its members.
type roomChapter struct{ roomBook }

func (c roomChapter) Count(ctx context.Context, p access.Principal, w export.Wish) (int, string, error) {
	if w.Kind != export.KindRoom {
		return 0, "", nil
	}
	t, _, err := c.chat.TakeOne(ctx, p, w.Room)
	return 2 * t.Count, t.titleIn(w.Lang), err
}

func (c roomChapter) Write(ctx context.Context, p access.Principal, w export.Wish, a *export.Archive) error {
	if w.Kind != export.KindRoom {
		return nil
	}
	t, members, err := c.chat.TakeOne(ctx, p, w.Room)
	if err != nil {
		return err
	}
	t.Title = t.titleIn(a.Lang)
	if err := a.JSON(export.WordsIn(a.Lang).Names.Room+".json", map[string]any{"room": t, "members": members}); err != nil {
		return err
	}
	return c.write(ctx, p, t, a, "", len(members))
}

// minePart is what belongs to one person.
type minePart struct{ roomBook }

func (m minePart) Count(ctx context.Context, p access.Principal) (int, error) {
	rooms, err := m.chat.TakeMine(ctx, p)
	n := 0
	for _, t := range rooms {
		n += 2 * t.Count
	}
	return n, err
}

func (m minePart) Write(ctx context.Context, p access.Principal, a *export.Archive) ([]export.Link, error) {
	words := export.WordsIn(a.Lang)
	rooms, err := m.chat.TakeMine(ctx, p)
	if err != nil {
		return nil, err
	}
	for i := range rooms {
		rooms[i].Title = rooms[i].titleIn(a.Lang)
	}
	if err := a.JSON(words.Names.Rooms+".json", rooms); err != nil {
		return nil, err
	}
	var links []export.Link
	for i, t := range rooms {
		folder := fmt.Sprintf("%s/%03d-%s/", words.Names.Rooms, i+1, export.SafeName(t.Title))
		if err := m.write(ctx, p, t, a, folder, 0); err != nil {
			return nil, err
		}
		links = append(links, export.Link{Href: folder + "index.html", Text: t.Title, Note: roomAbout(words, t, 0)})
	}
	notes, err := m.writeNotes(ctx, p, a)
	return append(links, notes), err
}

// roomBook writes rooms.
type roomBook struct{ chat *Chat }

// write writes what is taken of a room into a folder: "" or one that ends with a slash.
func (b roomBook) write(ctx context.Context, p access.Principal, t TakeRoom, a *export.Archive, folder string, members int) error {
	err := a.List(folder+export.WordsIn(a.Lang).Names.Messages+".json", func(put func(any) error) error {
		return b.each(ctx, p, t, func(page []Message, _ map[string][]TakenFile) error {
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
func (b roomBook) each(ctx context.Context, p access.Principal, t TakeRoom, fn func([]Message, map[string][]TakenFile) error) error {
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
func fileName(words export.Words, m Message, n int, f TakenFile) string {
	return fmt.Sprintf("%s/%06d-%d-%s", words.Names.Files, m.Seq, n+1, export.SafeName(f.Name))
}

func (b roomBook) writeFiles(ctx context.Context, p access.Principal, t TakeRoom, a *export.Archive, folder string) error {
	words := export.WordsIn(a.Lang)
	return b.each(ctx, p, t, func(page []Message, carried map[string][]TakenFile) error {
		for _, m := range page {
			for n, f := range carried[m.ID] {
				if err := b.writeFile(ctx, a, f.ID, func(files.File) string { return folder + fileName(words, m, n, f) }); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// writeFile writes a file under the name that it is given, or leaves it out if it is gone.
func (b roomBook) writeFile(ctx context.Context, a *export.Archive, fileID string, name func(files.File) string) (err error) {
	if b.chat.files == nil {
		return nil
	}
	content, f, err := b.chat.files.Content(ctx, fileID)
	if err != nil {
		if fault.From(err).Kind == fault.KindNotFound {
			return nil
		}
		return err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	return a.Copy(name(f), content)
}
