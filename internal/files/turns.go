package files

import (
	"context"
	"sync"

	"rathaus/internal/fault"
)

var (
	errBusy    = fault.Conflict("files.upload_busy")
	errClosing = fault.Unavailable("closing")
)

// turns gives each upload to one request at a time. Who comes later is the same
// person on a new connection, so the earlier one is asked to end.
type turns struct {
	mu     sync.Mutex
	taken  map[string]*turn // by upload; guarded by mu
	closed bool             // guarded by mu
}

type turn struct {
	interrupt func()
	done      chan struct{}
}

func newTurns() *turns { return &turns{taken: map[string]*turn{}} }

// take waits for the upload to be free, at most until ctx ends. interrupt is
// called when somebody else waits; release gives the upload back.
func (t *turns) take(ctx context.Context, upload string, interrupt func()) (release func(), err error) {
	mine := &turn{interrupt: interrupt, done: make(chan struct{})}
	ctx, cancel := context.WithTimeout(ctx, turnPatience)
	defer cancel()
	for {
		before, err := t.try(upload, mine)
		if err != nil {
			return nil, err
		}
		if before == nil {
			return func() { t.release(upload, mine) }, nil
		}
		before.interrupt()
		select {
		case <-before.done:
		case <-ctx.Done():
			return nil, errBusy
		}
	}
}

// try takes the upload, or returns who has it.
func (t *turns) try(upload string, mine *turn) (*turn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, errClosing
	}
	if before, ok := t.taken[upload]; ok {
		return before, nil
	}
	t.taken[upload] = mine
	return nil, nil //nolint:nilnil // nobody has it
}

func (t *turns) release(upload string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.taken, upload)
	close(mine.done)
}

// close interrupts everybody and lets nobody in any more.
func (t *turns) close() {
	t.mu.Lock()
	t.closed = true
	all := make([]*turn, 0, len(t.taken))
	for _, one := range t.taken {
		all = append(all, one)
	}
	t.mu.Unlock()
	for _, one := range all {
		one.interrupt()
	}
}
