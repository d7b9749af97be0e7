package search

import (
	"math"
	"slices"
)

// readAtOnce bounds the documents in one statement.
const readAtOnce = 500

// moreBlocks is by how much a reader asks for more blocks each time.
const moreBlocks = 4

// askBlocks asks the next blocks of readers for the places that may match.
func (q *question) askBlocks(readers []*reader) error {
	if len(readers) == 0 {
		return nil
	}
	spans := make([]spanRow, len(readers))
	for i, r := range readers {
		spans[i] = spanRow{r.scope.No, max(r.oldestBlock(), r.block-r.blocks+1), r.block}
	}
	type place struct{ scope, block int64 }
	blocks := map[place]map[gram]*set{}
	if len(q.grams) > 0 {
		err := eachBlock(q.tx, spans, q.grams, func(row blockRow) {
			at := place{row.Scope, row.Block}
			if blocks[at] == nil {
				blocks[at] = make(map[gram]*set, len(q.grams))
			}
			blocks[at][gram(row.Gram)] = decode(row.Docs)
		})
		if err != nil {
			return err
		}
	}
	for i, s := range spans {
		r := readers[i]
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
		r.block, r.blocks = s.first-1, r.blocks*moreBlocks
	}
	return nil
}

// askTexts looks at the next so many places of each reader and keeps what matches.
func (q *question) askTexts(readers []*reader, share int) error {
	byScope := make(map[int64]*reader, len(readers))
	var docs []int64
	for _, r := range readers {
		n := min(share, len(r.places))
		for _, p := range r.places[:n] {
			docs = append(docs, r.scope.No<<placeBits|p)
		}
		r.places = r.places[n:]
		byScope[r.scope.No] = r
	}
	q.looked += len(docs)
	for some := range slices.Chunk(docs, readAtOnce) {
		if err := q.eachAmong(some, func(h hit) {
			q.held++
			r := byScope[h.Scope]
			r.hits = append(r.hits, h)
		}); err != nil {
			return err
		}
	}
	for _, r := range readers {
		slices.SortFunc(r.hits, later)
	}
	return nil
}

// askTails reads what matches behind the packed part of each scope: at most
// limit documents of them together, the newest, or all of them if it is 0. It returns
// the time up to which nothing was left out.
func (q *question) askTails(readers []*reader, limit int) (int64, error) {
	byScope := make(map[int64]*reader, len(readers))
	var spans []spanRow
	for _, r := range readers {
		base := r.scope.No << placeBits
		if from := max(r.first, r.scope.Packed); from <= r.last {
			spans = append(spans, spanRow{r.scope.No, base | from, base | r.last})
			byScope[r.scope.No] = r
		}
	}
	end := int64(math.MinInt64)
	for some := range slices.Chunk(spans, spansAtOnce) {
		read, oldest := 0, int64(math.MaxInt64)
		err := q.eachOfTails(some, limit, func(r docRow) {
			read, oldest = read+1, r.At
			if rank, ok := q.holds(r); ok {
				r.Text = ""
				owner := byScope[r.Scope]
				owner.hits = append(owner.hits, hit{r, rank})
			}
		})
		if err != nil {
			return 0, err
		}
		if limit > 0 && read == limit {
			end = max(end, oldest)
		}
	}
	return end, nil
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
