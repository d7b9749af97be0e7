package chat

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Open makes a new public or private room; p owns it.
func (c *Chat) Open(ctx context.Context, p access.Principal, in NewRoom) (Room, error) {
	in, err := in.clean()
	if err != nil {
		return Room{}, err
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return Room{}, err
	}
	invited, err := c.invited(ctx, p, in)
	if err != nil {
		return Room{}, err
	}
	now := c.clock.Now()
	r := room{
		ID: id.New(), Kind: in.Kind, Form: in.Form, Name: in.Name, Topic: in.Topic, Description: in.Description,
		Color: in.Color, Emoji: in.Emoji, CreatedBy: p.UserID, CreatedAt: now, LastAt: now,
	}
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		r.LastSeq = 1
		return c.found(tx, r, invited)
	}, func() { c.tellAdded(r, append(slices.Sorted(maps.Keys(invited)), p.UserID)) })
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, r.ID)
}

// invited returns who is to be in a new room from its first moment.
func (c *Chat) invited(ctx context.Context, p access.Principal, in NewRoom) (map[string]Person, error) {
	if len(in.Members) > maxAddedAtOnce || len(in.Groups) > maxGroupsAtOnce {
		return nil, fault.Invalid("chat.too_many_people", "max", maxAddedAtOnce)
	}
	people, err := c.addable(ctx, in.Members)
	if err != nil {
		return nil, err
	}
	if len(in.Groups) > 0 {
		more, err := c.wanted(ctx, NewMembers{GroupIDs: in.Groups})
		if err != nil {
			return nil, err
		}
		maps.Copy(people, more)
	}
	delete(people, p.UserID)
	if len(people) >= c.limits.roomMembers {
		return nil, errRoomFull(c.limits.roomMembers)
	}
	return people, nil
}

// found stores a new room with its first entry and its members.
func (c *Chat) found(tx *gorm.DB, r room, invited map[string]Person) error {
	n, err := countRoomsOf(tx, r.CreatedBy)
	if err != nil {
		return err
	}
	if n >= maxRoomsOfPerson {
		return fault.Conflict("chat.too_many_rooms", "max", maxRoomsOfPerson)
	}
	if err := insertRoom(tx, r); err != nil {
		return err
	}
	if err := c.note(tx, r.ID, r.CreatedBy, KindCreated, stored{}, &message{}); err != nil {
		return err
	}
	if _, err := addMembers(tx, r.ID, []string{r.CreatedBy}, Owner, 1, r.CreatedAt); err != nil {
		return err
	}
	r.LastSeq = 0 // addEach counts the next entry as read, which is the first one here
	_, err = c.addEach(tx, r, invited)
	return err
}

// note appends an entry of the house to a room and fills out with it.
func (c *Chat) note(tx *gorm.DB, roomID, author, kind string, s stored, out *message) error {
	data, err := s.encode()
	if err != nil {
		return err
	}
	seq, err := nextSeq(tx, roomID)
	if err != nil {
		return err
	}
	noteID := id.New()
	*out = message{
		ID: noteID, RoomID: roomID, Seq: seq, Rev: seq, Kind: kind, AuthorID: author, ClientID: noteID,
		Data: data, CreatedAt: c.clock.Now(),
	}
	return insertMessage(tx, *out)
}

// tellAdded tells people about a room that is theirs from now on.
func (c *Chat) tellAdded(r room, users []string) {
	for _, u := range users {
		c.hub.Notify([]string{u}, "", "room_added", RoomAdded{RoomID: r.ID, Kind: r.Kind, Name: r.Name, Seq: r.LastSeq})
	}
}

// Room returns a room as p sees it.
func (c *Chat) Room(ctx context.Context, p access.Principal, roomID string) (Room, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Room{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return Room{}, err
	}
	return c.viewRoom(ctx, c.db.Read(ctx), p, ros)
}

// Change renames or describes a room, archives it or opens it again.
func (c *Chat) Change(ctx context.Context, p access.Principal, roomID string, ch RoomChange) (Room, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return Room{}, err
	}
	if err := canChange(p, ros.room, ros.role(p.UserID), ch); err != nil {
		return Room{}, err
	}
	if _, err := ch.apply(ros.room); err != nil {
		return Room{}, err
	}
	var next room
	var entries []message
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		next, entries, err = c.changeRoom(tx, p, roomID, ch)
		return err
	}, func() { c.tellRoomChange(p, ros, next, entries) })
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, roomID)
}

// canChange lets those who moderate set the pace; the rest is for owners.
func canChange(p access.Principal, r room, role Role, ch RoomChange) error {
	if ch.SlowSeconds != nil && ch == (RoomChange{SlowSeconds: ch.SlowSeconds}) {
		return canModerate(p, r, role)
	}
	return canManage(p, r, role)
}

