package chat

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// SavedRef says that a person keeps a message, and when to be reminded.
type SavedRef struct {
	RoomID    string `json:"room_id"`
	MessageID string `json:"message_id"`
	Seq       int64  `json:"seq" doc:"Place of the message in its room"`
	SavedAt   string `json:"saved_at" format:"date-time"`
	RemindAt  string `json:"remind_at,omitempty" format:"date-time"`
	Due       bool   `json:"due" doc:"The time to be reminded has come"`
}

// SavedMessage is a kept message with its content.
type SavedMessage struct {
	SavedRef
	RoomName string  `json:"room_name" doc:"Empty for direct rooms"`
	Message  Message `json:"message"`
}

// SavedChange tells a person's devices that a message is kept, or is not.
type SavedChange struct {
	Saved bool `json:"saved"`
	SavedRef
}

// KeepMessage says when to be reminded of a message that is kept.
type KeepMessage struct {
	RemindAt string `json:"remind_at,omitempty" maxLength:"40" doc:"RFC 3339; empty: no reminder"`
}

// savedRow is a row of chat_saved with the place of its message.
type savedRow struct {
	UserID     string
	RoomID     string
	MessageID  string
	Seq        int64
	SavedAt    time.Time
	RemindAt   *time.Time
	RemindedAt *time.Time
}

func (r savedRow) ref() SavedRef {
	return SavedRef{
		RoomID: r.RoomID, MessageID: r.MessageID, Seq: r.Seq, SavedAt: stamp(r.SavedAt),
		RemindAt: stampOf(r.RemindAt), Due: r.RemindedAt != nil,
	}
}

// Keep puts a message on p's list, or changes when to be reminded of it.
func (c *Chat) Keep(ctx context.Context, p access.Principal, roomID, messageID string, in KeepMessage) (SavedRef, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return SavedRef{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return SavedRef{}, err
	}
	m, err := c.livingMessage(c.db.Read(ctx), roomID, messageID)
	if err != nil {
		return SavedRef{}, err
	}
	row := savedRow{UserID: p.UserID, RoomID: roomID, MessageID: m.ID, Seq: m.Seq, SavedAt: c.clock.Now()}
	if in.RemindAt != "" {
		at, err := momentOf(in.RemindAt)
		if err != nil {
			return SavedRef{}, err
		}
		if !at.After(row.SavedAt) {
			return SavedRef{}, fault.Invalid("chat.time_is_past")
		}
		row.RemindAt = &at
	}
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return SavedRef{}, err
	}
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		// It may have been deleted a moment ago.
		if _, err = c.livingMessage(tx, roomID, messageID); err != nil {
			return err
		}
		row, err = keepRow(tx, row)
		return err
	}, func() {
		c.hub.Notify([]string{p.UserID}, "", "saved", SavedChange{Saved: true, SavedRef: row.ref()})
		c.reminders.rouse()
	})
	return row.ref(), err
}

func keepRow(tx *gorm.DB, row savedRow) (savedRow, error) {
	n, err := countSaved(tx, row.UserID)
	if err != nil {
		return row, err
	}
	if n >= maxSaved {
		return row, fault.Conflict("chat.too_many_saved", "max", maxSaved)
	}
	return row, upsertSaved(tx, row)
}

// Drop takes a message off p's list.
func (c *Chat) Drop(ctx context.Context, p access.Principal, roomID, messageID string) error {
	ref := SavedRef{RoomID: roomID, MessageID: messageID}
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		return deleteSaved(tx, p.UserID, roomID, messageID)
	}, func() { c.hub.Notify([]string{p.UserID}, "", "saved", SavedChange{SavedRef: ref}) })
}

// Saved lists the messages that p keeps and may still read, latest first.
func (c *Chat) Saved(ctx context.Context, p access.Principal, dueOnly bool) ([]SavedMessage, error) {
	tx := c.db.Read(ctx)
	rows, err := c.savedBy(ctx, tx, p, dueOnly)
	if err != nil || len(rows) == 0 {
		return []SavedMessage{}, err
	}
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.MessageID)
	}
	messages, err := manyMessages(tx, "id IN ? AND deleted_at IS NULL", ids)
	if err != nil {
		return nil, err
	}
	views, err := c.viewAll(ctx, messages)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Message, len(views))
	for _, v := range views {
		byID[v.ID] = v
	}
	return c.savedViews(ctx, rows, byID)
}

// savedBy reads what p keeps and may still read: somebody may have become a
// guest meanwhile, to whom public rooms are closed.
func (c *Chat) savedBy(ctx context.Context, tx *gorm.DB, p access.Principal, dueOnly bool) ([]savedRow, error) {
	rows, err := savedOf(tx, p.UserID, dueOnly)
	if err != nil {
		return nil, err
	}
	out := make([]savedRow, 0, len(rows))
	for _, r := range rows {
		ros, err := c.rosters.get(ctx, r.RoomID)
		if isNoRoom(err) {
			continue // it is being deleted
		}
		if err != nil {
			return nil, err
		}
		if canRead(p, ros.room, ros.role(p.UserID)) == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

// savedViews puts what is kept together with its content.
func (c *Chat) savedViews(ctx context.Context, rows []savedRow, byID map[string]Message) ([]SavedMessage, error) {
	out := []SavedMessage{}
	for _, r := range rows {
		m, ok := byID[r.MessageID]
		if !ok || m.DeletedAt != "" {
			continue
		}
		ros, err := c.rosters.get(ctx, r.RoomID)
		if err != nil {
			return nil, err
		}
		out = append(out, SavedMessage{SavedRef: r.ref(), RoomName: ros.room.Name, Message: m})
	}
	return out, nil
}

// remind marks what is due and tells the people. It returns when to look again.
func (c *Chat) remind(ctx context.Context) (time.Time, error) {
	now := c.clock.Now()
	var due []savedRow
	err := c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		due, err = takeDueReminders(tx, now, dueAtOnce)
		return err
	}, func() {
		for _, r := range due {
			c.hub.Notify([]string{r.UserID}, "", "saved", SavedChange{Saved: true, SavedRef: r.ref()})
		}
	})
	if err != nil {
		return time.Time{}, err
	}
	return nextReminder(c.db.Read(ctx))
}
