package search

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"gorm.io/gorm"
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
	err := tx.Exec(`INSERT INTO search_docs (doc, scope, ref, at, author, flags, text) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (doc) DO UPDATE SET ref = excluded.ref, at = excluded.at, author = excluded.author, flags = excluded.flags, text = excluded.text`,
		r.Doc, r.Scope, r.Ref, r.At, r.Author, r.Flags, r.Text).Error
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

// spansTable is spans as a table s of a statement, and its parameters.
func spansTable(spans []spanRow) (string, []any) {
	args := make([]any, 0, 3*len(spans))
	for _, s := range spans {
		args = append(args, s.scope, s.first, s.last)
	}
	one := ", (?, ?, ?)"
	return "WITH s (scope, lo, hi) AS (VALUES (CAST(? AS bigint), CAST(? AS bigint), CAST(? AS bigint))" + strings.Repeat(one, len(spans)-1) + ") ", args
}

// readBlocks returns the grams of scopes in stretches of blocks.
func readBlocks(tx *gorm.DB, spans []spanRow, grams []gram) (out []blockRow, err error) {
	for some := range slices.Chunk(spans, spansAtOnce) {
		table, args := spansTable(some)
		rows, err := tx.Raw(table+`SELECT g.scope, g.gram, g.block, g.docs FROM s CROSS JOIN search_grams g
			WHERE g.scope = s.scope AND g.gram IN ? AND g.block >= s.lo AND g.block <= s.hi`, append(args, grams)...).Rows()
		if err != nil {
			return nil, fmt.Errorf("read letters of the index: %w", err)
		}
		err = eachRow(rows, func() error {
			var r blockRow
			err := rows.Scan(&r.Scope, &r.Gram, &r.Block, &r.Docs)
			out = append(out, r)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read letters of the index: %w", err)
		}
	}
	return out, nil
}

// spansAtOnce bounds the stretches in one statement.
const spansAtOnce = 400

// readTails returns the documents of stretches that meet a condition, the newest first.
func readTails(tx *gorm.DB, spans []spanRow, condition string, more []any) (out []head, err error) {
	for some := range slices.Chunk(spans, spansAtOnce) {
		table, args := spansTable(some)
		rows, err := tx.Raw(table+"SELECT d.doc, d.at FROM s CROSS JOIN search_docs d WHERE d.doc >= s.lo AND d.doc <= s.hi"+condition+
			" ORDER BY d.at DESC, d.doc DESC", append(args, more...)...).Rows()
		if err != nil {
			return nil, fmt.Errorf("read tails of the index: %w", err)
		}
		err = eachRow(rows, func() error {
			var h head
			err := rows.Scan(&h.doc, &h.at)
			out = append(out, h)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read tails of the index: %w", err)
		}
	}
	return out, nil
}

// readHeads returns the times of documents, in no order.
func readHeads(tx *gorm.DB, docs []int64) (out []head, err error) {
	rows, err := tx.Raw("SELECT doc, at FROM search_docs WHERE doc IN ?", docs).Rows()
	if err != nil {
		return nil, fmt.Errorf("read times of documents: %w", err)
	}
	err = eachRow(rows, func() error {
		var h head
		err := rows.Scan(&h.doc, &h.at)
		out = append(out, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read times of documents: %w", err)
	}
	return out, nil
}

// readStretch returns for each scope the first document from a moment on and the
// last one before another; null where there is none.
func readStretch(tx *gorm.DB, spans []spanRow, since, before int64) (out map[int64][2]*int64, err error) {
	out = make(map[int64][2]*int64, len(spans))
	for some := range slices.Chunk(spans, spansAtOnce) {
		table, args := spansTable(some)
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
