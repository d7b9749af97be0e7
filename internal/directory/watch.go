package directory

import (
	"context"
	"runtime/debug"
	"time"
)

const (
	// pollEvery bounds how late a change of another process is told.
	pollEvery = 500 * time.Millisecond

	// changesAtOnce bounds what is read at a time; the rest follows at once.
	changesAtOnce = 500

	// Changes are kept long enough for any process to have told them.
	keepChanges = 7 * 24 * time.Hour
	forgetEvery = 24 * time.Hour
)

// Run tells the hooks of all changes until ctx ends. It is called once.
func (d *Directory) Run(ctx context.Context) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	forget := time.NewTicker(forgetEvery)
	defer forget.Stop()
	healthy := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.wake:
		case <-poll.C:
		case <-forget.C:
			if err := d.forgetChanges(ctx, d.clock.Now().Add(-keepChanges)); err != nil {
				d.log.Warn("old directory changes stay", "error", err)
			}
		}
		err := d.tell(ctx)
		if err != nil && healthy && ctx.Err() == nil {
			d.log.Error("directory changes can't be read, trying again", "error", err)
		}
		healthy = err == nil
	}
}

// tell calls the hooks for everything after the cursor.
func (d *Directory) tell(ctx context.Context) error {
	for ctx.Err() == nil {
		rows, err := d.changesAfter(ctx, d.cursor)
		if err != nil {
			return err
		}
		for _, row := range rows {
			for _, hook := range d.hooks {
				d.call(hook, Change{Kind: Kind(row.Kind), UserID: row.UserID, GroupID: row.GroupID})
			}
			d.cursor = row.Seq
		}
		if len(rows) < changesAtOnce {
			return nil
		}
	}
	return nil
}

// call keeps one hook's panic from the others: that somebody is disabled has
// to reach everybody.
func (d *Directory) call(hook func(Change), c Change) {
	defer func() {
		if r := recover(); r != nil {
			d.log.Error("panic in a hook of the directory", "change", string(c.Kind), "panic", r, "stack", string(debug.Stack()))
		}
	}()
	hook(c)
}
