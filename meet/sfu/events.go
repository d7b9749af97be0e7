package sfu

import "sync"

// Link names one of a participant's two connections.
type Link string

// The two connections of a participant.
const (
	Up   Link = "up"   // what it publishes
	Down Link = "down" // what it receives
)

// State is the state of a connection.
type State string

// States of a connection. After Disconnected or Failed an ICE restart can
// bring it back; Closed is final.
const (
	Connecting   State = "connecting"
	Connected    State = "connected"
	Disconnected State = "disconnected"
	Failed       State = "failed"
	Closed       State = "closed"
)

// Slot is what one stream of the downward connection presently carries.
type Slot struct {
	Mid         string `json:"mid"`
	Kind        Kind   `json:"kind"`
	Participant string `json:"participant"`
	// Paused says that the receiver's line is too narrow for this picture.
	Paused bool `json:"paused,omitempty"`
}

// Source says that a participant's microphone, camera or screen went on or off.
type Source struct {
	Participant string `json:"participant"`
	Kind        Kind   `json:"kind"`
	Active      bool   `json:"active"`
}

// Events are called one at a time for each participant, on a goroutine of its
// own, with no lock held; a slow callback delays only this participant's
// events and never media. While a callback runs, newer values replace older
// ones. No event follows after Leave, except one already being delivered.
// Nil functions are skipped. All methods of this package may be called from
// callbacks, except SFU.Close.
type Events struct {
	// Slots gets the complete mapping whenever it changes. Slots not listed
	// carry nothing.
	Slots func([]Slot)
	// Speaking gets who talks whenever that changes.
	Speaking func(Speaking)
	// State gets the state of both connections.
	State func(Link, State)
	// Source gets every change of every other participant's sources, and the
	// active ones at the start.
	Source func(Source)
}

// dispatcher keeps the newest value of each event until the callback is free.
// It is bounded by the number of sources in the room.
type dispatcher struct {
	events Events
	wake   chan struct{}

	mu      sync.Mutex
	pending news
}

type news struct {
	slots    []Slot
	hasSlots bool
	speaking *Speaking
	states   map[Link]State
	sources  []Source
}

func newDispatcher(events Events) *dispatcher {
	return &dispatcher{events: events, wake: make(chan struct{}, 1)}
}

func (d *dispatcher) post(change func(*news)) {
	d.mu.Lock()
	change(&d.pending)
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *dispatcher) slots(s []Slot) {
	d.post(func(n *news) { n.slots, n.hasSlots = s, true })
}

func (d *dispatcher) speaking(s Speaking) {
	d.post(func(n *news) { n.speaking = &s })
}

func (d *dispatcher) state(l Link, s State) {
	d.post(func(n *news) {
		if n.states == nil {
			n.states = map[Link]State{}
		}
		n.states[l] = s
	})
}

func (d *dispatcher) source(s Source) {
	d.post(func(n *news) {
		for i, o := range n.sources {
			if o.Participant == s.Participant && o.Kind == s.Kind {
				n.sources[i] = s
				return
			}
		}
		n.sources = append(n.sources, s)
	})
}

// run delivers until done.
func (d *dispatcher) run(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-d.wake:
		}
		d.mu.Lock()
		n := d.pending
		d.pending = news{}
		d.mu.Unlock()
		d.deliver(n, done)
	}
}

func (d *dispatcher) deliver(n news, done <-chan struct{}) {
	var calls []func()
	for _, link := range []Link{Up, Down} {
		if s, ok := n.states[link]; ok && d.events.State != nil {
			calls = append(calls, func() { d.events.State(link, s) })
		}
	}
	for _, s := range n.sources {
		if d.events.Source != nil {
			calls = append(calls, func() { d.events.Source(s) })
		}
	}
	if n.hasSlots && d.events.Slots != nil {
		calls = append(calls, func() { d.events.Slots(n.slots) })
	}
	if n.speaking != nil && d.events.Speaking != nil {
		calls = append(calls, func() { d.events.Speaking(*n.speaking) })
	}
	for _, call := range calls {
		select {
		case <-done:
			return
		default:
			call()
		}
	}
}
