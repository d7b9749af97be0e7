package pads

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/export"
)

// Part is the list of a person's own pads in everything that they take along.
func (s *Service) Part() export.Part { return ownPart{s} }

type ownPart struct{ pads *Service }

func (ownPart) Count(context.Context, access.Principal) (int, error) { return 0, nil }

func (t ownPart) Write(ctx context.Context, p access.Principal, a *export.Archive) ([]export.Link, error) {
	if !p.IsMember() {
		return nil, nil // guests have none
	}
	own, err := t.pads.OwnedBy(ctx, p)
	if err != nil {
		return nil, err
	}
	words := export.WordsIn(a.Lang)
	file := words.Names.Pads + ".json"
	return []export.Link{{Href: file, Text: words.Pads, Note: words.PadsNote}}, a.JSON(file, map[string]any{"note": words.PadsNote, "pads": own})
}
