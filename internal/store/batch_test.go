package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// job is one write of a batch under test.
type job struct {
	fn    func(*gorm.DB) error
	after func()
}

// together queues the jobs while the writer is held, so that they share one
// batch in the given order, and returns their results.
func together(t *testing.T, db *store.DB, jobs ...job) []error {
	t.Helper()
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := db.Write(context.Background(), func(*gorm.DB) error {
			close(held)
			<-release
			return nil
		})
		if err != nil {
			t.Errorf("hold the writer: %v", err)
		}
	})
	<-held
	results := make([]error, len(jobs))
	for i, j := range jobs {
		wg.Go(func() {
			after := j.after
			if after == nil {
				after = func() {}
			}
			results[i] = db.Write(context.Background(), j.fn, after)
		})
		for db.Stats().Queued <= i {
			runtime.Gosched()
		}
	}
	close(release)
	wg.Wait()
	return results
}

func TestFailingNeighbourHarmsNobody(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	failures := map[string]func(*gorm.DB) error{
		"its own error": func(tx *gorm.DB) error {
			if err := insert("bad", "bad")(tx); err != nil {
				return err
			}
			return refused
		},
		"a unique value": insert("bad", "good-0"),
		"a missing parent": func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO labels (id, note) VALUES ('l', 'nobody')").Error
		},
		"a missing parent found at commit": func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO replies (id, note) VALUES ('r', 'nobody')").Error
		},
		"a panic": func(*gorm.DB) error { panic("boom") },
		"bad SQL": func(tx *gorm.DB) error { return tx.Exec("INSERT INTO nowhere VALUES (1)").Error },
	}
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		for name, fail := range failures {
			t.Run(name, func(t *testing.T) {
				before := count(t, db)
				var good []string
				if before == 0 {
					good = []string{"good-0", "good-1"}
				} else {
					good = []string{name + "0", name + "1"}
				}
				var followed []string
				results := together(t, db,
					job{fn: insert(good[0], good[0]), after: func() { followed = append(followed, good[0]) }},
					job{fn: fail, after: func() { followed = append(followed, "bad") }},
					job{fn: insert(good[1], good[1]), after: func() { followed = append(followed, good[1]) }})
				if results[0] != nil || results[2] != nil {
					t.Errorf("the neighbours got %v and %v", results[0], results[2])
				}
				if results[1] == nil {
					t.Error("the failing one got no error")
				}
				if !slices.Equal(followed, good) {
					t.Errorf("after the commit came %v, expected %v", followed, good)
				}
				if got := count(t, db) - before; got != 2 {
					t.Errorf("%d notes of two good ones are there", got)
				}
			})
		}
	})
}

func TestWhatFollowsACommitComesInItsOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		var committed, followed []int // both touched by the writer's goroutine only
		jobs := make([]job, 50)
		for i := range jobs {
			jobs[i] = job{
				fn: func(tx *gorm.DB) error {
					committed = append(committed, i)
					return insert(fmt.Sprint(i), fmt.Sprint(i))(tx)
				},
				after: func() {
					if i == 7 {
						defer func() { panic("careless") }()
					}
					followed = append(followed, i)
				},
			}
		}
		for i, err := range together(t, db, jobs...) {
			if err != nil {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if !slices.Equal(committed, followed) || len(followed) != 50 {
			t.Errorf("committed %v, followed by %v", committed, followed)
		}
	})
}

func TestIgnoredErrorIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	// PostgreSQL gives a transaction up after a failed statement and answers
	// COMMIT with ROLLBACK; taking that for success would lose the write.
	careless := func(tx *gorm.DB) error {
		if err := insert("1", "first")(tx); err != nil {
			return err
		}
		_ = insert("2", "first")(tx)
		return nil
	}
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), careless)
		if acknowledged, there := err == nil, count(t, db) == 1; acknowledged != there {
			t.Errorf("write answered %v, and that the note is there is %v", err, there)
		}
	})
}

func TestSavepointsNestInsideAWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			if err := insert("1", "first")(tx); err != nil {
				return err
			}
			err := tx.Transaction(insert("2", "first"))
			if !store.IsUnique(err) {
				return fmt.Errorf("expected a duplicate, got %w", err)
			}
			return insert("3", "third")(tx)
		})
		if err != nil || count(t, db) != 2 {
			t.Errorf("two notes and no error expected, got %d and %v", count(t, db), err)
		}
	})
}

func TestCancelledWriteDoesNotStart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := db.Write(ctx, insert("1", "late"))
		if !errors.Is(err, context.Canceled) || count(t, db) != 0 {
			t.Errorf("a cancelled write answered %v and left %d notes", err, count(t, db))
		}
	})
}

func TestStartedWriteIsFinishedThoughCancelled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		err := db.Write(ctx, func(tx *gorm.DB) error {
			cancel()
			return insert("1", "in time")(tx)
		})
		if err != nil || count(t, db) != 1 {
			t.Errorf("a started write answered %v and left %d notes", err, count(t, db))
		}
	})
}

func TestFullQueueWaitsAndGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, store.SQLite, []store.Source{notes})
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := db.Write(context.Background(), func(*gorm.DB) error { close(held); <-release; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-held
	const more = 1100 // than the queue holds
	for n := range more {
		wg.Go(func() {
			if err := db.Write(context.Background(), insert(fmt.Sprint(n), fmt.Sprint(n))); err != nil {
				t.Errorf("write %d: %v", n, err)
			}
		})
	}
	for db.Stats().Full == 0 {
		runtime.Gosched()
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if f := fault.From(db.Write(ctx, insert("late", "late"))); f.Code != "storage_busy" {
		t.Errorf("a full queue answered %v", f)
	}
	close(release)
	wg.Wait()
	if n := count(t, db); n != more {
		t.Errorf("%d of %d waiting writes came through", n, more)
	}
}

func TestTransactionBelongsToTheWriter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(tx *gorm.DB) error { return tx.Commit().Error })
		if err == nil || !strings.Contains(err.Error(), "belongs to the writer") {
			t.Errorf("committing by hand answered %v", err)
		}
	})
}

func TestWriteAfterCloseIsRefused(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), storetest.Fresh(t, store.SQLite, nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(*gorm.DB) error { return nil })
	if f := fault.From(err); f.Kind != fault.KindUnavailable {
		t.Errorf("writing to a closed database answered %v", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing again answered %v", err)
	}
}

func TestCloseWritesWhatIsQueued(t *testing.T) {
	t.Parallel()
	storetestSources := []store.Source{notes}
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			cfg := storetest.Fresh(t, dialect, storetestSources)
			db, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Migrate(t.Context(), storetestSources); err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			var mu sync.Mutex
			acknowledged := 0
			for w := range 200 {
				wg.Go(func() {
					if db.Write(context.Background(), insert(fmt.Sprint(w), fmt.Sprint(w))) == nil {
						mu.Lock()
						defer mu.Unlock()
						acknowledged++
					}
				})
			}
			for db.Stats().Items == 0 {
				runtime.Gosched()
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			wg.Wait()
			if got := count(t, storetest.Connect(t, cfg, storetestSources)); got != acknowledged {
				t.Errorf("%d notes were acknowledged, %d survive", acknowledged, got)
			}
		})
	}
}
