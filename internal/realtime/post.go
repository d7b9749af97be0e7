package realtime

import (
	"bytes"
	"runtime"
	"sync"
)

// post brings frames to connections. One goroutine writes to all receivers of
// an event, one after the other and without ever waiting for one of them:
// waking a goroutine for each costs more than the writing. Whoever can't take
// everything at once is left to the goroutine of the connection.
type post struct {
	mu      sync.Mutex
	ready   []*Conn // whose turn is the postman's; guarded by mu
	postmen int     // at work; guarded by mu
}

// One more postman comes for each roundLength connections that wait, up to the
// number of processors.
const roundLength = 64

// add puts a connection into the list and sees to it that somebody comes.
func (p *post) add(c *Conn) {
	p.mu.Lock()
	p.ready = append(p.ready, c)
	more := p.postmen == 0 || (len(p.ready) > roundLength*p.postmen && p.postmen < runtime.GOMAXPROCS(0))
	if more {
		p.postmen++
	}
	p.mu.Unlock()
	if more {
		go p.deliver()
	}
}

// deliver works until nothing is ready. Every connection that it serves is open,
// so the hub waits for it when it closes.
func (p *post) deliver() {
	var round [roundLength]*Conn
	var buffer []byte
	for {
		p.mu.Lock()
		n := copy(round[:], p.ready)
		if n == 0 {
			p.ready = nil
			p.postmen--
			p.mu.Unlock()
			return
		}
		p.ready = p.ready[n:]
		p.mu.Unlock()
		for i, c := range round[:n] {
			buffer = c.serve(buffer)
			round[i] = nil
		}
	}
}

// serve writes what waits for the connection, and leaves the rest to its own
// goroutine when the other side is slow. It returns the buffer for the next one.
func (c *Conn) serve(buffer []byte) []byte {
	for {
		frames := c.takeTurn()
		if len(frames) == 0 {
			return buffer
		}
		for len(frames) > 0 {
			wire, remain := portion(frames, buffer)
			joined := len(frames)-len(remain) > 1
			if joined {
				buffer = wire[:0]
			}
			n, err := c.plug.write(wire)
			if err != nil || n < len(wire) {
				c.leaveToItself(bytes.Clone(wire[n:]), remain)
				return buffer
			}
			c.hub.counters.delivered.Add(int64(len(frames) - len(remain)))
			frames = remain
		}
	}
}

// takeTurn returns what the postman has to write. When there is nothing, the
// turn has passed on.
func (c *Conn) takeTurn() []frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended || (c.plug == nil && len(c.queue) > 0) {
		c.turn = own
		c.signal()
		return nil
	}
	if len(c.queue) == 0 {
		c.turn = nobodys
		return nil
	}
	frames := c.queue
	c.queue, c.bytes = nil, 0
	return frames
}

// leaveToItself ends the postman's turn before everything is written.
func (c *Conn) leaveToItself(rest []byte, frames []frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range frames {
		c.bytes += len(f.wire)
	}
	c.rest, c.queue = rest, append(frames, c.queue...)
	c.turn = own
	c.signal()
}
