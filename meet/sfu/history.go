package sfu

import "time"

const historySize = 512 // packets of one slot that can be repeated; a power of two

// history remembers which shared packet was sent under which number. It is
// made at first use, so that idle slots cost nothing.
type history struct {
	entries []sentPacket
}

type sentPacket struct {
	pkt *packet
	out rewritten
	at  int64 // unix nanoseconds of the last repeat
}

func (h *history) add(p *packet, r rewritten) {
	if h.entries == nil {
		h.entries = make([]sentPacket, historySize)
	}
	h.entries[r.seq%historySize] = sentPacket{pkt: p, out: r}
}

// find returns the packet sent as seq, unless it is too old, was repeated just
// now or carries nothing.
func (h *history) find(seq uint16, now time.Time) (*packet, rewritten, bool) {
	if h.entries == nil {
		return nil, rewritten{}, false
	}
	e := &h.entries[seq%historySize]
	if e.pkt == nil || e.out.seq != seq || len(e.pkt.payload) == 0 || now.UnixNano()-e.at < int64(resendInterval) {
		return nil, rewritten{}, false
	}
	e.at = now.UnixNano()
	return e.pkt, e.out, true
}

func (h *history) clear() { h.entries = nil }
