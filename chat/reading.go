package chat

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// State is what a client needs to be up to date in a room: on joining, after
// an interruption, and when polling.
type State struct {
	Room     Room      `json:"room"`
	Head     int64     `json:"head" doc:"Number of the latest change that is included"`
	Reset    bool      `json:"reset" doc:"The messages are the latest page; forget what was loaded before"`
	More     bool      `json:"more" doc:"With reset: there are older messages"`
	Messages []Message `json:"messages" nullable:"false" doc:"With reset: in order of place; else what changed, in order of change"`
}

// Seq lets the hub drop events that the state includes already.
func (s State) Seq() int64 { return s.Head }

// Page is a stretch of a room's history.
type Page struct {
	Messages []Message `json:"messages" nullable:"false"`
	Before   bool      `json:"before" doc:"There are older messages"`
	After    bool      `json:"after" doc:"There are newer messages"`
	Head     int64     `json:"head"`
}

// Span says which stretch is wanted. At most one of the three is above 0; none
// means the latest messages.
type Span struct {
	Before int64
	After  int64
	Around int64
	Limit  int
}

// StateAfter returns what p missed in a room after the change with number
// after; -1 means everything.
func (c *Chat) StateAfter(ctx context.Context, p access.Principal, roomID string, after int64) (State, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return State{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return State{}, err
	}
	if byLink(p) {
		if err := c.renameGuest(ctx, p); err != nil {
			return State{}, err
		}
	}
	tx := c.db.Read(ctx)
	// The head is read first: what is newer than it arrives once more as an
	// event, which does no harm.
	view, err := c.viewRoom(ctx, tx, p, ros)
	if err != nil {
		return State{}, err
	}
	s := State{Room: view, Head: view.LastSeq, Messages: []Message{}}
	var rows []message
	if after < 0 || after > s.Head || s.Head-after > maxResume {
		s.Reset = true
		rows, err = messagesBefore(tx, roomID, s.Head+1, defaultPage)
		s.More = len(rows) > 0 && rows[0].Seq > 1
	} else if after < s.Head {
		rows, err = changesAfter(tx, roomID, after)
	}
	if err != nil {
		return State{}, err
	}
	s.Messages, err = c.viewAll(ctx, rows)
	return s, err
}

// History returns a stretch of a room.
func (c *Chat) History(ctx context.Context, p access.Principal, roomID string, span Span) (Page, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Page{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return Page{}, err
	}
	if span.Limit <= 0 || span.Limit > maxPage {
		span.Limit = defaultPage
	}
	tx := c.db.Read(ctx)
	r, err := readRoom(tx, roomID)
	if err != nil {
		return Page{}, err
	}
	rows, err := span.read(tx, roomID)
	if err != nil {
		return Page{}, err
	}
	page := Page{Head: r.LastSeq}
	if len(rows) > 0 {
		page.Before = rows[0].Seq > 1
		page.After, err = anyAfter(tx, roomID, rows[len(rows)-1].Seq)
		if err != nil {
			return Page{}, err
		}
	}
	page.Messages, err = c.viewAll(ctx, rows)
	return page, err
}

func anyAfter(tx *gorm.DB, roomID string, seq int64) (bool, error) {
	next, err := messagesAfter(tx, roomID, seq, 1)
	return len(next) > 0, err
}

func (s Span) read(tx *gorm.DB, roomID string) ([]message, error) {
	switch {
	case s.Around > 0:
		older, err := messagesBefore(tx, roomID, s.Around, s.Limit/2)
		if err != nil {
			return nil, err
		}
		newer, err := messagesAfter(tx, roomID, s.Around-1, s.Limit-len(older))
		return slices.Concat(older, newer), err
	case s.After > 0:
		return messagesAfter(tx, roomID, s.After, s.Limit)
	case s.Before > 0:
		return messagesBefore(tx, roomID, s.Before, s.Limit)
	}
	return messagesBefore(tx, roomID, math.MaxInt64, s.Limit)
}

// Read moves p's reading cursor in a room forward and tells p's other devices.
func (c *Chat) Read(ctx context.Context, p access.Principal, roomID string, seq int64) (ReadMark, error) {
	if seq < 0 {
		return ReadMark{}, fault.Invalid("invalid_input")
	}
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return ReadMark{}, err
	}
	role := ros.role(p.UserID)
	if err := canRead(p, ros.room, role); err != nil {
		return ReadMark{}, err
	}
	if role == "" {
		return ReadMark{}, errNotMember
	}
	var mark ReadMark
	var moved bool
	var watchers []string
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if mark, moved, err = moveAndCount(tx, roomID, p.UserID, seq); err == nil && moved {
			watchers, err = c.watchers(tx, ros, p.UserID)
		}
		return err
	}, func() {
		if moved {
			c.hub.Notify([]string{p.UserID}, "", "room_read", mark)
			c.tellReceipt(watchers, p.UserID, mark)
		}
	})
	return mark, err
}

func moveAndCount(tx *gorm.DB, roomID, user string, seq int64) (ReadMark, bool, error) {
	r, err := readRoom(tx, roomID)
	if err != nil {
		return ReadMark{}, false, err
	}
	moved, err := moveCursor(tx, roomID, user, min(seq, r.LastSeq))
	if err != nil {
		return ReadMark{}, false, err
	}
	n, ok, err := countsOf(tx, roomID, user)
	if err == nil && !ok {
		err = errNotMember
	}
	return ReadMark{RoomID: roomID, Seq: n.LastSeq, ReadSeq: n.ReadSeq, Unread: n.Unread, Mentions: n.Mentions}, moved, err
}

