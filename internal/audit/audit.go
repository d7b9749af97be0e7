package audit

import (
	"context"
	"embed"
	"encoding/base64"
	"errors"
	"io/fs"
	"strings"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

const maxPage = 200

//go:embed migrations
var migrations embed.FS

// Source returns the migrations of the audit log.
func Source() store.Source {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("audit: embedded migrations: " + err.Error())
	}
	return store.Source{Name: "audit", FS: files}
}

// Deps is what the log needs.
type Deps struct {
	DB    *store.DB
	Clock clock.Clock
}

// Log is the audit log. It is safe for concurrent use.
type Log struct {
	db    *store.DB
	clock clock.Clock
}

// New returns the log on a migrated database.
func New(deps Deps) (*Log, error) {
	if deps.DB == nil || deps.Clock == nil {
		return nil, errors.New("audit: database and clock are needed")
	}
	return &Log{db: deps.DB, clock: deps.Clock}, nil
}

// complete fills in what the caller left to the log.
func (l *Log) complete(ctx context.Context, e Entry) Entry {
	e.ID, e.At = id.New(), l.clock.Now()
	if e.ActorID == "" {
		who := access.From(ctx)
		e.ActorID, e.ActorName = who.UserID, who.Name
	}
	if e.ActorID == "" {
		e.ActorID = System
	}
	e.ActorID, e.ActorName = clip(e.ActorID), clip(e.ActorName)
	e.ObjectKind, e.ObjectID = clip(e.ObjectKind), clip(e.ObjectID)
	return e
}

// List returns a page of entries, the newest first. The cursor is empty or a
// page's Next.
func (l *Log) List(ctx context.Context, f Filter, cursor string, limit int) (Page, error) {
	before, err := placeOf(cursor)
	if err != nil {
		return Page{}, err
	}
	if limit < 1 || limit > maxPage {
		limit = maxPage
	}
	entries, err := l.entries(ctx, f, before, limit+1)
	if err != nil || len(entries) <= limit {
		return Page{Items: entries}, err
	}
	last := entries[limit-1]
	return Page{Items: entries[:limit], Next: place{at: last.At, id: last.ID}.cursor()}, nil
}

// place is where a page ended. The zero value is before all.
type place struct {
	at time.Time
	id string
}

func (p place) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.at.Format(time.RFC3339Nano) + " " + p.id))
}

func placeOf(cursor string) (place, error) {
	if cursor == "" {
		return place{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return place{}, fault.Invalid("cursor_invalid").Because(err)
	}
	at, entry, _ := strings.Cut(string(text), " ")
	when, err := time.Parse(time.RFC3339Nano, at)
	if err != nil || !id.Valid(entry) {
		return place{}, fault.Invalid("cursor_invalid").Because(err)
	}
	return place{at: when.UTC(), id: entry}, nil
}
