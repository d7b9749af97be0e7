package chat

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// RoomMember is a person in a room.
type RoomMember struct {
	Person
	Role     Role   `json:"role" enum:"owner,moderator,member,guest"`
	Active   bool   `json:"active" doc:"false: the account is disabled"`
	Silenced string `json:"silenced_until,omitempty" format:"date-time" doc:"Until when this person may not write; for those who moderate"`
}

var errNoPerson = fault.NotFound("chat.person_unknown")

func errRoomFull(limit int) error { return fault.Conflict("chat.room_full", "max", limit) }

func isNoRoom(err error) bool { return errors.Is(err, errNoRoom) }

// RoomAdded tells a person about a room that is theirs from now on.
type RoomAdded struct {
	RoomID string   `json:"room_id"`
	Kind   RoomKind `json:"kind"`
	Name   string   `json:"name"`
	Seq    int64    `json:"seq"`
}

// Members lists the people of a room by name.
func (c *Chat) Members(ctx context.Context, p access.Principal, roomID string) ([]RoomMember, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return nil, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return nil, err
	}
	people, err := c.names(ctx, ros.ids)
	if err != nil {
		return nil, err
	}
	moderates := canModerate(p, ros.room, ros.role(p.UserID)) == nil
	out := make([]RoomMember, 0, len(ros.ids))
	for _, u := range ros.ids {
		m := memberView(named(people, u), ros.role(u))
		if until, ok := ros.silenced[u]; ok && moderates {
			m.Silenced = c.stillSilenced(&until)
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b RoomMember) int { return alphabetically(a.Person, b.Person) })
	return out, nil
}

func memberView(who Person, role Role) RoomMember {
	switch {
	case who.Guest:
		role = Guest
	case role == Guest:
		role = Member
	}
	return RoomMember{Person: who, Role: role, Active: who.Active}
}

// Join makes p a member of a public room.
func (c *Chat) Join(ctx context.Context, p access.Principal, roomID string) (Room, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Room{}, err
	}
	if err := canJoin(p, ros.room, ros.role(p.UserID)); err != nil {
		return Room{}, err
	}
	if ros.role(p.UserID) == "" {
		if err := c.keepPace(c.creates, p.UserID); err != nil {
			return Room{}, err
		}
		people := map[string]Person{p.UserID: asPerson(p)}
		if err := c.add(ctx, p, ros, people, KindJoined); err != nil {
			return Room{}, err
		}
	}
	return c.Room(ctx, p, roomID)
}

// NewMembers says whom to bring into a room: people, and all people of groups.
type NewMembers struct {
	UserIDs  []string `json:"user_ids,omitempty" maxItems:"200"`
	GroupIDs []string `json:"group_ids,omitempty" maxItems:"20" doc:"Everybody who is in these groups now"`
}

// Add brings people into a room.
func (c *Chat) Add(ctx context.Context, p access.Principal, roomID string, in NewMembers) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canAdd(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if err := canBeHeard(p, ros, c.clock.Now()); err != nil {
		return err
	}
	if len(in.UserIDs) > maxAddedAtOnce || len(in.GroupIDs) > maxGroupsAtOnce {
		return fault.Invalid("chat.too_many_people", "max", maxAddedAtOnce)
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return err
	}
	people, err := c.wanted(ctx, in)
	if err != nil {
		return err
	}
	return c.add(ctx, p, ros, people, KindAdded)
}

// wanted returns the people of a request. Who is named must exist; of a group,
// those who can be added.
func (c *Chat) wanted(ctx context.Context, in NewMembers) (map[string]Person, error) {
	people, err := c.addable(ctx, in.UserIDs)
	if err != nil {
		return nil, err
	}
	if len(people) < len(slices.Compact(slices.Sorted(slices.Values(in.UserIDs)))) {
		return nil, fault.Invalid("chat.person_unknown")
	}
	if len(in.GroupIDs) == 0 {
		return people, nil
	}
	ids, err := c.people.GroupMembers(ctx, in.GroupIDs)
	if err != nil {
		return nil, err
	}
	more, err := c.addable(ctx, ids)
	maps.Copy(people, more)
	return people, err
}

