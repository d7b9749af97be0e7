package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"sync"
)

// preparedLimit bounds the statements that stay prepared on the writing
// connection; beyond it all are dropped and made anew as they come.
const preparedLimit = 256

// errOwnTransaction is what a function given to Write gets when it tries to
// end the transaction that it shares with others.
var errOwnTransaction = errors.New("the transaction belongs to the writer; return an error to undo your part")

// pinned is the one writing connection as gorm sees it: always inside a
// transaction that somebody else commits, so that gorm's own Transaction
// becomes a savepoint. Statements stay prepared across transactions, which
// database/sql does not do by itself. Only the writer's goroutine uses it.
type pinned struct {
	conn *sql.Conn
	// prepare is off where the driver keeps its own cache.
	prepare bool

	mu       sync.Mutex
	prepared map[string]*sql.Stmt // guarded by mu
}

func newPinned(conn *sql.Conn, prepare bool) *pinned {
	return &pinned{conn: conn, prepare: prepare, prepared: make(map[string]*sql.Stmt)}
}

// PrepareContext implements gorm.ConnPool.
func (p *pinned) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.conn.PrepareContext(ctx, query)
}

// ExecContext implements gorm.ConnPool.
func (p *pinned) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := p.stmt(ctx, query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return p.conn.ExecContext(ctx, query, args...)
}

// QueryContext implements gorm.ConnPool.
func (p *pinned) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := p.stmt(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return p.conn.QueryContext(ctx, query, args...)
}

// QueryRowContext implements gorm.ConnPool.
func (p *pinned) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := p.stmt(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return p.conn.QueryRowContext(ctx, query, args...)
}

// Commit refuses: the writer commits.
func (*pinned) Commit() error { return errOwnTransaction }

// Rollback refuses: the writer rolls back.
func (*pinned) Rollback() error { return errOwnTransaction }

// stmt returns the prepared form of query, or nil when it should be run as it
// is; a query that does not parse then gives its error in the right place.
func (p *pinned) stmt(ctx context.Context, query string) *sql.Stmt {
	if !p.prepare || isSavepoint(query) {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := p.prepared[query]; ok {
		return s
	}
	if len(p.prepared) >= preparedLimit {
		p.forget()
	}
	s, err := p.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	p.prepared[query] = s
	return s
}

// forget closes all prepared statements. The caller holds mu. A statement
// that fails to close is gone all the same.
func (p *pinned) forget() {
	for query, s := range p.prepared {
		_ = s.Close()
		delete(p.prepared, query)
	}
}

// close gives the connection back to its pool.
func (p *pinned) close() error {
	p.mu.Lock()
	p.forget()
	p.mu.Unlock()
	return p.conn.Close()
}

// discard ends the connection for good, so that its pool opens a new one. What
// goes wrong while ending a broken connection has no one to tell.
func (p *pinned) discard() {
	p.mu.Lock()
	p.forget() // before the connection, of which they are parts
	p.mu.Unlock()
	_ = p.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = p.conn.Close()
}

// isSavepoint reports whether query names a savepoint; gorm gives each a new
// name, so keeping them prepared would only fill the cache.
func isSavepoint(query string) bool {
	return strings.HasPrefix(query, "SAVEPOINT ") || strings.HasPrefix(query, "ROLLBACK ") || strings.HasPrefix(query, "RELEASE ")
}
