package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/files"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// NewLater is a message that shall be sent at a time.
type NewLater struct {
	SendAt  string     `json:"send_at" maxLength:"40" doc:"RFC 3339"`
	Message NewMessage `json:"message"`
}

// LaterChange holds what shall change; what is left out stays.
type LaterChange struct {
	SendAt *string `json:"send_at,omitempty" maxLength:"40"`
	Text   *string `json:"text,omitempty" maxLength:"65536"`
}

// LaterRef says that a message waits for its time.
type LaterRef struct {
	ID      string `json:"id"`
	RoomID  string `json:"room_id"`
	SendAt  string `json:"send_at" format:"date-time"`
	Problem string `json:"problem,omitempty" doc:"Code of the fault for which it was not sent; it stays until it is changed or cancelled"`
}

// Later is a message that waits for its time.
type Later struct {
	LaterRef
	RoomName string     `json:"room_name" doc:"Empty for direct rooms, and for rooms that are lost"`
	Message  NewMessage `json:"message"`
}

// LaterEvent tells a person's devices about a message that waits.
type LaterEvent struct {
	LaterRef
	Gone bool `json:"gone" doc:"It was sent or cancelled"`
}

// laterRow is the row.
type laterRow struct {
	ID        string
	UserID    string
	RoomID    string
	ClientID  string
	Message   string
	SendAt    time.Time
	CreatedAt time.Time
	Problem   string
}

var errNoLater = fault.NotFound("chat.later_not_found")

func (r laterRow) ref() LaterRef {
	return LaterRef{ID: r.ID, RoomID: r.RoomID, SendAt: stamp(r.SendAt), Problem: r.Problem}
}

func (r laterRow) message() (NewMessage, error) {
	var m NewMessage
	if err := json.Unmarshal([]byte(r.Message), &m); err != nil {
		return m, fmt.Errorf("decode waiting message %s: %w", r.ID, err)
	}
	return m, nil
}

// laterTime checks when a message shall be sent.
func (c *Chat) laterTime(s string) (time.Time, error) {
	at, err := momentOf(s)
	if err != nil {
		return at, err
	}
	now := c.clock.Now()
	if !at.After(now) {
		return at, fault.Invalid("chat.time_is_past")
	}
	if at.After(now.Add(maxLaterAhead)) {
		return at, fault.Invalid("chat.time_too_far")
	}
	return at, nil
}

// SendLater keeps a message until its time. The same client id is answered
// with the one that waits already.
func (c *Chat) SendLater(ctx context.Context, p access.Principal, roomID string, in NewLater) (Later, error) {
	at, err := c.laterTime(in.SendAt)
	if err != nil {
		return Later{}, err
	}
	if !id.Valid(in.Message.ClientID) {
		return Later{}, fault.Invalid("chat.client_id_malformed")
	}
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Later{}, err
	}
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return Later{}, err
	}
	if err := canPost(p, ros.room, ros.role(p.UserID)); err != nil {
		return Later{}, err
	}
	// What could never be sent is refused now, not at its time.
	post, err := c.compose(p, roomID, in.Message)
	if err != nil {
		return Later{}, err
	}
	if err := c.prepareFiles(ctx, p, in.Message.Files, &post); err != nil {
		return Later{}, err
	}
	if _, err := c.calls(ctx, ros, p.UserID, post.message.Text, in.Message.ConfirmMany); err != nil {
		return Later{}, err
	}
	b, err := json.Marshal(in.Message)
	if err != nil {
		return Later{}, fmt.Errorf("encode waiting message: %w", err)
	}
	row := laterRow{
		ID: id.New(), UserID: p.UserID, RoomID: roomID, ClientID: in.Message.ClientID,
		Message: string(b), SendAt: at, CreatedAt: c.clock.Now(),
	}
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		if err := addLater(tx, row); err != nil {
			return err
		}
		return c.keepWaiting(tx, p.UserID, in.Message.Files)
	}, func() { c.tellLater(row, false) })
	if store.IsUnique(err) {
		row, err = laterByClient(c.db.Read(ctx), p.UserID, in.Message.ClientID)
	}
	if err != nil {
		return Later{}, err
	}
	return c.viewLater(ctx, p, row)
}

// tellLater tells a person's devices and wakes who sends. It runs after the commit.
func (c *Chat) tellLater(row laterRow, gone bool) {
	c.hub.Notify([]string{row.UserID}, "", "later", LaterEvent{LaterRef: row.ref(), Gone: gone})
	c.later.rouse()
}

func (c *Chat) viewLater(ctx context.Context, p access.Principal, row laterRow) (Later, error) {
	m, err := row.message()
	if err != nil {
		return Later{}, err
	}
	out := Later{LaterRef: row.ref(), Message: m}
	ros, err := c.rosters.get(ctx, row.RoomID)
	if err != nil {
		return Later{}, err
	}
	if canRead(p, ros.room, ros.role(p.UserID)) == nil {
		out.RoomName = ros.room.Name
	}
	return out, nil
}

