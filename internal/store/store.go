package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// The dialects, as DB.Dialect returns them and as migration folders are named.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Limits of the read pools. SQLite reads are short and run in this process, so
// a few connections use all cores and each holds its own page cache.
const (
	sqliteReaders   = 4
	postgresReaders = 16
	idleReaders     = 4 // stay open; the others close after a minute
	readerIdleTime  = time.Minute
	openTimeout     = 30 * time.Second
)

// Config says where the database is.
type Config struct {
	Driver string // "sqlite" or "postgres"
	Path   string // file of the SQLite database
	DSN    string // connection string of PostgreSQL
	Log    *slog.Logger
}

// DB is the open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	log     *slog.Logger
	readSQL *sql.DB
	read    *gorm.DB
	writer  *writer
}

// dialect is what differs between the two databases.
type dialect interface {
	name() string
	// openReaders opens the pool that cannot write.
	openReaders() (*sql.DB, error)
	// openWriter opens the pool of which the writer uses one connection.
	openWriter() (*sql.DB, error)
	// openMigrator opens a single connection for schema changes.
	openMigrator() (*sql.DB, error)
	// gormOn is the gorm dialector on an existing connection.
	gormOn(gorm.ConnPool) gorm.Dialector
	// begin is the statement that starts a writing transaction.
	begin() string
	// commit ends it, and fails when the database has given it up before.
	commit(context.Context, *pinned) error
	// lockSchema keeps other processes from migrating until it is undone.
	lockSchema(context.Context) (unlock func() error, err error)
	// backup copies a filled database before it is changed; version is the one it has.
	backup(ctx context.Context, db *sql.DB, version int64, log *slog.Logger) error
	// checkSchema looks for what a migration may have broken.
	checkSchema(context.Context, *sql.DB) error
}

// Open opens the database and starts its writer. The caller closes it.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d, err := dialectOf(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()

	// The writer comes first: it creates the file and switches it to WAL,
	// which readers are not able to do.
	w, err := openWriter(ctx, d, cfg.Log)
	if err != nil {
		return nil, fmt.Errorf("open %s for writing: %w", d.name(), err)
	}
	readSQL, err := d.openReaders()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", d.name(), err), w.close())
	}
	read, err := openGorm(d, readSQL)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", d.name(), err), readSQL.Close(), w.close())
	}
	w.start()
	return &DB{dialect: d, log: cfg.Log, readSQL: readSQL, read: read, writer: w}, nil
}

func dialectOf(cfg Config) (dialect, error) {
	switch cfg.Driver {
	case SQLite:
		return newSQLite(cfg.Path)
	case Postgres:
		return newPostgres(cfg.DSN)
	}
	return nil, fmt.Errorf("database driver %q is neither %q nor %q", cfg.Driver, SQLite, Postgres)
}

// openGorm puts gorm on a connection. Its log stays silent, because it would
// print values of people; errors go up to whoever asked. Its hooks are off, so
// that no field, UpdatedAt for one, gets a value that the caller did not give.
func openGorm(d dialect, pool gorm.ConnPool) (*gorm.DB, error) {
	g, err := gorm.Open(d.gormOn(pool), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	})
	if err != nil {
		return nil, err
	}
	return g.Session(&gorm.Session{NewDB: true, SkipHooks: true}), nil
}

// Dialect returns SQLite or Postgres.
func (db *DB) Dialect() string { return db.dialect.name() }

// Read returns a handle of the read pool. Writing through it fails.
func (db *DB) Read(ctx context.Context) *gorm.DB { return db.read.WithContext(ctx) }

// Write runs fn in the next transaction of the group-commit writer and returns
// when it is durable. See the package's documentation for what fn and after may do.
// Waiting in the full queue ends with ctx; once fn has started, ctx ends nothing.
func (db *DB) Write(ctx context.Context, fn func(tx *gorm.DB) error, after ...func()) error {
	return db.writer.write(ctx, fn, after)
}

// Ping asks the database for a sign of life, on the reading side.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.readSQL.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Stats returns what the writer has done so far.
func (db *DB) Stats() Stats { return db.writer.stats() }

// Close writes what is queued, ends the writer and closes all connections.
// A Write that comes later is refused.
func (db *DB) Close() error {
	return errors.Join(db.writer.close(), db.readSQL.Close())
}
