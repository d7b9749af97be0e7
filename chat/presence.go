package chat

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Status is what a person says about herself, by hand and for as long as she
// likes. Nothing is ever derived from what somebody does.
type Status struct {
	PersonID string `json:"person_id"`
	Text     string `json:"text"`
	Until    string `json:"until,omitempty" format:"date-time" doc:"Empty: until it is changed"`
	// Here is only ever set if the town allows it and both people want it.
	Here *bool `json:"here,omitempty" doc:"Whether the person has the portal open; only where the town allows it and both people have switched it on"`
}

// NewStatus is what a person says about herself.
type NewStatus struct {
	Text  string `json:"text" maxLength:"400"`
	Until string `json:"until,omitempty" maxLength:"40" doc:"RFC 3339; empty: until it is changed"`
}

// SaySomething sets the status of p; an empty text removes it.
func (c *Chat) SaySomething(ctx context.Context, p access.Principal, in NewStatus) (Status, error) {
	text, err := cleanLine(in.Text, maxStatus, "chat.status_too_long")
	if err != nil {
		return Status{}, err
	}
	var until *time.Time
	if in.Until != "" && text != "" {
		at, err := momentOf(in.Until)
		if err != nil {
			return Status{}, err
		}
		if !at.After(c.clock.Now()) {
			return Status{}, fault.Invalid("chat.time_is_past")
		}
		until = &at
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return Status{}, err
	}
	out := Status{PersonID: p.UserID, Text: text, Until: stampOf(until)}
	var others []string
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if err = writeStatus(tx, p.UserID, text, until); err != nil {
			return err
		}
		others, err = companions(tx, p.UserID, maxCompanions)
		return err
	}, func() {
		if !slices.Contains(others, p.UserID) {
			others = append(others, p.UserID)
		}
		c.hub.Notify(others, "", "status", out)
	})
	return out, err
}

// status returns what the row says at this moment.
func (o oneself) status(now time.Time) Status {
	s := Status{PersonID: o.UserID}
	if o.StatusUntil == nil || now.Before(*o.StatusUntil) {
		s.Text, s.Until = o.Status, stampOf(o.StatusUntil)
	}
	return s
}

// StatusOf returns what people say about themselves. Whether they are here is
// told only if the town allows it, and only among those who tell it too. Guests
// hear of those alone with whom they share a room.
func (c *Chat) StatusOf(ctx context.Context, p access.Principal, users []string) ([]Status, error) {
	if len(users) > maxAskedStatus {
		return nil, fault.Invalid("chat.too_many_people", "max", maxAskedStatus)
	}
	for _, u := range users {
		if !id.Valid(u) {
			return nil, fault.Invalid("invalid_input")
		}
	}
	tx := c.db.Read(ctx)
	if p.IsGuest() {
		var err error
		if users, err = companionsAmong(tx, p.UserID, users); err != nil {
			return nil, err
		}
	}
	rows, err := readPeople(tx, append([]string{p.UserID}, users...))
	if err != nil {
		return nil, err
	}
	mutual := c.policiesFor(p).Presence == PolicyOptional &&
		slices.ContainsFunc(rows, func(o oneself) bool { return o.UserID == p.UserID && o.Presence })
	out := []Status{}
	for _, o := range rows {
		if !slices.Contains(users, o.UserID) {
			continue
		}
		s := o.status(c.clock.Now())
		if mutual && o.Presence {
			here := c.hub.Online(o.UserID)
			s.Here = &here
		}
		if s.Text != "" || s.Here != nil {
			out = append(out, s)
		}
	}
	return out, nil
}

// Readers returns who has read a message of p's own, without any time; of what is
// announced those who moderate may ask as well. It answers only if the town
// allows it, and only among those who tell it too.
func (c *Chat) Readers(ctx context.Context, p access.Principal, roomID, messageID string) ([]Person, error) {
	ros, err := c.memberOf(ctx, p, roomID)
	if err != nil {
		return nil, err
	}
	if c.policies.ReadReceipts != PolicyOptional {
		return nil, errReceiptsOff
	}
	tx := c.db.Read(ctx)
	m, err := c.livingMessage(tx, ros.room.ID, messageID)
	if err != nil {
		return nil, err
	}
	if m.AuthorID != p.UserID && c.seesReceipts(p, ros.room, ros.role(p.UserID)) != nil {
		return nil, errNotYours
	}
	own, err := readOneself(tx, p.UserID)
	if err != nil {
		return nil, err
	}
	if !own.Receipts {
		return nil, fault.Forbidden("chat.receipts_not_shared")
	}
	users, err := readersOf(tx, roomID, m.AuthorID, m.Seq, maxReaders)
	if err != nil {
		return nil, err
	}
	people, err := c.names(ctx, users)
	if err != nil {
		return nil, err
	}
	out := make([]Person, 0, len(users))
	for _, u := range users {
		out = append(out, named(people, u))
	}
	return out, nil
}

// livingMessage returns a message that is still there.
func (c *Chat) livingMessage(tx *gorm.DB, roomID, messageID string) (message, error) {
	if !id.Valid(messageID) {
		return message{}, errNoMessage
	}
	m, err := messageIn(tx, roomID, messageID)
	if err == nil && m.DeletedAt != nil {
		err = errNoMessage
	}
	return m, err
}
