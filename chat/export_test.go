package chat

import "context"

// Rouse wakes all background work, because a test has turned the clock.
func (c *Chat) Rouse() {
	for _, l := range c.loops {
		l.rouse()
	}
}

// TakeIn takes everything into the index of words and packs it, as the background
// work does.
func (c *Chat) TakeIn(ctx context.Context) error {
	if _, err := c.feed.round(ctx); err != nil {
		return err
	}
	return c.index.PackAll(ctx)
}

// EndDue removes the messages whose time is over, as the background work does.
func (c *Chat) EndDue(ctx context.Context) error {
	_, err := c.endDue(ctx)
	return err
}
