package pads

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/search"
)

// Finder finds pads by their titles and words.
func (s *Service) Finder() search.Finder { return padFinder{s} }

type padFinder struct{ pads *Service }

func (padFinder) Kind() string { return search.KindPad }

func (s padFinder) Search(ctx context.Context, p access.Principal, r search.Request) (search.Group, error) {
	if len(r.Terms) == 0 || len(r.From)+len(r.In) > 0 || r.Has != 0 {
		return search.Group{}, nil
	}
	found, total, more, err := s.pads.Find(ctx, p, r.Terms, r.Since, r.Before, r.Offset, r.Limit)
	g := search.Group{Total: total, More: more}
	for _, pad := range found {
		g.Items = append(g.Items, search.Hit{
			ID: pad.ID, At: search.Stamp(pad.At), Title: r.Excerpt(pad.Title), Excerpt: r.Excerpt(pad.Text),
		})
	}
	return g, err
}
