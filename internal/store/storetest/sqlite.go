package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rathaus/internal/store"
)

// templates are files of migrated databases, by the fingerprint of their
// migrations: copying one is much quicker than migrating a new one.
var templates = struct {
	mu   sync.Mutex
	file map[string][]byte // guarded by mu
}{file: map[string][]byte{}}

// SQLiteAt puts a fresh, migrated database file at a path that does not exist yet.
func SQLiteAt(tb testing.TB, path string, sources []store.Source) {
	tb.Helper()
	if len(sources) == 0 {
		return
	}
	content, err := fingerprint(store.SQLite, sources)
	if err != nil {
		tb.Fatal(err)
	}
	templates.mu.Lock()
	defer templates.mu.Unlock()
	file, ok := templates.file[content]
	if !ok {
		file = migratedFile(tb, sources)
		templates.file[content] = file
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		tb.Fatalf("copy the template database: %v", err)
	}
}

func migratedFile(tb testing.TB, sources []store.Source) []byte {
	tb.Helper()
	ctx := context.Background()
	path := filepath.Join(tb.TempDir(), "template.db")
	db, err := store.Open(ctx, store.Config{Driver: store.SQLite, Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatalf("open the template database: %v", err)
	}
	if err := db.Migrate(ctx, sources); err != nil {
		tb.Fatalf("migrate the template database: %v", err)
	}
	// Closing writes everything from the log into the file.
	if err := db.Close(); err != nil {
		tb.Fatalf("close the template database: %v", err)
	}
	if left, err := os.Stat(path + "-wal"); err == nil && left.Size() > 0 {
		tb.Fatalf("the template database left %d bytes in its log", left.Size())
	}
	file, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("read the template database: %v", err)
	}
	return file
}
