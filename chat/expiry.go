package chat

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"rathaus/internal/fault"
)

// cleanExpiry checks after how many seconds something shall remove itself.
func cleanExpiry(seconds, shortest int) (int, error) {
	if seconds != 0 && (seconds < shortest || seconds > longestExpiry) {
		return 0, fault.Invalid("chat.expiry_out_of_range")
	}
	return seconds, nil
}

// endOf says when a message of the room ends: after what its author wants, but
// never later than the room says.
func (r room) endOf(wanted int, now time.Time) *time.Time {
	seconds := wanted
	if r.ExpireAfter > 0 && (seconds == 0 || seconds > r.ExpireAfter) {
		seconds = r.ExpireAfter
	}
	if seconds == 0 {
		return nil
	}
	at := now.Add(time.Duration(seconds) * time.Second)
	return &at
}

// ended reports whether a message's time is over, even if nobody has come to
// remove it yet.
func (m message) ended(now time.Time) bool {
	return m.ExpiresAt != nil && !now.Before(*m.ExpiresAt)
}

// emptied is what is shown of a message whose time is over, until it is removed.
func (m message) emptied() message {
	if m.DeletedAt != nil {
		return m
	}
	m.Text, m.Data, m.EditedAt, m.DeletedAt = "", "", nil, m.ExpiresAt
	return m
}

// endDue removes the messages whose time is over, for good and for everybody,
// also those whose time came while the house was closed. It returns when to
// look again.
func (c *Chat) endDue(ctx context.Context) (time.Time, error) {
	now := c.clock.Now()
	due, err := dueToEnd(c.db.Read(ctx), now, dueAtOnce)
	if err != nil {
		return time.Time{}, err
	}
	// Side by side, so that they share commits.
	var group errgroup.Group
	group.SetLimit(endedSideBySide)
	for _, m := range due {
		group.Go(func() error { return c.end(ctx, m) })
	}
	if err := group.Wait(); err != nil {
		return time.Time{}, err
	}
	return nextEnd(c.db.Read(ctx))
}

func (c *Chat) end(ctx context.Context, m message) error {
	ros, err := c.rosters.get(ctx, m.RoomID)
	if isNoRoom(err) {
		return nil // deleted in the meantime
	}
	if err != nil {
		return err
	}
	_, err = c.amend(ctx, ros, newKnown(), m.ID, func(_ *roster, ch *change) error {
		ch.erase(c.clock.Now())
		ch.forced = true
		return nil
	})
	return err
}
