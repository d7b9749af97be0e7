package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"rathaus/auth"
	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/cli"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/store"
)

// maxListed bounds what "user list" prints.
const maxListed = 100_000

// people is the directory and sign-in without the rest of the house. The
// portal may run beside it on the same database: it learns of every change
// within a second.
type people struct {
	db        *store.DB
	directory *directory.Directory
	auth      *auth.Service
}

func openPeople(ctx context.Context, cfg *config.Config) (_ cli.People, err error) {
	log := slog.New(slog.DiscardHandler)
	if err := os.MkdirAll(cfg.Data.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	db, err := store.Open(ctx, StoreConfig(cfg, log))
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	p := &people{db: db}
	if err := p.build(ctx, cfg, log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p, nil
}

func (p *people) build(ctx context.Context, cfg *config.Config, log *slog.Logger) (err error) {
	if err := p.db.Migrate(ctx, Migrations()); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	if p.directory, err = directory.New(ctx, directory.Deps{DB: p.db, Clock: clock.System, Log: log}); err != nil {
		return err
	}
	entries, err := audit.New(audit.Deps{DB: p.db, Clock: clock.System})
	if err != nil {
		return err
	}
	p.auth, err = auth.New(ctx, auth.Deps{
		DB: p.db, Directory: p.directory, Audit: entries, Clock: clock.System, Log: log,
		Config: cfg.Auth, Town: cfg.Town, PublicURL: cfg.Server.PublicURL,
	})
	return err
}

func (p *people) Create(ctx context.Context, in cli.NewPerson) (cli.Access, error) {
	_, link, err := p.auth.CreatePerson(ctx, auth.NewPerson{
		Login: in.Login, Name: in.Name, Email: in.Email, Role: access.Role(in.Role), Password: in.Password.Reveal(),
	})
	return cli.Access{Link: link.URL, Expires: link.ExpiresAt}, err
}

func (p *people) ResetPassword(ctx context.Context, who string, password config.Secret) (cli.Access, error) {
	u, err := p.auth.Find(ctx, who)
	if err != nil {
		return cli.Access{}, err
	}
	if password.IsSet() {
		return cli.Access{}, p.auth.SetPassword(ctx, u.ID, password.Reveal())
	}
	link, err := p.auth.ForgetPassword(ctx, u.ID)
	return cli.Access{Link: link.URL, Expires: link.ExpiresAt}, err
}

func (p *people) SetDisabled(ctx context.Context, who string, disabled bool) error {
	u, err := p.auth.Find(ctx, who)
	if err != nil {
		return err
	}
	if disabled {
		return p.directory.Disable(ctx, u.ID)
	}
	return p.directory.Enable(ctx, u.ID)
}

func (p *people) List(ctx context.Context) ([]cli.Person, error) {
	var out []cli.Person
	for cursor := ""; len(out) < maxListed; {
		page, err := p.directory.List(ctx, directory.Filter{}, cursor, 0)
		if err != nil {
			return nil, err
		}
		for _, u := range page.Items {
			login, err := p.auth.LoginOf(ctx, u.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, cli.Person{ID: u.ID, Login: login, Name: u.Name, Email: u.Email, Role: string(u.Role), Disabled: u.Disabled(), Created: u.CreatedAt})
		}
		if page.Next == "" {
			break
		}
		cursor = page.Next
	}
	return out, nil
}

func (p *people) Close() error { return p.db.Close() }
