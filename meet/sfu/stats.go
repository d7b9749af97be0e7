package sfu

import "sync/atomic"

// Stats are running totals since the start, plus the present numbers of
// rooms and participants.
type Stats struct {
	Rooms, Participants int

	PacketsIn, BytesIn   uint64 // media received from publishers
	PacketsOut, BytesOut uint64 // media sent to receivers, without repeats
	Lost                 uint64 // gaps in what publishers sent, before repeats
	Rejected             uint64 // malformed or beyond the publisher's limits
	WriteErrors          uint64 // packets a receiver's transport refused
	NACKs                uint64 // packets receivers asked for again
	Repeated             uint64 // packets sent again
	KeyRequests          uint64 // PLI sent to publishers
	PLIs                 uint64 // PLI received from receivers
}

// counters are shared by a room's readers and slots. The counts per sent
// packet live in the slots, under the mutex they hold anyway.
type counters struct {
	packetsIn, bytesIn, lost, rejected atomic.Uint64
	nacks, repeated, keyRequests, plis atomic.Uint64
	writeErrors                        atomic.Uint64
	packetsOut, bytesOut               atomic.Uint64 // of slots that are gone
}

func (c *counters) stats() Stats {
	return Stats{
		PacketsIn: c.packetsIn.Load(), BytesIn: c.bytesIn.Load(),
		PacketsOut: c.packetsOut.Load(), BytesOut: c.bytesOut.Load(),
		Lost: c.lost.Load(), Rejected: c.rejected.Load(), WriteErrors: c.writeErrors.Load(),
		NACKs: c.nacks.Load(), Repeated: c.repeated.Load(),
		KeyRequests: c.keyRequests.Load(), PLIs: c.plis.Load(),
	}
}

func (s *Stats) add(o Stats) {
	s.Rooms += o.Rooms
	s.Participants += o.Participants
	s.PacketsIn += o.PacketsIn
	s.BytesIn += o.BytesIn
	s.PacketsOut += o.PacketsOut
	s.BytesOut += o.BytesOut
	s.Lost += o.Lost
	s.Rejected += o.Rejected
	s.WriteErrors += o.WriteErrors
	s.NACKs += o.NACKs
	s.Repeated += o.Repeated
	s.KeyRequests += o.KeyRequests
	s.PLIs += o.PLIs
}
