package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"rathaus/admin"
	"rathaus/auth"
	"rathaus/chat"
	"rathaus/internal/api"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/export"
	"rathaus/internal/files"
	"rathaus/internal/module"
	"rathaus/internal/realtime"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/internal/web"
	"rathaus/meet"
	"rathaus/pads"
)

// Options is what the program needs to start.
type Options struct {
	Config  *config.Config
	Log     *slog.Logger
	Clock   clock.Clock
	Web     fs.FS // the built web application
	Version string
	// ReadText starts this program as the reader of one document, see
	// internal/doctext. Without it only plain text is read.
	ReadText []string
}

// Program is the running house. Build it with New, run it with Start, end it
// with Close, in this order and once each.
type Program struct {
	cfg     *config.Config
	log     *slog.Logger
	clock   clock.Clock
	version string

	readText []string

	db        *store.DB
	directory *directory.Directory
	audit     *audit.Log
	words     *search.Index
	finder    *search.Service
	export    *export.Service
	topics    *realtime.Topics
	hub       *realtime.Hub
	files     *files.Files
	api       *api.API

	auth  *auth.Service
	chat  *chat.Chat
	pads  *pads.Service
	meet  *meet.Service
	admin *admin.Admin

	modules []module.Module
	public  *listener
	private *listener // nil: switched off

	draining atomic.Bool
	stop     context.CancelFunc
	running  *errgroup.Group // modules and listeners
}

// New opens the database, brings its schema up to date and builds all parts.
// Nothing listens yet. On an error everything opened is closed again.
func New(ctx context.Context, o Options) (_ *Program, err error) {
	if o.Config == nil || o.Log == nil || o.Clock == nil || o.Web == nil {
		return nil, errors.New("app: configuration, log, clock and web application are needed")
	}
	p := &Program{cfg: o.Config, log: o.Log, clock: o.Clock, version: o.Version, readText: o.ReadText}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.closeParts())
		}
	}()
	if err := p.openStore(ctx); err != nil {
		return nil, err
	}
	if err := p.buildGround(ctx); err != nil {
		return nil, err
	}
	if err := p.buildFeatures(ctx); err != nil {
		return nil, err
	}
	p.modules = p.listModules()
	if err := p.openDoors(o.Web); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Program) openStore(ctx context.Context) error {
	db, err := store.Open(ctx, StoreConfig(p.cfg, p.log))
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	p.db = db
	if err := db.Migrate(ctx, Migrations()); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

// buildGround makes what all features stand on.
func (p *Program) buildGround(ctx context.Context) (err error) {
	if p.directory, err = directory.New(ctx, directory.Deps{DB: p.db, Clock: p.clock, Log: p.log}); err != nil {
		return err
	}
	if p.audit, err = audit.New(audit.Deps{DB: p.db, Clock: p.clock}); err != nil {
		return err
	}
	if err := p.buildFiles(); err != nil {
		return err
	}
	if p.words, err = search.New(ctx, p.db, p.log); err != nil {
		return err
	}
	p.topics = realtime.NewTopics()
	p.hub = realtime.NewHub(p.topics, p.version, p.log)
	return nil
}

// openDoors registers all routes and topics and hangs in the web application.
func (p *Program) openDoors(tree fs.FS) error {
	pages, err := web.New(tree)
	if err != nil {
		return err
	}
	p.api, err = api.New(api.Config{
		Version: p.version, PublicURL: p.cfg.Server.PublicURL, TrustedProxies: p.cfg.Server.TrustedProxies,
		Authenticate: p.auth.Authenticate, Log: p.log,
	})
	if err != nil {
		return fmt.Errorf("build the HTTP layer: %w", err)
	}
	for _, m := range p.modules {
		if m.Topics != nil {
			m.Topics(p.topics)
		}
		if m.Routes != nil {
			m.Routes(p.api.Huma)
		}
	}
	p.tellGroups()
	p.houseRoutes(pages)
	addSocket(p.api.Huma, p.topics)
	return api.Check(p.api.Huma)
}

// Start opens the listeners and starts all background work. It returns as soon
// as the house can be reached; Wait tells how it ended.
func (p *Program) Start(ctx context.Context) error {
	var err error
	if p.public, err = listen(ctx, p.cfg.Server.Listen, p.cfg.Server.TLS, p.api.Engine, p.log); err != nil {
		return err
	}
	if p.cfg.Server.MetricsListen != "" {
		if p.private, err = listen(ctx, p.cfg.Server.MetricsListen, config.TLS{}, p.privateRoutes(), p.log); err != nil {
			return errors.Join(err, p.public.socket.Close())
		}
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	p.running, work = errgroup.WithContext(work)
	p.running.Go(p.public.serve)
	if p.private != nil {
		p.running.Go(p.private.serve)
	}
	p.running.Go(func() error { return p.directory.Run(work) })
	p.running.Go(func() error { return p.words.Run(work) })
	p.running.Go(func() error { p.watchSessions(work); return nil })
	for _, m := range p.modules {
		if m.Run != nil {
			p.running.Go(func() error {
				if err := m.Run(work); err != nil {
					return fmt.Errorf("%s: %w", m.Name, err)
				}
				return nil
			})
		}
	}
	p.running.Go(func() error { p.endCutCalls(work); return nil })
	p.log.Info("portal is open", "address", p.Address().String(), "url", p.cfg.Server.PublicURL, "database", p.db.Dialect(), "version", p.version)
	return nil
}

// Address is where the portal listens.
func (p *Program) Address() net.Addr { return p.public.socket.Addr() }

// PrivateAddress is where health and figures listen, or nil.
func (p *Program) PrivateAddress() net.Addr {
	if p.private == nil {
		return nil
	}
	return p.private.socket.Addr()
}

// Wait returns when a part has ended by itself, which is a failure, or when
// Close has ended all of them.
func (p *Program) Wait() error { return p.running.Wait() }

// Handler answers as the portal would, for tests without a listener.
func (p *Program) Handler() http.Handler { return p.api.Engine }

// Close ends the house so that nothing is lost: it says that it is not ready,
// sends the sockets away with a hint when to come back, lets requests in flight
// and their commits finish, ends background work and closes the database. What
// is still under way when ctx ends is cut off.
func (p *Program) Close(ctx context.Context) error {
	p.draining.Store(true)
	began := time.Now()
	p.files.Interrupt() // the senders go on after the start
	errs := []error{p.hub.Close(ctx), p.public.close(ctx), p.private.close(ctx)}
	if p.stop != nil {
		p.stop()
		errs = append(errs, p.running.Wait())
	}
	errs = append(errs, p.closeParts())
	p.log.Info("portal is closed", "ms", time.Since(began).Milliseconds())
	return errors.Join(errs...)
}

// closeParts closes what New opened, in reverse.
func (p *Program) closeParts() error {
	var errs []error
	if p.meet != nil {
		errs = append(errs, p.meet.Close())
	}
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	return errors.Join(errs...)
}

// Auth is sign-in, for the command line and tests.
func (p *Program) Auth() *auth.Service { return p.auth }

// Directory is the directory of people, for the command line and tests.
func (p *Program) Directory() *directory.Directory { return p.directory }

// Hub knows who listens to what, for tests.
func (p *Program) Hub() *realtime.Hub { return p.hub }

// Database is the open database, for tests.
func (p *Program) Database() *store.DB { return p.db }
