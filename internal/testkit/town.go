package testkit

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/fstest"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/app"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
	"rathaus/meet"
)

// Patience is how long anything here waits for a condition.
const Patience = 60 * time.Second

// Option changes how a town is started.
type Option func(*settings)

type settings struct {
	dialect string
	cfg     *config.Config
	clock   clock.Clock
	log     io.Writer
	keep    *Town // whose database goes on
}

// On chooses the database: store.SQLite or store.Postgres.
func On(dialect string) Option { return func(s *settings) { s.dialect = dialect } }

// With changes the configuration.
func With(change func(*config.Config)) Option { return func(s *settings) { change(s.cfg) } }

// At sets the clock.
func At(c clock.Clock) Option { return func(s *settings) { s.clock = c } }

// LogTo hands the log to w; otherwise it is dropped.
func LogTo(w io.Writer) Option { return func(s *settings) { s.log = w } }

// Again starts on the database of a town that was stopped.
func Again(t *Town) Option { return func(s *settings) { s.keep = t } }

// Town is a running program.
type Town struct {
	T       testing.TB
	Program *app.Program
	URL     string // http://127.0.0.1:port
	Config  *config.Config

	dialect string
	stopped bool
	client  *http.Client // with connections of its own: tests run side by side
}

// Start boots a town and stops it at the end of the test.
func Start(tb testing.TB, options ...Option) *Town {
	tb.Helper()
	s := &settings{dialect: store.SQLite, cfg: config.Default(), clock: clock.System, log: io.Discard}
	s.cfg.Server.Listen = "127.0.0.1:0"
	s.cfg.Server.PublicURL = "http://127.0.0.1"
	s.cfg.Server.MetricsListen = "127.0.0.1:0"
	s.cfg.Meet.UDPPort, s.cfg.Meet.TCPPort = meet.AnyPort, meet.AnyPort
	s.cfg.Data.Dir = tb.TempDir()
	for _, o := range options {
		o(s)
	}
	if s.keep != nil {
		s.dialect, s.cfg.Database, s.cfg.Data = s.keep.dialect, s.keep.Config.Database, s.keep.Config.Data
	} else {
		s.useDatabase(tb)
	}
	t := &Town{T: tb, Config: s.cfg, dialect: s.dialect, client: &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.boot(s)
	tb.Cleanup(t.Stop)
	return t
}

// useDatabase configures a fresh database that has the current schema.
func (s *settings) useDatabase(tb testing.TB) {
	tb.Helper()
	if s.dialect == store.SQLite {
		storetest.SQLiteAt(tb, s.cfg.SQLitePath(), app.Migrations())
		return
	}
	fresh := storetest.Fresh(tb, s.dialect, app.Migrations())
	s.cfg.Database.Driver, s.cfg.Database.DSN = fresh.Driver, config.Secret(fresh.DSN)
}

func (t *Town) boot(s *settings) {
	t.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	program, err := app.New(ctx, app.Options{
		Config: s.cfg, Clock: s.clock, Version: "test",
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Web: fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>Rathaus</title>")}},
	})
	if err != nil {
		t.T.Fatalf("boot the town: %v", err)
	}
	if err := program.Start(ctx); err != nil {
		t.T.Fatalf("open the town: %v", err)
	}
	t.Program = program
	t.URL = "http://" + program.Address().String()
}

// Stop ends the program gracefully. It is safe to call more than once.
func (t *Town) Stop() {
	if t.stopped {
		return
	}
	t.stopped = true
	defer t.client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if err := t.Program.Close(ctx); err != nil {
		t.T.Errorf("close the town: %v", err)
	}
}

// Each runs fn on SQLite and, where RATHAUS_TEST_POSTGRES offers one, on PostgreSQL.
func Each(t *testing.T, fn func(t *testing.T, on Option)) {
	t.Helper()
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			fn(t, On(dialect))
		})
	}
}

// Person creates somebody with the role and signs them in.
func (t *Town) Person(name string, role access.Role) *Person {
	t.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	u, err := t.Program.Directory().Create(ctx, directory.NewUser{Name: name, Role: role})
	if err != nil {
		t.T.Fatalf("create %s: %v", name, err)
	}
	return t.SignIn(u.ID, name)
}

// SignIn opens another device of a person.
func (t *Town) SignIn(userID, name string) *Person {
	t.T.Helper()
	token, err := t.Program.Auth().OpenSession(context.Background(), userID, "test")
	if err != nil {
		t.T.Fatalf("sign %s in: %v", name, err)
	}
	return &Person{town: t, ID: userID, Name: name, Token: token}
}

// Stranger is nobody: a browser without a session.
func (t *Town) Stranger() *Person { return &Person{town: t, Name: "a stranger"} }
