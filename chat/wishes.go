package chat

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// RoomWishes are what a person wants of one room.
type RoomWishes struct {
	RoomID     string `json:"room_id"`
	Level      string `json:"level" enum:"all,mentions,none" doc:"What of the room raises a notice"`
	MutedUntil string `json:"muted_until,omitempty" format:"date-time" doc:"The room is silent and does not count until then; 9999 means for good"`
}

// WishChange holds what shall change; what is left out stays.
type WishChange struct {
	Level      *string `json:"level,omitempty" enum:"all,mentions,none"`
	MutedUntil *string `json:"muted_until,omitempty" maxLength:"40" doc:"RFC 3339; empty: not silent any more"`
}

// apply returns the wishes as they shall be.
func (w WishChange) apply(level string, muted *time.Time) (string, *time.Time, error) {
	if w.Level != nil {
		if !slices.Contains([]string{LevelAll, LevelMentions, LevelNone}, *w.Level) {
			return "", nil, fault.Invalid("invalid_input")
		}
		level = *w.Level
	}
	if w.MutedUntil == nil {
		return level, muted, nil
	}
	if *w.MutedUntil == "" {
		return level, nil, nil
	}
	until, err := momentOf(*w.MutedUntil)
	return level, &until, err
}

// memberOf returns the roster of a room that p is a member of.
func (c *Chat) memberOf(ctx context.Context, p access.Principal, roomID string) (*roster, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return nil, err
	}
	role := ros.role(p.UserID)
	if err := canRead(p, ros.room, role); err != nil {
		return nil, err
	}
	if role == "" {
		return nil, errNotMember
	}
	return ros, nil
}

// Wish changes what p wants of a room and tells p's devices.
func (c *Chat) Wish(ctx context.Context, p access.Principal, roomID string, ch WishChange) (RoomWishes, error) {
	if _, err := c.memberOf(ctx, p, roomID); err != nil {
		return RoomWishes{}, err
	}
	if _, _, err := ch.apply(LevelAll, nil); err != nil {
		return RoomWishes{}, err
	}
	out := RoomWishes{RoomID: roomID}
	err := c.db.Write(ctx, func(tx *gorm.DB) error {
		level, muted, ok, err := readPrefs(tx, roomID, p.UserID)
		if err != nil {
			return err
		}
		if !ok {
			return errNotMember
		}
		if level, muted, err = ch.apply(level, muted); err != nil {
			return err
		}
		out.Level, out.MutedUntil = level, stampOf(muted)
		_, err = writePrefs(tx, roomID, p.UserID, level, muted)
		return err
	}, func() { c.hub.Notify([]string{p.UserID}, "", "room_wishes", out) })
	return out, err
}

// Unread sets p's reading cursor back, so that the message at seq and all
// after it wait again, on all devices.
func (c *Chat) Unread(ctx context.Context, p access.Principal, roomID string, seq int64) (ReadMark, error) {
	if seq < 1 {
		return ReadMark{}, fault.Invalid("invalid_input")
	}
	ros, err := c.memberOf(ctx, p, roomID)
	if err != nil {
		return ReadMark{}, err
	}
	var mark ReadMark
	var watchers []string
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		r, err := readRoom(tx, roomID)
		if err != nil {
			return err
		}
		if err := setCursor(tx, roomID, p.UserID, min(seq-1, r.LastSeq)); err != nil {
			return err
		}
		if mark, _, err = markOf(tx, roomID, p.UserID); err == nil {
			watchers, err = c.watchers(tx, ros, p.UserID)
		}
		return err
	}, func() {
		c.hub.Notify([]string{p.UserID}, "", "room_read", mark)
		c.tellReceipt(watchers, p.UserID, mark)
	})
	return mark, err
}

// markOf reads how far a member has read.
func markOf(tx *gorm.DB, roomID, user string) (ReadMark, counts, error) {
	n, ok, err := countsOf(tx, roomID, user)
	if err == nil && !ok {
		err = errNotMember
	}
	return ReadMark{RoomID: roomID, Seq: n.LastSeq, ReadSeq: n.ReadSeq, Unread: n.Unread, Mentions: n.Mentions}, n, err
}
