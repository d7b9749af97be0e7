package pads

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/module"
	"rathaus/internal/realtime"
	"rathaus/internal/search"
	"rathaus/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Directory is what pads ask about people.
type Directory interface {
	// GroupsOf returns the ids of the groups the person belongs to.
	GroupsOf(ctx context.Context, userID string) ([]string, error)
	// MemberIDs returns the ids of the people in the groups.
	MemberIDs(ctx context.Context, groups ...string) ([]string, error)
	// Active returns those of the people who are members now: neither disabled, nor gone, nor guests.
	Active(ctx context.Context, people []string) ([]string, error)
	// Names returns display names of people and groups by id. Unknown ids are left out.
	Names(ctx context.Context, people, groups []string) (map[string]string, error)
}

// Links are the guest links of the house: they keep tokens as hashes, count
// uses, limit guesses and end in time. The key of a confidential pad is never
// part of them.
type Links interface {
	// Make makes a link to a pad and returns its token, which is not kept.
	Make(ctx context.Context, pad string, l NewLink) (Link, string, error)
	// Of lists the links of a pad that have not ended.
	Of(ctx context.Context, pad string) ([]Link, error)
	// End withdraws a link. What came by it ends, too.
	End(ctx context.Context, pad, link string) error
	// EndAll withdraws every link of a pad.
	EndAll(ctx context.Context, pad string) error
	// Use counts a use of a link to a pad by a person of the town, or says that it is over.
	Use(ctx context.Context, token string) (pad string, l Link, err error)
}

// Deps is what the module needs from outside. All fields but the index and the limits are required.
type Deps struct {
	DB               *store.DB
	Hub              *realtime.Hub
	Directory        Directory
	Links            Links
	Clock            clock.Clock
	Audit            *audit.Log // of what the administration does with pads
	Log              *slog.Logger
	Index            *search.Index // where pads are found by their words; without it none is
	MaxUpdateBytes   int           // of one frame; 0 means 1 MiB
	MaxSnapshotBytes int           // of one frame; 0 means 16 MiB
}

// Service holds the use cases of pads. It is safe for concurrent use.
type Service struct {
	db          *store.DB
	hub         *realtime.Hub
	directory   Directory
	links       Links
	clock       clock.Clock
	audit       *audit.Log
	log         *slog.Logger
	maxUpdate   int
	maxSnapshot int
	seats       seats
	teller      teller
	index       *search.Index
	stale       atomic.Bool // a pad may have another text than the index
}

// New checks the dependencies and returns the service.
func New(d Deps) (*Service, error) {
	if d.DB == nil || d.Hub == nil || d.Directory == nil || d.Links == nil || d.Clock == nil || d.Audit == nil || d.Log == nil {
		return nil, errors.New("pads: a dependency is missing")
	}
	if d.MaxUpdateBytes <= 0 {
		d.MaxUpdateBytes = 1 << 20
	}
	if d.MaxSnapshotBytes <= 0 {
		d.MaxSnapshotBytes = 16 << 20
	}
	return &Service{
		db: d.DB, hub: d.Hub, directory: d.Directory, links: d.Links, clock: d.Clock, audit: d.Audit, log: d.Log,
		maxUpdate: d.MaxUpdateBytes, maxSnapshot: d.MaxSnapshotBytes, index: d.Index,
	}, nil
}

// Module describes the service to the program.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:       "pads",
		Migrations: Migrations(),
		Routes:     func(h huma.API) { s.routes(h) },
		Topics:     s.topics,
		Run:        s.Run,
	}
}

// Migrations returns the module's schema.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("pads: " + err.Error())
	}
	return files
}

func topicOf(pad string) string { return "pad:" + pad }
