package sfu

import (
	"sync"
	"time"
)

const (
	lossHigh   = 0.10 // above: the line is full
	lossLow    = 0.02 // below: there may be room
	rembFresh  = 5 * time.Second
	firstHold  = 4 * time.Second // pause before trying more after a setback
	maxHold    = time.Minute
	failWindow = 8 * time.Second // a setback this soon after a rise was the rise's fault
)

// lossRate combines the receiver's estimate (REMB), when the stream really
// uses it, with the reported loss. It rises by trying: a rise that ends in
// loss is undone and the next try waits twice as long.
type lossRate struct {
	mu      sync.Mutex
	current int64
	reMB    int64
	reMBAt  time.Time
	worst   float64 // largest loss since the last tick
	heard   bool    // loss was reported since the last tick

	hold   time.Duration
	until  time.Time // no rise before
	roseAt time.Time
	tickAt time.Time
}

func newLossRate() *lossRate { return &lossRate{current: startBudget, hold: firstHold} }

func (e *lossRate) remb(bps float64, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reMB, e.reMBAt = int64(min(max(bps, minBudget), maxBudget)), now
}

func (e *lossRate) loss(fraction float64, _ time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.worst, e.heard = max(e.worst, fraction), true
}

func (e *lossRate) budget(sent int64, now time.Time) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	dt := now.Sub(e.tickAt)
	if e.tickAt.IsZero() || dt > 2*time.Second {
		dt = allocateInterval
	}
	e.tickAt = now
	worst, heard := e.worst, e.heard
	e.worst, e.heard = 0, false

	fresh := now.Sub(e.reMBAt) < rembFresh
	switch {
	case heard && worst > lossHigh:
		e.fall(min(e.current, int64(float64(max(sent, minBudget))*(1-worst/2))), now)
	case fresh && e.reMB < e.current && sent*100 > e.reMB*85:
		// Far below its estimate a receiver only knows what it was sent.
		e.fall(e.reMB, now)
	case now.After(e.until) && (!heard || worst < lossLow):
		e.rise(sent, dt, now)
	}
	return e.current
}

func (e *lossRate) fall(to int64, now time.Time) {
	if to >= e.current {
		return
	}
	if now.Sub(e.roseAt) < failWindow {
		e.hold = min(e.hold*2, maxHold)
	} else {
		e.hold = firstHold
	}
	e.current, e.until = max(to, minBudget), now.Add(e.hold)
}

// rise grows by a tenth each second, but not far beyond what is in use:
// what was never tried is not known.
func (e *lossRate) rise(sent int64, dt time.Duration, now time.Time) {
	if e.current > 2*sent+1_000_000 {
		return
	}
	e.current = min(e.current+int64(float64(e.current)*0.1*dt.Seconds()), maxBudget)
	e.roseAt = now
}
