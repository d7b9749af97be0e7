package auth

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/module"
	"rathaus/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Deps is everything that auth needs from outside.
type Deps struct {
	DB        *store.DB
	Directory *directory.Directory
	Audit     *audit.Log
	Clock     clock.Clock
	Log       *slog.Logger
	Config    config.Auth
	Town      config.Town
	PublicURL string // scheme and host of the portal
	Version   string
	// Features tells the user interface what this town has switched on. May be nil.
	Features func() map[string]bool
	// HTTP is how providers are reached; nil means the usual way.
	HTTP  *http.Client
	Hooks Hooks
}

// Hooks tell the rest of the house what ended. They are called after the
// commit, on the goroutine of the caller, and must be quick. Any may be nil.
type Hooks struct {
	// SessionEnded says that a session no longer holds: close its sockets and calls.
	SessionEnded func(sessionID string)
	// SessionChanged says that a session may do more or less than before: its
	// sockets have to come back to learn it.
	SessionChanged func(sessionID string)
	// GuestLinkEnded says that a link was revoked or has expired, and which
	// sessions had come by it. SessionChanged or SessionEnded follow for each.
	GuestLinkEnded func(link GuestLink, sessionIDs []string)
	// NameOf returns what a thing is called that a link opens, or "".
	NameOf func(ctx context.Context, kind, objectID string) string
}

// Service proves who somebody is. It is safe for concurrent use.
type Service struct {
	db        *store.DB
	directory *directory.Directory
	audit     *audit.Log
	clock     clock.Clock
	log       *slog.Logger
	cfg       config.Auth
	town      config.Town
	publicURL string
	version   string
	features  func() map[string]bool
	hooks     Hooks

	cookies   cookies
	hasher    *hasher
	throttle  throttle
	providers []*provider

	// settled is set once there is an administrator: that never changes back
	// while the program runs.
	settled atomic.Bool
	// townName is what was said at the first start; the configuration wins.
	townName atomic.Pointer[string]
}

// New returns the service on a migrated database.
func New(ctx context.Context, deps Deps) (*Service, error) {
	if deps.DB == nil || deps.Directory == nil || deps.Audit == nil || deps.Clock == nil || deps.Log == nil || deps.PublicURL == "" {
		return nil, errors.New("auth: database, directory, audit, clock, log and public address are needed")
	}
	s := &Service{
		db: deps.DB, directory: deps.Directory, audit: deps.Audit, clock: deps.Clock, log: deps.Log,
		cfg: deps.Config, town: deps.Town, publicURL: strings.TrimSuffix(deps.PublicURL, "/"), version: deps.Version,
		features: deps.Features, hooks: deps.Hooks.filled(),
		cookies: cookiesFor(deps.PublicURL), hasher: newHasher(defaultCost),
	}
	if s.features == nil {
		s.features = func() map[string]bool { return nil }
	}
	if err := s.loadSettings(ctx); err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	for _, cfg := range deps.Config.OIDC {
		s.providers = append(s.providers, newProvider(cfg, s.publicURL, deps.HTTP, deps.Clock, deps.Log))
	}
	s.directory.OnChange(s.directoryChanged)
	return s, nil
}

func (h Hooks) filled() Hooks {
	if h.NameOf == nil {
		h.NameOf = func(context.Context, string, string) string { return "" }
	}
	if h.SessionEnded == nil {
		h.SessionEnded = func(string) {}
	}
	if h.SessionChanged == nil {
		h.SessionChanged = func(string) {}
	}
	if h.GuestLinkEnded == nil {
		h.GuestLinkEnded = func(GuestLink, []string) {}
	}
	return h
}

// Source returns the migrations of auth.
func Source() store.Source {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("auth: embedded migrations: " + err.Error())
	}
	return store.Source{Name: "auth", FS: files}
}

// Module is auth as the program lists it.
func (s *Service) Module() module.Module {
	return module.Module{Name: "auth", Migrations: Source().FS, Routes: s.routes, Run: s.Run}
}
