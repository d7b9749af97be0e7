package search

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
)

// readAtOnce bounds the parameters of one statement.
const readAtOnce = 400

// verifyAtOnce bounds the texts that are read before looking whether they are enough.
const verifyAtOnce = 1600

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
		b.WriteString(" AND (" + q.contains + "(d.text, ?) > 0")
		q.args = append(q.args, t.Plain)
		if t.Second != t.Plain {
			b.WriteString(" OR (1 = 1")
			for _, w := range pieces(t.Second) {
				b.WriteString(" AND " + q.contains + "(d.text, ?) > 0")
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
		b.WriteString(" AND d.flags & ? = ?")
		q.args = append(q.args, int64(q.flags), int64(q.flags))
	}
	if len(q.authors) > 0 {
		b.WriteString(" AND d.author IN ?")
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

// reader gives the numbers of documents of one scope that seem to match, the newest first.
type reader struct {
	scope       scopeRow
	first, last int64   // places to look at
	heads       []head  // the next ones
	places      []int64 // after them, of which the time is not known yet
	block       int64   // blocks from here downwards are not asked yet
	begun       bool    // the newest block has been asked
}

// head is a document and its time.
type head struct{ doc, at int64 }

func (r *reader) oldestBlock() int64 { return r.first >> blockBits }

// done reports whether there is nothing more.
func (r *reader) done() bool {
	return len(r.heads) == 0 && len(r.places) == 0 && r.block < r.oldestBlock()
}

// newest returns the newest documents of the scopes that match, up to limit, and
// whether there may be more.
func (q *question) newest(ctx context.Context, scopes []scopeRow, limit int) ([]docRow, bool, error) {
	readers, err := q.readers(scopes)
	if err != nil {
		return nil, false, err
	}
	var out []docRow
	for n := limit + 1; ; n = min(2*n, verifyAtOnce) {
		// Where few of the documents really match, more of them are read at once.
		docs, err := q.merge(readers, n)
		if err != nil || ctx.Err() != nil {
			return nil, false, errors.Join(err, ctx.Err())
		}
		rows, err := q.verified(docs)
		if err != nil {
			return nil, false, err
		}
		out = append(out, rows...)
		switch {
		case len(out) > limit:
			return out[:limit], true, nil
		case q.looked > maxLookedAt:
			return out, slices.ContainsFunc(readers, func(r *reader) bool { return !r.done() }), nil
		case len(docs) == 0:
			return out, false, nil
		}
	}
}

// verified reads documents and keeps those that really match, in order.
func (q *question) verified(docs []int64) ([]docRow, error) {
	var out []docRow
	for chunk := range slices.Chunk(docs, readAtOnce) {
		rows, err := readDocs(q.tx, "doc IN ?", chunk)
		if err != nil {
			return nil, err
		}
		byDoc := make(map[int64]docRow, len(rows))
		for _, r := range rows {
			byDoc[r.Doc] = r
		}
		for _, doc := range chunk {
			if r, ok := byDoc[doc]; ok && q.holds(r) {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// merge takes the newest n documents off the readers.
func (q *question) merge(readers []*reader, n int) ([]int64, error) {
	var out []int64
	for len(out) < n && q.looked <= maxLookedAt {
		if err := q.fill(readers); err != nil {
			return nil, err
		}
		var best *reader
		for _, r := range readers {
			if len(r.heads) > 0 && (best == nil || later(r.heads[0], best.heads[0])) {
				best = r
			}
		}
		if best == nil {
			return out, nil
		}
		out = append(out, best.heads[0].doc)
		best.heads = best.heads[1:]
	}
	return out, nil
}

func later(a, b head) bool {
	if a.at != b.at {
		return a.at > b.at
	}
	return a.doc > b.doc
}

// fill makes sure that every reader that is not done has its next document. All
// of them ask the database together.
func (q *question) fill(readers []*reader) error {
	for {
		var blocks, times []*reader
		for _, r := range readers {
			switch {
			case len(r.heads) > 0 || r.done():
			case len(r.places) > 0:
				times = append(times, r)
			default:
				blocks = append(blocks, r)
			}
		}
		if len(blocks)+len(times) == 0 || q.looked > maxLookedAt {
			return nil
		}
		if err := q.askBlocks(blocks); err != nil {
			return err
		}
		if err := q.askTimes(times); err != nil {
			return err
		}
	}
}

// readers makes the readers, with what their tails hold.
func (q *question) readers(scopes []scopeRow) ([]*reader, error) {
	readers := make([]*reader, 0, len(scopes))
	for _, s := range scopes {
		readers = append(readers, &reader{scope: s, last: placeMask})
	}
	if q.ordered && (q.since > 0 || q.before > 0) {
		if err := q.narrow(readers); err != nil {
			return nil, err
		}
	}
	readers = slices.DeleteFunc(readers, func(r *reader) bool { return r.first > r.last })
	for _, r := range readers {
		r.block = min(r.last, r.scope.Packed-1) >> blockBits
	}
	return readers, q.askTails(readers)
}

// askBlocks reads the newest block of readers that have asked for none, and all
// others of those that have.
func (q *question) askBlocks(readers []*reader) error {
	if len(readers) == 0 {
		return nil
	}
	byScope := make(map[int64]*reader, len(readers))
	spans := make([]spanRow, len(readers))
	for i, r := range readers {
		low := r.oldestBlock()
		if !r.begun || len(q.grams) == 0 {
			low = max(low, r.block)
		}
		spans[i] = spanRow{r.scope.No, low, r.block}
		byScope[r.scope.No] = r
	}
	rows, err := readBlocks(q.tx, spans, q.grams)
	if err != nil {
		return err
	}
	type place struct{ scope, block int64 }
	blocks := map[place]map[gram]*set{}
	for _, row := range rows {
		at := place{row.Scope, row.Block}
		if blocks[at] == nil {
			blocks[at] = map[gram]*set{}
		}
		blocks[at][gram(row.Gram)] = decode(row.Docs)
	}
	for _, s := range spans {
		r := byScope[s.scope]
		for b := s.last; b >= s.first; b-- {
			grams := blocks[place{s.scope, b}]
			if grams == nil && len(q.grams) > 0 {
				continue
			}
			for _, p := range q.match(grams).places() {
				if at := b<<blockBits | p; at >= r.first && at <= r.last && at < r.scope.Packed {
					r.places = append(r.places, at)
				}
			}
		}
		r.begun, r.block = true, s.first-1
	}
	return nil
}

// askTimes turns the next places of readers into heads.
func (q *question) askTimes(readers []*reader) error {
	chunk := laterChunk
	if len(readers) > 1 {
		chunk = firstChunk
	}
	byScope := make(map[int64]*reader, len(readers))
	var docs []int64
	for _, r := range readers {
		n := min(chunk, len(r.places))
		for _, p := range r.places[:n] {
			docs = append(docs, r.scope.No<<placeBits|p)
		}
		r.places = r.places[n:]
		byScope[r.scope.No] = r
	}
	for some := range slices.Chunk(docs, readAtOnce) {
		heads, err := readHeads(q.tx, some)
		if err != nil {
			return err
		}
		q.looked += len(some)
		for _, h := range heads {
			r := byScope[h.doc>>placeBits]
			r.heads = append(r.heads, h)
		}
	}
	for _, r := range readers {
		slices.SortFunc(r.heads, func(a, b head) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.doc, a.doc)) })
	}
	return nil
}

// askTails reads what matches behind the packed part of each scope.
func (q *question) askTails(readers []*reader) error {
	byScope := make(map[int64]*reader, len(readers))
	var spans []spanRow
	for _, r := range readers {
		base := r.scope.No << placeBits
		if from := max(r.first, r.scope.Packed); from <= r.last {
			spans = append(spans, spanRow{r.scope.No, base | from, base | r.last})
			byScope[r.scope.No] = r
		}
	}
	if len(spans) == 0 {
		return nil
	}
	heads, err := readTails(q.tx, spans, q.condition, q.args)
	for _, h := range heads {
		r := byScope[h.doc>>placeBits]
		r.heads = append(r.heads, h)
	}
	return err
}

// narrow turns moments into places.
func (q *question) narrow(readers []*reader) error {
	spans := make([]spanRow, len(readers))
	for i, r := range readers {
		spans[i] = spanRow{scope: r.scope.No}
	}
	if len(spans) == 0 {
		return nil
	}
	before := q.before
	if before == 0 {
		before = math.MaxInt64
	}
	ends, err := readStretch(q.tx, spans, q.since, before)
	if err != nil {
		return err
	}
	for _, r := range readers {
		e := ends[r.scope.No]
		if e[0] == nil || e[1] == nil {
			r.first, r.last = 1, 0
			continue
		}
		r.first, r.last = *e[0]&placeMask, *e[1]&placeMask
	}
	return nil
}
