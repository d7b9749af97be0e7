package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Hub knows which connection listens to what. All methods are safe for
// concurrent use and none of them blocks, but Close.
type Hub struct {
	topics  *Topics
	log     *slog.Logger
	version string

	mu       sync.RWMutex
	byTopic  map[string]*topic             // guarded by mu
	byPerson map[string]map[*Conn]struct{} // guarded by mu
	bySess   map[string]map[*Conn]struct{} // guarded by mu
	closed   bool                          // guarded by mu
	watch    func(userID string)           // guarded by mu
	running  sync.WaitGroup
	post     post

	counters counters
}

// Who names connections: those of a person, of one session, or both.
type Who struct {
	UserID    string
	SessionID string
}

// NewHub returns a hub for the given topic kinds. Version is told to clients.
func NewHub(topics *Topics, version string, log *slog.Logger) *Hub {
	return &Hub{
		topics: topics, version: version, log: log,
		byTopic:  map[string]*topic{},
		byPerson: map[string]map[*Conn]struct{}{},
		bySess:   map[string]map[*Conn]struct{}{},
	}
}

// Publish hands an event to everybody who has joined the topic. seq is 0 for
// events that are not stored. Call it after the commit, in the order of seq.
func (h *Hub) Publish(topicName string, seq int64, name string, data any) {
	t := h.find(topicName)
	if t == nil {
		return
	}
	f, err := eventFrame(topicName, seq, name, data)
	if err != nil {
		h.log.Error("event not marshalled", "topic", topicName, "event", name, "err", err)
		return
	}
	h.counters.published.Add(1)
	t.publish(f, nil)
}

// PublishBinary hands a binary frame to everybody who has joined the topic but
// except, which may be nil.
func (h *Hub) PublishBinary(topicName string, seq int64, kind byte, payload []byte, except *Conn) {
	t := h.find(topicName)
	if t == nil {
		return
	}
	kindName, topicID := splitTopic(topicName)
	f, err := binaryFrame(h.topics.kinds[kindName].Code, kind, topicID, seq, payload)
	if err != nil {
		h.log.Error("binary frame not built", "topic", topicName, "err", err)
		return
	}
	h.counters.published.Add(1)
	t.publish(f, except)
}

// Notify hands an event of the topic "me" to all connections of the people,
// but those that have joined exceptTopic and so know already.
func (h *Hub) Notify(userIDs []string, exceptTopic, name string, data any) {
	to := h.connectionsOf(userIDs)
	if exceptTopic != "" {
		if t := h.find(exceptTopic); t != nil {
			to = t.strangers(to)
		}
	}
	if len(to) == 0 {
		return // as in a room that everybody has open: nothing to marshal
	}
	f, err := eventFrame("me", 0, name, data)
	if err != nil {
		h.log.Error("notice not marshalled", "event", name, "err", err)
		return
	}
	for _, c := range to {
		c.notify(f)
	}
}

// Evict ends the person's subscription to a topic on all their connections and
// tells them why.
func (h *Hub) Evict(topicName, userID, code string) {
	t := h.find(topicName)
	if t == nil {
		return
	}
	for _, c := range t.listeners() {
		if c.principal.UserID != userID {
			continue
		}
		h.evict(c, topicName, code)
	}
}

// EvictSession ends one session's subscription to a topic, for guests whose link ended.
func (h *Hub) EvictSession(topicName, sessionID, code string) {
	t := h.find(topicName)
	if t == nil {
		return
	}
	for _, c := range t.listeners() {
		if c.principal.SessionID == sessionID {
			h.evict(c, topicName, code)
		}
	}
}

// EvictAll ends everybody's subscription to a topic, for things that are deleted.
func (h *Hub) EvictAll(topicName, code string) {
	if t := h.find(topicName); t != nil {
		for _, c := range t.listeners() {
			h.evict(c, topicName, code)
		}
	}
}

func (h *Hub) evict(c *Conn, topicName, code string) {
	f, err := eventFrame(topicName, 0, "closed", fault.Body{Code: code})
	if err == nil {
		c.enqueue(f)
	}
	c.leave(topicName)
}

// Disconnect closes connections because their session no longer holds.
func (h *Hub) Disconnect(who Who, reason string) {
	h.mu.RLock()
	var hit []*Conn
	for c := range h.bySess[who.SessionID] {
		if who.SessionID != "" && (who.UserID == "" || who.UserID == c.principal.UserID) {
			hit = append(hit, c)
		}
	}
	if who.SessionID == "" && who.UserID != "" {
		for c := range h.byPerson[who.UserID] {
			hit = append(hit, c)
		}
	}
	h.mu.RUnlock()
	for _, c := range hit {
		c.close(CloseSessionEnded, reason)
	}
}

// WatchPeople has fn called whenever the first connection of a person has come
// or the last one has gone; Online tells which. fn must not wait. There is one
// watcher at most.
func (h *Hub) WatchPeople(fn func(userID string)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watch = fn
}

