package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Layout is how a person has arranged the list of rooms. Rooms that are in it
// but no longer the person's are harmless: they show again when they come back.
type Layout struct {
	Version    int64     `json:"version" minimum:"0" doc:"Which arrangement this one follows; a change made meanwhile is a conflict"`
	Favourites []string  `json:"favourites" nullable:"false" maxItems:"1000" doc:"Ids of rooms, in order"`
	Sections   []Section `json:"sections" nullable:"false" maxItems:"50" doc:"In order"`
}

// Section is a part of the list that the person has made.
type Section struct {
	ID     string   `json:"id" minLength:"36" maxLength:"36" doc:"UUID made by the client"`
	Name   string   `json:"name" minLength:"1" maxLength:"200"`
	Rooms  []string `json:"rooms" nullable:"false" maxItems:"1000" doc:"Ids of rooms, in order"`
	Folded bool     `json:"folded"`
}

var errLayoutChanged = fault.Conflict("chat.layout_changed")

// clean checks that every room and section stands in one place.
func (l Layout) clean() (Layout, error) {
	seen := map[string]bool{}
	if !once(seen, l.Favourites) || len(l.Sections) > maxSections {
		return l, fault.Invalid("invalid_input")
	}
	sections := make([]Section, 0, len(l.Sections))
	for _, s := range l.Sections {
		name, err := cleanLine(s.Name, maxSectionName, "chat.section_name_too_long")
		if err != nil {
			return l, err
		}
		if name == "" || utf8.RuneCountInString(name) == 0 {
			return l, fault.Invalid("chat.section_name_empty")
		}
		if !once(seen, []string{s.ID}) || !once(seen, s.Rooms) {
			return l, fault.Invalid("invalid_input")
		}
		sections = append(sections, Section{ID: s.ID, Name: name, Rooms: orEmpty(s.Rooms), Folded: s.Folded})
	}
	if len(seen) > maxSections+maxRoomsOfPerson {
		return l, fault.Invalid("invalid_input")
	}
	l.Favourites, l.Sections = orEmpty(l.Favourites), sections
	return l, nil
}

// once notes ids and reports whether all of them are ids and new.
func once(seen map[string]bool, ids []string) bool {
	for _, one := range ids {
		if !id.Valid(one) || seen[one] {
			return false
		}
		seen[one] = true
	}
	return true
}

func orEmpty(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func (o oneself) layout() (Layout, error) {
	l := Layout{Favourites: []string{}, Sections: []Section{}}
	if o.Layout != "" {
		if err := json.Unmarshal([]byte(o.Layout), &l); err != nil {
			return l, fmt.Errorf("decode layout: %w", err)
		}
	}
	l.Version = o.LayoutVersion
	return l, nil
}

// LayoutOf returns how p has arranged the list.
func (c *Chat) LayoutOf(ctx context.Context, p access.Principal) (Layout, error) {
	own, err := readOneself(c.db.Read(ctx), p.UserID)
	if err != nil {
		return Layout{}, err
	}
	return own.layout()
}

// Arrange replaces p's arrangement by one that was made from the latest.
func (c *Chat) Arrange(ctx context.Context, p access.Principal, in Layout) (Layout, error) {
	in, err := in.clean()
	if err != nil {
		return in, err
	}
	b, err := json.Marshal(in)
	if err != nil {
		return in, fmt.Errorf("encode layout: %w", err)
	}
	next := in
	next.Version++
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		ok, err := writeLayout(tx, p.UserID, string(b), in.Version)
		if err == nil && !ok {
			err = errLayoutChanged
		}
		return err
	}, func() { c.hub.Notify([]string{p.UserID}, "", "layout", next) })
	if err != nil {
		return Layout{}, err
	}
	return next, nil
}

// arranged is an arrangement that a room was taken out of.
type arranged struct {
	user   string
	layout Layout
}

// forgetPlaces takes a room out of the arrangements of those to whom it can't
// come back: the given people, or everybody.
func forgetPlaces(tx *gorm.DB, roomID string, users ...string) ([]arranged, error) {
	found, err := arrangementsWith(tx, roomID, users)
	if err != nil {
		return nil, err
	}
	var out []arranged
	for _, own := range found {
		l, err := own.layout()
		if err != nil {
			return nil, err
		}
		l = l.withoutRoom(roomID)
		b, err := json.Marshal(l)
		if err != nil {
			return nil, fmt.Errorf("encode layout: %w", err)
		}
		if _, err := writeLayout(tx, own.UserID, string(b), l.Version); err != nil {
			return nil, err
		}
		l.Version++
		out = append(out, arranged{own.UserID, l})
	}
	return out, nil
}

func (l Layout) withoutRoom(roomID string) Layout {
	l.Favourites = orEmpty(without(l.Favourites, []string{roomID}))
	sections := make([]Section, 0, len(l.Sections))
	for _, s := range l.Sections {
		s.Rooms = orEmpty(without(s.Rooms, []string{roomID}))
		sections = append(sections, s)
	}
	l.Sections = sections
	return l
}

// tellArranged tells people's devices how their lists are arranged now.
func (c *Chat) tellArranged(changed []arranged) {
	for _, one := range changed {
		c.hub.Notify([]string{one.user}, "", "layout", one.layout)
	}
}
