package realtime

import (
	"slices"
	"sync"
)

// topic is one conversation with the connections that listen to it. It exists
// while somebody listens.
type topic struct {
	name string

	mu   sync.Mutex
	subs map[*Conn]*subscription // guarded by mu
}

// subscription is one connection's place in a topic. While its join reads the
// snapshot, frames are held back.
type subscription struct {
	holding bool
	held    []frame
	lost    bool // more was published than may be held
}

// frame is what waits in a queue: a frame of the websocket as it goes over the
// line, shared by all receivers.
type frame struct {
	wire []byte
	seq  int64
}

// publish appends f to the queue of every subscriber but except.
func (t *topic) publish(f frame, except *Conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c, s := range t.subs {
		if c == except {
			continue
		}
		if !s.holding {
			c.enqueue(f)
			continue
		}
		if len(s.held) == maxHeldFrames {
			s.lost = true
			continue
		}
		s.held = append(s.held, f)
	}
}

// hold subscribes c and starts to hold frames back.
func (t *topic) hold(c *Conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs[c] = &subscription{holding: true}
}

// release sends the join's answer and then what was held back beyond seq. It
// reports false if too much was published meanwhile, and when c is no longer
// subscribed.
func (t *topic) release(c *Conn, reply frame, seq int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.subs[c]
	if !ok || s.lost {
		return false
	}
	c.enqueue(reply)
	for _, f := range s.held {
		if f.seq == 0 || f.seq > seq {
			c.enqueue(f)
		}
	}
	s.holding, s.held = false, nil
	return true
}

// remove unsubscribes c and reports whether it was subscribed and whether the
// topic is empty now.
func (t *topic) remove(c *Conn) (was, empty bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, was = t.subs[c]
	delete(t.subs, c)
	return was, len(t.subs) == 0
}

// has reports whether c is subscribed.
func (t *topic) has(c *Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.subs[c]
	return ok
}

// strangers keeps of all the connections those that are not subscribed.
func (t *topic) strangers(all []*Conn) []*Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(all, func(c *Conn) bool { _, in := t.subs[c]; return in })
}

// listeners returns a copy of the subscribed connections.
func (t *topic) listeners() []*Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]*Conn, 0, len(t.subs))
	for c := range t.subs {
		out = append(out, c)
	}
	return out
}
