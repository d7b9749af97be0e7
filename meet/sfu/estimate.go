package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

const (
	startBudget = 4_000_000 // bits per second assumed of a new receiver
	movedBudget = 1_000_000 // at least, on a new network path
	minBudget   = 100_000
	maxBudget   = 50_000_000
)

// bandwidth estimates what a receiver's line carries. It is called by the
// readers that send, by those that hear feedback and by the room's tick.
type bandwidth interface {
	// sent numbers a packet of n bytes that leaves now.
	sent(n int, now time.Time) uint16
	// arrivals takes the receiver's account of when numbered packets came.
	arrivals(fb *rtcp.TransportLayerCC, now time.Time)
	// loss takes the fraction of one stream that did not arrive.
	loss(fraction float64)
	// moved says that the connection came up or changed its network path.
	moved(now time.Time)
	// budget returns the bits per second that may be sent.
	budget(now time.Time) int64
}
