package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

// Bounds of the work for one question.
const (
	MaxMatches  = 200 // documents of one answer
	maxScopes   = 1200
	firstChunk  = 6      // documents of each scope whose time is asked for first, then
	laterChunk  = 160    // so many at once
	maxLookedAt = 20_000 // documents of all scopes
)

// Ask says what is looked for. The scopes are those that the person may read:
// nothing else is looked at.
type Ask struct {
	Scopes  []string
	Terms   []Term
	Authors []string // any of these; none means everybody
	Since   time.Time
	Before  time.Time
	Flags   Flags             // all of these
	Ordered bool              // places of the scopes rise with time, so that a span of time is found by them
	Only    func(string) bool // which documents of the scopes, by their Ref; nil: all
	Limit   int               // documents wanted; at most MaxMatches
}

// Rank says how well a document matches; lower is better.
type Rank int

// The ranks: all terms are words of it, or begin its words, or stand inside them.
const (
	WholeWord Rank = iota
	WordStart
	Inside
)

// Match is a document that was found.
type Match struct {
	Scope  string
	Place  int64
	Ref    string
	Author string
	At     time.Time
	Flags  Flags
	Rank   Rank
}

// Matches are the newest documents that match, the best first. More says that
// there may be further, older ones.
type Matches struct {
	Items []Match
	More  bool
}

// Find returns what matches.
func (x *Index) Find(ctx context.Context, ask Ask) (Matches, error) {
	limit := ask.Limit
	if limit <= 0 || limit > MaxMatches {
		limit = MaxMatches
	}
	cut := len(ask.Scopes) > maxScopes
	if cut {
		ask.Scopes = ask.Scopes[:maxScopes]
	}
	if len(ask.Scopes) == 0 {
		return Matches{}, nil
	}
	q, ok, err := x.question(ctx, ask)
	if err != nil || !ok {
		return Matches{}, err
	}
	scopes, err := readScopes(q.tx, ask.Scopes)
	if err != nil {
		return Matches{}, err
	}
	rows, more, err := q.newest(ctx, scopes, limit)
	if err != nil {
		return Matches{}, err
	}
	items, err := q.ranked(scopes, rows)
	return Matches{Items: items, More: more || cut}, err
}

// question is what is asked, in the numbers of the index.
type question struct {
	tx        *gorm.DB
	contains  string // the function of the database
	terms     []Term
	authors   []int64
	flags     Flags
	since     int64
	before    int64 // 0: no end
	only      func(string) bool
	groups    [][]gram // of each only one must be there; see blocks
	grams     []gram   // all that are read
	ordered   bool
	looked    int    // texts so far
	condition string // of a tail, in SQL
	args      []any
}

// question returns false if nothing can match.
func (x *Index) question(ctx context.Context, ask Ask) (*question, bool, error) {
	q := &question{tx: x.db.Read(ctx), terms: ask.Terms, flags: ask.Flags, only: ask.Only, ordered: ask.Ordered, contains: "instr"}
	if x.db.Dialect() == store.Postgres {
		q.contains = "strpos"
	}
	if !ask.Since.IsZero() {
		q.since = at(ask.Since)
	}
	if !ask.Before.IsZero() {
		q.before = at(ask.Before)
		if q.before <= q.since {
			return q, false, nil
		}
	}
	if len(ask.Authors) > 0 {
		known, err := readAuthors(q.tx, "name IN ?", ask.Authors)
		if err != nil || len(known) == 0 {
			return q, false, err
		}
		for no := range known {
			q.authors = append(q.authors, no)
		}
		slices.Sort(q.authors)
	}
	q.prepare()
	return q, true, nil
}

// holds reports whether a document really matches.
func (q *question) holds(r docRow) bool {
	if Flags(r.Flags)&q.flags != q.flags || len(q.authors) > 0 && !slices.Contains(q.authors, r.Author) {
		return false
	}
	if r.At < q.since || q.before > 0 && r.At >= q.before || q.only != nil && !q.only(r.Ref) {
		return false
	}
	text := bare(r.Text)
	second := ""
	for _, t := range q.terms {
		if strings.Contains(text, t.Plain) {
			continue
		}
		if second == "" {
			second = collapse(text, nil)
		}
		if !strings.Contains(second, t.Second) {
			return false
		}
	}
	return true
}

// ranked turns rows into matches, the best first; rows come the newest first.
func (q *question) ranked(scopes []scopeRow, rows []docRow) ([]Match, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	names := make(map[int64]string, len(scopes))
	for _, s := range scopes {
		names[s.No] = s.Name
	}
	var nos []int64
	for _, r := range rows {
		nos = append(nos, r.Author)
	}
	slices.Sort(nos)
	authors, err := readAuthors(q.tx, "no IN ?", slices.Compact(nos))
	if err != nil {
		return nil, err
	}
	out := make([]Match, len(rows))
	for i, r := range rows {
		out[i] = Match{
			Scope: names[r.Scope], Place: r.place(), Ref: r.Ref, Author: authors[r.Author],
			At: time.UnixMilli(r.At).UTC(), Flags: Flags(r.Flags), Rank: q.rank(r),
		}
	}
	slices.SortStableFunc(out, func(p, q Match) int { return cmp.Compare(p.Rank, q.Rank) })
	return out, nil
}

// rank says how well the text matches: as its worst term.
func (q *question) rank(r docRow) Rank {
	text := bare(r.Text)
	second := collapse(text, nil)
	worst := WholeWord
	for _, t := range q.terms {
		worst = max(worst, min(rankOf(text, t.Plain), rankOf(second, t.Second)))
	}
	return worst
}

func rankOf(text, term string) Rank {
	word := strings.TrimSpace(term)
	switch {
	case strings.Contains(text, " "+word+" "):
		return WholeWord
	case strings.Contains(text, " "+word):
		return WordStart
	}
	return Inside
}