// Online reports whether the person has a connection on this node.
func (h *Hub) Online(userID string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.byPerson[userID]) > 0
}

// People returns the ids of the people with a connection on this node that fits.
func (h *Hub) People(fits func(access.Principal) bool) []string {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := make([]string, 0, len(h.byPerson))
	for person, set := range h.byPerson {
		for c := range set {
			if person != "" && fits(c.principal) {
				out = append(out, person)
				break
			}
		}
	}
	return out
}

// Sessions returns the sessions that have a connection on this node.
func (h *Hub) Sessions() []string {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := make([]string, 0, len(h.bySess))
	for s := range h.bySess {
		out = append(out, s)
	}
	return out
}

// Listeners returns the connections that have joined the topic, in no order.
func (h *Hub) Listeners(topicName string) []*Conn {
	if t := h.find(topicName); t != nil {
		return t.listeners()
	}
	return nil
}

// Close tells every client to come back after a moment of its own, closes all
// connections and waits until their goroutines have ended or ctx is done.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	all := make([]*Conn, 0, len(h.bySess))
	for _, set := range h.byPerson {
		for c := range set {
			all = append(all, c)
		}
	}
	h.mu.Unlock()
	for _, c := range all {
		c.close(CloseRestart, fmt.Sprintf(`{"retry_ms":%d}`, restartDelay(len(all)).Milliseconds()))
	}
	done := make(chan struct{})
	go func() { h.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close the sockets: %w", ctx.Err())
	}
}

// restartDelay spreads the return of n clients: half a second, plus up to two
// milliseconds for each.
func restartDelay(n int) time.Duration {
	spread := 500*time.Millisecond + time.Duration(n)*2*time.Millisecond
	return 500*time.Millisecond + rand.N(spread) //nolint:gosec // jitter needs no secrecy
}

func (h *Hub) find(topicName string) *topic {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.byTopic[topicName]
}

func (h *Hub) connectionsOf(userIDs []string) []*Conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := make([]*Conn, 0, len(userIDs))
	for _, u := range userIDs {
		for c := range h.byPerson[u] {
			out = append(out, c)
		}
	}
	return out
}

// subscribe puts c into a topic, holding.
func (h *Hub) subscribe(c *Conn, topicName string) *topic {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.byTopic[topicName]
	if !ok {
		t = &topic{name: topicName, subs: map[*Conn]*subscription{}}
		h.byTopic[topicName] = t
	}
	t.hold(c)
	return t
}

// unsubscribe takes c out of a topic and forgets the topic when it is empty.
func (h *Hub) unsubscribe(c *Conn, topicName string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.byTopic[topicName]
	if !ok {
		return false
	}
	was, empty := t.remove(c)
	if empty {
		delete(h.byTopic, topicName)
	}
	return was
}

// add registers a connection. It reports false when the hub closes.
func (h *Hub) add(c *Conn) bool {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return false
	}
	h.running.Add(1)
	first := len(h.byPerson[c.principal.UserID]) == 0
	put(h.byPerson, c.principal.UserID, c)
	put(h.bySess, c.principal.SessionID, c)
	h.counters.open.Add(1)
	watch := h.watch
	h.mu.Unlock()
	if first && watch != nil {
		watch(c.principal.UserID)
	}
	return true
}

// oldestBeyond returns a connection to close when the person has too many.
func (h *Hub) oldestBeyond(userID string, limit int) *Conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	set := h.byPerson[userID]
	if len(set) <= limit {
		return nil
	}
	var oldest *Conn
	for c := range set {
		if oldest == nil || c.id < oldest.id {
			oldest = c
		}
	}
	return oldest
}

// remove forgets a connection whose goroutines have ended.
func (h *Hub) remove(c *Conn) {
	h.mu.Lock()
	drop(h.byPerson, c.principal.UserID, c)
	drop(h.bySess, c.principal.SessionID, c)
	last, watch := len(h.byPerson[c.principal.UserID]) == 0, h.watch
	h.mu.Unlock()
	h.counters.open.Add(-1)
	if last && watch != nil {
		watch(c.principal.UserID)
	}
	h.running.Done()
}

func put(index map[string]map[*Conn]struct{}, key string, c *Conn) {
	if index[key] == nil {
		index[key] = map[*Conn]struct{}{}
	}
	index[key][c] = struct{}{}
}

func drop(index map[string]map[*Conn]struct{}, key string, c *Conn) {
	delete(index[key], c)
	if len(index[key]) == 0 {
		delete(index, key)
	}
}

func eventFrame(topicName string, seq int64, name string, data any) (frame, error) {
	b, err := json.Marshal(event{Event: name, Topic: topicName, Seq: seq, Data: data})
	if err != nil {
		return frame{}, fmt.Errorf("marshal event %s: %w", name, err)
	}
	return textFrame(b, seq), nil
}
