package directory

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"rathaus/internal/clock"
	"rathaus/internal/store"
)

// MaxOffice is how many people an office may have when it becomes one.
const MaxOffice = 200

// Limits on what comes from outside.
const (
	maxNameLetters  = 80
	maxEmailBytes   = 254
	maxFieldLetters = 80 // title, unit, room
	maxPhoneLetters = 40
	maxDescription  = 500 // letters of a group's description
	maxQueryLetters = 100
	maxQueryWords   = 10
	maxPage         = 200
	maxGroupsOfUser = 500 // that an issuer may name at once
)

//go:embed migrations
var migrations embed.FS

// Source returns the migrations of the directory.
func Source() store.Source {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("directory: embedded migrations: " + err.Error())
	}
	return store.Source{Name: "directory", FS: files}
}

// Deps is what the directory needs.
type Deps struct {
	DB    *store.DB
	Clock clock.Clock
	Log   *slog.Logger
}

// Directory answers for people and groups. It is safe for concurrent use.
type Directory struct {
	db    *store.DB
	clock clock.Clock
	log   *slog.Logger

	hooks  []func(Change) // fixed once Run has started
	cursor int64          // last change told; belongs to Run
	wake   chan struct{}  // one slot: a change of this process waits to be told
}

// New returns the directory on a migrated database. Changes from now on are
// told to the hooks.
func New(ctx context.Context, deps Deps) (*Directory, error) {
	if deps.DB == nil || deps.Clock == nil || deps.Log == nil {
		return nil, errors.New("directory: database, clock and log are needed")
	}
	d := &Directory{db: deps.DB, clock: deps.Clock, log: deps.Log, wake: make(chan struct{}, 1)}
	last, err := d.lastChange(ctx)
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	d.cursor = last
	return d, nil
}
