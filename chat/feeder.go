package chat

import (
	"context"
	"sync"
	"time"
)

// How long changes gather before they go into the index of words.
const (
	feedPause = 250 * time.Millisecond // after a rest,
	feedBusy  = 5 * time.Second        // and where one round follows the other
	// feedApart lies between rounds that searches begin, however many search.
	feedApart = 50 * time.Millisecond
	// feedWait bounds how long a search waits for what was written before it.
	feedWait = 300 * time.Millisecond
)

// feeder lets changes gather before each round of work, longer while people
// keep writing: a round costs a transaction, however little it takes in. Who
// searches does not wait so long: catchUp begins the next round at once.
type feeder struct {
	work func(context.Context) (time.Time, error)
	wake func() // of the loop that runs it

	hurry chan struct{} // one slot

	mu     sync.Mutex
	behind bool          // something changed since the last round began
	now    chan struct{} // closed when the round under way is over; nil: there is none
	next   chan struct{} // closed when the round that begins next is over

	before time.Time // when the last round ended; the loop's own
}

func newFeeder(work func(context.Context) (time.Time, error)) *feeder {
	return &feeder{work: work, wake: func() {}, hurry: make(chan struct{}, 1), next: make(chan struct{})}
}

// changed says that there is something to take in.
func (f *feeder) changed() {
	f.mu.Lock()
	f.behind = true
	f.mu.Unlock()
	f.wake()
}

// gather waits, and does a round of work.
func (f *feeder) gather(ctx context.Context) (time.Time, error) {
	wait := feedPause
	if time.Since(f.before) < feedBusy {
		wait = feedBusy
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-f.hurry:
		timer.Reset(feedApart - time.Since(f.before))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return time.Time{}, nil
		}
	case <-ctx.Done():
		return time.Time{}, nil
	}
	due, err := f.round(ctx)
	f.before = time.Now()
	return due, err
}

func (f *feeder) round(ctx context.Context) (time.Time, error) {
	f.mu.Lock()
	over := f.next
	f.behind, f.now, f.next = false, over, make(chan struct{})
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.now = nil
		f.mu.Unlock()
		close(over)
	}()
	return f.work(ctx)
}

// catchUp returns when everything that changed before is taken in, or after
// feedWait: a search in an index that is being made anew finds what is there.
func (f *feeder) catchUp(ctx context.Context) {
	f.mu.Lock()
	over := f.now
	if f.behind {
		over = f.next
	}
	f.mu.Unlock()
	if over == nil {
		return
	}
	select {
	case f.hurry <- struct{}{}:
	default:
	}
	timer := time.NewTimer(feedWait)
	defer timer.Stop()
	select {
	case <-over:
	case <-timer.C:
	case <-ctx.Done():
	}
}
