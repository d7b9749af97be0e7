package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"rathaus/internal/fault"
)

// Codes of PostgreSQL that are looked at one by one.
const (
	pgUniqueViolation      = "23505"
	pgForeignKeyViolation  = "23503"
	pgSerializationFailure = "40001"
	pgDeadlock             = "40P01"
	pgReadOnlyTransaction  = "25006"
	pgLockNotAvailable     = "55P03"
)

// IsUnique reports whether err says that a value exists already.
func IsUnique(err error) bool {
	switch code, _ := sqliteCode(err); code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return true
	}
	return pgCode(err) == pgUniqueViolation || errors.Is(err, gorm.ErrDuplicatedKey)
}

// IsForeignKey reports whether err says that a row refers to a missing one.
func IsForeignKey(err error) bool {
	code, _ := sqliteCode(err)
	return code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY || pgCode(err) == pgForeignKeyViolation ||
		errors.Is(err, gorm.ErrForeignKeyViolated)
}

// NotFound reports whether err says that there is no such row.
func NotFound(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, sql.ErrNoRows)
}

// isConstraint reports whether the data broke a rule, rather than the database.
func isConstraint(err error) bool {
	code, ok := sqliteCode(err)
	return ok && code&0xff == sqlite3.SQLITE_CONSTRAINT || strings.HasPrefix(pgCode(err), "23")
}

// isBroken reports whether the storage itself is at fault: disk full, file
// read-only, server gone, lock held too long. Trying again at once is no use.
func isBroken(err error) bool {
	if code, ok := sqliteCode(err); ok {
		switch code & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
			sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_NOMEM:
			return true
		}
		return false
	}
	if code := pgCode(err); code != "" {
		return code == pgReadOnlyTransaction || code == pgLockNotAvailable ||
			strings.HasPrefix(code, "53") || strings.HasPrefix(code, "58")
	}
	return false
}

// isLost reports whether the connection to the database is gone.
func isLost(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	if code := pgCode(err); code != "" {
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P")
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, network := errors.AsType[*net.OpError](err)
	return network || pgconn.SafeToRetry(err)
}

// isTransient reports whether the same work may well succeed when done again,
// because another process was in the way.
func isTransient(err error) bool {
	code := pgCode(err)
	return code == pgSerializationFailure || code == pgDeadlock
}

// unavailable is what callers see when the storage is at fault.
func unavailable(cause error) error {
	return fault.Unavailable("storage_unavailable").Because(cause)
}

// translate turns errors of the storage into a fault and leaves all others,
// which are for the caller to understand.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if isBroken(err) || isLost(err) || isTransient(err) {
		return unavailable(err)
	}
	return err
}

func sqliteCode(err error) (int, bool) {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return 0, false
	}
	return e.Code(), true
}

func pgCode(err error) string {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return ""
	}
	return e.Code
}
