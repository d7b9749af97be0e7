package search

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

// docRow is a row of search_docs.
type docRow struct {
	Doc    int64
	Scope  int64
	Ref    string
	At     int64 // milliseconds since 1970
	Author int64
	Flags  int64
	Text   string
}

func (r docRow) place() int64 { return r.Doc & placeMask }

const docColumns = "doc, scope, ref, at, author, flags, text"

func oneDoc(tx *gorm.DB, where string, args ...any) (docRow, bool, error) {
	rows, err := readDocs(tx, where, args...)
	if err != nil || len(rows) == 0 {
		return docRow{}, false, err
	}
	return rows[0], true, nil
}

func readDocs(tx *gorm.DB, where string, args ...any) ([]docRow, error) {
	return readDocsUpTo(math.MaxInt, tx, where, args...)
}

// readDocsUpTo stops after the row with which the texts exceed so many bytes.
func readDocsUpTo(budget int, tx *gorm.DB, where string, args ...any) ([]docRow, error) {
	rows, err := tx.Raw("SELECT "+docColumns+" FROM search_docs WHERE "+where, args...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read documents of the index: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []docRow
	for budget >= 0 && rows.Next() {
		var r docRow
		if err := rows.Scan(&r.Doc, &r.Scope, &r.Ref, &r.At, &r.Author, &r.Flags, &r.Text); err != nil {
			return nil, fmt.Errorf("read documents of the index: %w", err)
		}
		out = append(out, r)
		budget -= len(r.Text)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read documents of the index: %w", err)
	}
	return out, nil
}

func storeDoc(tx *gorm.DB, r docRow) error {
	_, err := store.Exec(tx, `INSERT INTO search_docs (doc, scope, ref, at, author, flags, text) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (doc) DO UPDATE SET ref = excluded.ref, at = excluded.at, author = excluded.author, flags = excluded.flags, text = excluded.text`,
		r.Doc, r.Scope, r.Ref, r.At, r.Author, r.Flags, r.Text)
	if err != nil {
		return fmt.Errorf("put a document into the index: %w", err)
	}
	return nil
}

func deleteDoc(tx *gorm.DB, doc int64) error {
	if err := tx.Exec("DELETE FROM search_docs WHERE doc = ?", doc).Error; err != nil {
		return fmt.Errorf("take a document out of the index: %w", err)
	}
	return nil
}

// nextDoc returns the number behind all documents of the scope.
func nextDoc(tx *gorm.DB, scope int64) (int64, error) {
	var last int64
	err := tx.Raw("SELECT coalesce(max(doc), ?) FROM search_docs WHERE doc >= ? AND doc <= ?",
		scope<<placeBits, scope<<placeBits, scope<<placeBits|placeMask).Row().Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("find a place for a document: %w", err)
	}
	return last + 1, nil
}

// scopeRow is a row of search_scopes.
type scopeRow struct {
	No     int64
	Name   string
	Packed int64
}

func readScopes(tx *gorm.DB, names []string) ([]scopeRow, error) {
	var rows []scopeRow
	if err := tx.Raw("SELECT no, name, packed FROM search_scopes WHERE name IN ?", names).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read scopes of the index: %w", err)
	}
	return rows, nil
}

func readScope(tx *gorm.DB, name string) (scopeRow, bool, error) {
	rows, err := readScopes(tx, []string{name})
	if err != nil || len(rows) == 0 {
		return scopeRow{}, false, err
	}
	return rows[0], true, nil
}

func makeScope(tx *gorm.DB, name string) (scopeRow, error) {
	s, ok, err := readScope(tx, name)
	if err != nil || ok {
		return s, err
	}
	if err := tx.Exec("INSERT INTO search_scopes (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name).Error; err != nil {
		return s, fmt.Errorf("add a scope to the index: %w", err)
	}
	s, _, err = readScope(tx, name)
	return s, err
}

func setPacked(tx *gorm.DB, scope, packed int64) error {
	if err := tx.Exec("UPDATE search_scopes SET packed = ? WHERE no = ?", packed, scope).Error; err != nil {
		return fmt.Errorf("note what is packed: %w", err)
	}
	return nil
}

// deleteScope removes everything of a scope. Its number is not used again.
func deleteScope(tx *gorm.DB, no int64) error {
	for _, sql := range []string{
		"DELETE FROM search_docs WHERE scope = ?", "DELETE FROM search_grams WHERE scope = ?", "DELETE FROM search_scopes WHERE no = ?",
	} {
		if err := tx.Exec(sql, no).Error; err != nil {
			return fmt.Errorf("take a scope out of the index: %w", err)
		}
	}
	return nil
}

