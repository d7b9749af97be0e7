package directory

import (
	"context"
	"slices"
	"strings"

	"rathaus/internal/access"
	"rathaus/internal/search"
)

// Finder finds people by their names, titles, units, rooms and phone numbers.
func (d *Directory) Finder() search.Finder { return personFinder{d} }

// Named lists whom a part of a name means, at most limit.
func (d *Directory) Named(ctx context.Context, name string, limit int) ([]string, error) {
	page, err := d.List(ctx, Filter{Query: name}, "", limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(page.Items))
	for _, u := range page.Items {
		ids = append(ids, u.ID)
	}
	return ids, nil
}

type personFinder struct{ directory *Directory }

func (personFinder) Kind() string { return search.KindPerson }

// Search shows the directory to people of the town only.
func (s personFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if !p.IsMember() || !r.OnlyWords() {
		return search.Group{}, nil
	}
	words := make([]string, len(r.Terms))
	for i, t := range r.Terms {
		words[i] = strings.TrimSpace(t.Plain)
	}
	page, err := s.directory.List(ctx, Filter{Query: strings.Join(words, " "), Staff: true, Active: true}, "", r.Offset+r.Limit)
	if err != nil {
		return search.Group{}, err
	}
	g := search.Group{Total: len(page.Items), More: page.Next != ""}
	for _, u := range page.Items[min(r.Offset, len(page.Items)):] {
		hit := search.Hit{ID: u.ID, Title: r.Excerpt(u.Name)}
		about := slices.DeleteFunc([]string{u.Title, u.Unit, u.Room, u.Phone}, func(s string) bool { return s == "" })
		if len(about) > 0 {
			hit.Excerpt = r.Excerpt(strings.Join(about, " · "))
		}
		g.Items = append(g.Items, hit)
	}
	return g, nil
}
