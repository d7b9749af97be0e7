package chat

// Rouse wakes all background work, because a test has turned the clock.
func (c *Chat) Rouse() {
	for _, l := range c.loops {
		l.rouse()
	}
}
