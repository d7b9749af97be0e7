package meet

import (
	"context"
	"slices"

	"rathaus/internal/access"
	"rathaus/internal/search"
)

// Finder finds meetings that run and those of the person, by their titles.
func (s *Service) Finder() search.Finder { return meetingFinder{s} }

type meetingFinder struct{ meet *Service }

func (meetingFinder) Kind() string { return search.KindMeeting }

func (s meetingFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if !p.IsMember() || !r.OnlyWords() {
		return search.Group{}, nil
	}
	list, err := s.meet.List(ctx, p)
	if err != nil {
		return search.Group{}, err
	}
	var found []Summary
	for _, m := range slices.Concat(list.Running, list.Mine) {
		known := slices.ContainsFunc(found, func(f Summary) bool { return f.ID == m.ID })
		if !known && search.Contains(m.Title, r.Terms) {
			found = append(found, m)
		}
	}
	g := search.Group{Total: len(found)}
	for _, m := range search.Page(found, r) {
		g.Items = append(g.Items, search.Hit{ID: m.ID, Name: m.Name, At: search.Stamp(m.StartedAt), Title: r.Excerpt(m.Title)})
	}
	return g, nil
}
