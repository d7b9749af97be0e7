package sfu

import (
	"slices"
	"sync/atomic"
	"time"
)

const (
	voiceThreshold = 127 - 45               // loudness from which a microphone counts as speaking
	voiceHangover  = 800 * time.Millisecond // speaking goes on this long after the last loud packet
	voicePatience  = time.Second            // a holder keeps its place at least this long after speaking
	voiceMargin    = 8                      // dB by which a newcomer must beat the quietest speaker
	voicePoke      = 100 * time.Millisecond // at most this often an unheard speaker wakes the room
	unknownLoud    = voiceThreshold + 5     // loudness of a publisher that does not report levels
)

// voice is how loud a microphone is. Its reader writes it, the room's loop
// reads it.
type voice struct {
	loud     atomic.Int32 // 0 silence … 127, smoothed
	spoke    atomic.Int64 // unix nanoseconds of the last loud packet
	chosen   atomic.Bool  // holds one of the places
	lastPoke atomic.Int64
}

func (v *voice) hear(p *packet, now time.Time, poke func()) {
	loud := int32(127 - p.level)
	if !p.leveled {
		loud = 0
		if len(p.payload) > 3 { // more than a comfort noise frame
			loud = unknownLoud
		}
	}
	if last := v.loud.Load(); loud < last {
		loud = (last*7 + loud) / 8 // fall slowly, rise at once
	}
	v.loud.Store(loud)
	if loud < voiceThreshold {
		return
	}
	v.spoke.Store(now.UnixNano())
	if v.chosen.Load() {
		return
	}
	if last := v.lastPoke.Load(); now.UnixNano()-last > int64(voicePoke) && v.lastPoke.CompareAndSwap(last, now.UnixNano()) {
		poke()
	}
}

func (v *voice) speaking(now time.Time) bool { return v.silentFor(now) < voiceHangover }

func (v *voice) silentFor(now time.Time) time.Duration {
	return time.Duration(now.UnixNano() - v.spoke.Load())
}

// chooseVoices fills the places with the loudest microphones. A holder keeps
// its place (and so its slot at every receiver) until somebody who speaks
// needs it: in small meetings everybody is heard all the time. It reports a
// change.
func chooseVoices(places []*source, candidates []*source, now time.Time) bool {
	changed := false
	for i, held := range places {
		if held != nil && !slices.Contains(candidates, held) {
			held.voice.chosen.Store(false)
			places[i], changed = nil, true
		}
	}
	for _, c := range candidates {
		if c.voice.chosen.Load() {
			continue
		}
		if i := placeFor(places, c, now); i >= 0 {
			if places[i] != nil {
				places[i].voice.chosen.Store(false)
			}
			places[i], changed = c, true
			c.voice.chosen.Store(true)
		}
	}
	return changed
}

// placeFor returns the place that c may take, or -1.
func placeFor(places []*source, c *source, now time.Time) int {
	quietest := -1
	for i, held := range places {
		if held == nil {
			return i
		}
		if quietest < 0 || quieter(held, places[quietest], now) {
			quietest = i
		}
	}
	if !c.voice.speaking(now) || quietest < 0 {
		return -1
	}
	held := places[quietest]
	if held.voice.silentFor(now) > voicePatience || c.voice.loud.Load() > held.voice.loud.Load()+voiceMargin {
		return quietest
	}
	return -1
}

// quieter orders the silent by how long they are, the speaking by loudness.
func quieter(a, b *source, now time.Time) bool {
	sa, sb := a.voice.speaking(now), b.voice.speaking(now)
	switch {
	case sa != sb:
		return !sa
	case !sa:
		return a.voice.spoke.Load() < b.voice.spoke.Load()
	default:
		return a.voice.loud.Load() < b.voice.loud.Load()
	}
}

// Speaking says who is heard talking right now, in a stable order. Dominant
// changes only when somebody else clearly takes the floor; it stays with the
// last speaker through silence.
type Speaking struct {
	Active   []string `json:"active"`
	Dominant string   `json:"dominant"`
}

func (s Speaking) equal(o Speaking) bool {
	if s.Dominant != o.Dominant || len(s.Active) != len(o.Active) {
		return false
	}
	for i := range s.Active {
		if s.Active[i] != o.Active[i] {
			return false
		}
	}
	return true
}

// speakingNow derives the event from the chosen voices.
func speakingNow(places []*source, before Speaking, now time.Time) Speaking {
	next := Speaking{Active: []string{}, Dominant: before.Dominant}
	var best, dominant *source
	for _, s := range places {
		if s == nil || !s.voice.speaking(now) {
			continue
		}
		next.Active = append(next.Active, s.owner)
		if best == nil || s.voice.loud.Load() > best.voice.loud.Load() {
			best = s
		}
		if s.owner == before.Dominant {
			dominant = s
		}
	}
	if best != nil && (dominant == nil || best.voice.loud.Load() > dominant.voice.loud.Load()+voiceMargin) {
		next.Dominant = best.owner
	}
	return next
}
