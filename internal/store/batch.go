package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"gorm.io/gorm"
)

// outcome is how one run of a batch ended.
type outcome struct {
	failed []error // by position in the batch; nil where fn succeeded
	err    error   // why nothing of the batch was committed
	// stuck is set when the connection could not leave the transaction.
	stuck bool
	// unknown is set when the connection broke during the commit itself:
	// whether it happened is not known, so it must not be done again.
	unknown bool
}

// commit brings a batch to its end: every item gets exactly one result.
func (w *writer) commit(batch []*item) {
	batch = slices.DeleteFunc(batch, func(it *item) bool {
		if err := it.ctx.Err(); err != nil {
			it.result <- err
			return true
		}
		return false
	})
	if len(batch) == 0 {
		return
	}
	// The common case: all succeed, nobody pays for savepoints.
	out := w.try(batch, false)
	if out.err == nil {
		w.settle(batch, out)
		return
	}
	if len(batch) == 1 || out.unknown || isBroken(out.err) || isLost(out.err) || isTransient(out.err) {
		w.refuse(batch, out.err)
		return
	}
	// One of them failed. Run again, each behind a savepoint.
	w.counts.reruns.Add(1)
	out = w.try(batch, true)
	if out.err == nil {
		w.settle(batch, out)
		return
	}
	if !isConstraint(out.err) {
		w.refuse(batch, out.err)
		return
	}
	// A rule that is checked at the commit only: find the culprit.
	for _, it := range batch {
		w.commitAlone(it)
	}
}

func (w *writer) commitAlone(it *item) {
	alone := []*item{it}
	if out := w.try(alone, false); out.err != nil {
		w.refuse(alone, out.err)
	} else {
		w.settle(alone, out)
	}
}

// try runs the batch in one transaction, again when another process was in the
// way or the connection broke before the commit.
func (w *writer) try(batch []*item, guarded bool) outcome {
	for n := 1; ; n++ {
		out := w.transact(batch, guarded)
		lost := out.err != nil && isLost(out.err)
		if lost || out.stuck {
			if err := w.reconnect(); err != nil {
				out.err = fmt.Errorf("%w; connect again: %w", out.err, err)
			}
		}
		if !lost && !isTransient(out.err) || out.unknown || n == attempts {
			return out
		}
		w.log.Warn("transaction is tried again", "attempt", n, "error", out.err)
		w.pause(time.Duration(n) * retryPause)
	}
}

// pause waits, but not beyond the writer's life.
func (w *writer) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.life.Done():
	}
}

// transact runs the batch once. Guarded, the failure of one item undoes only
// that item; otherwise it undoes the batch.
func (w *writer) transact(batch []*item, guarded bool) outcome {
	begun := time.Now()
	if err := w.exec(w.dialect.begin()); err != nil {
		return outcome{err: fmt.Errorf("begin: %w", err)}
	}
	failed := make([]error, len(batch))
	for i, it := range batch {
		err := w.call(it, guarded)
		if err == nil {
			continue
		}
		if !guarded || isBroken(err) || isLost(err) || isTransient(err) {
			return w.undo(err)
		}
		failed[i] = err
	}
	if err := w.dialect.commit(w.calm, w.conn); err != nil {
		out := w.undo(fmt.Errorf("commit: %w", err))
		out.unknown = isLost(err)
		return out
	}
	w.counts.committed(len(batch), time.Since(begun))
	return outcome{failed: failed}
}

// undo rolls the transaction back because of err.
func (w *writer) undo(err error) outcome {
	out := outcome{err: err}
	if isLost(err) {
		return out
	}
	if back := w.exec("ROLLBACK"); back != nil {
		// SQLite may have rolled back by itself when the disk is full.
		w.log.Warn("rollback was refused, the connection is replaced", "error", back)
		out.stuck = true
	}
	return out
}

// call runs one item's function, behind a savepoint if guarded.
func (w *writer) call(it *item, guarded bool) error {
	// What has started is finished: half a cancelled statement would break
	// the transaction of the neighbours.
	tx := w.gorm.WithContext(context.WithoutCancel(it.ctx))
	if !guarded {
		return safely(it.fn, tx)
	}
	if err := w.exec("SAVEPOINT item"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	err := safely(it.fn, tx)
	if err == nil {
		err = w.exec("RELEASE SAVEPOINT item")
	}
	if err == nil || isLost(err) {
		return err
	}
	if back := w.exec("ROLLBACK TO SAVEPOINT item"); back != nil {
		return errors.Join(err, back)
	}
	if release := w.exec("RELEASE SAVEPOINT item"); release != nil {
		return errors.Join(err, release)
	}
	return err
}

func (w *writer) exec(statement string) error {
	_, err := w.conn.ExecContext(w.calm, statement)
	return err
}

// safely turns a panic of fn into its error: the writer serves others too.
func safely(fn func(*gorm.DB) error, tx *gorm.DB) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while writing: %v\n%s", r, debug.Stack())
		}
	}()
	return fn(tx)
}

// settle runs what follows the commit, in order, and then wakes the callers.
func (w *writer) settle(batch []*item, out outcome) {
	for i, it := range batch {
		if out.failed[i] == nil {
			w.runAfter(it)
		}
	}
	for i, it := range batch {
		it.result <- translate(out.failed[i])
	}
}

func (w *writer) runAfter(it *item) {
	defer func() {
		if r := recover(); r != nil {
			w.log.Error("panic after a commit", "panic", r, "stack", string(debug.Stack()))
		}
	}()
	for _, after := range it.after {
		after()
	}
}

// refuse gives all callers the same error. What is no storage error can only
// belong to the single item of the batch.
func (w *writer) refuse(batch []*item, err error) {
	if isBroken(err) || isLost(err) {
		w.counts.broken.Add(1)
		w.log.Error("storage does not accept writes", "error", err)
	}
	for _, it := range batch {
		it.result <- translate(err)
	}
}
