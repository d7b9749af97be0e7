package sfu

import "time"

const (
	startBudget = 4_000_000 // bits per second assumed of a new receiver
	minBudget   = 64_000
	maxBudget   = 50_000_000
)

// bandwidth estimates what a receiver's line carries. It is called by the
// goroutines that read feedback and by the room's tick; implementations lock.
type bandwidth interface {
	// remb takes the receiver's own estimate in bits per second.
	remb(bps float64, now time.Time)
	// loss takes the fraction of one stream's packets that did not arrive.
	loss(fraction float64, now time.Time)
	// budget returns what may be sent, given what was sent lately.
	budget(sent int64, now time.Time) int64
}
