package search

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// gram is a group of three characters.
type gram int64

// runeBits is the width of a character.
const runeBits = 21

func gramOf(a, b, c rune) gram {
	return gram(a)<<(2*runeBits) | gram(b)<<runeBits | gram(c)
}

// allGrams returns the grams of a row: of its text, its author and its flags, each once, sorted.
func allGrams(r docRow) []gram {
	out := make([]gram, 0, len(r.Text)/2)
	var a, b rune
	n := 0
	for _, c := range r.Text {
		if n++; n > 2 {
			out = append(out, gramOf(a, b, c))
		}
		a, b = b, c
	}
	out = append(out, Flags(r.Flags).grams()...)
	if r.Author != 0 {
		out = append(out, authorGram(r.Author))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Flags and authors have grams of their own, of private letters, which no
// folded text holds.
const (
	privateFlags  = 0xF000
	privateAuthor = 0xE000
)

func (f Flags) grams() []gram {
	var out []gram
	for bit := range 63 {
		if f&(1<<bit) != 0 {
			r := rune(privateFlags + bit)
			out = append(out, gramOf(r, r, r))
		}
	}
	return out
}

func authorGram(no int64) gram {
	return gram(privateAuthor)<<(2*runeBits) | gram(no&(1<<(2*runeBits)-1))
}

// A question asks for manyGrams grams at most, shared by its terms, but for
// leastGrams of each: more of them leave fewer documents, whose texts are then
// looked at.
const (
	manyGrams  = 10
	leastGrams = 5
)

// someGrams returns grams that cover s, at most so many; at least 2.
func someGrams(s string, most int) []gram {
	r := []rune(s)
	if len(r) < 3 {
		return nil
	}
	last := len(r) - 3
	step := max(1, (last+most-2)/(most-1))
	var out []gram
	for i := 0; i < last; i += step {
		out = append(out, gramOf(r[i], r[i+1], r[i+2]))
	}
	return append(out, gramOf(r[last], r[last+1], r[last+2]))
}

// A block is 4096 places of a scope.
const (
	blockBits  = 12
	blockSize  = 1 << blockBits
	mapBytes   = blockSize / 8
	placeBytes = 2
)

// set is a set of places of one block.
type set [blockSize / 64]uint64

func (s *set) add(place int64)    { s[place>>6&63] |= 1 << (place & 63) }
func (s *set) remove(place int64) { s[place>>6&63] &^= 1 << (place & 63) }

// below keeps the places below one.
func (s *set) below(place int64) {
	for i := range s {
		switch {
		case int64(i) > place>>6:
			s[i] = 0
		case int64(i) == place>>6:
			s[i] &= 1<<(place&63) - 1
		}
	}
}

func (s *set) and(o *set) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s *set) or(o *set) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s *set) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// places lists the places, the highest first.
func (s *set) places() []int64 {
	var out []int64
	for i := len(s) - 1; i >= 0; i-- {
		for w := s[i]; w != 0; {
			top := 63 - bits.LeadingZeros64(w)
			out = append(out, int64(i<<6|top))
			w &^= 1 << top
		}
	}
	return out
}

// encode returns the form of the table: nil if the set is empty.
func (s *set) encode() []byte {
	n := s.count()
	if n == 0 {
		return nil
	}
	if n*placeBytes >= mapBytes {
		out := make([]byte, 0, mapBytes)
		for _, w := range s {
			out = binary.LittleEndian.AppendUint64(out, w)
		}
		return out
	}
	out := make([]byte, 0, n*placeBytes)
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			out = binary.LittleEndian.AppendUint16(out, uint16(i<<6|bits.TrailingZeros64(w))) //nolint:gosec // below 4096
		}
	}
	return out
}

// decode reads the form of the table. What does not fit into it is left out.
func decode(b []byte) *set {
	s := new(set)
	if len(b) == mapBytes {
		for i := range s {
			s[i] = binary.LittleEndian.Uint64(b[i*8:])
		}
		return s
	}
	for ; len(b) >= placeBytes; b = b[placeBytes:] {
		s.add(int64(binary.LittleEndian.Uint16(b)) & (blockSize - 1))
	}
	return s
}
