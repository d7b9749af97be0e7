package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"rathaus/internal/config"
	"rathaus/internal/store"
)

// databaseTimeout leaves time for the integrity check of a large file.
const databaseTimeout = 5 * time.Minute

// database opens the database as the server would and looks at its health.
func (p *program) database(cfg *config.Config) func(context.Context) Finding {
	return func(ctx context.Context) (finding Finding) {
		if cfg.Database.Driver == config.DriverSQLite {
			if _, err := os.Stat(cfg.SQLitePath()); errors.Is(err, fs.ErrNotExist) {
				return ok("sqlite %s; %s does not exist yet, the first start creates it", ThisBuild().SQLite, absolute(cfg.SQLitePath()))
			}
		}
		db, err := store.Open(ctx, store.Config{Driver: cfg.Database.Driver, Path: cfg.SQLitePath(), DSN: cfg.Database.DSN.Reveal()})
		if err != nil {
			return fail("is it running, and do name and password fit?", "%s", withoutSecret(err, cfg.Database.DSN))
		}
		defer func() {
			if err := db.Close(); err != nil {
				finding = fail("", "%s", withoutSecret(err, cfg.Database.DSN))
			}
		}()
		if db.Dialect() == store.Postgres {
			return p.postgres(ctx, db)
		}
		return p.sqlite(ctx, db)
	}
}

func (p *program) sqlite(ctx context.Context, db *store.DB) Finding {
	var version, journal string
	var synchronous int
	var faults []string
	for query, target := range map[string]any{
		"SELECT sqlite_version()": &version,
		"PRAGMA journal_mode":     &journal,
		"PRAGMA synchronous":      &synchronous,
		"PRAGMA quick_check(5)":   &faults,
	} {
		if err := db.Read(ctx).Raw(query).Scan(target).Error; err != nil {
			return fail("restore a backup if this stays so", "%s: %v", query, err)
		}
	}
	switch {
	case !slices.Equal(faults, []string{"ok"}):
		return fail("stop the server, copy the data directory, then restore a backup", "the file is damaged:\n%s", strings.Join(faults, "\n"))
	case !strings.EqualFold(journal, "wal"):
		return fail("do not put the database on a network file system", "journal mode is %s instead of wal", journal)
	case synchronous < 2:
		return fail("", "synchronous is %d: an acknowledged message could be lost", synchronous)
	}
	return p.schema(ctx, db, fmt.Sprintf("sqlite %s, intact, wal, synchronous full", version))
}

func (p *program) postgres(ctx context.Context, db *store.DB) Finding {
	var version, fsync, synchronous string
	for query, target := range map[string]*string{
		"SHOW server_version":     &version,
		"SHOW fsync":              &fsync,
		"SHOW synchronous_commit": &synchronous,
	} {
		if err := db.Read(ctx).Raw(query).Scan(target).Error; err != nil {
			return fail("", "%s: %v", query, err)
		}
	}
	if fsync != "on" || synchronous == "off" {
		return fail("set fsync = on and synchronous_commit = on", "fsync is %s, synchronous_commit is %s: an acknowledged message could be lost", fsync, synchronous)
	}
	return p.schema(ctx, db, fmt.Sprintf("postgresql %s, fsync on, synchronous_commit %s", version, synchronous))
}

// schema compares the migrations inside this program with those of the database.
func (p *program) schema(ctx context.Context, db *store.DB, health string) Finding {
	if p.deps.Migrations == nil {
		return ok("%s", health)
	}
	known, err := versions(db.Dialect(), p.deps.Migrations())
	if err != nil {
		return fail("", "%v", err)
	}
	var applied []int64
	query := "SELECT version_id FROM schema_migrations WHERE version_id > 0 AND is_applied"
	if err := db.Read(ctx).Raw(query).Scan(&applied).Error; err != nil {
		return warn("the first start creates them", "%s; it has no tables yet", health)
	}
	missing := slices.DeleteFunc(slices.Clone(known), func(v int64) bool { return slices.Contains(applied, v) })
	foreign := slices.DeleteFunc(applied, func(v int64) bool { return slices.Contains(known, v) })
	switch {
	case len(foreign) > 0:
		return fail("run the newer version of Rathaus, or restore the backup from before it", "%s; it was written by a newer version (migration %d)", health, slices.Max(foreign))
	case len(missing) > 0:
		return warn("the next start applies them, after a backup", "%s; %d migrations are pending", health, len(missing))
	}
	return ok("%s, %d migrations, none pending", health, len(known))
}

// versions lists the numbers in the names of the migration files.
func versions(dialect string, sources []store.Source) ([]int64, error) {
	var all []int64
	for _, source := range sources {
		entries, err := fs.ReadDir(source.FS, dialect)
		if err != nil {
			return nil, fmt.Errorf("migrations of %s: %w", source.Name, err)
		}
		for _, entry := range entries {
			number, _, _ := strings.Cut(entry.Name(), "_")
			v, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("migrations of %s: %w", source.Name, err)
			}
			all = append(all, v)
		}
	}
	return all, nil
}

// withoutSecret is the text of an error in which a driver may have quoted its connection string.
func withoutSecret(err error, secret config.Secret) string {
	if !secret.IsSet() {
		return err.Error()
	}
	return strings.ReplaceAll(err.Error(), secret.Reveal(), secret.String())
}