// addable returns those of the ids that belong to active people, guests of the
// town included.
func (c *Chat) addable(ctx context.Context, users []string) (map[string]Person, error) {
	var valid []string
	for _, u := range users {
		if id.Valid(u) {
			valid = append(valid, u)
		}
	}
	people, err := c.names(ctx, valid)
	maps.DeleteFunc(people, func(_ string, who Person) bool { return !who.Active })
	return people, err
}

// add stores new members with one entry for all of them, and tells everybody.
func (c *Chat) add(ctx context.Context, p access.Principal, ros *roster, people map[string]Person, kind string) error {
	people = maps.Clone(people)
	maps.DeleteFunc(people, func(u string, _ Person) bool { return ros.role(u) != "" })
	if len(people) == 0 {
		return nil
	}
	if len(ros.ids)+len(people) > c.limits.roomMembers {
		return errRoomFull(c.limits.roomMembers)
	}
	var now arrival
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		now, err = c.addWithEntry(tx, p, ros.room.ID, people, kind)
		return err
	}, func() { c.tellNew(p, ros, now, people) })
}

// arrival is what came of adding people: who was not there before, the entry
// about it, and who comes back silenced.
type arrival struct {
	added    []string
	entry    message
	silenced map[string]time.Time
}

// tellNew tells a room and those who are new in it.
func (c *Chat) tellNew(p access.Principal, ros *roster, came arrival, people map[string]Person) {
	if len(came.added) == 0 {
		return
	}
	c.rosters.change(ros.room.ID, func(r room, roles map[string]Role) room {
		for _, u := range came.added {
			roles[u] = roleOf(people[u])
		}
		return r
	})
	for u, until := range came.silenced {
		c.rosters.silence(ros.room.ID, u, &until)
	}
	now := c.rosters.latest(ros)
	c.tellEntry(now, p, came.entry, people)
	c.tellFacts(now)
	r := now.room
	r.LastSeq = came.entry.Seq
	c.tellAdded(r, came.added)
}

// roleOf is what somebody becomes who is added.
func roleOf(who Person) Role {
	if who.Guest {
		return Guest
	}
	return Member
}

func (c *Chat) addWithEntry(tx *gorm.DB, p access.Principal, roomID string, people map[string]Person, kind string) (arrival, error) {
	var now arrival
	r, err := readRoom(tx, roomID)
	if err != nil {
		return now, err
	}
	added, err := c.addEach(tx, r, people)
	if err != nil || len(added) == 0 {
		return now, err
	}
	now.added = added
	if now.silenced, err = silencesOf(tx, roomID, added); err != nil {
		return now, err
	}
	s := stored{People: added}
	if len(added) > maxNamedInEntry {
		s.People, s.Count = added[:maxNamedInEntry], len(added)
	}
	return now, c.note(tx, roomID, p.UserID, kind, s, &now.entry)
}

// addEach adds people, each with their role, and returns who was not there before.
func (c *Chat) addEach(tx *gorm.DB, r room, people map[string]Person) ([]string, error) {
	byRole := map[Role][]string{}
	for _, u := range slices.Sorted(maps.Keys(people)) {
		byRole[roleOf(people[u])] = append(byRole[roleOf(people[u])], u)
	}
	var added []string
	for _, role := range []Role{Member, Guest} {
		more, err := addMembers(tx, r.ID, byRole[role], role, r.LastSeq+1, c.clock.Now())
		if err != nil {
			return nil, err
		}
		added = append(added, more...)
	}
	return added, nil
}

// Leave takes p out of a room.
func (c *Chat) Leave(ctx context.Context, p access.Principal, roomID string) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if ros.role(p.UserID) == "" {
		return errNoRoom
	}
	return c.takeOut(ctx, p, ros, p.UserID, KindLeft)
}

