package chat

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Hidden tells a person's devices that a conversation is out of their list, or
// in it again.
type Hidden struct {
	RoomID string `json:"room_id"`
	Hidden bool   `json:"hidden"`
}

// hiddenSQL says whether the member m has taken room r out of their list and
// nothing was said in it since.
const hiddenSQL = `(m.hidden_seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM chat_messages h
		WHERE h.room_id = m.room_id AND h.seq > m.hidden_seq AND h.kind IN ` + countedKinds + `)) AS hidden`

// Hide takes a conversation of a few people, or with an office, out of p's list
// or puts it back. Nobody else is told. What was unread in it counts as read, and
// the next message brings it back; so does writing to the person again.
func (c *Chat) Hide(ctx context.Context, p access.Principal, roomID string, hidden bool) error {
	ros, err := c.memberOf(ctx, p, roomID)
	if err != nil {
		return err
	}
	if ros.room.Kind.named() {
		return fault.Conflict("chat.room_is_not_direct")
	}
	var mark ReadMark
	var moved bool
	var watchers []string
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		r, err := readRoom(tx, roomID)
		if err != nil {
			return err
		}
		if err := setHidden(tx, roomID, p.UserID, r.LastSeq, hidden); err != nil || !hidden {
			return err
		}
		if mark, moved, err = moveAndCount(tx, roomID, p.UserID, r.LastSeq); err == nil && moved {
			watchers, err = c.watchers(tx, ros, p.UserID)
		}
		return err
	}, func() {
		if moved {
			c.hub.Notify([]string{p.UserID}, "", "room_read", mark)
			c.tellReceipt(watchers, p.UserID, mark)
		}
		c.hub.Notify([]string{p.UserID}, "", "room_hidden", Hidden{RoomID: roomID, Hidden: hidden})
	})
}

// shownRoom returns a room that p wants to write in: it is in the list again.
func (c *Chat) shownRoom(ctx context.Context, p access.Principal, roomID string) (Room, error) {
	r, err := c.Room(ctx, p, roomID)
	if err != nil || !r.Hidden {
		return r, err
	}
	if err := c.Hide(ctx, p, roomID, false); err != nil {
		return r, err
	}
	return c.Room(ctx, p, roomID)
}

// setHidden notes that a member does not want to see a room until something is
// said after the change with number seq, or does want to see it.
func setHidden(tx *gorm.DB, roomID, user string, seq int64, hidden bool) error {
	var after *int64
	if hidden {
		after = &seq
	}
	if err := tx.Exec("UPDATE chat_members SET hidden_seq = ? WHERE room_id = ? AND user_id = ?", after, roomID, user).Error; err != nil {
		return fmt.Errorf("take room %s out of a list: %w", roomID, err)
	}
	return nil
}