func authorNumber(tx *gorm.DB, name string) (int64, error) {
	known, err := readAuthors(tx, "name IN ?", []string{name})
	if err != nil {
		return 0, err
	}
	for no := range known {
		return no, nil
	}
	var no int64
	err = tx.Raw("INSERT INTO search_authors (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING no", name).Row().Scan(&no)
	if err != nil {
		return 0, fmt.Errorf("add an author to the index: %w", err)
	}
	return no, nil
}

func readAuthors(tx *gorm.DB, where string, args ...any) (map[int64]string, error) {
	var rows []struct {
		No   int64
		Name string
	}
	if err := tx.Raw("SELECT no, name FROM search_authors WHERE "+where, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read authors of the index: %w", err)
	}
	out := make(map[int64]string, len(rows))
	for _, r := range rows {
		out[r.No] = r.Name
	}
	return out, nil
}

func readGram(tx *gorm.DB, scope int64, g gram, block int64) (*set, error) {
	var docs [][]byte
	err := tx.Raw("SELECT docs FROM search_grams WHERE scope = ? AND gram = ? AND block = ?", scope, int64(g), block).Scan(&docs).Error
	if err != nil {
		return nil, fmt.Errorf("read letters of the index: %w", err)
	}
	if len(docs) == 0 {
		return new(set), nil
	}
	return decode(docs[0]), nil
}

func writeGram(tx *gorm.DB, scope int64, g gram, block int64, s *set) error {
	docs := s.encode()
	var err error
	if docs == nil {
		err = tx.Exec("DELETE FROM search_grams WHERE scope = ? AND gram = ? AND block = ?", scope, int64(g), block).Error
	} else {
		err = tx.Exec(`INSERT INTO search_grams (scope, gram, block, docs) VALUES (?, ?, ?, ?)
			ON CONFLICT (scope, gram, block) DO UPDATE SET docs = excluded.docs`, scope, int64(g), block, docs).Error
	}
	if err != nil {
		return fmt.Errorf("write letters of the index: %w", err)
	}
	return nil
}

// blockRow is one gram in one block.
type blockRow struct {
	Scope int64
	Gram  int64
	Block int64
	Docs  []byte
}

// spanRow is a stretch of one scope: of blocks, or of documents.
type spanRow struct{ scope, first, last int64 }

// spansTable is spans as a table s of a statement, and its parameter. Statements
// are the same for any number of them, and quick to prepare.
func spansTable(tx *gorm.DB, spans []spanRow) (string, []any) {
	if tx.Name() == store.Postgres {
		lists := [3]numbers{}
		for _, s := range spans {
			lists[0], lists[1], lists[2] = append(lists[0], s.scope), append(lists[1], s.first), append(lists[2], s.last)
		}
		one := "('{' || ? || '}')::bigint[]"
		return "WITH s (scope, lo, hi) AS (SELECT * FROM unnest(" + one + ", " + one + ", " + one + ")) ", []any{lists[0], lists[1], lists[2]}
	}
	b := []byte{'['}
	for _, s := range spans {
		b = fmt.Appendf(b, "[%d,%d,%d],", s.scope, s.first, s.last)
	}
	b[len(b)-1] = ']'
	return "WITH s (scope, lo, hi) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)) ", []any{string(b)}
}

// numbers are a list as one parameter of a statement: an array of PostgreSQL,
// which SQLite reads as JSON.
type numbers []int64

// Value implements driver.Valuer.
func (n numbers) Value() (driver.Value, error) {
	b := make([]byte, 0, 12*len(n)+2)
	for _, v := range n {
		b = append(strconv.AppendInt(b, v, 10), ',')
	}
	return string(bytes.TrimSuffix(b, []byte(","))), nil
}

// among is a condition: a column is one of the numbers that are its parameter.
func among(tx *gorm.DB, column string) string {
	if tx.Name() == store.Postgres {
		return column + " = ANY (('{' || ? || '}')::bigint[])"
	}
	return column + " IN (SELECT value FROM json_each('[' || ? || ']'))"
}

