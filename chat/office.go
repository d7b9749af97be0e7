package chat

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// Office is a group of the directory to which people write as a whole.
type Office struct {
	Name    string
	Takes   bool     // it takes messages; false also for a group that is gone
	Members []string // ids of its people, disabled ones included
}

var errNoOffice = fault.NotFound("chat.office_not_found")

const (
	officePrefix = "office:"
	idLength     = 36
)

// officeKey names the one conversation of a person with an office.
func officeKey(office, sender string) string { return officePrefix + office + ":" + sender }

// officeOf returns the office and the person who writes to it, or nothing for
// other kinds of room.
func (r room) officeOf() (office, sender string) {
	if r.Kind != OfficeRoom || r.DirectKey == nil {
		return "", ""
	}
	rest, ok := strings.CutPrefix(*r.DirectKey, officePrefix)
	if !ok || len(rest) != 2*idLength+1 {
		return "", ""
	}
	return rest[:idLength], rest[idLength+1:]
}

// WriteToOffice returns the one conversation of p with an office, and makes it if
// needed. Its people are p and everybody who is in the office now; they follow
// the office from then on (see office_follow.go).
func (c *Chat) WriteToOffice(ctx context.Context, p access.Principal, office string) (Room, error) {
	if !id.Valid(office) {
		return Room{}, errNoOffice
	}
	key := officeKey(office, p.UserID)
	found, err := directRoom(c.db.Read(ctx), key)
	if err == nil && found == "" {
		found, err = c.openOffice(ctx, p, office, key)
	}
	if err != nil {
		return Room{}, err
	}
	return c.shownRoom(ctx, p, found)
}

// openOffice makes the conversation with an office. Two first posts at once make
// one: the key is unique.
func (c *Chat) openOffice(ctx context.Context, p access.Principal, office, key string) (string, error) {
	of, staff, err := c.office(ctx, office)
	if err != nil {
		return "", err
	}
	switch {
	case !of.Takes:
		return "", errNoOffice
	case len(of.Members) > maxOffice:
		return "", fault.Conflict("chat.office_too_big", "max", maxOffice)
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return "", err
	}
	now := c.clock.Now()
	r := room{ID: id.New(), Kind: OfficeRoom, Name: of.Name, DirectKey: &key, CreatedBy: p.UserID, CreatedAt: now, LastAt: now}
	others := slices.Sorted(maps.Keys(active(staff)))
	roomID, made := "", false
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		roomID, made, err = insertDirect(tx, r, slices.DeleteFunc(others, func(u string) bool { return u == p.UserID }))
		return err
	}, func() {
		if made {
			c.tellAdded(r, append([]string{p.UserID}, others...))
			// Who came or went while it was made is looked for once more.
			c.OfficeChanged(office)
		}
	})
	if store.IsUnique(err) {
		return directRoom(c.db.Read(ctx), key)
	}
	return roomID, err
}

// office returns an office with those of its people who may be in its
// conversations: nobody who is a guest of the town.
func (c *Chat) office(ctx context.Context, office string) (Office, map[string]Person, error) {
	of, err := c.people.Office(ctx, office)
	if err != nil {
		return of, nil, err
	}
	staff, err := c.names(ctx, of.Members)
	maps.DeleteFunc(staff, func(_ string, who Person) bool { return who.Guest })
	return of, staff, err
}

func active(people map[string]Person) map[string]Person {
	out := maps.Clone(people)
	maps.DeleteFunc(out, func(_ string, who Person) bool { return !who.Active })
	return out
}
