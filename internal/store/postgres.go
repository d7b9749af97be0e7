package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// schemaLock is the key of the advisory lock that is held while migrating:
// the letters "rathaus".
const schemaLock = 0x72617468617573

// errGivenUp is what a function gets that went on after a failed statement.
var errGivenUp = errors.New("a statement failed before, so the database has given up the transaction")

type postgresDialect struct {
	config *pgx.ConnConfig
}

func newPostgres(dsn string) (dialect, error) {
	if dsn == "" {
		return nil, errors.New("the PostgreSQL database needs a connection string")
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The parser's own text may repeat the connection string; it
		// masks the password only in forms that it understands.
		return nil, errors.New("the connection string of PostgreSQL is not readable")
	}
	return &postgresDialect{config: config}, nil
}

func (*postgresDialect) name() string { return Postgres }

func (*postgresDialect) begin() string { return "BEGIN" }

// commit looks at what the server did: after a failed statement that the
// function took no notice of, PostgreSQL answers COMMIT with ROLLBACK and
// calls that a success.
func (*postgresDialect) commit(ctx context.Context, p *pinned) error {
	return p.conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("connection of type %T is not of PostgreSQL", driverConn)
		}
		tag, err := c.Conn().Exec(ctx, "COMMIT")
		if err == nil && tag.String() == "ROLLBACK" {
			return errGivenUp
		}
		return err
	})
}

// open opens a pool whose sessions speak UTC and have the given settings.
func (d *postgresDialect) open(connections int, settings map[string]string) *sql.DB {
	config := d.config.Copy()
	config.RuntimeParams["timezone"] = "UTC"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "rathaus"
	}
	maps.Copy(config.RuntimeParams, settings)
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(readUTC))
	db.SetMaxOpenConns(connections)
	return db
}

func (d *postgresDialect) openReaders() (*sql.DB, error) {
	db := d.open(postgresReaders, map[string]string{
		"default_transaction_read_only": "on",
		"statement_timeout":             "30s",
	})
	db.SetMaxIdleConns(idleReaders)
	db.SetConnMaxIdleTime(readerIdleTime)
	return db, nil
}

func (d *postgresDialect) openWriter() (*sql.DB, error) {
	return d.open(1, map[string]string{
		"synchronous_commit":                  "on",
		"statement_timeout":                   "30s",
		"lock_timeout":                        "5s",
		"idle_in_transaction_session_timeout": "60s",
	}), nil
}

func (d *postgresDialect) openMigrator() (*sql.DB, error) {
	return d.open(1, map[string]string{"synchronous_commit": "on", "lock_timeout": "30s"}), nil
}

func (*postgresDialect) gormOn(pool gorm.ConnPool) gorm.Dialector {
	return postgres.New(postgres.Config{Conn: pool})
}

func (d *postgresDialect) lockSchema(ctx context.Context) (func() error, error) {
	db := d.open(1, map[string]string{"lock_timeout": strconv.FormatInt(schemaLockWait.Milliseconds(), 10)})
	if _, err := db.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(schemaLock)); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for another process that changes the database: %w", err), db.Close())
	}
	return db.Close, nil // the lock ends with its session
}

func (*postgresDialect) backup(_ context.Context, _ *sql.DB, version int64, log *slog.Logger) error {
	log.Info("schema of PostgreSQL is about to change; its backup (pg_dump) is the operator's part", "version", version)
	return nil
}

func (*postgresDialect) checkSchema(context.Context, *sql.DB) error { return nil }

// readUTC makes times come back in UTC instead of the zone of the machine.
func readUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name:  "timestamptz",
		OID:   pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}
