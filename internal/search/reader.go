package search

import (
	"slices"
	"strings"
)

// prepare works out which grams the blocks are asked for, and the condition of
// the tails.
func (q *question) prepare() {
	var b strings.Builder
	for _, t := range q.terms {
		plain, second := someGrams(t.Plain), gramsOfWords(t.Second)
		if t.Second == t.Plain || len(second) == 0 {
			second = nil
		}
		q.groups = append(q.groups, plain, second)
		b.WriteString(" AND (" + q.contains + "(text, ?) > 0")
		q.args = append(q.args, t.Plain)
		if t.Second != t.Plain {
			b.WriteString(" OR (1 = 1")
			for _, w := range pieces(t.Second) {
				b.WriteString(" AND " + q.contains + "(text, ?) > 0")
				q.args = append(q.args, w)
			}
			b.WriteString(")")
		}
		b.WriteString(")")
	}
	for _, g := range q.flags.grams() {
		q.groups = append(q.groups, []gram{g}, nil)
	}
	if q.flags != 0 {
		b.WriteString(" AND flags & ? = ?")
		q.args = append(q.args, int64(q.flags), int64(q.flags))
	}
	if len(q.authors) > 0 {
		b.WriteString(" AND author IN ?")
		q.args = append(q.args, q.authors)
	}
	q.condition = b.String()
	for _, g := range q.groups {
		q.grams = append(q.grams, g...)
	}
	for _, no := range q.authors {
		q.grams = append(q.grams, authorGram(no))
	}
	slices.Sort(q.grams)
	q.grams = slices.Compact(q.grams)
}

// pieces parts the second form of a phrase into words, which do not stand
// beside each other in the index.
func pieces(s string) []string {
	if words := strings.Fields(s); len(words) > 1 {
		return words
	}
	return []string{s}
}

// gramsOfWords is someGrams for the second form.
func gramsOfWords(s string) []gram {
	var out []gram
	for _, w := range pieces(s) {
		out = append(out, someGrams(w)...)
	}
	return out
}

// match returns the places of one block that hold the grams of the question.
func (q *question) match(grams map[gram]*set) *set {
	all := new(set)
	for i := range all {
		all[i] = ^uint64(0)
	}
	for i := 0; i < len(q.groups); i += 2 {
		one := conjunction(q.groups[i], grams)
		if second := q.groups[i+1]; second != nil {
			one.or(conjunction(second, grams))
		}
		all.and(one)
	}
	if len(q.authors) > 0 {
		some := new(set)
		for _, no := range q.authors {
			if s := grams[authorGram(no)]; s != nil {
				some.or(s)
			}
		}
		all.and(some)
	}
	return all
}

func conjunction(wanted []gram, grams map[gram]*set) *set {
	out := new(set)
	for i, g := range wanted {
		s := grams[g]
		switch {
		case s == nil:
			return new(set)
		case i == 0:
			*out = *s
		default:
			out.and(s)
		}
	}
	return out
}

// reader gives the matching documents of one scope, the newest first.
type reader struct {
	q     *question
	scope scopeRow
	rows  []docRow // that match, not taken yet

	begun       bool
	first, last int64   // places to look at
	places      []int64 // that hold the grams, not looked at yet
	block       int64   // blocks from here downwards are not asked yet
	chunk       int
	givenUp     bool // looked at too many
}

func (q *question) reader(s scopeRow) *reader {
	return &reader{q: q, scope: s, last: placeMask, chunk: firstChunk}
}

// fill makes sure that the next document is there, if there is one.
func (r *reader) fill() error {
	for len(r.rows) == 0 {
		var err error
		switch {
		case !r.begun:
			err = r.begin()
		case r.q.looked > maxLookedAt:
			r.givenUp = r.givenUp || len(r.places) > 0 || r.block >= 0
			return nil
		case len(r.places) > 0:
			err = r.look()
		case r.block >= r.first>>blockBits:
			err = r.ask()
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin finds the stretch of the scope and looks through its tail.
func (r *reader) begin() error {
	r.begun, r.block = true, -1
	if err := r.narrow(); err != nil || r.first > r.last {
		return err
	}
	r.block = min(r.last, r.scope.Packed-1) >> blockBits
	from := max(r.first, r.scope.Packed)
	if from > r.last {
		return nil
	}
	base := r.scope.No << placeBits
	args := append([]any{base | from, base | r.last}, r.q.args...)
	rows, err := readDocs(r.q.tx, "doc >= ? AND doc <= ?"+r.q.condition+" ORDER BY at DESC, doc DESC", args...)
	for _, row := range rows {
		if r.q.holds(row) {
			r.rows = append(r.rows, row)
		}
	}
	return err
}

// narrow turns moments into places. The places of a scope rise with time where the
// feed gives them; elsewhere the moments are looked at once more in holds.
func (r *reader) narrow() error {
	if !r.q.ordered {
		return nil
	}
	if r.q.since > 0 {
		place, there, err := placeAt(r.q.tx, r.scope.No, r.q.since, false)
		if err != nil {
			return err
		}
		r.first = place
		if !there {
			r.last = -1
		}
	}
	if r.q.before > 0 {
		place, there, err := placeAt(r.q.tx, r.scope.No, r.q.before, true)
		if err != nil {
			return err
		}
		r.last = min(r.last, place)
		if !there {
			r.last = -1
		}
	}
	return nil
}

// ask reads the next block, and all others after that.
func (r *reader) ask() error {
	low := r.first >> blockBits
	if r.chunk == firstChunk {
		low = max(low, r.block)
	}
	if len(r.q.grams) == 0 {
		low = r.block // everything matches: one block is enough for now
	}
	rows, err := readBlocks(r.q.tx, r.scope.No, r.q.grams, low, r.block)
	if err != nil {
		return err
	}
	blocks := map[int64]map[gram]*set{}
	for _, row := range rows {
		if blocks[row.Block] == nil {
			blocks[row.Block] = map[gram]*set{}
		}
		blocks[row.Block][gram(row.Gram)] = decode(row.Docs)
	}
	for b := r.block; b >= low; b-- {
		if blocks[b] == nil && len(r.q.grams) > 0 {
			continue
		}
		for _, p := range r.q.match(blocks[b]).places() {
			if place := b<<blockBits | p; place >= r.first && place <= r.last && place < r.scope.Packed {
				r.places = append(r.places, place)
			}
		}
	}
	r.block = low - 1
	r.chunk = max(r.chunk, firstChunk+1)
	return nil
}

// look reads the texts of the next places.
func (r *reader) look() error {
	n := min(r.chunk, len(r.places))
	docs := make([]int64, n)
	for i, p := range r.places[:n] {
		docs[i] = r.scope.No<<placeBits | p
	}
	r.places, r.chunk = r.places[n:], laterChunk
	rows, err := readDocs(r.q.tx, "doc IN ? ORDER BY at DESC, doc DESC", docs)
	for _, row := range rows {
		if r.q.holds(row) {
			r.rows = append(r.rows, row)
		}
	}
	return err
}
