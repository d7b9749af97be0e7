package chat

import (
	"context"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// canSpeak is canPost for one person at one moment.
func canSpeak(p access.Principal, ros *roster, now time.Time) error {
	if err := canPost(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	return canBeHeard(p, ros, now)
}

// canBeHeard stands between a person and everything that leaves a trace in a
// room: not silenced, and in a direct room not unwanted. Taking back one's own
// needs no leave.
func canBeHeard(p access.Principal, ros *roster, now time.Time) error {
	if until, ok := ros.silenced[p.UserID]; ok && now.Before(until) {
		return fault.Forbidden("chat.silenced", "until", stamp(until))
	}
	return canReach(p, ros)
}

// canReach says whether the two people of a direct room still write to each
// other. Who is not wanted is told so; who does not want the other is told that
// it is their own doing.
func canReach(p access.Principal, ros *roster) error {
	switch {
	case len(ros.blockers) == 0:
		return nil
	case slices.Contains(ros.blockers, p.UserID):
		return fault.Forbidden("chat.blocked_by_you")
	}
	return fault.Forbidden("chat.not_wanted")
}

// slowFor says how many seconds p has to leave between two messages.
func slowFor(p access.Principal, r room, role Role) int {
	if r.SlowSeconds == 0 || canModerate(p, r, role) == nil {
		return 0
	}
	return r.SlowSeconds
}

// keepSlow notes that the author writes now, or says how long they have to wait.
func keepSlow(tx *gorm.DB, roomID, author string, seconds int, now time.Time) error {
	if seconds == 0 {
		return nil
	}
	slow := time.Duration(seconds) * time.Second
	ok, err := noteSlow(tx, roomID, author, now, now.Add(-slow))
	if err != nil || ok {
		return err
	}
	last, err := lastSlow(tx, roomID, author)
	if err != nil {
		return err
	}
	return fault.RateLimited("chat.slow_mode", "seconds", secondsUntil(last.Add(slow), now))
}

func secondsUntil(then, now time.Time) int {
	return max(0, int(math.Ceil(then.Sub(now).Seconds())))
}

// waitOf returns how many seconds p has to wait before writing again.
func (c *Chat) waitOf(tx *gorm.DB, p access.Principal, r room, role Role) (int, error) {
	seconds := slowFor(p, r, role)
	if seconds == 0 {
		return 0, nil
	}
	last, err := lastSlow(tx, r.ID, p.UserID)
	return secondsUntil(last.Add(time.Duration(seconds)*time.Second), c.clock.Now()), err
}

// Silence keeps somebody from writing in a room until a time; a time that has
// passed lets them speak again.
func (c *Chat) Silence(ctx context.Context, p access.Principal, roomID, user string, until time.Time) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	target := ros.role(user)
	if err := canSubdue(p, ros.room, ros.role(p.UserID), target); err != nil {
		return err
	}
	now := c.clock.Now()
	switch {
	case target == "":
		return errNoPerson
	case user == p.UserID, target == Owner, target == Moderator:
		return fault.Conflict("chat.not_to_silence")
	case until.Sub(now) > maxSilence:
		return fault.Invalid("invalid_input")
	}
	var end *time.Time
	if until.After(now) {
		// Both databases keep microseconds.
		until = until.UTC().Truncate(time.Microsecond)
		end = &until
	}
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		return setSilence(tx, roomID, user, end)
	}, func() {
		c.rosters.silence(roomID, user, end)
		c.hub.Notify([]string{user}, "", "room_silenced", Silenced{RoomID: roomID, Until: stampOf(end)})
		c.tellFacts(c.rosters.latest(ros))
	})
}

// Silenced tells a person that they may not write in a room for a while, or
// that they may again.
type Silenced struct {
	RoomID string `json:"room_id"`
	Until  string `json:"until,omitempty" format:"date-time" doc:"Empty: may write again"`
}
