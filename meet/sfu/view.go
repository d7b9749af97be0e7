package sfu

import (
	"slices"
	"time"
)

// Tile is one picture that a client shows.
type Tile struct {
	Participant string `json:"participant"`
	Kind        Kind   `json:"kind"` // Camera or Screen
	// MaxHeight is the height of the tile in device pixels; more lines than
	// that are not sent.
	MaxHeight int `json:"max_height"`
}

// tile is a Tile whose source exists and is on.
type tile struct {
	source *source
	height int
}

// SetView says which pictures the client shows, most important first. Those
// beyond its slots are not sent. Until the first call the client gets the
// first cameras and screens of the room.
func (p *Participant) SetView(tiles []Tile) {
	if len(tiles) > maxView {
		tiles = tiles[:maxView]
	}
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	p.view, p.viewSet = slices.Clone(tiles), true
	p.arrange(time.Now())
}

// wanted lists the active sources of kind that p shows. Called with the room's mu held.
func (p *Participant) wanted(kind Kind) []tile {
	var tiles []tile
	n := p.room.sfu.cfg.VideoSlots
	if kind == Screen {
		n = p.room.sfu.cfg.ScreenSlots
	}
	add := func(src *source, height int) {
		known := slices.ContainsFunc(tiles, func(t tile) bool { return t.source == src })
		if len(tiles) < n && src.active && src.owner != p.id && !known {
			tiles = append(tiles, tile{src, height})
		}
	}
	if !p.viewSet {
		for _, src := range p.room.active[kind] {
			add(src, defaultAutoHeight)
		}
	}
	for _, t := range p.view {
		if m := p.room.find(t.Participant); m != nil && t.Kind == kind {
			add(m.sources[kind], max(t.MaxHeight, 1))
		}
	}
	return tiles
}

// screenSounds picks the sound of the first screen shown, or of any other.
func (p *Participant) screenSounds() []tile {
	var sounds []tile
	for _, t := range p.wanted(Screen) {
		if m := p.room.find(t.source.owner); m != nil && m.sources[ScreenSound].active {
			sounds = append(sounds, tile{source: m.sources[ScreenSound]})
		}
	}
	for _, src := range p.room.active[ScreenSound] {
		if src.owner != p.id {
			sounds = append(sounds, tile{source: src})
		}
	}
	return sounds[:min(len(sounds), 1)]
}

// allocate chooses a layer for every picture by the room on p's line. Sound
// is not asked. Called with the room's mu held.
func (p *Participant) allocate(now time.Time) {
	p.reconsider = false
	var slots []*slot
	var demands []demand
	var layers [][]*layer
	for _, kind := range []Kind{Screen, Camera} {
		for _, t := range p.wanted(kind) {
			for _, s := range p.slots {
				if s.source == t.source {
					alive := t.source.alive(now)
					slots, layers = append(slots, s), append(layers, alive)
					demands = append(demands, s.demand(alive))
				}
			}
		}
	}
	changed := false
	for i, choice := range allocate(p.budget-p.audioBudget(), demands) {
		s := slots[i]
		paused := choice < 0 && len(layers[i]) > 0
		changed = changed || paused != s.paused
		s.paused = paused
		if choice >= 0 {
			s.attach(layers[i][choice], now)
		} else {
			s.detach()
		}
	}
	if changed {
		p.announceSlots()
	}
}

// audioBudget is set aside before any picture.
func (p *Participant) audioBudget() int64 {
	const voiceBitrate = 48_000
	n := int64(0)
	for _, s := range p.slots {
		if !s.kind.video() && s.source != nil {
			n += voiceBitrate
		}
	}
	return n
}

// demand describes the slot's picture to the allocator.
func (s *slot) demand(alive []*layer) demand {
	d := demand{height: s.height, current: -1}
	s.mu.Lock()
	current := s.current
	if s.target != nil {
		current = s.target
	}
	s.mu.Unlock()
	for i, l := range alive {
		height := int(l.height.Load())
		if height == 0 {
			height = guessedHeight(l.rank)
		}
		d.options = append(d.options, option{bitrate: l.bitrate.Load(), height: height})
		if l == current {
			d.current = i
		}
	}
	return d
}
