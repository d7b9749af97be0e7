// Package storetest gives tests a database of their own, of both kinds.
//
// SQLite is always there. PostgreSQL is used when RATHAUS_TEST_POSTGRES holds
// a connection string of a superuser, which scripts/with-postgres provides:
// each test then gets a fresh database, copied from a template that has the
// migrations applied already, and dropped at the end.
package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"rathaus/internal/store"
)

// PostgresEnv names the variable that holds the superuser's connection string.
const PostgresEnv = "RATHAUS_TEST_POSTGRES"

// Each runs fn on a fresh SQLite database and, where there is a server, on a
// fresh PostgreSQL database, each as a subtest named after the dialect.
func Each(t *testing.T, sources []store.Source, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, dialect := range Dialects() {
		t.Run(dialect, func(t *testing.T) {
			fn(t, Open(t, dialect, sources))
		})
	}
}

// Dialects lists the kinds of database that can be tested here.
func Dialects() []string {
	if os.Getenv(PostgresEnv) == "" {
		return []string{store.SQLite}
	}
	return []string{store.SQLite, store.Postgres}
}

// Open gives a fresh, migrated database that goes away with the test.
func Open(tb testing.TB, dialect string, sources []store.Source) *store.DB {
	tb.Helper()
	return Connect(tb, Fresh(tb, dialect, sources), sources)
}

// Fresh makes a migrated database and says how to open it, for tests that open
// it more than once.
func Fresh(tb testing.TB, dialect string, sources []store.Source) store.Config {
	tb.Helper()
	cfg := store.Config{Driver: dialect, Log: slog.New(slog.DiscardHandler)}
	if dialect == store.Postgres {
		cfg.DSN = freshPostgres(tb, sources)
	} else {
		cfg.Path = filepath.Join(tb.TempDir(), "rathaus.db")
		SQLiteAt(tb, cfg.Path, sources)
	}
	return cfg
}

// Connect opens the database, migrates it and closes it with the test.
func Connect(tb testing.TB, cfg store.Config, sources []store.Source) *store.DB {
	tb.Helper()
	db, err := store.Open(context.Background(), cfg)
	if err != nil {
		tb.Fatalf("open the test database: %v", err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("close the test database: %v", err)
		}
	})
	if err := db.Migrate(context.Background(), sources); err != nil {
		tb.Fatalf("migrate the test database: %v", err)
	}
	return db
}
