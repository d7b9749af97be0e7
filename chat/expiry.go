package chat

import (
	"time"

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
