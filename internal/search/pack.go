package search

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
)

// A tail is packed when it is longer than tailLength; never more than one block
// at a time. The grams are written in portions, so that messages find their way
// between two of them.
const (
	tailLength = 256
	packAtOnce = 200
	packBytes  = 16 << 20 // of text in memory
)

// renewEvery is how soon a wish of the command line to build the index anew is heard.
const renewEvery = 10 * time.Second

// Run packs tails and empties the index when somebody asked to build it anew.
func (x *Index) Run(ctx context.Context) error {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			err = x.renew(ctx)
		case scope := <-x.grow:
			err = x.Pack(ctx, scope)
		}
		if err != nil && ctx.Err() == nil {
			x.log.Error("index of words not kept", "err", err)
		}
	}
}

// Pack packs the tail of a scope, as long as it is too long.
func (x *Index) Pack(ctx context.Context, scope string) error {
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = x.packOnce(ctx, scope); err != nil {
			return fmt.Errorf("pack scope %s: %w", scope, err)
		}
	}
	return nil
}

func (x *Index) packOnce(ctx context.Context, scope string) (bool, error) {
	db := x.db.Read(ctx)
	s, ok, err := readScope(db, scope)
	if err != nil || !ok {
		return false, err
	}
	tail, err := tailOf(db, s, tailLength+1)
	if err != nil || len(tail) <= tailLength {
		return false, err
	}
	// Up to the end of the block in which it begins.
	rows, err := readDocsUpTo(packBytes, db, "doc >= ? AND doc < ? ORDER BY doc",
		s.No<<placeBits|s.Packed, s.No<<placeBits|(tail[0].place()>>blockBits+1)<<blockBits)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	end := rows[len(rows)-1].place() + 1
	if err := x.writeBlock(ctx, s, rows); err != nil {
		return false, err
	}
	return true, x.finish(ctx, s, rows, end)
}

// writeBlock adds documents of one block to their grams. Nobody looks at them
// there until the mark of the scope has moved.
func (x *Index) writeBlock(ctx context.Context, s scopeRow, rows []docRow) error {
	block := rows[0].place() >> blockBits
	sets := map[gram]*set{}
	for _, r := range rows {
		for _, g := range allGrams(r) {
			if sets[g] == nil {
				sets[g] = new(set)
			}
			sets[g].add(r.place() & (blockSize - 1))
		}
	}
	for grams := range slices.Chunk(slices.Sorted(maps.Keys(sets)), packAtOnce) {
		err := x.db.Write(ctx, func(tx *gorm.DB) error {
			return addToBlock(tx, s, block, grams, sets)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addToBlock replaces in each gram what is said of places that are not packed yet:
// it may come from an attempt that was cut off.
func addToBlock(tx *gorm.DB, s scopeRow, block int64, grams []gram, sets map[gram]*set) error {
	before := make(map[gram]*set, len(grams))
	err := eachBlock(tx, []spanRow{{s.No, block, block}}, grams, func(r blockRow) { before[gram(r.Gram)] = decode(r.Docs) })
	if err != nil {
		return err
	}
	for _, g := range grams {
		merged := *sets[g]
		if old := before[g]; old != nil {
			old.below(max(s.Packed-block<<blockBits, 0))
			merged.or(old)
		}
		if err := writeGram(tx, s.No, g, block, &merged); err != nil {
			return err
		}
	}
	return nil
}

// finish moves the mark of the scope and mends what has changed since the rows
// were read.
func (x *Index) finish(ctx context.Context, s scopeRow, rows []docRow, end int64) error {
	return x.db.Write(ctx, func(tx *gorm.DB) error {
		now, ok, err := readScope(tx, s.Name)
		if err != nil || !ok || now != s {
			return err
		}
		current, err := rowsUntil(tx, s, end)
		if err != nil {
			return err
		}
		byDoc := make(map[int64]docRow, len(current))
		for _, r := range current {
			byDoc[r.Doc] = r
		}
		for _, r := range rows {
			c, there := byDoc[r.Doc]
			delete(byDoc, r.Doc)
			var after []gram
			if there && c == r {
				continue
			}
			if there {
				after = allGrams(c)
			}
			if err := regram(tx, r, allGrams(r), after); err != nil {
				return err
			}
		}
		for _, r := range byDoc {
			if err := regram(tx, r, nil, allGrams(r)); err != nil {
				return err
			}
		}
		return setPacked(tx, s.No, end)
	})
}

func tailOf(tx *gorm.DB, s scopeRow, limit int) ([]docRow, error) {
	return readDocs(tx, "doc >= ? AND doc <= ? ORDER BY doc LIMIT ?", s.No<<placeBits|s.Packed, s.No<<placeBits|placeMask, limit)
}

func rowsUntil(tx *gorm.DB, s scopeRow, end int64) ([]docRow, error) {
	return readDocs(tx, "doc >= ? AND doc < ? ORDER BY doc", s.No<<placeBits|s.Packed, s.No<<placeBits|end)
}

// PackAll packs all tails that wait, for tests and measurements.
func (x *Index) PackAll(ctx context.Context) error {
	for {
		select {
		case scope := <-x.grow:
			if err := x.Pack(ctx, scope); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}
