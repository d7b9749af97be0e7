package store

import (
	"database/sql"
	"strconv"
	"strings"
	"sync"

	"gorm.io/gorm"
)

// Exec runs one changing statement on the connection of tx without gorm's way
// there, and returns how many rows it touched. It is for the few statements
// that run for every message; args are bound to the question marks in order.
func Exec(tx *gorm.DB, query string, args ...any) (int64, error) {
	res, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, placed(tx, query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Row runs a statement that gives one row back, in the same direct way. A
// missing row is an error for which NotFound is true.
func Row(tx *gorm.DB, query string, args ...any) *sql.Row {
	return tx.Statement.ConnPool.QueryRowContext(tx.Statement.Context, placed(tx, query), args...)
}

// numbered keeps the forms of statements for PostgreSQL. The statements are
// constants of the program, so it stays as small as they are few.
var numbered sync.Map // of string to string

// placed returns query with the placeholders of the database.
func placed(tx *gorm.DB, query string) string {
	if tx.Name() != Postgres {
		return query
	}
	if q, ok := numbered.Load(query); ok {
		return q.(string) //nolint:forcetypeassert // the map holds nothing else
	}
	q := number(query)
	numbered.Store(query, q)
	return q
}

// number replaces question marks by $1, $2 and so on.
func number(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = after
	}
}
