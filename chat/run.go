package chat

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
)

// loop is background work: it sleeps until something is due or somebody wakes
// it. An error is logged and the work tried again; it never ends the house.
type loop struct {
	name string
	// wake has one slot: being woken while awake means one more round.
	wake chan struct{}
	// work does what is due and says when something is due next; zero: nothing is.
	work func(ctx context.Context) (time.Time, error)
}

func newLoop(name string, work func(context.Context) (time.Time, error)) *loop {
	return &loop{name: name, wake: make(chan struct{}, 1), work: work}
}

// rouse wakes the loop because something new may be due. It never waits.
func (l *loop) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run is all background work of chat. It returns when ctx ends.
func (c *Chat) Run(ctx context.Context) error {
	var all errgroup.Group
	for _, l := range c.loops {
		all.Go(func() error {
			c.turn(ctx, l)
			return nil
		})
	}
	return all.Wait()
}

// turn runs one loop until ctx ends.
func (c *Chat) turn(ctx context.Context, l *loop) {
	for ctx.Err() == nil {
		due, err := l.work(ctx)
		if err != nil && ctx.Err() == nil {
			c.log.Error("background work of chat failed", "work", l.name, "err", err)
			due = c.clock.Now().Add(retryAfter)
		}
		l.sleep(ctx, due.IsZero(), due.Sub(c.clock.Now()))
	}
}

// sleep waits until the time is over, somebody rouses the loop or ctx ends. It
// never sleeps very long, so that a clock that was set or a turned one in a
// test is noticed.
func (l *loop) sleep(ctx context.Context, nothing bool, wait time.Duration) {
	if nothing || wait > longestSleep {
		wait = longestSleep
	}
	timer := time.NewTimer(max(wait, shortestSleep))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.wake:
	case <-ctx.Done():
	}
}

// logOf returns where background work reports; it may be left out.
func logOf(d Deps) *slog.Logger {
	if d.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return d.Log
}
