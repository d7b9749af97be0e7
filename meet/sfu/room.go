package sfu

import (
	"sync"
	"time"
)

// Room is one meeting: everybody in it can receive everybody else.
//
// mu guards the membership and everything that is decided about it: which
// source is on which slot. The packets never take it. Lock order: Room.mu,
// then slot.mu, then layer.subsMu.
type Room struct {
	id    string
	sfu   *SFU
	count counters
	wake  chan struct{} // one place: any number of reasons is one update
	done  chan struct{}

	mu       sync.Mutex
	members  []*Participant // in order of joining
	byID     map[string]*Participant
	active   map[Kind][]*source // what is on, in order of starting
	stale    bool               // slots may be out of line with the rest
	voices   []*source          // the microphones forwarded, place by place
	speaking Speaking
	closed   bool
}

func newRoom(s *SFU, id string) *Room {
	return &Room{
		id: id, sfu: s,
		wake:   make(chan struct{}, 1),
		done:   make(chan struct{}),
		voices: make([]*source, s.cfg.AudioSlots),
		byID:   map[string]*Participant{},
		active: map[Kind][]*source{},
	}
}

// poke makes the loop update soon. It never blocks.
func (r *Room) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run is the room's loop; it ends with Close.
func (r *Room) run() {
	tick := time.NewTicker(tickInterval)
	defer tick.Stop()
	for {
		select {
		case <-r.done:
			return
		case <-r.wake:
			r.update(time.Now())
		case now := <-tick.C:
			r.update(now)
		}
	}
}

// Join lets a participant in. Its connections come up with Publish and Offer.
func (r *Room) Join(participantID string, events Events) (*Participant, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if r.find(participantID) != nil {
		return nil, ErrTaken
	}
	if len(r.members) >= r.sfu.cfg.MaxParticipants {
		return nil, ErrFull
	}
	p := newParticipant(r, participantID, events)
	for _, kind := range publishOrder {
		for _, src := range r.active[kind] {
			p.news.source(Source{Participant: src.owner, Kind: kind, Active: true})
		}
	}
	if r.speaking.Dominant != "" {
		p.news.speaking(r.speaking)
	}
	r.members = append(r.members, p)
	r.byID[participantID] = p
	return p, nil
}

// Participant returns a member of the room, nil if it is not there.
func (r *Room) Participant(id string) *Participant {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.find(id)
}

func (r *Room) find(id string) *Participant { return r.byID[id] }

// Remove throws a participant out at once; false if it was not there.
func (r *Room) Remove(id string) bool {
	p := r.Participant(id)
	if p == nil {
		return false
	}
	p.Leave()
	return true
}

// drop takes p out of everything; its packets stop here.
func (r *Room) drop(p *Participant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, m := range r.members {
		if m == p {
			r.members = append(r.members[:i:i], r.members[i+1:]...)
			delete(r.byID, p.id)
			break
		}
	}
	p.receiving = false
	for _, src := range p.sources {
		src.muted.Store(true)
		r.announce(src, false)
	}
	for _, s := range p.slots {
		s.source = nil
		s.detach()
		t := s.totals()
		r.count.packetsOut.Add(t.packets)
		r.count.bytesOut.Add(t.bytes)
	}
	r.rearrange(time.Now())
}

// Close removes everybody and ends the room. It returns at once; SFU.Close
// waits for what is still winding down.
func (r *Room) Close() {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return
	}
	r.closed = true
	members := append([]*Participant(nil), r.members...)
	r.mu.Unlock()
	close(r.done)
	for _, p := range members {
		p.Leave()
	}
	r.sfu.forget(r)
}

// Stats returns the room's totals.
func (r *Room) Stats() Stats {
	s := r.totals()
	s.Rooms = 1
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Participants = len(r.members)
	for _, p := range r.members {
		for _, slot := range p.slots {
			t := slot.totals()
			s.PacketsOut += t.packets
			s.BytesOut += t.bytes
		}
	}
	return s
}

func (r *Room) totals() Stats { return r.count.stats() }
