package sfu

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
)

const (
	sentWindow    = 2048 // packets remembered until their feedback comes; a power of two
	lossHigh      = 0.10 // above: the line is full
	fewPackets    = 20   // say nothing about loss
	lossPatience  = 2    // budgets in a row: one burst is not a full line
	risePerSecond = 0.2
	queueHigh     = 120 * time.Millisecond
	queuePatience = 3                // feedbacks in a row with a long queue
	baseWindow    = 10 * time.Second // the shortest way is looked for this far back, twice
	settle        = time.Second      // after a setback, until the queue has drained
	firstHold     = 4 * time.Second  // pause before trying more after a setback
	maxHold       = time.Minute
	failWindow    = 8 * time.Second // a setback this soon after a rise was the rise's fault
	rateWindow    = 500 * time.Millisecond
)

// queueing watches the delay that a receiver's packets pick up on the way
// (transport-wide congestion control feedback) and the loss. A growing queue
// or loss means that the line is full: the budget falls below what arrived.
// Otherwise it rises by trying; a try that fails doubles the pause before the
// next one.
type queueing struct {
	mu   sync.Mutex
	next uint16
	log  [sentWindow]departure

	current   int64
	receiving rateCounter
	sending   rateCounter

	base, baseNext time.Duration // smallest delay of this window and the one before
	baseAt         time.Time
	longQueue      int
	full           bool
	came, missing  int     // packets accounted for since the last budget
	reported       float64 // largest loss in receiver reports since then
	lossy          int     // budgets in a row with high loss

	hold                  time.Duration
	fellAt, roseAt, until time.Time
	tickAt                time.Time
}

// departure is kept small: each receiver has sentWindow of them.
type departure struct {
	seq  uint16
	size int32
	at   int64 // unix nanoseconds
}

func newQueueing() *queueing { return &queueing{current: startBudget, hold: firstHold} }

func (q *queueing) sent(n int, now time.Time) uint16 {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.next++
	q.log[q.next%sentWindow] = departure{seq: q.next, size: int32(n), at: now.UnixNano()} //nolint:gosec // a packet
	q.sending.add(n, now)
	return q.next
}

func (q *queueing) loss(fraction float64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.reported = max(q.reported, fraction)
}

func (q *queueing) arrivals(fb *rtcp.TransportLayerCC, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	came := 0
	shortest := time.Duration(1<<63 - 1)
	eachArrival(fb, func(seq uint16, at time.Duration, ok bool) {
		d := q.log[seq%sentWindow]
		if d.seq != seq || d.at == 0 {
			return
		}
		if !ok {
			q.missing++
			return
		}
		came++
		q.receiving.add(int(d.size), now)
		shortest = min(shortest, at-time.Duration(d.at))
	})
	q.came += came
	if came > 0 {
		q.watch(shortest, now)
	}
}

// watch compares the best delay of one feedback with the best of the last
// seconds. Looking at the best only ignores jitter and bursts.
func (q *queueing) watch(delay time.Duration, now time.Time) {
	switch {
	case q.baseAt.IsZero():
		q.base, q.baseNext, q.baseAt = delay, delay, now
	case now.Sub(q.baseAt) > baseWindow:
		q.base, q.baseNext, q.baseAt = min(q.baseNext, delay), delay, now
	}
	q.base, q.baseNext = min(q.base, delay), min(q.baseNext, delay)
	if delay-q.base < queueHigh {
		q.longQueue = 0
		return
	}
	if q.longQueue++; q.longQueue >= queuePatience {
		q.full = true
	}
}

func (q *queueing) budget(now time.Time) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	dt := min(now.Sub(q.tickAt), 2*allocateInterval)
	q.tickAt = now
	sent := q.sending.rate(now)
	received := q.receiving.rate(now)
	if received == 0 || received > sent {
		received = sent // no feedback: only loss speaks
	}
	full, loss := q.full, q.lost()
	if loss <= lossHigh {
		q.lossy = 0
	}
	q.full = false
	switch {
	case now.Sub(q.fellAt) < settle:
	case full:
		q.fall(received*85/100, now)
	case loss > lossHigh:
		if q.lossy++; q.lossy >= lossPatience {
			q.fall(int64(float64(max(sent, received))*(1-loss/2)), now)
		}
	case now.After(q.until) && q.current < 2*sent+1_000_000:
		q.current = min(q.current+int64(float64(q.current)*risePerSecond*dt.Seconds()), maxBudget)
		q.roseAt = now
	}
	return q.current
}

// lost returns the loss since the last call. Receivers that number arrivals
// are believed by those numbers alone.
func (q *queueing) lost() float64 {
	loss := q.reported
	if n := q.came + q.missing; n > 0 {
		loss = 0
		if n >= fewPackets {
			loss = float64(q.missing) / float64(n)
		}
	}
	q.came, q.missing, q.reported = 0, 0, 0
	return loss
}

func (q *queueing) fall(to int64, now time.Time) {
	if now.Sub(q.roseAt) < failWindow && !q.fellAt.IsZero() {
		q.hold = min(q.hold*2, maxHold)
	} else {
		q.hold = firstHold
	}
	q.current = max(min(to, q.current), minBudget)
	q.fellAt, q.until = now, now.Add(q.hold)
	q.longQueue, q.lossy = 0, 0
}

func (q *queueing) moved(now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.baseAt, q.fellAt, q.longQueue, q.lossy = time.Time{}, now, 0, 0
	q.full, q.came, q.missing, q.reported = false, 0, 0, 0
	q.current = max(q.current, movedBudget)
}

// rateCounter measures bits per second over the last full window.
type rateCounter struct {
	at   time.Time
	bits int64
	last int64
}

func (r *rateCounter) add(n int, now time.Time) {
	r.roll(now)
	r.bits += int64(n) * 8
}

func (r *rateCounter) roll(now time.Time) {
	d := now.Sub(r.at)
	if d < rateWindow {
		return
	}
	if d < 4*rateWindow {
		r.last = r.bits * int64(time.Second) / int64(d)
	} else {
		r.last = 0
	}
	r.at, r.bits = now, 0
}

func (r *rateCounter) rate(now time.Time) int64 {
	r.roll(now)
	return r.last
}
