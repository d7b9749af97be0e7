package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/doctext"
	"rathaus/internal/files"
	"rathaus/internal/search"
	"rathaus/meet"
	"rathaus/pads"
)

// excerptWidth is how much of a text stands around a hit, in characters.
const excerptWidth = 220

// finders are what the one search looks through, in the order in which
// it is shown.
func (p *Program) finders() []search.Finder {
	return []search.Finder{
		roomFinder{p.chat}, messageFinder{p.chat}, fileFinder{p.chat}, padFinder{p.pads}, personFinder{p.directory}, meetingFinder{p.meet},
	}
}

// namesOfSearch says whom a part of a name means.
type namesOfSearch struct{ directory *directory.Directory }

func (n namesOfSearch) Named(ctx context.Context, name string, limit int) ([]string, error) {
	page, err := n.directory.List(ctx, directory.Filter{Query: name}, "", limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(page.Items))
	for _, u := range page.Items {
		ids = append(ids, u.ID)
	}
	return ids, nil
}

// plainText says that nothing but words is asked for, as where things have
// neither author nor room.
func plainText(r search.Request) bool { return len(r.Terms) > 0 && r.OnlyText() }

type messageFinder struct{ chat *chat.Chat }

func (messageFinder) Kind() string { return search.KindMessage }

func (s messageFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	found, err := s.chat.Find(ctx, p, chat.FindQuery{
		Terms: r.Terms, Authors: r.Authors, Rooms: r.In, Since: r.Since, Before: r.Before, Has: r.Has, Offset: r.Offset, Limit: r.Limit,
	})
	g := search.Group{Total: found.Total, More: found.More}
	for _, m := range found.Items {
		g.Items = append(g.Items, search.Hit{
			ID: m.ID, Seq: m.Seq, ThreadID: m.ThreadID, At: stamp(m.At), Excerpt: search.Excerpt(m.Text, r.Terms, excerptWidth),
			Room:   &search.Ref{ID: m.RoomID, Name: m.RoomName, Kind: string(m.RoomKind)},
			Author: &search.Ref{ID: m.Author.ID, Name: m.Author.Name},
		})
	}
	return g, err
}

type fileFinder struct{ chat *chat.Chat }

func (fileFinder) Kind() string { return search.KindFile }

func (s fileFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	found, total, more, err := s.chat.FindFiles(ctx, p, chat.FindQuery{
		Terms: r.Terms, Authors: r.Authors, Rooms: r.In, Since: r.Since, Before: r.Before, Has: r.Has, Offset: r.Offset, Limit: r.Limit,
	})
	g := search.Group{Total: total, More: more}
	for _, f := range found {
		g.Items = append(g.Items, search.Hit{
			ID: f.File.ID, Seq: f.Seq, At: stamp(f.At), Title: search.Excerpt(f.File.Name, r.Terms, excerptWidth), Excerpt: search.Excerpt(f.Body, r.Terms, excerptWidth),
			Room: &search.Ref{ID: f.RoomID, Name: f.RoomName, Kind: string(f.RoomKind)}, Author: &search.Ref{ID: f.Author.ID, Name: f.Author.Name},
		})
	}
	return g, err
}

// textsOfFiles reads the words of uploaded files for the index.
type textsOfFiles struct {
	files  *files.Files
	reader doctext.Reader
}

func (t textsOfFiles) Text(ctx context.Context, fileID string) (text string, err error) {
	content, f, err := t.files.Content(ctx, fileID)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	format := doctext.FormatOf(f.Name, f.Type)
	if format == doctext.None {
		return "", nil
	}
	return t.reader.Text(ctx, format, content, f.Size)
}

type roomFinder struct{ chat *chat.Chat }

func (roomFinder) Kind() string { return search.KindRoom }

func (s roomFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if !plainText(r) {
		return search.Group{}, nil
	}
	rooms, err := s.chat.FindRooms(ctx, p, r.Terms)
	g := search.Group{Total: len(rooms)}
	for _, room := range page(rooms, r) {
		g.Items = append(g.Items, search.Hit{
			ID: room.ID, Title: search.Excerpt(room.Name, r.Terms, excerptWidth), Room: &search.Ref{ID: room.ID, Name: room.Name, Kind: string(room.Kind)},
		})
	}
	return g, err
}

type padFinder struct{ pads *pads.Service }

func (padFinder) Kind() string { return search.KindPad }

func (s padFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if len(r.Terms) == 0 || len(r.From)+len(r.In) > 0 || r.Has != 0 {
		return search.Group{}, nil
	}
	found, total, more, err := s.pads.Find(ctx, p, r.Terms, r.Since, r.Before, r.Offset, r.Limit)
	g := search.Group{Total: total, More: more}
	for _, pad := range found {
		g.Items = append(g.Items, search.Hit{
			ID: pad.ID, At: stamp(pad.At), Title: search.Excerpt(pad.Title, r.Terms, excerptWidth), Excerpt: search.Excerpt(pad.Text, r.Terms, excerptWidth),
		})
	}
	return g, err
}

type personFinder struct{ directory *directory.Directory }

func (personFinder) Kind() string { return search.KindPerson }

// Search shows the directory to people of the town only.
func (s personFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if !p.IsMember() || !plainText(r) {
		return search.Group{}, nil
	}
	words := make([]string, len(r.Terms))
	for i, t := range r.Terms {
		words[i] = strings.TrimSpace(t.Plain)
	}
	page, err := s.directory.List(ctx, directory.Filter{Query: strings.Join(words, " "), Active: true}, "", r.Offset+r.Limit)
	if err != nil {
		return search.Group{}, err
	}
	g := search.Group{Total: len(page.Items), More: page.Next != ""}
	for _, u := range page.Items[min(r.Offset, len(page.Items)):] {
		hit := search.Hit{ID: u.ID, Title: search.Excerpt(u.Name, r.Terms, excerptWidth)}
		if about := strings.Trim(u.Title+" · "+u.Unit, " ·"); about != "" {
			hit.Excerpt = search.Excerpt(about, r.Terms, excerptWidth)
		}
		g.Items = append(g.Items, hit)
	}
	return g, nil
}

type meetingFinder struct{ meet *meet.Service }

func (meetingFinder) Kind() string { return search.KindMeeting }

func (s meetingFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if !p.IsMember() || !plainText(r) {
		return search.Group{}, nil
	}
	list, err := s.meet.List(ctx, p)
	if err != nil {
		return search.Group{}, err
	}
	var found []meet.Summary
	for _, m := range slices.Concat(list.Running, list.Mine) {
		known := slices.ContainsFunc(found, func(f meet.Summary) bool { return f.ID == m.ID })
		if !known && search.Contains(m.Title, r.Terms) {
			found = append(found, m)
		}
	}
	g := search.Group{Total: len(found)}
	for _, m := range page(found, r) {
		g.Items = append(g.Items, search.Hit{ID: m.ID, Name: m.Name, At: stamp(m.StartedAt), Title: search.Excerpt(m.Title, r.Terms, excerptWidth)})
	}
	return g, nil
}

func page[T any](all []T, r search.Request) []T {
	return all[min(r.Offset, len(all)):min(r.Offset+r.Limit, len(all))]
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
