package chat

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/files"
	"rathaus/internal/search"
)

// FindQuery says which messages a person looks for.
type FindQuery struct {
	Terms   []search.Term
	Authors []string // ids of people, any of whom
	Rooms   []string // ids or parts of names of rooms, any of which; none: all
	Since   time.Time
	Before  time.Time
	Has     search.Flags
	Offset  int
	Limit   int
}

// FoundMessage is a message that was found.
type FoundMessage struct {
	RoomID   string
	RoomName string // of a direct room: the partner's
	RoomKind RoomKind
	ID       string
	Seq      int64
	ThreadID string
	Author   Person
	At       time.Time
	Text     string // without marks of formatting
	Files    []files.File
}

// FoundMessages are a page of what was found. Total counts what this person may
// read; with More there are further ones that were not counted.
type FoundMessages struct {
	Items []FoundMessage
	Total int
	More  bool
}

// Find looks for messages in the rooms that p may read.
func (c *Chat) Find(ctx context.Context, p access.Principal, q FindQuery) (FoundMessages, error) {
	rooms, err := c.searchable(ctx, p, q.Rooms)
	if err != nil || len(rooms) == 0 || c.index == nil {
		return FoundMessages{}, err
	}
	c.feed.catchUp(ctx)
	byScope := make(map[string]Findable, len(rooms))
	scopes := make([]string, 0, len(rooms))
	for _, r := range rooms {
		scopes = append(scopes, scopeOf(r.ID))
		byScope[scopeOf(r.ID)] = r
	}
	m, err := c.index.Find(ctx, search.Ask{
		Scopes: scopes, Terms: q.Terms, Authors: q.Authors, Since: q.Since, Before: q.Before, Flags: q.Has | search.IsMessage, Ordered: true,
	})
	if err != nil {
		return FoundMessages{}, err
	}
	out := FoundMessages{Total: len(m.Items), More: m.More}
	page := m.Items[min(q.Offset, len(m.Items)):min(q.Offset+q.Limit, len(m.Items))]
	out.Items, err = c.foundRows(ctx, byScope, page)
	return out, err
}

// foundRows reads the messages of a page, in its order.
func (c *Chat) foundRows(ctx context.Context, rooms map[string]Findable, page []search.Match) ([]FoundMessage, error) {
	rows := make(map[foundPlace]message, len(page))
	var authors []string
	found, err := messagesAt(c.db.Read(ctx), rooms, page)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		rows[foundPlace{m.RoomID, m.Seq}] = m
		authors = append(authors, m.AuthorID)
	}
	people, err := c.people.People(ctx, slices.Compact(slices.Sorted(slices.Values(authors))))
	if err != nil {
		return nil, err
	}
	out := make([]FoundMessage, 0, len(page))
	for _, p := range page {
		m, ok := rows[foundPlace{rooms[p.Scope].ID, p.Place}]
		if !ok {
			continue // deleted this moment
		}
		s, err := m.stored()
		if err != nil || m.ended(c.clock.Now()) {
			continue
		}
		r := rooms[p.Scope]
		out = append(out, FoundMessage{
			RoomID: r.ID, RoomName: r.Name, RoomKind: r.Kind, ID: m.ID, Seq: m.Seq, ThreadID: m.ThreadID,
			Author: named(people, m.AuthorID), At: m.CreatedAt, Text: findable(m), Files: s.Files,
		})
	}
	return out, nil
}

// foundPlace is where a message stands.
type foundPlace struct {
	room string
	seq  int64
}

// messagesAt reads the messages of a page that are not deleted, in no order.
func messagesAt(tx *gorm.DB, rooms map[string]Findable, page []search.Match) ([]message, error) {
	if len(page) == 0 {
		return nil, nil
	}
	args := make([]any, 0, 2*len(page))
	for _, m := range page {
		args = append(args, rooms[m.Scope].ID, m.Place)
	}
	list := "(CAST(? AS text), CAST(? AS bigint))" + strings.Repeat(", (?, ?)", len(page)-1)
	return manyMessages(tx, "(room_id, seq) IN (VALUES "+list+") AND deleted_at IS NULL", args...)
}

// Findable is a room in which a person may look for something.
type Findable struct {
	ID   string
	Kind RoomKind
	Name string
}

// searchable lists the rooms that p may read, p's own first, narrowed to those
// that are named by an id or a part of their name.
func (c *Chat) searchable(ctx context.Context, p access.Principal, wanted []string) ([]Findable, error) {
	rows, err := readableRooms(c.db.Read(ctx), p)
	if err != nil {
		return nil, err
	}
	var partners []string
	for _, l := range rows {
		if id := l.Room.partnerOf(p.UserID); id != "" {
			partners = append(partners, id)
		}
		if _, sender := l.Room.officeOf(); sender != "" {
			partners = append(partners, sender)
		}
	}
	people := map[string]Person{}
	if len(partners) > 0 {
		if people, err = c.people.People(ctx, partners); err != nil {
			return nil, err
		}
	}
	var out []Findable
	for _, l := range rows {
		if canRead(p, l.Room, l.Role) != nil {
			continue
		}
		f := Findable{ID: l.Room.ID, Kind: l.Room.Kind, Name: l.Room.Name}
		if id := l.Room.partnerOf(p.UserID); id != "" {
			f.Name = people[id].Name
		}
		if _, sender := l.Room.officeOf(); sender != "" && sender != p.UserID {
			f.Name += " · " + people[sender].Name
		}
		if len(wanted) == 0 || slices.ContainsFunc(wanted, f.isNamed) {
			out = append(out, f)
		}
	}
	return out, nil
}

func (f Findable) isNamed(by string) bool {
	return f.ID == by || strings.Contains(" "+search.Fold(f.Name), " "+search.Fold(by)) && search.Fold(by) != ""
}

// readableRooms lists the rooms of a person and, for people of the town, the
// public ones. canRead has the last word on each.
func readableRooms(tx *gorm.DB, p access.Principal) ([]listed, error) {
	var all []listed
	err := tx.Raw(`SELECT `+roomColumns+`, coalesce(m.role, '') AS role
		FROM chat_rooms r LEFT JOIN chat_members m ON m.room_id = r.id AND m.user_id = ?
		WHERE m.user_id IS NOT NULL OR (r.kind = 'public' AND ?)
		ORDER BY m.user_id IS NULL, r.last_at DESC LIMIT ?`, p.UserID, p.IsMember(), 2*maxRoomsOfPerson).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list the rooms in which to search: %w", err)
	}
	return all, nil
}

// linkTargets finds mentions. It is made when the first one is read.
var linkTargets = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\[([^\]\n]{1,200})\]\((?:person|group|all|here|room):[^)\n]{1,80}\)`)
})

var emphasis = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("**", "", "~~", "", "`", "", "\\", "") })

// readable is a text of Markdown as one would read it aloud: without targets of
// mentions and marks of formatting.
func readable(text string) string {
	if strings.Contains(text, "](") {
		text = linkTargets().ReplaceAllString(text, "$1")
	}
	return emphasis().Replace(text)
}

// FindRooms lists the rooms that p may read and whose names hold the terms.
func (c *Chat) FindRooms(ctx context.Context, p access.Principal, terms []search.Term) ([]Findable, error) {
	rooms, err := c.searchable(ctx, p, nil)
	return slices.DeleteFunc(rooms, func(r Findable) bool { return !search.Contains(r.Name, terms) }), err
}