// Remove takes somebody else out of a room. Their open connections lose it in
// the same moment.
func (c *Chat) Remove(ctx context.Context, p access.Principal, roomID, user string) error {
	if user == p.UserID {
		return c.Leave(ctx, p, roomID)
	}
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canSubdue(p, ros.room, ros.role(p.UserID), ros.role(user)); err != nil {
		return err
	}
	if ros.role(user) == "" {
		return errNoPerson
	}
	return c.takeOut(ctx, p, ros, user, KindRemoved)
}

// departure is what came of somebody's going.
type departure struct {
	gone  bool
	last  bool // nobody is left in the group, which ends with it
	entry message
	lists []arranged
}

func (c *Chat) takeOut(ctx context.Context, p access.Principal, ros *roster, user, kind string) error {
	people, err := c.names(ctx, []string{user})
	if err != nil {
		return err
	}
	roomID := ros.room.ID
	var went departure
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		went, err = c.removeWithEntry(tx, p, roomID, named(people, user), kind)
		return err
	}, func() {
		if went.gone {
			c.tellGone(p, ros, user, went.entry, people)
			c.tellArranged(went.lists)
		}
		if went.last {
			c.rosters.forget(roomID)
			c.deleted.rouse()
		}
	})
}

func (c *Chat) tellGone(p access.Principal, ros *roster, user string, entry message, people map[string]Person) {
	topic := topicOf(ros.room.ID)
	c.rosters.change(ros.room.ID, func(r room, roles map[string]Role) room {
		delete(roles, user)
		return r
	})
	c.rosters.silence(ros.room.ID, user, nil)
	if ros.room.Kind != Public || isLinkGuest(user) || people[user].Guest {
		c.hub.Evict(topic, user, "access_ended")
	}
	c.hub.Notify([]string{user}, "", "room_removed", RoomGone{RoomID: ros.room.ID, Reason: entry.Kind})
	now := c.rosters.latest(ros)
	if entry.ID != "" && entry.Seq > 0 {
		c.tellEntry(now, p, entry, people)
	}
	c.tellFacts(now)
}

// removeWithEntry looks again at who would be left behind, since two owners
// may leave at once.
func (c *Chat) removeWithEntry(tx *gorm.DB, p access.Principal, roomID string, who Person, kind string) (departure, error) {
	user, out := who.ID, departure{entry: message{Kind: kind}}
	ros, err := readRoster(tx, roomID)
	if err != nil {
		return out, err
	}
	role := ros.role(user)
	if role == "" {
		return out, nil
	}
	if err := canGo(ros.room, role, ros.owners(), len(ros.ids)); err != nil {
		return out, err
	}
	if err := deleteMember(tx, roomID, user); err != nil {
		return out, err
	}
	if err := forgetPersonal(tx, ros.room, user, who.Guest); err != nil {
		return out, err
	}
	if isLinkGuest(user) && kind == KindRemoved {
		if err := barGuest(tx, roomID, user, c.clock.Now()); err != nil {
			return out, err
		}
	}
	out.gone = true
	if ros.room.Kind == Group {
		out.lists, err = c.leftGroup(tx, ros, user)
		if out.last = len(ros.ids) == 1; err != nil || out.last {
			return out, err
		}
	}
	if ros.room.ArchivedAt != nil {
		return out, nil
	}
	return out, c.note(tx, roomID, p.UserID, kind, stored{People: []string{user}}, &out.entry)
}

// leftGroup is what follows when somebody leaves a group: it is not the one of
// its people any more, they can't come back to it, and it ends with the last.
func (c *Chat) leftGroup(tx *gorm.DB, ros *roster, user string) ([]arranged, error) {
	if err := freeDirectKey(tx, ros.room.ID); err != nil {
		return nil, err
	}
	lists, err := forgetPlaces(tx, ros.room.ID, user)
	if err != nil || len(ros.ids) > 1 {
		return lists, err
	}
	if err := forgetWaiting(tx, ros.room.ID); err != nil {
		return nil, err
	}
	return lists, dissolve(tx, ros.room.ID, c.clock.Now())
}
