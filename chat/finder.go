package chat

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/search"
)

// Finders find rooms, messages and files, in this order.
func (c *Chat) Finders() []search.Finder {
	return []search.Finder{roomFinder{c}, messageFinder{c}, fileFinder{c}}
}

func queryOf(r search.Request) FindQuery {
	return FindQuery{
		Terms: r.Terms, Authors: r.Authors, Rooms: r.In, Since: r.Since, Before: r.Before, Has: r.Has, Offset: r.Offset, Limit: r.Limit,
	}
}

type roomFinder struct{ chat *Chat }

func (roomFinder) Kind() string { return search.KindRoom }

func (s roomFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if !r.OnlyWords() {
		return search.Group{}, nil
	}
	rooms, err := s.chat.FindRooms(ctx, p, r.Terms)
	g := search.Group{Total: len(rooms)}
	for _, room := range search.Page(rooms, r) {
		g.Items = append(g.Items, search.Hit{
			ID: room.ID, Title: r.Excerpt(room.Name), Room: &search.Ref{ID: room.ID, Name: room.Name, Kind: string(room.Kind)},
		})
	}
	return g, err
}

type messageFinder struct{ chat *Chat }

func (messageFinder) Kind() string { return search.KindMessage }

func (s messageFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	found, err := s.chat.Find(ctx, p, queryOf(r))
	g := search.Group{Total: found.Total, More: found.More}
	for _, m := range found.Items {
		g.Items = append(g.Items, search.Hit{
			ID: m.ID, Seq: m.Seq, ThreadID: m.ThreadID, At: search.Stamp(m.At), Excerpt: r.Excerpt(m.Text),
			Room:   &search.Ref{ID: m.RoomID, Name: m.RoomName, Kind: string(m.RoomKind)},
			Author: &search.Ref{ID: m.Author.ID, Name: m.Author.Name},
		})
	}
	return g, err
}

type fileFinder struct{ chat *Chat }

func (fileFinder) Kind() string { return search.KindFile }

func (s fileFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	found, total, more, err := s.chat.FindFiles(ctx, p, queryOf(r))
	g := search.Group{Total: total, More: more}
	for _, f := range found {
		g.Items = append(g.Items, search.Hit{
			ID: f.File.ID, Seq: f.Seq, At: search.Stamp(f.At), Title: r.Excerpt(f.File.Name), Excerpt: r.Excerpt(f.Body),
			Room: &search.Ref{ID: f.RoomID, Name: f.RoomName, Kind: string(f.RoomKind)}, Author: &search.Ref{ID: f.Author.ID, Name: f.Author.Name},
		})
	}
	return g, err
}
