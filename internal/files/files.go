package files

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"rathaus/internal/access"
	"rathaus/internal/blob"
	"rathaus/internal/clock"
	"rathaus/internal/module"
	"rathaus/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Source returns the migrations of uploaded files.
func Source() store.Source {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("files: embedded migrations are missing: " + err.Error())
	}
	return store.Source{Name: "files", FS: sub}
}

// Scanner looks for malicious content.
type Scanner interface {
	// Scan returns the name of what it has found, or an empty text.
	Scan(ctx context.Context, file string, open func() (ReadCloser, error)) (string, error)
}

// Limits come from the configuration.
type Limits struct {
	MaxSize         int64
	QuotaPerson     int64 // 0: none
	ImageMaxPixels  int64
	UnfinishedValid time.Duration
}

// Guard says whether somebody may read a file that a module holds.
type Guard func(ctx context.Context, p access.Principal, fileID string) error

// Deps is all that files need.
type Deps struct {
	DB     *store.DB
	Blobs  *blob.Folder
	Clock  clock.Clock
	Log    *slog.Logger
	Limits Limits
	// Scanner may be nil: nothing is scanned.
	Scanner Scanner
	// ScanRequired refuses files while the scanner does not answer.
	ScanRequired bool
}

// Files holds the use cases. It is safe for concurrent use.
type Files struct {
	Deps
	turns  *turns
	decode *semaphore.Weighted // bytes that decoding may take
	wake   chan struct{}       // one slot: a second call while one waits changes nothing
	count  counters

	mu     sync.RWMutex
	guards map[string]Guard // by holder; guarded by mu
}

// New returns the use cases.
func New(d Deps) (*Files, error) {
	if d.DB == nil || d.Blobs == nil || d.Clock == nil || d.Log == nil || d.Limits.MaxSize <= 0 {
		return nil, errors.New("files: database, blobs, clock, log and limits are needed")
	}
	return &Files{
		Deps: d, turns: newTurns(), decode: semaphore.NewWeighted(decodeBytes),
		wake: make(chan struct{}, 1), guards: map[string]Guard{},
	}, nil
}

// Module is the entry in the list of modules.
func (f *Files) Module() module.Module {
	return module.Module{Name: "files", Migrations: Source().FS, Routes: f.routes, Run: f.run}
}

// GuardBy names who decides about the files that a module holds.
func (f *Files) GuardBy(holder string, g Guard) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guards[holder] = g
}

func (f *Files) guard(holder string) (Guard, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	g, ok := f.guards[holder]
	return g, ok
}