// changeRoom stores the change. A new name, another time of self-destruction,
// archiving and opening again leave entries in the room.
func (c *Chat) changeRoom(tx *gorm.DB, p access.Principal, roomID string, ch RoomChange) (room, []message, error) {
	was, err := readRoom(tx, roomID)
	if err != nil {
		return was, nil, err
	}
	next, err := ch.apply(was)
	if err != nil {
		return next, nil, err
	}
	if ch.Archived != nil {
		next.ArchivedAt = archivedAt(*ch.Archived, was.ArchivedAt, c.clock.Now())
	}
	var entries []message
	note := func(kind string, data MessageData) error {
		var entry message
		if err := c.note(tx, roomID, p.UserID, kind, stored{MessageData: data}, &entry); err != nil {
			return err
		}
		entries = append(entries, entry)
		return nil
	}
	if next.Name != was.Name && was.ArchivedAt == nil {
		err = note(KindRenamed, MessageData{Name: next.Name})
	}
	if err == nil && next.ExpireAfter != was.ExpireAfter && was.ArchivedAt == nil {
		err = note(KindExpiry, MessageData{Seconds: next.ExpireAfter})
	}
	if err == nil && was.ArchivedAt == nil && next.ArchivedAt != nil {
		err = note(KindArchived, MessageData{})
	}
	if err == nil {
		err = updateRoom(tx, next)
	}
	if err == nil && was.ArchivedAt != nil && next.ArchivedAt == nil {
		err = note(KindReopened, MessageData{})
	}
	return next, entries, err
}

func archivedAt(archive bool, was *time.Time, now time.Time) *time.Time {
	if !archive {
		return nil
	}
	if was != nil {
		return was
	}
	return &now
}

func (c *Chat) tellRoomChange(p access.Principal, ros *roster, next room, entries []message) {
	reopened := ros.room.ArchivedAt != nil && next.ArchivedAt == nil
	closed := ros.room.ArchivedAt == nil && next.ArchivedAt != nil
	c.rosters.change(next.ID, func(room, map[string]Role) room { return next })
	renewed := *ros
	renewed.room = next
	now := c.rosters.latest(&renewed)
	for _, entry := range entries {
		c.tellEntry(now, p, entry, nil)
	}
	c.tellFacts(now)
	if closed {
		c.hub.Notify(now.ids, "", "room_removed", RoomGone{RoomID: next.ID, Reason: "archived"})
	}
	if reopened {
		c.tellAdded(next, now.ids)
	}
}

// tellEntry publishes an entry of the house.
func (c *Chat) tellEntry(ros *roster, p access.Principal, entry message, people map[string]Person) {
	s, err := entry.stored()
	if err != nil {
		return // it was encoded a moment ago
	}
	k := newKnown(slices.Collect(maps.Values(people))...)
	k.people[p.UserID] = asPerson(p)
	c.tellMessage(ros, k.view(entry, s), nil)
}

// PublicRoom is a room that anybody of the town may join.
type PublicRoom struct {
	ID      string `json:"id"`
	Form    Form   `json:"form" enum:"talk,announcement,forum"`
	Name    string `json:"name"`
	Topic   string `json:"topic"`
	Color   string `json:"color"`
	Emoji   string `json:"emoji"`
	Picture string `json:"picture"`
	Members int    `json:"members"`
	Joined  bool   `json:"joined"`
}

// PublicRooms is a stretch of the list of public rooms.
type PublicRooms struct {
	Items []PublicRoom `json:"items" nullable:"false"`
	Next  string       `json:"next" doc:"Cursor of the next stretch, or empty"`
}

// Browse lists public rooms by name.
func (c *Chat) Browse(ctx context.Context, p access.Principal, query, cursor string, limit int) (PublicRooms, error) {
	after, err := parseCursor(cursor)
	if err != nil {
		return PublicRooms{}, err
	}
	if limit <= 0 || limit > maxPage {
		limit = defaultPage
	}
	rows, err := publicRooms(c.db.Read(ctx), p.UserID, query, after, limit+1)
	if err != nil {
		return PublicRooms{}, err
	}
	out := PublicRooms{Items: []PublicRoom{}}
	for i, r := range rows {
		if i == limit {
			last := rows[limit-1]
			out.Next = cursorOf(nameKey(last.Name), last.ID)
			break
		}
		out.Items = append(out.Items, PublicRoom(r))
	}
	return out, nil
}

func cursorOf(key, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(id + key))
}

func parseCursor(cursor string) ([2]string, error) {
	if cursor == "" {
		return [2]string{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) < 36 || !id.Valid(string(raw[:36])) || strings.ContainsRune(string(raw), 0) {
		return [2]string{}, fault.Invalid("invalid_input")
	}
	return [2]string{strings.ToValidUTF8(string(raw[36:]), ""), string(raw[:36])}, nil
}
