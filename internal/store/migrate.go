package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// migrationTable is the one record of all modules' migrations.
const migrationTable = "schema_migrations"

// Source is what one module brings: FS holds sqlite/NNNNN_name.sql and
// postgres/NNNNN_name.sql. Numbers are unique across all modules.
type Source struct {
	Name string
	FS   fs.FS
}

// ErrNewerSchema says that a newer version of the program has changed the
// database already, so that this one would damage it.
var ErrNewerSchema = errors.New("the database was written by a newer version of this program; start that version, or restore the copy from before its migration")

// Migrate brings the schema up to date. Only one process does so at a time.
func (db *DB) Migrate(ctx context.Context, sources []Source) (err error) {
	files, err := gather(db.Dialect(), sources)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return nil
	}
	unlock, err := db.dialect.lockSchema(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()

	conn, err := db.dialect.openMigrator()
	if err != nil {
		return fmt.Errorf("open the database for migration: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return migrate(ctx, db.dialect, conn, files, db.log)
}

func migrate(ctx context.Context, d dialect, conn *sql.DB, files migrationFiles, log *slog.Logger) error {
	provider, err := goose.NewProvider(gooseDialect(d), conn, files,
		goose.WithTableName(migrationTable),
		goose.WithAllowOutofOrder(true), // each module counts in a range of its own
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	applied, err := appliedVersions(ctx, d, conn)
	if err != nil {
		return err
	}
	pending, err := pendingOf(files.versions(), applied)
	if err != nil || !pending {
		return err
	}
	if len(applied) > 0 {
		if err := d.backup(ctx, conn, slices.Max(applied), log); err != nil {
			return fmt.Errorf("back up before migrating: %w", err)
		}
	}
	results, err := provider.Up(ctx)
	for _, r := range results {
		log.Info("migration applied", "file", r.Source.Path, "took", r.Duration)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return d.checkSchema(ctx, conn)
}

// pendingOf compares what this program knows with what the database has.
func pendingOf(known, applied []int64) (bool, error) {
	for _, v := range applied {
		if !slices.Contains(known, v) {
			return false, fmt.Errorf("%w (migration %d is not known here)", ErrNewerSchema, v)
		}
	}
	return len(known) > len(applied), nil
}

// appliedVersions lists the migrations of the database, without goose's own
// zeroth entry.
func appliedVersions(ctx context.Context, d dialect, conn *sql.DB) ([]int64, error) {
	record, err := database.NewStore(gooseDialect(d), migrationTable)
	if err != nil {
		return nil, err
	}
	if there, err := hasTable(ctx, d, conn, migrationTable); err != nil || !there {
		return nil, err
	}
	list, err := record.ListMigrations(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("list applied migrations: %w", err)
	}
	var versions []int64
	for _, m := range list {
		if m.Version > 0 && m.IsApplied {
			versions = append(versions, m.Version)
		}
	}
	return versions, nil
}

func hasTable(ctx context.Context, d dialect, conn *sql.DB, table string) (bool, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
	if d.name() == Postgres {
		query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1"
	}
	var n int
	if err := conn.QueryRowContext(ctx, query, table).Scan(&n); err != nil {
		return false, fmt.Errorf("look for table %s: %w", table, err)
	}
	return n > 0, nil
}

func gooseDialect(d dialect) goose.Dialect {
	if d.name() == Postgres {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}
