package admin

import (
	"context"
	"errors"
	"os"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
	"rathaus/internal/module"
	"rathaus/internal/store"
)

// Limits on what comes from outside.
const (
	pageDefault  = 50
	maxFound     = 50      // people found by a search
	maxArmsBytes = 1 << 20 // the coat of arms
)

// Deps is everything that admin needs from outside.
type Deps struct {
	DB        *store.DB
	Directory *directory.Directory
	Audit     *audit.Log
	Clock     clock.Clock
	Config    *config.Config
	Version   string
}

// Admin answers for people, groups, the audit log, settings and public pages.
type Admin struct {
	db        *store.DB
	directory *directory.Directory
	audit     *audit.Log
	clock     clock.Clock
	cfg       *config.Config
	version   string
	arms      *arms
}

// New returns the module on a migrated database.
func New(deps Deps) (*Admin, error) {
	if deps.DB == nil || deps.Directory == nil || deps.Audit == nil || deps.Clock == nil || deps.Config == nil {
		return nil, errors.New("admin: database, directory, audit, clock and configuration are needed")
	}
	a := &Admin{
		db: deps.DB, directory: deps.Directory, audit: deps.Audit, clock: deps.Clock,
		cfg: deps.Config, version: deps.Version,
	}
	var err error
	if a.arms, err = readArms(deps.Config.Town.CoatOfArms, os.ReadFile); err != nil {
		return nil, err
	}
	return a, nil
}

// Module is admin as the program lists it.
func (a *Admin) Module() module.Module {
	return module.Module{Name: "admin", Routes: a.routes}
}

// deed makes a change together with its trace.
func (a *Admin) deed(ctx context.Context, e audit.Entry, do func(Tx) (tell func(), err error)) error {
	tell := func() {}
	err := a.db.Write(ctx, func(tx Tx) (err error) {
		if tell, err = do(tx); err != nil {
			return err
		}
		return a.audit.RecordTx(tx, e)
	})
	if err != nil {
		return err
	}
	tell()
	return nil
}

// notOneself keeps an administrator from locking themselves out.
func notOneself(ctx context.Context, userID string) error {
	if access.From(ctx).UserID == userID {
		return fault.Conflict("admin.not_yourself")
	}
	return nil
}
