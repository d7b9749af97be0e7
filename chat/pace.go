package chat

import (
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/pace"
)

// keepPace counts one action of the person, or says that this was too fast.
func (c *Chat) keepPace(of *pace.Pace, user string) error {
	if of.Allow(user, time.Now()) {
		return nil
	}
	return fault.RateLimited("chat.too_fast")
}
