package chat

import (
	"context"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Blocked lists whom p wants no direct messages from.
func (c *Chat) Blocked(ctx context.Context, p access.Principal) ([]Person, error) {
	ids, err := blockedBy(c.db.Read(ctx), p.UserID)
	if err != nil {
		return nil, err
	}
	people, err := c.names(ctx, ids)
	out := make([]Person, 0, len(ids))
	for _, u := range ids {
		out = append(out, named(people, u))
	}
	return out, err
}

// Block ends direct messages between p and somebody else, until Unblock. The
// other learns of it only by writing.
func (c *Chat) Block(ctx context.Context, p access.Principal, user string) error {
	if user == p.UserID || !id.Valid(user) {
		return fault.Invalid("chat.partner_unknown")
	}
	people, err := c.names(ctx, []string{user})
	if err != nil {
		return err
	}
	if _, ok := people[user]; !ok {
		return errNoPerson
	}
	return c.setBlock(ctx, p, user, func(tx *gorm.DB) error {
		list, err := blockedBy(tx, p.UserID)
		if err != nil {
			return err
		}
		if len(list) >= maxBlocks {
			return fault.Conflict("chat.too_many_blocks", "max", maxBlocks)
		}
		return insertBlock(tx, p.UserID, user, c.clock.Now())
	})
}

// Unblock lets somebody write to p again.
func (c *Chat) Unblock(ctx context.Context, p access.Principal, user string) error {
	if !id.Valid(user) {
		return errNoPerson
	}
	return c.setBlock(ctx, p, user, func(tx *gorm.DB) error { return deleteBlock(tx, p.UserID, user) })
}

func (c *Chat) setBlock(ctx context.Context, p access.Principal, user string, change func(*gorm.DB) error) error {
	room := ""
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if err := change(tx); err != nil {
			return err
		}
		room, err = directRoom(tx, directKey(p.UserID, user))
		return err
	}, func() {
		if room == "" {
			return
		}
		c.rosters.forget(room)
		// Only the devices of whoever did it hear of it.
		c.hub.Notify([]string{p.UserID}, "", "room_blocked", RoomRef{RoomID: room})
	})
}

// RoomRef names a room about which something has to be asked anew.
type RoomRef struct {
	RoomID string `json:"room_id"`
}
