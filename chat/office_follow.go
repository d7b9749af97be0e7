package chat

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
)

// officeWork says which offices have changed and whose conversations must
// follow. It is bounded: when it is full, all offices are looked at.
type officeWork struct {
	mu     sync.Mutex
	all    bool            // guarded by mu
	groups map[string]bool // guarded by mu
}

func (w *officeWork) note(group string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if group == "" || len(w.groups) >= maxOfficesNoted {
		w.all, w.groups = true, nil
		return
	}
	if w.groups == nil {
		w.groups = map[string]bool{}
	}
	w.groups[group] = true
}

func (w *officeWork) take() (groups []string, all bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	groups, all = slices.Sorted(maps.Keys(w.groups)), w.all
	w.groups, w.all = nil, false
	return groups, all
}

// OfficeChanged makes the conversations with an office follow it: who is in it,
// what it is called, whether it takes messages. An empty id means any of them.
// It never waits.
func (c *Chat) OfficeChanged(group string) {
	c.officeWork.note(group)
	c.offices.rouse()
}

// followOffices brings the conversations with changed offices up to date. At
// the start of the program it looks at all of them, for what changed meanwhile.
func (c *Chat) followOffices(ctx context.Context) (time.Time, error) {
	groups, all := c.officeWork.take()
	if all {
		var err error
		if groups, err = officesWithRooms(c.db.Read(ctx)); err != nil {
			c.officeWork.note("")
			return time.Time{}, err
		}
	}
	var troubles []error
	for _, group := range groups {
		if err := c.followOffice(ctx, group); err != nil {
			// What one of them meets must not hold up the others.
			c.officeWork.note(group)
			troubles = append(troubles, err)
		}
	}
	return time.Time{}, errors.Join(troubles...)
}

func (c *Chat) followOffice(ctx context.Context, group string) error {
	rooms, err := roomsOfOffice(c.db.Read(ctx), group)
	if err != nil || len(rooms) == 0 {
		return err
	}
	of, staff, err := c.office(ctx, group)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(rooms, officeRoomsAtOnce) {
		var moves []move
		err := c.db.Write(ctx, func(tx *gorm.DB) error {
			moves = nil
			for _, roomID := range some {
				m, err := c.moveOffice(tx, roomID, of, staff)
				if err != nil && !isNoRoom(err) {
					return err
				}
				moves = append(moves, m)
			}
			return nil
		}, func() {
			for _, m := range moves {
				c.tellMove(m)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// move is how one conversation follows its office.
type move struct {
	before         *roster
	next           room
	added, removed []string
}

func (m move) none() bool {
	return m.before == nil || len(m.added) == 0 && len(m.removed) == 0 && m.next.Name == m.before.room.Name &&
		(m.next.ArchivedAt == nil) == (m.before.room.ArchivedAt == nil)
}

// moveOffice compares a conversation with its office and stores what differs.
// The person who writes to the office stays, whatever becomes of it; an office
// that takes no messages any more leaves archived conversations.
func (c *Chat) moveOffice(tx *gorm.DB, roomID string, of Office, staff map[string]Person) (move, error) {
	ros, err := readRoster(tx, roomID)
	if err != nil {
		return move{}, err
	}
	_, sender := ros.room.officeOf()
	m := move{before: ros, next: ros.room}
	m.next.ArchivedAt = archivedAt(!of.Takes, ros.room.ArchivedAt, c.clock.Now())
	if of.Name != "" {
		m.next.Name = of.Name
	}
	for _, u := range ros.ids {
		if _, belongs := staff[u]; !belongs && u != sender {
			m.removed = append(m.removed, u)
		}
	}
	for _, u := range slices.Sorted(maps.Keys(active(staff))) {
		if ros.role(u) == "" && len(ros.ids)-len(m.removed)+len(m.added) <= maxOffice {
			m.added = append(m.added, u)
		}
	}
	if m.none() {
		return m, nil
	}
	return m, m.store(tx, c.clock.Now())
}

func (m move) store(tx *gorm.DB, now time.Time) error {
	for _, u := range m.removed {
		if err := deleteMember(tx, m.next.ID, u); err != nil {
			return err
		}
		if err := forgetPersonal(tx, m.next, u, false); err != nil {
			return err
		}
	}
	if _, err := addMembers(tx, m.next.ID, m.added, Member, m.next.LastSeq, now); err != nil {
		return err
	}
	return updateRoom(tx, m.next)
}

// tellMove tells a conversation and those who came and went. It leaves no entry
// in it: who is in an office changes for all of its conversations at once.
func (c *Chat) tellMove(m move) {
	if m.none() {
		return
	}
	roomID := m.next.ID
	c.rosters.change(roomID, func(_ room, roles map[string]Role) room {
		for _, u := range m.removed {
			delete(roles, u)
		}
		for _, u := range m.added {
			roles[u] = Member
		}
		return m.next
	})
	for _, u := range m.removed {
		c.hub.Evict(topicOf(roomID), u, "access_ended")
	}
	c.hub.Notify(m.removed, "", "room_removed", RoomGone{RoomID: roomID, Reason: KindRemoved})
	now := m.after()
	c.tellFacts(c.rosters.latest(now))
	switch was := m.before.room; {
	case m.next.ArchivedAt != nil && was.ArchivedAt == nil:
		c.hub.Notify(now.ids, "", "room_removed", RoomGone{RoomID: roomID, Reason: "archived"})
	case m.next.ArchivedAt == nil && was.ArchivedAt != nil:
		c.tellAdded(m.next, now.ids)
	case m.next.ArchivedAt == nil:
		c.tellAdded(m.next, m.added)
	}
}

// after is the roster as it is once the move is stored.
func (m move) after() *roster {
	next := *m.before
	next.room, next.roles = m.next, maps.Clone(m.before.roles)
	for _, u := range m.removed {
		delete(next.roles, u)
	}
	for _, u := range m.added {
		next.roles[u] = Member
	}
	next.ids = slices.Sorted(maps.Keys(next.roles))
	return &next
}
