package sfu

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// slot is one stream of a receiver's fixed pool. Sources come and go on it
// without renegotiation. It implements webrtc.TrackLocal.
//
// Lock order: slot.mu before layer.subsMu. The mutex is held while writing,
// because numbering and sending must happen in one order even when two layers
// deliver during a switch; the write goes to a socket and does not block.
type slot struct {
	kind  Kind
	id    string
	count *counters
	line  bandwidth

	// Set by Bind under mu, constant afterwards.
	ssrc, rtxSSRC       uint32
	payload, rtxPayload uint8
	writer              webrtc.TrackLocalWriter
	rtxSeq              uint16

	// Owned by the room's mutex: what the allocator decided.
	source *source
	height int // lines the receiver wants
	paused bool
	mid    string

	mu      sync.Mutex
	current *layer // forwarding
	target  *layer // waiting for its key frame
	mung    munger
	sent    history
	header  rtp.Header
	number  [2]byte // transport-wide, in the header extension
	scratch []byte
	out     slotTotals
}

const packetOverhead = 60 // bytes of IP, UDP, RTP header, extension and authentication tag

type slotTotals struct{ packets, bytes uint64 }

func newSlot(kind Kind, id string, count *counters, line bandwidth) *slot {
	return &slot{kind: kind, id: id, count: count, line: line}
}

// attach lets the slot forward from l; a video slot goes on with its present
// layer, if it is of the same source, until l delivers a key frame.
func (s *slot) attach(l *layer, now time.Time) {
	s.mu.Lock()
	if s.target == l || s.target == nil && s.current == l {
		s.mu.Unlock()
		return
	}
	if s.target != nil && s.target != s.current {
		s.target.unsubscribe(s)
	}
	if s.current != nil && s.current.source != l.source {
		s.current.unsubscribe(s)
		s.current = nil
	}
	s.target = l
	if s.current == l {
		s.target = nil
	}
	l.subscribe(s)
	s.mu.Unlock()
	l.requestKey(now)
}

// detach stops forwarding and forgets what could be repeated.
func (s *slot) detach() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range []*layer{s.current, s.target} {
		if l != nil {
			l.unsubscribe(s)
		}
	}
	s.current, s.target = nil, nil
	s.sent.clear()
}

// forward sends the packets of l if it is the slot's turn.
func (s *slot) forward(l *layer, packets []*packet, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writer == nil {
		return
	}
	for _, p := range packets {
		s.pass(l, p, now)
	}
}

// pass sends one packet. Called with mu held.
func (s *slot) pass(l *layer, p *packet, now time.Time) {
	if l != s.current {
		if l != s.target || !p.decodable(s.kind.video()) {
			return
		}
		s.switchTo(l, p, now)
	}
	r, ok := s.mung.rewrite(p, now)
	if !ok {
		return
	}
	s.sent.add(p, r)
	s.fill(p, r, now)
	s.header.SSRC, s.header.PayloadType, s.header.SequenceNumber = s.ssrc, s.payload, r.seq
	s.write(s.body(p, r))
	s.out.packets++
	s.out.bytes += uint64(len(p.payload))
}

// switchTo makes l the current layer, beginning with p. Called with mu held.
func (s *slot) switchTo(l *layer, p *packet, now time.Time) {
	old := s.current
	s.mung.join(p, s.step(old, l, p, now))
	s.current, s.target = l, nil
	if old != nil {
		old.unsubscribe(s)
	}
}

// step is the timestamp distance between the last packet sent and p. Layers
// of one source share a clock by their sender reports; otherwise the wall
// clock has to do.
func (s *slot) step(old, next *layer, p *packet, now time.Time) uint32 {
	rate := s.kind.clockRate()
	wall := s.mung.elapsed(now, rate)
	if old == nil || old.source != next.source {
		return wall
	}
	before, ok1 := old.mediaTime(s.mung.lastTS - s.mung.tsOff)
	after, ok2 := next.mediaTime(p.ts)
	if d := after - before; ok1 && ok2 && d > 0 && d < int64(wall)+int64(rate) {
		return uint32(d) //nolint:gosec // between 0 and an hour
	}
	return wall
}

// fill prepares the header for p. Called with mu held.
func (s *slot) fill(p *packet, r rewritten, now time.Time) {
	s.header.Version = 2
	s.header.Marker = p.marker
	s.header.Timestamp = r.ts
	s.header.Padding, s.header.PaddingSize = false, 0
	if len(p.payload) == 0 { // padding keeps the numbering without a gap
		s.header.Padding, s.header.PaddingSize = true, 1
	}
	if n := s.line.sent(len(p.payload)+packetOverhead, now); s.header.Extension {
		binary.BigEndian.PutUint16(s.number[:], n)
	}
}

// body returns the payload as this receiver must see it. Called with mu held.
func (s *slot) body(p *packet, r rewritten) []byte {
	if !s.kind.video() || p.vp8.pictureAt+p.vp8.tl0At+p.vp8.keyAt == 0 {
		return p.payload
	}
	s.scratch = append(s.scratch[:0], p.payload...)
	r.vp8.write(p.vp8, s.scratch)
	return s.scratch
}

func (s *slot) write(body []byte) {
	if _, err := s.writer.WriteRTP(&s.header, body); err != nil {
		s.count.writeErrors.Add(1) // the transport is going away or its queue is full
	}
}

// repeat answers a NACK from the packets shared with everybody else, on the
// RTX stream if there is one.
func (s *slot) repeat(seq uint16, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r, ok := s.sent.find(seq, now)
	if !ok || s.writer == nil {
		return false
	}
	s.fill(p, r, now)
	body := s.body(p, r)
	s.header.SSRC, s.header.PayloadType, s.header.SequenceNumber = s.ssrc, s.payload, seq
	if s.rtxSSRC != 0 && s.rtxPayload != 0 {
		s.rtxSeq++
		s.header.SSRC, s.header.PayloadType, s.header.SequenceNumber = s.rtxSSRC, s.rtxPayload, s.rtxSeq
		if &body[0] != firstOf(s.scratch) {
			s.scratch = append(s.scratch[:0], body...)
		}
		s.scratch = append(s.scratch, 0, 0)
		copy(s.scratch[2:], s.scratch)
		binary.BigEndian.PutUint16(s.scratch, seq)
		body = s.scratch
	}
	s.write(body)
	return true
}

func firstOf(b []byte) *byte {
	if len(b) == 0 {
		return nil
	}
	return &b[0]
}

// wantKey passes a receiver's request for a key frame on to the publisher.
func (s *slot) wantKey(now time.Time) {
	s.mu.Lock()
	l := s.target
	if l == nil {
		l = s.current
	}
	s.mu.Unlock()
	if l != nil {
		l.requestKey(now)
	}
}

func (s *slot) totals() slotTotals {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out
}