// Mine is chat's part of the topic "me".
type Mine struct {
	Rooms   []Room `json:"rooms" nullable:"false" doc:"Latest activity first"`
	Reports int    `json:"reports,omitempty" doc:"Reports that wait for the administration, for those who administer"`
}

// RoomsOf lists the rooms of a person or guest.
func (c *Chat) RoomsOf(ctx context.Context, p access.Principal) (Mine, error) {
	mine, err := c.roomsWhere(ctx, p, "r.archived_at IS NULL")
	if err == nil && p.IsAdmin() {
		mine.Reports, err = countTownReports(c.db.Read(ctx))
	}
	return mine, err
}

// ArchivedRooms lists the archived rooms of a person.
func (c *Chat) ArchivedRooms(ctx context.Context, p access.Principal) (Mine, error) {
	return c.roomsWhere(ctx, p, "r.archived_at IS NOT NULL")
}

func (c *Chat) roomsWhere(ctx context.Context, p access.Principal, which string) (Mine, error) {
	mine := Mine{Rooms: []Room{}}
	if !p.Authenticated() {
		return mine, nil
	}
	if byLink(p) {
		if err := c.admitAll(ctx, p); err != nil {
			return mine, err
		}
	}
	tx := c.db.Read(ctx)
	rows, err := roomsOf(tx, p.UserID, which)
	if err != nil {
		return mine, err
	}
	groups, err := groupPeople(tx, p.UserID)
	if err != nil {
		return mine, err
	}
	var ids []string
	for _, l := range rows {
		_, sender := l.Room.officeOf()
		ids = append(append(ids, groups[l.Room.ID]...), l.Room.partnerOf(p.UserID), sender)
	}
	people, err := c.names(ctx, ids)
	if err != nil {
		return mine, err
	}
	reports, err := openReports(tx, p.UserID)
	if err != nil {
		return mine, err
	}
	for _, l := range rows {
		if canRead(p, l.Room, l.Role) != nil {
			continue
		}
		v := l.Room.view(p, l.Role, people, groups[l.Room.ID])
		v.ReadSeq, v.Unread, v.Mentions, v.Hidden = l.ReadSeq, l.Unread, l.Mentions, l.Hidden
		v.Level, v.MutedUntil = l.Level, stampOf(l.MutedUntil)
		v.Silenced = c.stillSilenced(l.SilencedUntil)
		v.Reports = reports[l.Room.ID]
		mine.Rooms = append(mine.Rooms, v)
	}
	return mine, nil
}

func (c *Chat) stillSilenced(until *time.Time) string {
	if until == nil || !c.clock.Now().Before(*until) {
		return ""
	}
	return stamp(*until)
}

// view renders a room for p, without p's counts. others are the members of a group.
func (r room) view(p access.Principal, role Role, people map[string]Person, others []string) Room {
	v := Room{
		ID: r.ID, Kind: r.Kind, Form: r.Form, Name: r.Name, Topic: r.Topic, Description: r.Description, Color: r.Color, Emoji: r.Emoji, Picture: r.Picture,
		Role: string(acting(p, role)), SlowSeconds: r.SlowSeconds,
		LastSeq: r.LastSeq, LastAt: stamp(r.LastAt), Call: r.CallMeeting, ExpireAfter: r.ExpireAfter, Level: LevelAll,
		CreatedAt: stamp(r.CreatedAt), ArchivedAt: stampOf(r.ArchivedAt),
		CanManage: canManage(p, r, role) == nil, CanModerate: canModerate(p, r, role) == nil,
		CanAdd: canAdd(p, r, role) == nil, CanPost: canPost(p, r, role) == nil,
	}
	if role == "" {
		v.Role = "none"
	}
	if id := r.partnerOf(p.UserID); id != "" {
		partner := named(people, id)
		v.Partner = &partner
	}
	if _, sender := r.officeOf(); sender != "" && sender != p.UserID {
		who := named(people, sender)
		v.Sender = &who
	}
	if r.Kind == Group {
		for _, id := range without(others, []string{p.UserID}) {
			v.People = append(v.People, named(people, id))
		}
		slices.SortStableFunc(v.People, alphabetically)
	}
	return v
}

func alphabetically(a, b Person) int {
	return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
}

// viewRoom renders a room for p with fresh counts.
func (c *Chat) viewRoom(ctx context.Context, tx *gorm.DB, p access.Principal, ros *roster) (Room, error) {
	r, err := readRoom(tx, ros.room.ID)
	if err != nil {
		return Room{}, err
	}
	role := ros.role(p.UserID)
	n, isMember, err := countsOf(tx, r.ID, p.UserID)
	if err != nil {
		return Room{}, err
	}
	var ids []string
	if !r.Kind.named() {
		ids = ros.ids
	}
	people, err := c.names(ctx, ids)
	if err != nil {
		return Room{}, err
	}
	v := r.view(p, role, people, ids)
	v.Members = len(ros.ids)
	v.Blocked = slices.Contains(ros.blockers, p.UserID)
	if isMember {
		v.LastSeq, v.LastAt = n.LastSeq, stamp(n.LastAt)
		v.ReadSeq, v.Unread, v.Mentions, v.Hidden = n.ReadSeq, n.Unread, n.Mentions, n.Hidden
		v.Level, v.MutedUntil = n.Level, stampOf(n.MutedUntil)
	}
	if until, ok := ros.silenced[p.UserID]; ok {
		v.Silenced = c.stillSilenced(&until)
	}
	if v.WaitSeconds, err = c.waitOf(tx, p, r, role); err != nil || !v.CanModerate {
		return v, err
	}
	v.Reports, err = countReports(tx, r.ID)
	return v, err
}