// Laters lists the messages of p that wait, the next one first.
func (c *Chat) Laters(ctx context.Context, p access.Principal) ([]Later, error) {
	rows, err := latersOf(c.db.Read(ctx), p.UserID)
	if err != nil {
		return nil, err
	}
	out := make([]Later, 0, len(rows))
	for _, row := range rows {
		l, err := c.viewLater(ctx, p, row)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// ChangeLater changes when a message of p is sent, or what it says. One that
// stayed because of a problem is tried again.
func (c *Chat) ChangeLater(ctx context.Context, p access.Principal, laterID string, ch LaterChange) (Later, error) {
	var at *time.Time
	if ch.SendAt != nil {
		when, err := c.laterTime(*ch.SendAt)
		if err != nil {
			return Later{}, err
		}
		at = &when
	}
	var text *string
	if ch.Text != nil {
		clean, err := cleanMessage(*ch.Text, c.limits.messageBytes)
		if allowEmpty(err, true) != nil {
			return Later{}, err
		}
		text = &clean
	}
	var row laterRow
	err := c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		row, err = rewriteLater(tx, p.UserID, laterID, at, text)
		return err
	}, func() { c.tellLater(row, false) })
	if err != nil {
		return Later{}, err
	}
	return c.viewLater(ctx, p, row)
}

func rewriteLater(tx *gorm.DB, user, laterID string, at *time.Time, text *string) (laterRow, error) {
	row, err := laterIn(tx, user, laterID)
	if err != nil {
		return row, err
	}
	if at != nil {
		row.SendAt = *at
	}
	if text != nil {
		m, err := row.message()
		if err != nil {
			return row, err
		}
		if *text == "" && len(m.Files) == 0 {
			return row, errEmpty
		}
		m.Text = *text
		b, err := json.Marshal(m)
		if err != nil {
			return row, fmt.Errorf("encode waiting message: %w", err)
		}
		row.Message = string(b)
	}
	row.Problem = ""
	return row, updateLater(tx, row)
}

// CancelLater forgets a message of p that waits. One that has been sent is not found.
func (c *Chat) CancelLater(ctx context.Context, p access.Principal, laterID string) error {
	var row laterRow
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if row, err = laterIn(tx, p.UserID, laterID); err != nil {
			return err
		}
		if err := takeLater(tx, row.ID); err != nil {
			return err
		}
		m, err := row.message()
		if err != nil {
			return err
		}
		return files.ReleaseWaiting(tx, p.UserID, m.Files)
	}, func() { c.tellLater(row, true) })
}

// sendDue sends what is due and returns when to look again.
func (c *Chat) sendDue(ctx context.Context) (time.Time, error) {
	due, err := dueLater(c.db.Read(ctx), c.clock.Now(), dueAtOnce)
	if err != nil {
		return time.Time{}, err
	}
	var troubles []error
	for _, row := range due {
		// What one of them meets must not hold up the others.
		troubles = append(troubles, c.sendOne(ctx, row))
	}
	if err := errors.Join(troubles...); err != nil {
		return time.Time{}, err
	}
	return nextLater(c.db.Read(ctx))
}

// sendOne sends one message in the name of its author, with the rights that
// she has now. The row goes in the same transaction, so that it is sent once
// and a message that was cancelled in time is not sent. What can't be sent
// stays with its reason; what hit a passing trouble is tried again.
func (c *Chat) sendOne(ctx context.Context, row laterRow) error {
	err := c.sendNow(ctx, row)
	f := fault.From(err)
	switch {
	case err == nil:
		return nil
	case f.Code == errNoLater.Code:
		return nil
	case f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable:
		return err
	case f.Kind == fault.KindRateLimited:
		row.SendAt = c.clock.Now().Add(laterPause) // the room is slow; it takes its turn
	default:
		row.Problem = f.Code
	}
	return c.db.Write(ctx, func(tx *gorm.DB) error { return updateLater(tx, row) }, func() { c.tellLater(row, false) })
}

// sendNow sends it with the rights of its author at this moment. That many are
// called was confirmed when it was written.
func (c *Chat) sendNow(ctx context.Context, row laterRow) error {
	m, err := row.message()
	if err != nil {
		return err
	}
	people, err := c.names(ctx, []string{row.UserID})
	if err != nil {
		return err
	}
	who := named(people, row.UserID)
	if !who.Active {
		return errNotMember
	}
	m.ConfirmMany = true
	author := access.Principal{UserID: who.ID, Name: who.Name, Role: access.RoleMember}
	if who.Guest {
		author.Role = access.RoleGuest
	}
	_, err = c.deliver(ctx, author, row.RoomID, m, func(tx *gorm.DB) error { return takeLater(tx, row.ID) })
	if err == nil {
		c.tellLater(row, true)
	}
	return err
}
