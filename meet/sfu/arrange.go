package sfu

import (
	"slices"
	"time"
)

// update looks at what the packets brought and decides anew who is on which
// slot. It runs on the room's loop.
func (r *Room) update(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.members {
		for _, src := range p.sources {
			if on := src.refresh(now); on != src.active {
				r.announce(src, on)
			}
			r.stale = src.changed.Swap(false) || r.stale
			for _, l := range *src.layers.Load() {
				l.tick(now)
			}
		}
	}
	r.rearrange(now)
	for _, p := range r.members {
		p.tick(now)
	}
}

// announce records that a source went on or off and tells everybody else.
// Called with mu held.
func (r *Room) announce(src *source, on bool) {
	if src.active == on {
		return
	}
	src.active, r.stale = on, true
	if on {
		r.active[src.kind] = append(r.active[src.kind], src)
	} else {
		r.active[src.kind] = slices.DeleteFunc(r.active[src.kind], func(o *source) bool { return o == src })
	}
	for _, m := range r.members {
		if m.id != src.owner {
			m.news.source(Source{Participant: src.owner, Kind: src.kind, Active: on})
		}
	}
}

// rearrange brings every slot in line with the present sources, voices and
// views. Called with mu held.
func (r *Room) rearrange(now time.Time) {
	r.stale = chooseVoices(r.voices, r.active[Microphone], now) || r.stale
	if next := speakingNow(r.voices, r.speaking, now); !next.equal(r.speaking) {
		r.speaking = next
		for _, m := range r.members {
			m.news.speaking(next)
		}
	}
	if !r.stale {
		return
	}
	r.stale = false
	for _, p := range r.members {
		p.arrange(now)
	}
}

// arrange maps sources onto p's slots. Called with the room's mu held.
func (p *Participant) arrange(now time.Time) {
	if !p.receiving {
		return
	}
	changed := p.arrangeVoices(now)
	changed = p.arrangePool(Camera, p.wanted(Camera), now) || changed
	changed = p.arrangePool(Screen, p.wanted(Screen), now) || changed
	changed = p.arrangePool(ScreenSound, p.screenSounds(), now) || changed
	if changed {
		p.allocate(now)
		p.announceSlots()
	}
}

// arrangeVoices gives place i of the room's voices to audio slot i.
func (p *Participant) arrangeVoices(now time.Time) bool {
	changed := false
	i := 0
	for _, s := range p.slots {
		if s.kind != Microphone {
			continue
		}
		voice := p.room.voices[i]
		i++
		if voice != nil && voice.owner == p.id {
			voice = nil
		}
		changed = s.carry(voice, now) || changed
	}
	return changed
}

// arrangePool keeps what is already on a slot and puts the rest on free ones.
func (p *Participant) arrangePool(kind Kind, wanted []tile, now time.Time) bool {
	changed := false
	waiting := append([]tile(nil), wanted...)
	for _, s := range p.slots {
		if s.kind != kind || s.source == nil {
			continue
		}
		kept := false
		for i, t := range waiting {
			if t.source == s.source {
				if s.height != t.height {
					s.height, p.reconsider = t.height, true
				}
				waiting = append(waiting[:i], waiting[i+1:]...)
				kept = true
				break
			}
		}
		if !kept {
			changed = s.carry(nil, now) || changed
		}
	}
	for _, s := range p.slots {
		if len(waiting) == 0 {
			break
		}
		if s.kind == kind && s.source == nil {
			s.height = waiting[0].height
			changed = s.carry(waiting[0].source, now) || changed
			waiting = waiting[1:]
		}
	}
	return changed
}

// carry puts src on the slot (nil empties it); sound flows at once, pictures
// when the allocator has chosen a layer. It reports a change.
func (s *slot) carry(src *source, now time.Time) bool {
	if s.source == src {
		if src != nil && !s.kind.video() {
			s.hear(src, now)
		}
		return false
	}
	s.source, s.paused = src, false
	s.detach()
	if src != nil && !s.kind.video() {
		s.hear(src, now)
	}
	return true
}

// hear follows the newest stream of a microphone, which changes when its
// owner publishes anew.
func (s *slot) hear(src *source, now time.Time) {
	if layers := *src.layers.Load(); len(layers) > 0 {
		s.attach(layers[len(layers)-1], now)
	}
}

// announceSlots tells the client what its streams carry.
func (p *Participant) announceSlots() {
	slots := []Slot{}
	for _, s := range p.slots {
		if s.source != nil {
			slots = append(slots, Slot{Mid: s.mid, Kind: s.kind, Participant: s.source.owner, Paused: s.paused})
		}
	}
	p.news.slots(slots)
}
