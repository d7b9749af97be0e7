package chat

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Pin says who pinned a message for the room, and when.
type Pin struct {
	By Person `json:"by"`
	At string `json:"at" format:"date-time"`
}

// storedPin is the same in the data of the message.
type storedPin struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Pins are the pinned messages of a room.
type Pins struct {
	Messages []Message `json:"messages" nullable:"false" doc:"In order of place"`
}

func (p *storedPin) view(people map[string]Person) *Pin {
	if p == nil {
		return nil
	}
	return &Pin{By: named(people, p.By), At: stamp(p.At)}
}

// SetPin pins a message for everybody in the room, or takes it off.
func (c *Chat) SetPin(ctx context.Context, p access.Principal, roomID, messageID string, on bool) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canPin(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		if err := canBeHeard(p, ros, c.clock.Now()); err != nil {
			return err
		}
		ch.same = (ch.stored.Pin != nil) == on
		ch.stored.Pin = nil
		if on {
			ch.stored.Pin = &storedPin{By: p.UserID, At: c.clock.Now()}
		}
		ch.also = func(tx *gorm.DB, m message) error { return notePin(tx, m, on) }
		return nil
	})
}

// PinsOf lists what is pinned in a room.
func (c *Chat) PinsOf(ctx context.Context, p access.Principal, roomID string) (Pins, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Pins{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return Pins{}, err
	}
	rows, err := pinnedIn(c.db.Read(ctx), roomID)
	if err != nil {
		return Pins{}, err
	}
	all, err := c.viewAll(ctx, rows)
	return Pins{Messages: all}, err
}

func notePin(tx *gorm.DB, m message, on bool) error {
	if !on {
		if err := tx.Exec("DELETE FROM chat_pins WHERE message_id = ?", m.ID).Error; err != nil {
			return fmt.Errorf("take the pin off message %s: %w", m.ID, err)
		}
		return nil
	}
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_pins WHERE room_id = ?", m.RoomID).Row().Scan(&n); err != nil {
		return fmt.Errorf("count the pins of room %s: %w", m.RoomID, err)
	}
	if n >= maxPins {
		return fault.Conflict("chat.too_many_pins", "max", maxPins)
	}
	if err := tx.Exec("INSERT INTO chat_pins (message_id, room_id) VALUES (?, ?)", m.ID, m.RoomID).Error; err != nil {
		return fmt.Errorf("pin message %s: %w", m.ID, err)
	}
	return nil
}

func pinnedIn(tx *gorm.DB, roomID string) ([]message, error) {
	return manyMessages(tx, "id IN (SELECT message_id FROM chat_pins WHERE room_id = ?) AND room_id = ? ORDER BY seq LIMIT ?", roomID, roomID, maxPins)
}
