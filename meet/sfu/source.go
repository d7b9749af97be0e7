package sfu

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Kind says what a source or a slot carries.
type Kind string

// The four things a participant can publish, in the order of the media
// sections of the offer.
const (
	Microphone  Kind = "mic"
	Camera      Kind = "camera"
	Screen      Kind = "screen"
	ScreenSound Kind = "screen_audio"
)

var publishOrder = []Kind{Microphone, Camera, Screen, ScreenSound}

func (k Kind) video() bool { return k == Camera || k == Screen }

func (k Kind) clockRate() uint32 {
	if k.video() {
		return 90000
	}
	return 48000
}

func (k Kind) maxBitrate() int64 {
	switch k {
	case Camera:
		return maxVideoBitrate
	case Screen:
		return maxScreenBitrate
	default:
		return maxAudioBitrate
	}
}

// source is one thing a participant publishes. It exists as long as the
// participant; layers appear when packets do.
//
// The reader goroutines touch only the atomics; active is guarded by the
// room's mutex.
type source struct {
	owner string
	kind  Kind
	poke  func() // wakes the room's loop, never blocks

	muted    atomic.Bool
	changed  atomic.Bool  // layers came or went
	live     atomic.Bool  // packets are arriving
	lastSeen atomic.Int64 // unix nanoseconds of the newest packet
	voice    voice

	active bool // as told to the participants

	mu     sync.Mutex
	layers atomic.Pointer[[]*layer] // ascending quality; replaced under mu
}

func newSource(owner string, kind Kind, poke func()) *source {
	s := &source{owner: owner, kind: kind, poke: poke}
	s.layers.Store(&[]*layer{})
	return s
}

// add registers a layer; false means that the publisher has too many.
func (s *source) add(l *layer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(*s.layers.Load()), func(o *layer) bool { return o.rid == l.rid })
	if len(kept) >= maxLayers || !s.kind.video() && len(kept) >= 1 {
		return false
	}
	kept = append(kept, l)
	slices.SortFunc(kept, func(a, b *layer) int { return cmp.Compare(a.rank, b.rank) })
	s.layers.Store(&kept)
	s.changed.Store(true)
	s.poke()
	return true
}

func (s *source) remove(l *layer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(*s.layers.Load()), func(o *layer) bool { return o == l })
	s.layers.Store(&kept)
}

// alive lists the layers that currently carry packets, ascending.
func (s *source) alive(now time.Time) []*layer {
	oldest := now.Add(-layerIdle).UnixNano()
	var alive []*layer
	for _, l := range *s.layers.Load() {
		if l.lastSeen.Load() >= oldest {
			alive = append(alive, l)
		}
	}
	return alive
}

// seen notes a packet; the first one after silence wakes the room.
func (s *source) seen(now time.Time) {
	s.lastSeen.Store(now.UnixNano())
	if !s.live.Load() && s.live.CompareAndSwap(false, true) {
		s.poke()
	}
}

// refresh notices that packets stopped, and reports whether the source is on.
func (s *source) refresh(now time.Time) bool {
	if s.live.Load() && s.lastSeen.Load() < now.Add(-sourceIdle).UnixNano() {
		s.live.Store(false)
	}
	return s.live.Load() && !s.muted.Load()
}
