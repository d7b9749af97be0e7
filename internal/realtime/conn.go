package realtime

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"rathaus/internal/access"
	"rathaus/internal/id"
)

// Conn is one browser tab. Its exported methods are safe for concurrent use.
type Conn struct {
	id        string
	principal access.Principal
	hub       *Hub
	ws        *websocket.Conn
	ctx       context.Context // ends with the connection
	cancel    context.CancelFunc
	limiter   *rate.Limiter
	open      atomic.Int32 // questions being worked on
	running   sync.WaitGroup
	me        *topic // the connection's own place in the topic "me"

	plug plug // writes without waiting, where the system can

	mu     sync.Mutex
	turn   turn             // whose it is to write; guarded by mu
	rest   []byte           // of a frame that did not fit at once; guarded by mu
	queue  []frame          // guarded by mu
	bytes  int              // of queue; guarded by mu
	ended  bool             // guarded by mu
	code   int              // close code; guarded by mu
	reason string           // guarded by mu
	lanes  map[string]*lane // guarded by mu
	topics map[string]bool  // joined; guarded by mu

	wake chan struct{} // capacity 1: the turn is the connection's own
}

func newConn(ctx context.Context, h *Hub, ws *websocket.Conn, p access.Principal) *Conn {
	ctx, cancel := context.WithCancel(access.With(ctx, p))
	return &Conn{
		id: id.New(), principal: p, hub: h, ws: ws, ctx: ctx, cancel: cancel, plug: plugInto(ws.NetConn()),
		limiter: rate.NewLimiter(questionsPerSec, questionBurst),
		me:      &topic{name: "me", subs: map[*Conn]*subscription{}},
		lanes:   map[string]*lane{}, topics: map[string]bool{},
		wake: make(chan struct{}, 1),
	}
}

// ID names the connection; ids sort by the time of connecting.
func (c *Conn) ID() string { return c.id }

// Principal is who connected.
func (c *Conn) Principal() access.Principal { return c.principal }

// Send hands one unstored event of a topic to this connection alone.
func (c *Conn) Send(topicName, name string, data any) {
	f, err := eventFrame(topicName, 0, name, data)
	if err != nil {
		c.hub.log.Error("event not marshalled", "topic", topicName, "event", name, "err", err)
		return
	}
	c.enqueue(f)
}

// enqueue appends a frame without blocking. A connection whose queue is full
// can't keep up: it is closed with resync and comes back by its cursors.
func (c *Conn) enqueue(f frame) {
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return
	}
	if len(c.queue) >= maxQueuedFrames || (len(c.queue) > 0 && c.bytes+len(f.wire) > maxQueuedBytes) {
		c.mu.Unlock()
		c.hub.counters.resyncs.Add(1)
		c.close(CloseResync, "resync")
		return
	}
	c.queue = append(c.queue, f)
	c.bytes += len(f.wire)
	first := c.turn == nobodys
	if first {
		c.turn = postmans
	}
	c.mu.Unlock()
	if first {
		c.hub.post.add(c)
	}
}

// close ends the connection. The first reason wins. It does not wait.
func (c *Conn) close(code int, reason string) {
	c.mu.Lock()
	if !c.ended {
		c.ended, c.code, c.reason = true, code, reason
	}
	if c.turn == nobodys {
		c.turn = own
		c.signal()
	}
	c.mu.Unlock()
	c.cancel()
}

func (c *Conn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// notify hands f to the topic "me" of this connection, if it has joined that.
func (c *Conn) notify(f frame) { c.me.publish(f, nil) }

func (c *Conn) joined(topicName string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.topics[topicName]
}

// enter marks a topic as joined. It reports false when there are too many.
func (c *Conn) enter(topicName string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended || (len(c.topics) >= maxTopics && !c.topics[topicName]) {
		return false
	}
	c.topics[topicName] = true
	return true
}

// leave ends the subscription to a topic and tells its kind.
func (c *Conn) leave(topicName string) {
	c.mu.Lock()
	was := c.topics[topicName]
	delete(c.topics, topicName)
	c.mu.Unlock()
	if topicName == "me" {
		c.me.remove(c)
		return
	}
	if c.hub.unsubscribe(c, topicName) && was {
		c.left(topicName)
	}
}

// left runs the kind's farewell on the topic's lane, so that it can't overtake
// an operation. The connection may be ending, so the lane does not refuse it.
func (c *Conn) left(topicName string) {
	kindName, topicID := splitTopic(topicName)
	kind := c.hub.topics.kinds[kindName]
	if kind.Left == nil {
		return
	}
	call := Call{Conn: c, Principal: c.principal, Topic: topicName, ID: topicID}
	c.onLane(topicName, func() { kind.Left(context.WithoutCancel(c.ctx), call) })
}

func (c *Conn) leaveAll() {
	c.mu.Lock()
	names := make([]string, 0, len(c.topics))
	for n := range c.topics {
		names = append(names, n)
	}
	c.mu.Unlock()
	for _, n := range names {
		c.leave(n)
	}
}

func (c *Conn) reply(a answer) frame {
	b, err := json.Marshal(a)
	if err != nil {
		c.hub.log.Error("answer not marshalled", "err", err)
		b = []byte(`{"re":0}`)
	}
	return textFrame(b, 0)
}
