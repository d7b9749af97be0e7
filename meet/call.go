package meet

import (
	"slices"
	"sync"
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/realtime"
	"rathaus/meet/sfu"
)

var (
	errEnded      = fault.Gone("meet.ended")
	errFull       = fault.Conflict("meet.full")
	errRemoved    = fault.Forbidden("meet.removed")
	errNotEntered = fault.Conflict("meet.not_entered")

	errTooManyTries = fault.RateLimited("meet.too_many_tries")
)

// call is a meeting in memory: who is in it now. Events are published while mu
// is held, which is safe because the hub never blocks, so that everybody sees
// changes in the order in which they happened.
type call struct {
	meeting Meeting // as it was when the call opened
	hub     *realtime.Hub

	mu         sync.Mutex
	people     []*participant                  // in order of entering; guarded by mu
	byConn     map[*realtime.Conn]*participant // guarded by mu
	removed    map[string]bool                 // person ids thrown out; guarded by mu
	room       *sfu.Room                       // from the first participant on; guarded by mu
	version    int64                           // rises with every change of a participant; guarded by mu
	emptySince time.Time                       // guarded by mu
	changed    bool                            // since the last announcement; guarded by mu
	over       bool                            // guarded by mu
}

func newCall(m Meeting, hub *realtime.Hub, now time.Time) *call {
	return &call{
		meeting: m, hub: hub, emptySince: now,
		byConn: map[*realtime.Conn]*participant{}, removed: map[string]bool{},
	}
}

// add lets p in, on its connection.
func (c *call) add(p *participant) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.over:
		return errEnded
	case c.removed[p.principal.UserID]:
		return errRemoved
	case len(c.people) >= c.meeting.MaxParticipants:
		return errFull
	case c.devicesOf(p.principal.UserID) >= maxPerPersonCall:
		return fault.Conflict("meet.too_many_devices", "max", maxPerPersonCall)
	}
	c.people = append(c.people, p)
	c.byConn[p.conn] = p
	c.touch(p)
	c.hub.Publish(c.meeting.Topic(), 0, eventJoined, p.person())
	return nil
}

// devicesOf is called with mu held.
func (c *call) devicesOf(userID string) int {
	n := 0
	for _, p := range c.people {
		if p.principal.UserID == userID {
			n++
		}
	}
	return n
}

// touch gives p's newest state a number. Called with mu held.
func (c *call) touch(p *participant) {
	c.version++
	p.version = c.version
	c.changed = true
}

// resume puts the participant with this token on a new connection. It returns
// nil if there is none.
func (c *call) resume(conn *realtime.Conn, tokenHash string) *participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		if p.tokenHash != tokenHash || p.principal.UserID != conn.Principal().UserID {
			continue
		}
		if p.conn != nil {
			delete(c.byConn, p.conn)
		}
		p.conn, p.detachedAt = conn, time.Time{}
		c.byConn[conn] = p
		c.touch(p)
		c.hub.Publish(c.meeting.Topic(), 0, eventUpdated, p.person())
		return p
	}
	return nil
}

// of finds the participant of a connection.
func (c *call) of(conn *realtime.Conn) (*participant, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil, errEnded
	}
	p, ok := c.byConn[conn]
	if !ok {
		return nil, errNotEntered
	}
	return p, nil
}

// find returns a participant by its id.
func (c *call) find(id string) (*participant, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		if p.id == id {
			return p, nil
		}
	}
	return nil, fault.NotFound("meet.participant_not_found")
}

// change alters a participant and tells everybody.
func (c *call) change(p *participant, alter func(*participant)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.people, p) {
		return
	}
	alter(p)
	c.touch(p)
	c.hub.Publish(c.meeting.Topic(), 0, eventUpdated, p.person())
}

// detach notes that a connection is gone. Its participant may come back.
func (c *call) detach(conn *realtime.Conn, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.byConn[conn]
	if !ok {
		return
	}
	delete(c.byConn, conn)
	p.conn, p.detachedAt = nil, now
	c.touch(p)
	c.hub.Publish(c.meeting.Topic(), 0, eventUpdated, p.person())
}

// remove takes out everybody for whom gone returns true, ends their media at
// once.
func (c *call) remove(reason string, now time.Time, gone func(*participant) bool) {
	for _, p := range c.take(reason, now, gone) {
		p.media.Leave()
	}
}

func (c *call) take(reason string, now time.Time, gone func(*participant) bool) []*participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []*participant
	kept := make([]*participant, 0, len(c.people))
	for _, p := range c.people {
		if !gone(p) {
			kept = append(kept, p)
			continue
		}
		out = append(out, p)
		delete(c.byConn, p.conn)
		c.version++
		c.changed = true
		c.hub.Publish(c.meeting.Topic(), 0, eventLeft, LeftEvent{ID: p.id, Reason: reason})
	}
	if c.people = kept; len(out) > 0 && len(kept) == 0 {
		c.emptySince = now
	}
	return out
}

// ban keeps a person from entering this call again.
func (c *call) ban(userID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removed[userID] = true
}

// banned reports whether a moderator has thrown the person out.
func (c *call) banned(userID string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.removed[userID]
}

// everybody returns the present state of all participants.
func (c *call) everybody() []Person {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Person, 0, len(c.people))
	for _, p := range c.people {
		all = append(all, p.person())
	}
	return all
}

// empty reports whether nobody has been here for d.
func (c *call) empty(now time.Time, d time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.people) == 0 && now.Sub(c.emptySince) >= d
}

// news reports whether something has changed since the last call of news.
func (c *call) news() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.changed
	c.changed = false
	return was
}

// close ends the call for everybody.
func (c *call) close() {
	c.mu.Lock()
	c.over = true
	room := c.room
	c.people, c.byConn = nil, map[*realtime.Conn]*participant{}
	c.mu.Unlock()
	if room != nil {
		room.Close()
	}
	c.hub.EvictAll(c.meeting.Topic(), errEnded.Code)
}

// mediaRoom returns the call's room in the forwarding unit.
func (c *call) mediaRoom(media *sfu.SFU) (*sfu.Room, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil, errEnded
	}
	if c.room == nil {
		room, err := media.Room(c.meeting.ID)
		if err != nil {
			return nil, err
		}
		c.room = room
	}
	return c.room, nil
}

// calls are the meetings that run on this node.
type calls struct {
	mu   sync.Mutex
	byID map[string]*call // guarded by mu
}

func newCalls() *calls { return &calls{byID: map[string]*call{}} }

// open returns the call of a running meeting.
func (s *calls) open(m Meeting, hub *realtime.Hub, now time.Time) *call {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.byID[m.ID]
	if !ok {
		c = newCall(m, hub, now)
		s.byID[m.ID] = c
	}
	return c
}

// get returns the call of a meeting, if it is in memory.
func (s *calls) get(meetingID string) (*call, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.byID[meetingID]
	return c, ok
}

// drop forgets a call and returns it.
func (s *calls) drop(meetingID string) (*call, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.byID[meetingID]
	delete(s.byID, meetingID)
	return c, ok
}

// all returns every call, in no order.
func (s *calls) all() []*call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*call, 0, len(s.byID))
	for _, c := range s.byID {
		out = append(out, c)
	}
	return out
}
