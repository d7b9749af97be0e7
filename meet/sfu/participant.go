package sfu

import (
	"fmt"
	"sync"
	"time"
)

// Participant is one person (or camera system) in a room: one connection up,
// one connection down.
type Participant struct {
	id        string
	room      *Room
	news      *dispatcher
	up        *uplink
	down      *downlink
	done      chan struct{}
	bandwidth bandwidth

	sources map[Kind]*source // constant
	slots   []*slot          // constant

	// Guarded by the room's mutex.
	view       []Tile
	viewSet    bool
	receiving  bool // the downward connection is up
	reconsider bool // the allocation is out of date
	budget     int64
	allocateAt time.Time
	reportAt   time.Time

	mu     sync.Mutex
	closed bool
}

// newParticipant is called with the room's mutex held.
func newParticipant(r *Room, id string, events Events) *Participant {
	p := &Participant{
		id: id, room: r,
		news:      newDispatcher(events),
		done:      make(chan struct{}),
		sources:   map[Kind]*source{},
		bandwidth: newQueueing(),
		budget:    startBudget,
	}
	for _, kind := range publishOrder {
		p.sources[kind] = newSource(id, kind, r.poke)
	}
	cfg := r.sfu.cfg
	for _, pool := range []struct {
		kind Kind
		n    int
	}{{Microphone, cfg.AudioSlots}, {ScreenSound, 1}, {Camera, cfg.VideoSlots}, {Screen, cfg.ScreenSlots}} {
		for i := range pool.n {
			p.slots = append(p.slots, newSlot(pool.kind, fmt.Sprintf("%s-%d", pool.kind, i), &r.count, p.bandwidth))
		}
	}
	p.up, p.down = newUplink(p), newDownlink(p)
	p.start(func() { p.news.run(p.done) })
	return p
}

// ID returns the name under which the participant joined.
func (p *Participant) ID() string { return p.id }

// start runs f on a goroutine that SFU.Close waits for, unless the
// participant has left.
func (p *Participant) start(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.room.sfu.tasks.Add(1)
	go func() {
		defer p.room.sfu.tasks.Done()
		f()
	}()
}

// Publish takes the client's offer for the upward connection and returns the
// answer. The same call serves a later offer with an ICE restart, and an offer
// of a fresh RTCPeerConnection after the old one was lost. The answer holds
// all candidates; candidates of the client are not needed.
func (p *Participant) Publish(offer string) (answer string, err error) {
	return p.up.publish(offer)
}

// Offer returns the offer for the downward connection, with all candidates.
// Its media sections are the slots and never change. Once it was answered,
// another call returns an offer that moves the connection to another network
// path (ICE restart) and keeps all slots; before, it returns the same offer.
func (p *Participant) Offer() (string, error) { return p.down.offer() }

// Answer takes the client's answer to the newest offer.
func (p *Participant) Answer(sdp string) error { return p.down.answer(sdp) }

// SetMuted stops or resumes forwarding one kind of source, whatever the
// client sends. It is effective when it returns.
func (p *Participant) SetMuted(kind Kind, muted bool) {
	src, ok := p.sources[kind]
	if !ok {
		return
	}
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	if p.isClosed() {
		return
	}
	src.muted.Store(muted)
	now := time.Now()
	p.room.announce(src, src.refresh(now))
	p.room.rearrange(now)
}

// Muted reports whether the server holds back this kind of source.
func (p *Participant) Muted(kind Kind) bool {
	src, ok := p.sources[kind]
	return ok && src.muted.Load()
}

// Leave ends the participant's part: forwarding has stopped when it returns,
// both connections close in the background. Calling it again does nothing.
func (p *Participant) Leave() {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	p.closed = true
	p.room.sfu.tasks.Add(1)
	p.mu.Unlock()
	close(p.done)
	p.room.drop(p)
	go func() {
		defer p.room.sfu.tasks.Done()
		p.up.close()
	}()
	p.room.sfu.tasks.Add(1)
	go func() {
		defer p.room.sfu.tasks.Done()
		p.down.close()
	}()
}

func (p *Participant) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// tick reports to the receiver and spends its line anew. Called with the
// room's mu held.
func (p *Participant) tick(now time.Time) {
	if !p.receiving {
		return
	}
	if now.Sub(p.reportAt) >= time.Second {
		p.reportAt = now
		p.down.report(now)
	}
	if now.Sub(p.allocateAt) >= allocateInterval {
		p.allocateAt = now
		p.budget = p.bandwidth.budget(now)
		p.reconsider = true
	}
	if p.reconsider {
		p.allocate(now)
	}
}
