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
	maxLookedAt = 20_000 // documents of all scopes, beside their tails
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
	absent
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
	hits, more, err := q.newest(ctx, scopes, limit)
	if err != nil {
		return Matches{}, err
	}
	items, err := q.named(scopes, hits)
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
	looked    int    // documents that the grams led to, so far
	held      int    // those of them that match
	condition string // of a document, in SQL: holds has the last word
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

// holds reports whether a document really matches, and how well: as its worst term.
func (q *question) holds(r docRow) (Rank, bool) {
	if Flags(r.Flags)&q.flags != q.flags || len(q.authors) > 0 && !slices.Contains(q.authors, r.Author) {
		return 0, false
	}
	if r.At < q.since || q.before > 0 && r.At >= q.before || q.only != nil && !q.only(r.Ref) {
		return 0, false
	}
	text := bare(r.Text)
	second := "" // made when it is needed
	worst := WholeWord
	for _, t := range q.terms {
		rank := rankOf(text, t.Plain)
		if rank > WholeWord {
			if second == "" {
				second = collapse(text, nil)
			}
			rank = min(rank, rankOf(second, t.Second))
		}
		if rank == absent {
			return 0, false
		}
		worst = max(worst, rank)
	}
	return worst, true
}

// named turns hits into matches, the best first; hits come the newest first.
func (q *question) named(scopes []scopeRow, hits []hit) ([]Match, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	names := make(map[int64]string, len(scopes))
	for _, s := range scopes {
		names[s.No] = s.Name
	}
	var nos []int64
	for _, h := range hits {
		nos = append(nos, h.Author)
	}
	slices.Sort(nos)
	authors, err := readAuthors(q.tx, "no IN ?", slices.Compact(nos))
	if err != nil {
		return nil, err
	}
	out := make([]Match, len(hits))
	for i, h := range hits {
		out[i] = Match{
			Scope: names[h.Scope], Place: h.place(), Ref: h.Ref, Author: authors[h.Author],
			At: time.UnixMilli(h.At).UTC(), Flags: Flags(h.Flags), Rank: h.rank,
		}
	}
	slices.SortStableFunc(out, func(p, q Match) int { return cmp.Compare(p.Rank, q.Rank) })
	return out, nil
}

// rankOf says how a term stands in a folded text; absent if it does not. The
// term's own spaces, which ask for the edge of a word, must be met.
func rankOf(text, term string) Rank {
	if !strings.Contains(text, term) {
		return absent
	}
	word := strings.TrimSpace(term)
	switch {
	case strings.Contains(text, " "+word+" "):
		return WholeWord
	case strings.Contains(text, " "+word):
		return WordStart
	}
	return Inside
}
