package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
)

const (
	// queueLimit bounds what waits for the writer. When it is full, Write
	// waits for room until its context ends.
	queueLimit = 1024

	// batchLimit bounds what shares one transaction, and with it how long
	// the first one in a batch waits for the last.
	batchLimit = 128

	// attempts bounds how often a transaction is tried when another process
	// was in the way or the connection broke; between two lies retryPause
	// times the number of tries.
	attempts   = 5
	retryPause = 20 * time.Millisecond

	// reconnectTimeout bounds one try to get a broken connection back;
	// meanwhile everybody else waits.
	reconnectTimeout = 5 * time.Second
)

// item is one call of Write on its way through the writer.
type item struct {
	ctx    context.Context
	fn     func(*gorm.DB) error
	after  []func()
	result chan error // one slot, so that the writer never waits
}

// writer is the group-commit writer. Its goroutine owns the connection.
type writer struct {
	dialect dialect
	log     *slog.Logger
	queue   chan *item
	done    chan struct{} // closed when the goroutine has ended
	life    context.Context
	end     context.CancelFunc
	// calm is life without its end, for statements on the connection: it is
	// ended only after the last of them, and a context that can end costs a
	// goroutine for each statement.
	calm context.Context

	// mu lets many callers send while nobody closes, and close while nobody sends.
	mu     sync.RWMutex
	closed bool // guarded by mu
	// running is set by start, before anybody else knows the writer.
	running bool

	// These belong to the goroutine once it runs.
	db   *sql.DB
	conn *pinned
	gorm *gorm.DB

	counts counts
}

func openWriter(ctx context.Context, d dialect, log *slog.Logger) (*writer, error) {
	db, err := d.openWriter()
	if err != nil {
		return nil, err
	}
	life, end := context.WithCancel(context.Background())
	w := &writer{
		dialect: d, log: log, db: db, life: life, end: end, calm: context.WithoutCancel(life),
		queue: make(chan *item, queueLimit),
		done:  make(chan struct{}),
	}
	if err := w.connect(ctx); err != nil {
		end()
		return nil, errors.Join(err, db.Close())
	}
	return w, nil
}

// connect takes the writing connection out of its pool and puts gorm on it.
func (w *writer) connect(ctx context.Context) error {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	p := newPinned(conn, w.dialect.name() == SQLite)
	g, err := openGorm(w.dialect, p)
	if err != nil {
		return errors.Join(fmt.Errorf("connect: %w", err), p.close())
	}
	w.conn, w.gorm = p, g
	return nil
}

// reconnect replaces a connection that broke or is in an unknown state.
func (w *writer) reconnect() error {
	w.conn.discard()
	ctx, cancel := context.WithTimeout(w.life, reconnectTimeout)
	defer cancel()
	return w.connect(ctx)
}

// start runs the writer's goroutine until close.
func (w *writer) start() {
	w.running = true
	go func() {
		defer close(w.done)
		w.run()
	}()
}

// write queues fn and waits for its end.
func (w *writer) write(ctx context.Context, fn func(*gorm.DB) error, after []func()) error {
	it := &item{ctx: ctx, fn: fn, after: after, result: make(chan error, 1)}
	if err := w.enqueue(ctx, it); err != nil {
		return err
	}
	return <-it.result
}

func (w *writer) enqueue(ctx context.Context, it *item) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return unavailable(errors.New("the database is closed"))
	}
	select {
	case w.queue <- it:
		return nil
	default:
	}
	w.counts.full.Add(1)
	select {
	case w.queue <- it:
		return nil
	case <-ctx.Done():
		return fault.Unavailable("storage_busy").Because(ctx.Err())
	}
}

// close refuses new writes, waits for the queued ones and closes the connection.
func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()

	if w.running {
		<-w.done
	}
	w.end()
	return errors.Join(w.conn.close(), w.db.Close())
}

// run takes whatever is waiting and commits it together.
func (w *writer) run() {
	batch := make([]*item, 0, batchLimit)
	for first := range w.queue {
		batch = w.fill(append(batch[:0], first))
		w.commit(batch)
		clear(batch)
	}
}

// fill adds what is waiting right now, up to the limit.
func (w *writer) fill(batch []*item) []*item {
	for len(batch) < batchLimit {
		select {
		case it, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, it)
		default:
			return batch
		}
	}
	return batch
}
