package store_test

import (
	"context"
	"os"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

func postgresOnly(t *testing.T) {
	t.Helper()
	if os.Getenv(storetest.PostgresEnv) == "" {
		t.Skipf("%s is not set", storetest.PostgresEnv)
	}
}

// cut ends the writer's connection from outside, as a restarted server does.
func cut(t *testing.T, pid int) {
	t.Helper()
	admin, err := pgx.Connect(context.Background(), os.Getenv(storetest.PostgresEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := admin.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	if _, err := admin.Exec(context.Background(), "SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
		t.Fatal(err)
	}
}

func TestLostConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	postgresOnly(t)
	db := storetest.Open(t, store.Postgres, []store.Source{notes})
	var pid int
	write := func(fn func(*gorm.DB) error) {
		t.Helper()
		if err := db.Write(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *gorm.DB) error { return tx.Raw("SELECT pg_backend_pid()").Scan(&pid).Error })
	cut(t, pid)
	write(insert("1", "after a cut between transactions"))

	var runs atomic.Int32
	write(func(tx *gorm.DB) error {
		if runs.Add(1) == 1 {
			if err := tx.Raw("SELECT pg_backend_pid()").Scan(&pid).Error; err != nil {
				return err
			}
			cut(t, pid)
		}
		return insert("2", "after a cut inside of one")(tx)
	})
	if n := count(t, db); n != 2 || runs.Load() != 2 {
		t.Errorf("%d notes after %d runs, want 2 after 2", n, runs.Load())
	}
}

func TestNodesInEachOthersWayBothSucceed(t *testing.T) {
	t.Parallel()
	postgresOnly(t)
	sources := []store.Source{notes}
	cfg := storetest.Fresh(t, store.Postgres, sources)
	nodes := []*store.DB{storetest.Connect(t, cfg, sources), storetest.Connect(t, cfg, sources)}
	for _, id := range []string{"0", "1"} {
		if err := nodes[0].Write(t.Context(), insert(id, id)); err != nil {
			t.Fatal(err)
		}
	}
	// Each locks its own row, waits until both have, and then wants the other's.
	touch := func(tx *gorm.DB, id string) error {
		return tx.Exec("UPDATE notes SET body = body || '.' WHERE id = ?", id).Error
	}
	met := make(chan struct{}, 2)
	results := make(chan error, 2)
	for n, node := range nodes {
		own, other := []string{"0", "1"}[n], []string{"1", "0"}[n]
		first := true
		go func() {
			results <- node.Write(context.Background(), func(tx *gorm.DB) error {
				if err := touch(tx, own); err != nil {
					return err
				}
				if first {
					first = false
					met <- struct{}{}
					for len(met) < len(nodes) {
						runtime.Gosched()
					}
				}
				return touch(tx, other)
			})
		}()
	}
	for range nodes {
		if err := <-results; err != nil {
			t.Errorf("a deadlock between nodes reached the caller: %v", err)
		}
	}
}
