package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	_ "modernc.org/sqlite" // registers the driver "sqlite", in pure Go
)

const (
	sqliteDriver = "sqlite"

	// Page caches in KiB. They fill only as far as pages are touched.
	writerCache = 4096
	readerCache = 1024

	// How long a process waits for another one that is changing the schema.
	schemaLockWait = 2 * time.Minute

	ownerOnlyDir = 0o700
)

type sqliteDialect struct {
	path string
}

func newSQLite(path string) (dialect, error) {
	if path == "" {
		return nil, errors.New("the SQLite database needs a path")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the database %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(absolute), ownerOnlyDir); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	return &sqliteDialect{path: absolute}, nil
}

func (*sqliteDialect) name() string { return SQLite }

func (*sqliteDialect) begin() string { return "BEGIN IMMEDIATE" }

func (*sqliteDialect) commit(ctx context.Context, conn *pinned) error {
	_, err := conn.ExecContext(ctx, "COMMIT")
	return err
}

// open opens the file. Deleted content is overwritten (secure_delete), and
// every commit reaches the disk before it returns (synchronous FULL).
func (d *sqliteDialect) open(connections, cache int, pragmas ...string) (*sql.DB, error) {
	query := url.Values{
		"_timezone":    {"UTC"},
		"_time_format": {"sqlite"},
		"_dqs":         {"0"},
		"_pragma": append([]string{
			"busy_timeout(5000)",
			"synchronous(FULL)",
			"secure_delete(ON)",
			"cache_size(-" + strconv.Itoa(cache) + ")",
		}, pragmas...),
	}
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(d.path), RawQuery: query.Encode()}
	db, err := sql.Open(sqliteDriver, dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	return db, nil
}

func (d *sqliteDialect) openReaders() (*sql.DB, error) {
	db, err := d.open(sqliteReaders, readerCache, "foreign_keys(1)", "query_only(1)")
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(idleReaders)
	db.SetConnMaxIdleTime(readerIdleTime)
	return db, nil
}

func (d *sqliteDialect) openWriter() (*sql.DB, error) {
	if err := ownerOnly(d.path); err != nil {
		return nil, err
	}
	return d.open(1, writerCache, "journal_mode(WAL)", "foreign_keys(1)")
}

// openMigrator switches foreign keys off, because rebuilding a table with them
// on deletes the rows that refer to it. checkSchema looks afterwards.
func (d *sqliteDialect) openMigrator() (*sql.DB, error) {
	return d.open(1, readerCache, "journal_mode(WAL)", "foreign_keys(0)")
}

func (*sqliteDialect) gormOn(pool gorm.ConnPool) gorm.Dialector {
	return sqlite.New(sqlite.Config{DriverName: sqliteDriver, Conn: pool})
}

// lockSchema holds a transaction in a small file beside the database: the
// system gives it free even when the process is killed.
func (d *sqliteDialect) lockSchema(ctx context.Context) (func() error, error) {
	lock := &sqliteDialect{path: d.path + ".lock"}
	db, err := lock.open(1, readerCache, "busy_timeout("+strconv.FormatInt(schemaLockWait.Milliseconds(), 10)+")")
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for another process that changes the database: %w", err), db.Close())
	}
	return db.Close, nil
}

func (d *sqliteDialect) backup(ctx context.Context, db *sql.DB, version int64, log *slog.Logger) error {
	folder := filepath.Join(filepath.Dir(d.path), "backups")
	if err := os.MkdirAll(folder, ownerOnlyDir); err != nil {
		return fmt.Errorf("make the folder for backups: %w", err)
	}
	target := filepath.Join(folder, fmt.Sprintf("pre-%05d-%s.db", version, time.Now().UTC().Format("20060102T150405.000000Z")))
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", target); err != nil {
		return fmt.Errorf("copy the database to %s: %w", target, err)
	}
	if err := ownerOnly(target); err != nil {
		return err
	}
	log.Info("database copied before migration", "file", target)
	return nil
}

func (*sqliteDialect) checkSchema(ctx context.Context, db *sql.DB) error {
	var table string
	err := db.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("check foreign keys: %w", err)
	}
	return fmt.Errorf("table %s has rows that refer to missing ones; the copy from before the migration is in the folder backups", table)
}

// ownerOnly makes sure that the file exists and that only its owner may read it.
func ownerOnly(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}
