package search

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rathaus/internal/fault"
)

// Limits of a query.
const (
	MaxQuery   = 200 // characters
	maxTerms   = 8   // words or phrases; further ones are left out
	maxFilters = 8   // of one kind
)

// Term is one word or phrase that must occur, in both folded forms. A space at
// its edge asks for the edge of a word.
type Term struct {
	Plain  string
	Second string
}

// Query is what somebody typed.
type Query struct {
	Terms  []Term
	From   []string  // names or ids of authors, any of which will do
	In     []string  // names or ids of rooms, any of which will do
	Since  time.Time // from this moment on
	Before time.Time // up to this moment, which is not included
	Has    Flags     // all of them
	// Unknown are filters whose value means nothing, as they were typed.
	Unknown []string
}

// Empty reports whether nothing is asked.
func (q Query) Empty() bool {
	return len(q.Terms)+len(q.From)+len(q.In)+len(q.Unknown) == 0 && q.Has == 0 && q.Since.IsZero() && q.Before.IsZero()
}

// OnlyText reports whether there is no filter.
func (q Query) OnlyText() bool {
	return len(q.From)+len(q.In)+len(q.Unknown) == 0 && q.Has == 0 && q.Since.IsZero() && q.Before.IsZero()
}

// Parse reads a query: words, "phrases", and filters such as von:Ada in:Bauhof
// vor:1.11. nach:2026-10-01 am:gestern hat:bild. Days are those around now, in
// now's zone.
func Parse(text string, now time.Time) (Query, error) {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > MaxQuery {
		return Query{}, fault.Invalid("search.query_too_long", "max", MaxQuery)
	}
	var q Query
	for rest := text; ; {
		var p piece
		p, rest = nextPiece(rest)
		if p.value == "" && p.filter == "" && rest == "" {
			return q, nil
		}
		q.take(p, now)
	}
}

// piece is one part of a query.
type piece struct {
	filter string // lower case, "" for words
	value  string
	quoted bool
}

// nextPiece cuts the first part off. A quote that does not end reaches to the end.
func nextPiece(text string) (piece, string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	var p piece
	if name, value, ok := strings.Cut(text, ":"); ok && isFilter(strings.ToLower(name)) {
		p.filter, text = strings.ToLower(name), value
	}
	for _, pair := range [][2]string{{`"`, `"`}, {"„", "“"}, {"„", "”"}, {"“", "”"}, {"»", "«"}, {"«", "»"}} {
		inner, ok := strings.CutPrefix(text, pair[0])
		if !ok {
			continue
		}
		end := strings.Index(inner, pair[1])
		if end < 0 && pair[0] != `"` {
			continue
		}
		p.quoted = true
		if end < 0 {
			p.value = inner
			return p, ""
		}
		p.value = inner[:end]
		return p, inner[end+len(pair[1]):]
	}
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	p.value = text[:end]
	return p, text[end:]
}

// The filters in both languages.
var filters = map[string]string{
	"von": "from", "from": "from", "in": "in", "vor": "before", "before": "before", "bis": "until", "until": "until",
	"nach": "after", "after": "after", "seit": "since", "since": "since", "am": "on", "on": "on",
	"hat": "has", "has": "has",
}

func isFilter(name string) bool { return filters[name] != "" }

func (q *Query) take(p piece, now time.Time) {
	if p.filter == "" {
		q.word(p)
		return
	}
	known := true
	switch value := strings.TrimSpace(p.value); filters[p.filter] {
	case "from":
		q.From = appendFew(q.From, strings.TrimPrefix(value, "@"))
	case "in":
		q.In = appendFew(q.In, strings.TrimPrefix(value, "#"))
	case "has":
		var f Flags
		if f, known = hasWords[Fold(value)]; known {
			q.Has |= f
		}
	default:
		known = q.time(filters[p.filter], value, now)
	}
	if !known && len(q.Unknown) < maxFilters {
		q.Unknown = append(q.Unknown, p.filter+":"+p.value)
	}
}

func appendFew(list []string, value string) []string {
	if value == "" || len(list) >= maxFilters {
		return list
	}
	return append(list, value)
}

// time narrows the span. Several filters narrow it together.
func (q *Query) time(filter, value string, now time.Time) bool {
	begin, end, ok := span(value, now)
	if !ok {
		return false
	}
	switch filter {
	case "after":
		q.since(end)
	case "since":
		q.since(begin)
	case "before":
		q.before(begin)
	case "until":
		q.before(end)
	case "on":
		q.since(begin)
		q.before(end)
	}
	return true
}

func (q *Query) since(t time.Time) {
	if q.Since.IsZero() || t.After(q.Since) {
		q.Since = t
	}
}

func (q *Query) before(t time.Time) {
	if q.Before.IsZero() || t.Before(q.Before) {
		q.Before = t
	}
}

// word adds a word or phrase. Quoted, it stands for whole words. One letter is
// a word, two letters begin one: more would be found everywhere.
func (q *Query) word(p piece) {
	folded := Fold(p.value)
	if folded == "" || len(q.Terms) >= maxTerms {
		return
	}
	second := collapse(folded, nil)
	q.Terms = append(q.Terms, Term{Plain: edged(folded, p.quoted), Second: edged(second, p.quoted)})
}

func edged(s string, whole bool) string {
	switch n := utf8.RuneCountInString(s); {
	case whole, n == 1:
		return " " + s + " "
	case n == 2:
		return " " + s
	}
	return s
}
