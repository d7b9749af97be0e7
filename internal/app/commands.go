package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"rathaus/internal/cli"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/meet"
)

// Commands is what the command line asks of the program.
func Commands(webApplication func() (fs.FS, error)) cli.Deps {
	return cli.Deps{
		Serve: func(ctx context.Context, cfg *config.Config, call cli.ServeCall) error {
			tree, err := webApplication()
			if err != nil {
				return fmt.Errorf("open the web application: %w", err)
			}
			return serve(ctx, cfg, tree, call)
		},
		OpenPeople:    openPeople,
		RebuildSearch: rebuildSearch,
		Migrations:    Migrations,
		OpenAPI: func() ([]byte, error) {
			tree, err := webApplication()
			if err != nil {
				return nil, fmt.Errorf("open the web application: %w", err)
			}
			return document(tree)
		},
	}
}

// serve runs the portal until ctx ends, and then ends it gracefully.
func serve(ctx context.Context, cfg *config.Config, tree fs.FS, call cli.ServeCall) error {
	log := newLog(cfg.Log, call.Err)
	for _, w := range call.Warnings {
		log.Warn("configuration", "remark", w)
	}
	if err := os.MkdirAll(cfg.Data.Dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	p, err := New(ctx, Options{Config: cfg, Log: log, Clock: clock.System, Web: tree, Version: cli.ThisBuild().Version, ReadText: readText()})
	if err != nil {
		return err
	}
	if err := p.Start(ctx); err != nil {
		return errors.Join(err, p.closeParts())
	}
	if err := p.greet(ctx, call.Out); err != nil {
		return errors.Join(err, p.end(cfg))
	}
	// Building all parts leaves garbage behind; pools let go of theirs in two steps.
	runtime.GC()
	debug.FreeOSMemory()
	if err := releasePages(); err != nil {
		log.Debug("memory of the start is kept", "err", err)
	}
	call.Ready(p.Alive)
	failed := make(chan error, 1)
	go func() { failed <- p.Wait() }()
	select {
	case <-ctx.Done():
		log.Info("portal is closing")
		return p.end(cfg)
	case err := <-failed:
		return errors.Join(err, p.end(cfg))
	}
}

func (p *Program) end(cfg *config.Config) error {
	ctx, cancel := context.WithTimeout(context.Background(), cfg.Server.ShutdownTimeout)
	defer cancel()
	return p.Close(ctx)
}

// greet says where the portal is and, at the first start, how to set it up.
func (p *Program) greet(ctx context.Context, out io.Writer) error {
	link, needed, err := p.auth.PrepareSetup(ctx)
	if err != nil {
		return err
	}
	text := "Rathaus is open at " + p.cfg.Server.PublicURL + "\n"
	if needed {
		text += "\nNobody administers it yet. Open this link once to set it up:\n\n  " + link + "\n\n"
	}
	_, err = io.WriteString(out, text)
	return err
}

// newLog writes to w in the configured form and from the configured level on.
func newLog(cfg config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// document builds the program on a database that is thrown away, only to ask it
// for its API document.
func document(tree fs.FS) (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "rathaus-openapi-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg := config.Default()
	cfg.Data.Dir = filepath.Join(dir, "data")
	cfg.Meet.UDPPort, cfg.Meet.TCPPort = meet.AnyPort, meet.AnyPort
	if err := os.MkdirAll(cfg.Data.Dir, 0o700); err != nil {
		return nil, err
	}
	p, err := New(context.Background(), Options{
		Config: cfg, Log: slog.New(slog.DiscardHandler), Clock: clock.System, Web: tree, Version: "1",
	})
	if err != nil {
		return nil, err
	}
	b, err := p.Document()
	return b, errors.Join(err, p.hub.Close(context.Background()), p.closeParts())
}

// readText is how this program starts itself to read a document.
func readText() []string {
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{self, "read-text"}
}

// rebuildSearch notes the wish in the database, where a running portal finds it.
func rebuildSearch(ctx context.Context, cfg *config.Config) (err error) {
	db, err := store.Open(ctx, StoreConfig(cfg, slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx, Migrations()); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return search.AskForRebuild(ctx, db)
}
