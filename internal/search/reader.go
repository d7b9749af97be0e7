package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"
)

// hit is a document that matches, without its text.
type hit struct {
	docRow
	rank Rank
}

// reader gives the documents of one scope that match, the newest first.
type reader struct {
	scope       scopeRow
	first, last int64   // places to look at
	hits        []hit   // the next ones
	places      []int64 // places after them that may match
	block       int64   // blocks from here downwards are not asked yet
	blocks      int64   // how many of them are asked next
}

func (r *reader) oldestBlock() int64 { return r.first >> blockBits }

// done reports whether there is nothing more.
func (r *reader) done() bool {
	return len(r.hits) == 0 && r.dry()
}

// dry reports whether nothing follows the next hits.
func (r *reader) dry() bool { return len(r.places) == 0 && r.block < r.oldestBlock() }

// newest returns the newest documents of the scopes that match, up to limit, and
// whether there may be more.
func (q *question) newest(ctx context.Context, scopes []scopeRow, limit int) ([]hit, bool, error) {
	// Of tails the newest are read; all of them only if those were not enough.
	tail := 2 * (limit + 1)
	if q.only != nil {
		tail = 0
	}
	hits, horizon, err := q.merged(ctx, scopes, limit, tail)
	if err == nil && horizon {
		hits, _, err = q.merged(ctx, scopes, limit, 0)
	}
	if err != nil {
		return nil, false, err
	}
	if len(hits) > limit {
		return hits[:limit], true, nil
	}
	return hits, q.spent(), nil
}

// spent reports whether the bound of the work is reached.
func (q *question) spent() bool { return q.looked > maxLookedAt }

// merged is newest with one more than limit, if there are so many. It reports
// whether it ran into documents older than those of tails that were left out.
func (q *question) merged(ctx context.Context, scopes []scopeRow, limit, tail int) (out []hit, horizon bool, err error) {
	q.looked, q.held = 0, 0
	readers, end, err := q.readers(scopes, tail)
	for err == nil && len(out) <= limit {
		if err = ctx.Err(); err != nil {
			break
		}
		if err = q.fill(readers, limit+1-len(out)); err != nil {
			break
		}
		best := newestOf(readers)
		switch {
		case best == nil:
			return out, end > math.MinInt64, nil
		case best.hits[0].At < end:
			return nil, true, nil
		}
		out, best.hits = append(out, best.hits[0]), best.hits[1:]
	}
	return out, false, err
}

func newestOf(readers []*reader) *reader {
	var best *reader
	for _, r := range readers {
		if len(r.hits) > 0 && (best == nil || later(r.hits[0], best.hits[0]) < 0) {
			best = r
		}
	}
	return best
}

// later orders the newest first.
func later(a, b hit) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.Doc, a.Doc)) }

// fill makes sure that every reader that is not done has its next hit. Readers
// that will soon need more of the wanted hits are asked along, so that few
// statements are enough.
func (q *question) fill(readers []*reader, wanted int) error {
	for !q.spent() {
		hungry, alive := 0, 0
		for _, r := range readers {
			if !r.done() {
				alive++
			}
			if len(r.hits) == 0 && !r.dry() {
				hungry++
			}
		}
		if hungry == 0 {
			return nil
		}
		need := wanted/alive + moreThanNeed // of each: they are not all alike
		var blocks, texts []*reader
		for _, r := range readers {
			switch {
			case len(r.hits) >= need || r.dry():
			case len(r.places) > 0:
				texts = append(texts, r)
			default:
				blocks = append(blocks, r)
			}
		}
		if err := q.askBlocks(blocks); err != nil {
			return err
		}
		if err := q.askTexts(texts, q.share(need, len(texts))); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of how many documents a round of reading looks at.
const (
	roundLooksAt = 2000 // of all scopes
	moreThanNeed = 3    // of each scope
)

// share says how many documents of each of so many readers are looked at to find
// what is needed of each, as far as the ones before tell.
func (q *question) share(need, readers int) int {
	if readers == 0 {
		return 0
	}
	return max(1, min(need*(q.looked+1)/(q.held+1), roundLooksAt/readers))
}

// readers makes the readers, with what their tails and newest blocks hold; see askTails.
func (q *question) readers(scopes []scopeRow, tail int) ([]*reader, int64, error) {
	readers := make([]*reader, 0, len(scopes))
	for _, s := range scopes {
		readers = append(readers, &reader{scope: s, last: placeMask, blocks: 1})
	}
	if q.ordered && (q.since > 0 || q.before > 0) {
		if err := q.narrow(readers); err != nil {
			return nil, 0, err
		}
	}
	readers = slices.DeleteFunc(readers, func(r *reader) bool { return r.first > r.last })
	for _, r := range readers {
		r.block = min(r.last, r.scope.Packed-1) >> blockBits
	}
	// Both are needed almost always, and neither needs the other.
	var end int64
	var both errgroup.Group
	both.Go(func() (err error) {
		end, err = q.askTails(readers, tail)
		return err
	})
	both.Go(func() error {
		return q.askBlocks(slices.DeleteFunc(slices.Clone(readers), (*reader).dry))
	})
	return readers, end, both.Wait()
}
