package directory

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/export"
)

// Part is the profile in everything that a person takes along.
func (d *Directory) Part() export.Part { return profilePart{d} }

type profilePart struct{ directory *Directory }

func (profilePart) Count(context.Context, access.Principal) (int, error) { return 0, nil }

func (t profilePart) Write(ctx context.Context, p access.Principal, a *export.Archive) ([]export.Link, error) {
	u, err := t.directory.ByID(ctx, p.UserID)
	if err != nil {
		return nil, err
	}
	groups, err := t.directory.GroupsOf(ctx, p.UserID)
	if err != nil {
		return nil, err
	}
	deputy, err := t.directory.DeputyOf(ctx, u)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, g := range groups {
		names = append(names, g.Name)
	}
	words := export.WordsIn(a.Lang)
	file := words.Names.Profile + ".json"
	return []export.Link{{Href: file, Text: words.Profile}}, a.JSON(file, map[string]any{
		"id": u.ID, "name": u.Name, "email": u.Email, "role": u.Role, "title": u.Title, "unit": u.Unit, "phone": u.Phone, "room": u.Room, "deputy": deputy.Name,
		"locale": u.Locale, "created_at": u.CreatedAt, "groups": names,
	})
}
