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
	"rathaus/internal/store"
)

// Open makes a new public or private room; p owns it.
func (c *Chat) Open(ctx context.Context, p access.Principal, in NewRoom) (Room, error) {
	in, err := in.clean()
	if err != nil {
		return Room{}, err
	}
	if err := c.creates.take(p.UserID); err != nil {
		return Room{}, err
	}
	invited, err := c.addable(ctx, without(in.Members, []string{p.UserID}))
	if err != nil {
		return Room{}, err
	}
	now := c.clock.Now()
	r := room{
		ID: id.New(), Kind: in.Kind, Name: in.Name, Topic: in.Topic, Description: in.Description,
		CreatedBy: p.UserID, CreatedAt: now, LastAt: now,
	}
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		r.LastSeq = 1
		return c.found(tx, r, invited)
	}, func() { c.tellAdded(r, append(invited, p.UserID)) })
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, r.ID)
}

// found stores a new room with its first entry and its members.
func (c *Chat) found(tx *gorm.DB, r room, invited []string) error {
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
	_, err = addMembers(tx, r.ID, invited, Member, r.LastSeq, r.CreatedAt)
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

// Direct returns the one room of p and another person, and makes it if needed.
func (c *Chat) Direct(ctx context.Context, p access.Principal, other string) (Room, error) {
	if other == p.UserID || !id.Valid(other) {
		return Room{}, fault.Invalid("chat.partner_unknown")
	}
	key := directKey(p.UserID, other)
	found, err := directRoom(c.db.Read(ctx), key)
	if err != nil {
		return Room{}, err
	}
	if found != "" {
		return c.Room(ctx, p, found)
	}
	people, err := c.addable(ctx, []string{other})
	if err != nil {
		return Room{}, err
	}
	if len(people) == 0 {
		return Room{}, fault.NotFound("chat.partner_unknown")
	}
	if err := c.creates.take(p.UserID); err != nil {
		return Room{}, err
	}
	now := c.clock.Now()
	r := room{ID: id.New(), Kind: Direct, DirectKey: &key, CreatedBy: p.UserID, CreatedAt: now, LastAt: now}
	made := false
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		found, made, err = openDirect(tx, r, other)
		return err
	}, func() {
		if made {
			c.tellAdded(r, []string{p.UserID, other})
		}
	})
	if store.IsUnique(err) {
		found, err = directRoom(c.db.Read(ctx), key)
	}
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, found)
}

func openDirect(tx *gorm.DB, r room, other string) (roomID string, made bool, err error) {
	roomID, err = directRoom(tx, *r.DirectKey)
	if err != nil || roomID != "" {
		return roomID, false, err
	}
	if err := insertRoom(tx, r); err != nil {
		return "", false, err
	}
	_, err = addMembers(tx, r.ID, []string{r.CreatedBy, other}, Member, 0, r.CreatedAt)
	return r.ID, true, err
}

// Room returns a room as p sees it.
func (c *Chat) Room(ctx context.Context, p access.Principal, roomID string) (Room, error) {
	ros, err := c.rosters.get(ctx, roomID)
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
	if err := canManage(p, ros.room, ros.role(p.UserID)); err != nil {
		return Room{}, err
	}
	if _, err := ch.apply(ros.room); err != nil {
		return Room{}, err
	}
	var next room
	var entry message
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		next, entry, err = c.changeRoom(tx, p, roomID, ch)
		return err
	}, func() { c.tellRoomChange(p, ros, next, entry) })
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, roomID)
}

// changeRoom stores the change. A new name leaves an entry in the room.
func (c *Chat) changeRoom(tx *gorm.DB, p access.Principal, roomID string, ch RoomChange) (room, message, error) {
	var entry message
	was, err := readRoom(tx, roomID)
	if err != nil {
		return was, entry, err
	}
	next, err := ch.apply(was)
	if err != nil {
		return next, entry, err
	}
	if ch.Archived != nil {
		next.ArchivedAt = archivedAt(*ch.Archived, was.ArchivedAt, c.clock.Now())
	}
	if next.Name != was.Name && was.ArchivedAt == nil {
		s := stored{MessageData: MessageData{Name: next.Name}}
		if err := c.note(tx, roomID, p.UserID, KindRenamed, s, &entry); err != nil {
			return next, entry, err
		}
	}
	return next, entry, updateRoom(tx, next)
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

func (c *Chat) tellRoomChange(p access.Principal, ros *roster, next room, entry message) {
	reopened := ros.room.ArchivedAt != nil && next.ArchivedAt == nil
	closed := ros.room.ArchivedAt == nil && next.ArchivedAt != nil
	c.rosters.change(next.ID, func(room, map[string]Role) room { return next })
	now := c.rosters.latest(&roster{room: next, roles: ros.roles, ids: ros.ids})
	if entry.ID != "" {
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
	k.people[p.UserID] = Person{ID: p.UserID, Name: p.Name}
	c.tellMessage(ros, k.view(entry, s), nil)
}

// PublicRoom is a room that anybody of the town may join.
type PublicRoom struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Topic   string `json:"topic"`
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