// eachBlock gives the grams of scopes in stretches of blocks. Docs is valid
// until fn returns.
func eachBlock(tx *gorm.DB, spans []spanRow, grams []gram, fn func(blockRow)) error {
	list := make(numbers, len(grams))
	for i, g := range grams {
		list[i] = int64(g)
	}
	for some := range slices.Chunk(spans, spansAtOnce) {
		table, args := spansTable(tx, some)
		rows, err := tx.Raw(table+blocksOf(tx), append(args, list)...).Rows()
		if err != nil {
			return fmt.Errorf("read letters of the index: %w", err)
		}
		err = eachRow(rows, func() error {
			var r blockRow
			var docs sql.RawBytes
			err := rows.Scan(&r.Scope, &r.Gram, &r.Block, &docs)
			if r.Docs = docs; err == nil {
				fn(r)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read letters of the index: %w", err)
		}
	}
	return nil
}

// blocksOf reads grams of the table s. PostgreSQL is told the order, gram by gram
// through the key: its own choice for a table that was small when the statement
// was first seen reads everything of a block.
func blocksOf(tx *gorm.DB) string {
	if tx.Name() == store.Postgres {
		return `SELECT g.scope, g.gram, g.block, g.docs FROM s CROSS JOIN unnest(('{' || ? || '}')::bigint[]) w (gram) CROSS JOIN LATERAL
			(SELECT * FROM search_grams g WHERE g.scope = s.scope AND g.gram = w.gram AND g.block >= s.lo AND g.block <= s.hi OFFSET 0) g`
	}
	return `SELECT g.scope, g.gram, g.block, g.docs FROM s CROSS JOIN search_grams g
		WHERE g.scope = s.scope AND g.gram IN (SELECT value FROM json_each('[' || ? || ']')) AND g.block >= s.lo AND g.block <= s.hi`
}

// spansAtOnce bounds the stretches in one statement.
const spansAtOnce = 400

// eachOfTails gives the documents of stretches that meet the condition of the
// question, the newest first, at most limit if it is above 0.
func (q *question) eachOfTails(spans []spanRow, limit int, fn func(docRow)) error {
	table, args := spansTable(q.tx, spans)
	sql := table + "SELECT " + docColumns + " FROM (SELECT d.* FROM s CROSS JOIN " + tailsOf(q.tx) + q.condition + ") t ORDER BY at DESC, doc DESC"
	args = append(args, q.args...)
	if limit > 0 {
		sql, args = sql+" LIMIT ?", append(args, limit)
	}
	if err := eachDoc(q.tx, sql, args, fn); err != nil {
		return fmt.Errorf("read tails of the index: %w", err)
	}
	return nil
}

// tailsOf are the documents of the table s. PostgreSQL is told to take them through
// the key: its own choice is to sort the whole table by time.
func tailsOf(tx *gorm.DB) string {
	if tx.Name() == store.Postgres {
		return "LATERAL (SELECT * FROM search_docs d WHERE d.doc >= s.lo AND d.doc <= s.hi OFFSET 0) d WHERE 1 = 1"
	}
	return "search_docs d WHERE d.doc >= s.lo AND d.doc <= s.hi"
}

// eachAmong gives those documents of a list that match, in no order.
func (q *question) eachAmong(docs []int64, fn func(hit)) error {
	sql := "SELECT d.doc, d.scope, d.ref, d.at, d.author, d.flags, d.text FROM search_docs d WHERE " + among(q.tx, "d.doc") + q.condition
	err := eachDoc(q.tx, sql, append([]any{numbers(docs)}, q.args...), func(r docRow) {
		if rank, ok := q.holds(r); ok {
			r.Text = ""
			fn(hit{r, rank})
		}
	})
	if err != nil {
		return fmt.Errorf("look at documents of the index: %w", err)
	}
	return nil
}

func eachDoc(tx *gorm.DB, sql string, args []any, fn func(docRow)) error {
	rows, err := tx.Raw(sql, args...).Rows()
	if err != nil {
		return err
	}
	return eachRow(rows, func() error {
		var r docRow
		err := rows.Scan(&r.Doc, &r.Scope, &r.Ref, &r.At, &r.Author, &r.Flags, &r.Text)
		if err == nil {
			fn(r)
		}
		return err
	})
}

// readStretch returns for each scope the first document from a moment on and the
// last one before another; null where there is none.
func readStretch(tx *gorm.DB, spans []spanRow, since, before int64) (out map[int64][2]*int64, err error) {
	out = make(map[int64][2]*int64, len(spans))
	for some := range slices.Chunk(spans, spansAtOnce) {
		table, args := spansTable(tx, some)
		rows, err := tx.Raw(table+`SELECT s.scope,
			(SELECT d.doc FROM search_docs d WHERE d.scope = s.scope AND d.at >= ? ORDER BY d.at LIMIT 1),
			(SELECT d.doc FROM search_docs d WHERE d.scope = s.scope AND d.at < ? ORDER BY d.at DESC LIMIT 1) FROM s`, append(args, since, before)...).Rows()
		if err != nil {
			return nil, fmt.Errorf("find a moment in the index: %w", err)
		}
		err = eachRow(rows, func() error {
			var scope int64
			var ends [2]*int64
			err := rows.Scan(&scope, &ends[0], &ends[1])
			out[scope] = ends
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("find a moment in the index: %w", err)
		}
	}
	return out, nil
}

func eachRow(rows *sql.Rows, row func() error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(); err != nil {
			return err
		}
	}
	return rows.Err()
}
