package realtime

import "sync/atomic"

type counters struct {
	open      atomic.Int64
	published atomic.Int64
	delivered atomic.Int64
	resyncs   atomic.Int64
	malformed atomic.Int64
	questions atomic.Int64
}

// Stats are the figures of the socket since start-up.
type Stats struct {
	Open      int64 // connections now
	Published int64 // events handed to a topic that somebody had joined
	Delivered int64 // frames written to connections
	Resyncs   int64 // connections closed because they could not keep up
	Malformed int64 // connections closed because of a broken frame
	Questions int64 // operations asked for
}

// Stats returns the current figures.
func (h *Hub) Stats() Stats {
	return Stats{
		Open:      h.counters.open.Load(),
		Published: h.counters.published.Load(),
		Delivered: h.counters.delivered.Load(),
		Resyncs:   h.counters.resyncs.Load(),
		Malformed: h.counters.malformed.Load(),
		Questions: h.counters.questions.Load(),
	}
}
