package sfu

import "time"

// munger makes one continuous stream out of the packets of changing sources
// and layers: sequence numbers, timestamps and VP8 numbers go on where the
// stream before ended. It belongs to a slot and is guarded by its mutex.
type munger struct {
	started bool
	seqOff  uint16
	tsOff   uint32
	vp8Off  vp8Numbers
	first   uint16 // first sequence number taken from the present layer

	lastSeq uint16
	lastTS  uint32
	lastVP8 vp8Numbers
	lastAt  time.Time
}

// rewritten is what a receiver sees of a packet.
type rewritten struct {
	seq uint16
	ts  uint32
	vp8 vp8Numbers
}

// join continues the stream with p, the first packet of another layer. step
// is the distance in timestamp units from the last packet sent.
func (m *munger) join(p *packet, step uint32) {
	m.first = p.seq
	if !m.started {
		m.started = true
		m.lastSeq, m.lastTS = p.seq-1, p.ts-step
		m.lastVP8 = p.vp8.numbers().minus(vp8Numbers{1, 1, 1})
	}
	m.seqOff = m.lastSeq + 1 - p.seq
	m.tsOff = m.lastTS + step - p.ts
	m.vp8Off = m.lastVP8.plus(vp8Numbers{1, 1, 1}).minus(p.vp8.numbers())
}

// rewrite numbers p. It refuses packets older than the last join: the
// receiver has gone past them.
func (m *munger) rewrite(p *packet, now time.Time) (rewritten, bool) {
	if p.seq-m.first >= 1<<15 { // before it, in numbers that wrap
		return rewritten{}, false
	}
	out := rewritten{seq: p.seq + m.seqOff, ts: p.ts + m.tsOff, vp8: p.vp8.numbers().plus(m.vp8Off)}
	if out.seq != m.lastSeq && out.seq-m.lastSeq < 1<<15 {
		m.lastSeq, m.lastTS, m.lastAt = out.seq, out.ts, now
		if p.vp8.pictureAt > 0 {
			m.lastVP8 = out.vp8
		}
		if p.seq-m.first > 1<<14 {
			m.first = p.seq - 1<<13 // keep the window meaningful when numbers wrap
		}
	}
	return out, true
}

// elapsed is the usual step of join: as much media time as wall time.
func (m *munger) elapsed(now time.Time, clockRate uint32) uint32 {
	d := now.Sub(m.lastAt)
	if !m.started || d <= 0 {
		return 1
	}
	return max(1, mediaUnits(min(d, time.Hour), clockRate))
}

// mediaUnits converts a duration that is not negative to timestamp units.
func mediaUnits(d time.Duration, clockRate uint32) uint32 {
	return uint32(uint64(d) * uint64(clockRate) / uint64(time.Second)) //nolint:gosec // timestamps wrap
}
