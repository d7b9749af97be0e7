package realtime

// lane runs the work of one connection on one topic in order. It has a
// goroutine only while something waits. Its queue is bounded by
// maxOpenQuestions, which the reader enforces.
type lane struct {
	waiting []func()
	running bool
}

// onLane appends work to the topic's lane and starts it if it stands still.
func (c *Conn) onLane(topicName string, work func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.lanes[topicName]
	if !ok {
		l = &lane{}
		c.lanes[topicName] = l
	}
	l.waiting = append(l.waiting, work)
	if l.running {
		return
	}
	l.running = true
	c.running.Add(1)
	go c.runLane(topicName, l)
}

func (c *Conn) runLane(topicName string, l *lane) {
	defer c.running.Done()
	for {
		c.mu.Lock()
		if len(l.waiting) == 0 {
			l.running = false
			delete(c.lanes, topicName)
			c.mu.Unlock()
			return
		}
		work := l.waiting[0]
		l.waiting = l.waiting[1:]
		c.mu.Unlock()
		work()
	}
}
