// Package store opens the one database of the house, SQLite or PostgreSQL, and
// is the only place that knows which of the two it is.
//
// # Reading and writing
//
// [DB.Read] gives a handle of the read pool. [DB.Write] is the only way to
// change anything: it hands a function to the group-commit writer. One
// goroutine owns the one writing connection; whatever is waiting when it comes
// round shares one transaction and one fsync. Write returns when the commit is
// on the disk, so an acknowledgement sent after Write is a durable one.
//
// A function given to Write may run more than once: when a neighbour in the
// same transaction fails, the transaction is rolled back and run again, so the
// function has no effects outside its tx and sets its outputs anew each time.
// It must not call Write itself, because the one writer would wait for itself;
// what belongs to the same transaction takes the tx as an argument. The after
// functions run once, after the commit, in commit order, on the writer's
// goroutine: they are quick and never block.
//
// # The two dialects
//
// SQL written by hand uses `?` and what both dialects know: RETURNING,
// ON CONFLICT, window functions, recursive queries. Identifiers are `text`, times are
// `timestamp` on SQLite and `timestamptz` on PostgreSQL, both in UTC with
// microseconds. On SQLite an aggregate of a time (max(at)) comes back as text,
// because the type is known only for plain columns: order and limit instead.
// Hooks and automatic times of gorm are off: times come from the clock.
// Rows must not run the very statement they iterate over. Driver errors are
// told apart here only: [IsUnique], [IsForeignKey], [NotFound].
//
// # Migrations
//
// Every module brings SQL files, one folder for each dialect; [DB.Migrate] runs
// the pending ones of all modules in order of their number, each in a
// transaction, under a lock that keeps a second process waiting. There is no way back;
// before the first pending one a filled SQLite database is copied to
// backups/. A database with migrations that this program does not know is
// refused.
package store
