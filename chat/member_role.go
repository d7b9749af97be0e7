package chat

import (
	"context"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// SetRole makes a member an owner, a moderator, or a member again.
func (c *Chat) SetRole(ctx context.Context, p access.Principal, roomID, user string, role Role) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canManage(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if role != Owner && role != Moderator && role != Member {
		return fault.Invalid("invalid_input")
	}
	people, err := c.names(ctx, []string{user})
	if err != nil {
		return err
	}
	switch {
	case ros.role(user) == "":
		return errNoPerson
	case people[user].Guest || isLinkGuest(user):
		return fault.Conflict("chat.guest_stays_guest")
	}
	var entry message
	changed := false
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		changed, err = c.setRoleWithEntry(tx, p, roomID, user, role, &entry)
		return err
	}, func() {
		if changed {
			c.tellRole(p, ros, user, role, entry, people)
		}
	})
}

// setRoleWithEntry looks again at who would be left, since two owners may step
// down at once.
func (c *Chat) setRoleWithEntry(tx *gorm.DB, p access.Principal, roomID, user string, role Role, entry *message) (bool, error) {
	now, err := readRoster(tx, roomID)
	if err != nil {
		return false, err
	}
	was := now.role(user)
	switch {
	case was == "":
		return false, errNoPerson
	case was == role:
		return false, nil
	case role != Owner:
		if err := canGo(now.room, was, now.owners(), len(now.ids)+1); err != nil {
			return false, err
		}
	}
	if err := setRole(tx, roomID, user, role); err != nil || now.room.ArchivedAt != nil {
		return err == nil, err
	}
	s := stored{People: []string{user}, MessageData: MessageData{Role: string(role)}}
	return true, c.note(tx, roomID, p.UserID, KindRole, s, entry)
}

func (c *Chat) tellRole(p access.Principal, ros *roster, user string, role Role, entry message, people map[string]Person) {
	c.rosters.change(ros.room.ID, func(r room, roles map[string]Role) room {
		if roles[user] != "" {
			roles[user] = role
		}
		return r
	})
	if role != Member {
		c.rosters.silence(ros.room.ID, user, nil)
	}
	now := c.rosters.latest(ros)
	if entry.ID != "" {
		c.tellEntry(now, p, entry, people)
	}
	c.tellFacts(now)
}
