package chat

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// RoomMember is a person in a room.
type RoomMember struct {
	Person
	Role   Role `json:"role" enum:"owner,member"`
	Active bool `json:"active" doc:"false: the account is disabled"`
}

// RoomAdded tells a person about a room that is theirs from now on.
type RoomAdded struct {
	RoomID string   `json:"room_id"`
	Kind   RoomKind `json:"kind"`
	Name   string   `json:"name"`
	Seq    int64    `json:"seq"`
}

// Members lists the people of a room by name.
func (c *Chat) Members(ctx context.Context, p access.Principal, roomID string) ([]RoomMember, error) {
	ros, err := c.rosters.get(ctx, roomID)
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
	out := make([]RoomMember, 0, len(ros.ids))
	for _, u := range ros.ids {
		who := named(people, u)
		out = append(out, RoomMember{Person: who, Role: ros.role(u), Active: who.Active})
	}
	slices.SortStableFunc(out, func(a, b RoomMember) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// Join makes p a member of a public room.
func (c *Chat) Join(ctx context.Context, p access.Principal, roomID string) (Room, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return Room{}, err
	}
	if err := canJoin(p, ros.room, ros.role(p.UserID)); err != nil {
		return Room{}, err
	}
	if ros.role(p.UserID) == "" {
		if err := c.creates.take(p.UserID); err != nil {
			return Room{}, err
		}
		people := map[string]Person{p.UserID: {ID: p.UserID, Name: p.Name}}
		if err := c.add(ctx, p, ros, people, KindJoined); err != nil {
			return Room{}, err
		}
	}
	return c.Room(ctx, p, roomID)
}

// Add brings people into a room.
func (c *Chat) Add(ctx context.Context, p access.Principal, roomID string, users []string) error {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return err
	}
	if err := canAdd(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if len(users) > maxAddedAtOnce {
		return fault.Invalid("chat.too_many_people", "max", maxAddedAtOnce)
	}
	if err := c.creates.take(p.UserID); err != nil {
		return err
	}
	wanted, err := c.addable(ctx, users)
	if err != nil {
		return err
	}
	if len(wanted) < len(slices.Compact(slices.Sorted(slices.Values(users)))) {
		return fault.Invalid("chat.person_unknown")
	}
	people, err := c.names(ctx, wanted)
	if err != nil {
		return err
	}
	return c.add(ctx, p, ros, people, KindAdded)
}

// addable returns those of the ids that are active people of the town.
func (c *Chat) addable(ctx context.Context, users []string) ([]string, error) {
	var valid []string
	for _, u := range users {
		if id.Valid(u) {
			valid = append(valid, u)
		}
	}
	people, err := c.names(ctx, valid)
	if err != nil {
		return nil, err
	}
	var out []string
	for u, who := range people {
		if who.Active {
			out = append(out, u)
		}
	}
	slices.Sort(out)
	return out, nil
}

// add stores new members with one entry for all of them, and tells everybody.
func (c *Chat) add(ctx context.Context, p access.Principal, ros *roster, people map[string]Person, kind string) error {
	var wanted []string
	for u := range people {
		if ros.role(u) == "" {
			wanted = append(wanted, u)
		}
	}
	slices.Sort(wanted)
	if len(wanted) == 0 {
		return nil
	}
	if len(ros.ids)+len(wanted) > c.limits.roomMembers {
		return fault.Conflict("chat.room_full", "max", c.limits.roomMembers)
	}
	roomID := ros.room.ID
	var entry message
	var added []string
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		added, entry, err = c.addWithEntry(tx, p, roomID, wanted, kind)
		return err
	}, func() {
		if len(added) == 0 {
			return
		}
		c.rosters.change(roomID, func(r room, roles map[string]Role) room {
			for _, u := range added {
				roles[u] = Member
			}
			return r
		})
		now := c.rosters.latest(ros)
		c.tellEntry(now, p, entry, people)
		c.tellFacts(now)
		r := now.room
		r.LastSeq = entry.Seq
		c.tellAdded(r, added)
	})
}

func (c *Chat) addWithEntry(tx *gorm.DB, p access.Principal, roomID string, wanted []string, kind string) ([]string, message, error) {
	var entry message
	r, err := readRoom(tx, roomID)
	if err != nil {
		return nil, entry, err
	}
	added, err := addMembers(tx, roomID, wanted, Member, r.LastSeq+1, c.clock.Now())
	if err != nil || len(added) == 0 {
		return nil, entry, err
	}
	return added, entry, c.note(tx, roomID, p.UserID, kind, stored{People: added}, &entry)
}

// Leave takes p out of a room.
func (c *Chat) Leave(ctx context.Context, p access.Principal, roomID string) error {
	ros, err := c.rosters.get(ctx, roomID)
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
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return err
	}
	if err := canManage(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if ros.role(user) == "" {
		return fault.NotFound("chat.person_unknown")
	}
	return c.takeOut(ctx, p, ros, user, KindRemoved)
}

func (c *Chat) takeOut(ctx context.Context, p access.Principal, ros *roster, user, kind string) error {
	people, err := c.names(ctx, []string{user})
	if err != nil {
		return err
	}
	roomID := ros.room.ID
	var entry message
	var gone bool
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		gone, entry, err = c.removeWithEntry(tx, p, roomID, user, kind)
		return err
	}, func() {
		if gone {
			c.tellGone(p, ros, user, entry, people)
		}
	})
}

func (c *Chat) tellGone(p access.Principal, ros *roster, user string, entry message, people map[string]Person) {
	topic := topicOf(ros.room.ID)
	c.rosters.change(ros.room.ID, func(r room, roles map[string]Role) room {
		delete(roles, user)
		return r
	})
	if ros.room.Kind != Public {
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
func (c *Chat) removeWithEntry(tx *gorm.DB, p access.Principal, roomID, user, kind string) (bool, message, error) {
	entry := message{Kind: kind}
	ros, err := readRoster(tx, roomID)
	if err != nil {
		return false, entry, err
	}
	role := ros.role(user)
	if role == "" {
		return false, entry, nil
	}
	if err := canGo(ros.room, role, ros.owners(), len(ros.ids)); err != nil {
		return false, entry, err
	}
	if err := deleteMember(tx, roomID, user); err != nil {
		return false, entry, err
	}
	if err := forgetPersonal(tx, ros.room, user); err != nil {
		return false, entry, err
	}
	if ros.room.ArchivedAt != nil {
		return true, entry, nil
	}
	return true, entry, c.note(tx, roomID, p.UserID, kind, stored{People: []string{user}}, &entry)
}

// SetRole makes a member an owner, or an owner a member.
func (c *Chat) SetRole(ctx context.Context, p access.Principal, roomID, user string, role Role) error {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return err
	}
	if err := canManage(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if role != Owner && role != Member {
		return fault.Invalid("invalid_input")
	}
	if ros.role(user) == "" {
		return fault.NotFound("chat.person_unknown")
	}
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		now, err := readRoster(tx, roomID)
		if err != nil {
			return err
		}
		if role == Member {
			if err := canGo(now.room, now.role(user), now.owners(), len(now.ids)+1); err != nil {
				return err
			}
		}
		return setRole(tx, roomID, user, role)
	}, func() {
		c.rosters.change(roomID, func(r room, roles map[string]Role) room {
			if roles[user] != "" {
				roles[user] = role
			}
			return r
		})
		c.tellFacts(c.rosters.latest(ros))
	})
}
