package search

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Source returns the migrations of the index.
func Source() store.Source {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("search: embedded migrations: " + err.Error())
	}
	return store.Source{Name: "search", FS: files}
}

// Doc is a document on its way into the index. It is named by its scope and
// its place; one without a place, by its scope and Ref.
type Doc struct {
	Scope  string
	Place  int64 // above 0, rising with time; 0: the next one of the scope
	Ref    string
	At     time.Time
	Author string
	Flags  Flags
	Text   string
}

// Index is the index of words. It is safe for concurrent use.
type Index struct {
	db   *store.DB
	log  *slog.Logger
	grow chan string // scopes whose tail may be long; when it is full, they wait for their next document

	mu    sync.Mutex
	fresh map[string]int // documents of a scope since its tail was looked at; guarded by mu

	epoch atomic.Int64 // counts the times it was emptied
}

// waitingScopes bounds the queue of scopes to pack.
const waitingScopes = 1024

// New opens the index. It is emptied first if texts are folded differently now.
func New(ctx context.Context, db *store.DB, log *slog.Logger) (*Index, error) {
	if db == nil || log == nil {
		return nil, errors.New("search: database and log are needed")
	}
	x := &Index{db: db, log: log, grow: make(chan string, waitingScopes), fresh: map[string]int{}}
	return x, x.renew(ctx)
}

const (
	placeBits = 32
	placeMask = 1<<placeBits - 1
)

func at(t time.Time) int64 { return t.UnixMilli() }

// Put takes documents into the index, in place of those of the same name. The
// caller has made sure in tx that they are as it read them, and calls Grown after
// the commit.
func (x *Index) Put(tx *gorm.DB, docs ...Doc) error {
	var last scopeRow
	authors := map[string]int64{}
	for _, d := range docs {
		var err error
		if last.Name != d.Scope {
			if last, err = makeScope(tx, d.Scope); err != nil {
				return err
			}
		}
		no, known := authors[d.Author]
		if !known && d.Author != "" {
			if no, err = authorNumber(tx, d.Author); err != nil {
				return err
			}
			authors[d.Author] = no
		}
		if err := put(tx, last, no, d); err != nil {
			return err
		}
	}
	return nil
}

// Looking at a tail costs far more than counting, so it is done once for
// lookEvery documents; a process that begins anew begins to count anew.
const (
	lookEvery   = 64
	countScopes = 4096 // scopes that are counted at once
)

// Grown says that n documents of a scope were put in, whose tail may need packing.
func (x *Index) Grown(scope string, n int) {
	if !x.worthALook(scope, n) {
		return
	}
	select {
	case x.grow <- scope:
	default:
	}
}

func (x *Index) worthALook(scope string, n int) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.fresh[scope] += n
	if x.fresh[scope] < lookEvery && len(x.fresh) <= countScopes {
		return false
	}
	delete(x.fresh, scope)
	return true
}

func put(tx *gorm.DB, s scopeRow, author int64, d Doc) error {
	r := docRow{Scope: s.No, Ref: d.Ref, At: at(d.At), Author: author, Flags: int64(d.Flags), Text: indexed(d.Text)}
	if place := d.Place & placeMask; place > 0 && place >= s.Packed {
		r.Doc = s.No<<placeBits | place
		return storeDoc(tx, r) // in the tail no gram knows it yet
	}
	old, there, err := find(tx, s, d)
	switch {
	case err != nil:
		return err
	case there:
		r.Doc = old.Doc
	case d.Place > 0:
		r.Doc = s.No<<placeBits | d.Place&placeMask
	default:
		if r.Doc, err = nextDoc(tx, s.No); err != nil {
			return err
		}
	}
	if there && r == old {
		return nil
	}
	if err := storeDoc(tx, r); err != nil {
		return err
	}
	if r.place() >= s.Packed {
		return nil
	}
	var before []gram
	if there {
		before = allGrams(old)
	}
	return regram(tx, r, before, allGrams(r))
}

func find(tx *gorm.DB, s scopeRow, d Doc) (docRow, bool, error) {
	if d.Place > 0 {
		return oneDoc(tx, "doc = ?", s.No<<placeBits|d.Place&placeMask)
	}
	return oneDoc(tx, "scope = ? AND ref = ?", s.No, d.Ref)
}

// regram moves a packed document from its grams so far to those it has now.
func regram(tx *gorm.DB, r docRow, before, after []gram) error {
	for _, g := range before {
		if _, same := slices.BinarySearch(after, g); !same {
			if err := changeGram(tx, r, g, (*set).remove); err != nil {
				return err
			}
		}
	}
	for _, g := range after {
		if _, same := slices.BinarySearch(before, g); !same {
			if err := changeGram(tx, r, g, (*set).add); err != nil {
				return err
			}
		}
	}
	return nil
}

func changeGram(tx *gorm.DB, r docRow, g gram, change func(*set, int64)) error {
	s, err := readGram(tx, r.Scope, g, r.place()>>blockBits)
	if err != nil {
		return err
	}
	change(s, r.place()&(blockSize-1))
	return writeGram(tx, r.Scope, g, r.place()>>blockBits, s)
}

// RemovePlaces takes the documents at these places out of the index. It belongs
// into the transaction that deletes what they stand for.
func RemovePlaces(tx *gorm.DB, scope string, places ...int64) error {
	s, ok, err := readScope(tx, scope)
	if err != nil || !ok {
		return err
	}
	for _, p := range places {
		r, there, err := oneDoc(tx, "doc = ?", s.No<<placeBits|p&placeMask)
		if err == nil && there {
			err = drop(tx, s, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// RemoveUnder is RemovePlaces for the documents whose Ref begins with a prefix.
func RemoveUnder(tx *gorm.DB, scope, prefix string) error {
	s, ok, err := readScope(tx, scope)
	if err != nil || !ok {
		return err
	}
	rows, err := readDocs(tx, "scope = ? AND ref >= ? AND ref < ?", s.No, prefix, prefix+"\U0010FFFF")
	for _, r := range rows {
		if err == nil && strings.HasPrefix(r.Ref, prefix) {
			err = drop(tx, s, r)
		}
	}
	return err
}

func drop(tx *gorm.DB, s scopeRow, r docRow) error {
	if err := deleteDoc(tx, r.Doc); err != nil {
		return err
	}
	if r.place() >= s.Packed {
		return nil
	}
	return regram(tx, r, allGrams(r), nil)
}

// RemoveScope takes a whole scope out of the index.
func RemoveScope(tx *gorm.DB, scope string) error {
	s, ok, err := readScope(tx, scope)
	if err != nil || !ok {
		return err
	}
	return deleteScope(tx, s.No)
}
