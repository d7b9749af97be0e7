package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Piece is a stretch of a text, found or not.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// longestMarked bounds how much of a text is looked at for marking.
const longestMarked = 64 << 10

// Excerpt returns about width characters of a text around the first place where the terms
// occur, with all places marked. Breaks become spaces.
func Excerpt(text string, terms []Term, width int) []Piece {
	if len(text) > longestMarked {
		text = strings.ToValidUTF8(text[:longestMarked], "")
	}
	hits := occurrences(text, terms)
	begin, end := window(text, hits, width)
	var out []Piece
	add := func(from, to int, hit bool) {
		if s := strings.Join(strings.FieldsFunc(text[from:to], isBreak), " "); s != "" {
			out = append(out, Piece{Text: s, Hit: hit})
		}
	}
	if begin > 0 {
		out = append(out, Piece{Text: "… "})
	}
	at := begin
	for _, h := range hits {
		if h[0] < at || h[1] > end {
			continue
		}
		add(at, h[0], false)
		add(h[0], h[1], true)
		at = h[1]
	}
	add(at, end, false)
	if end < len(text) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }

// Contains reports whether all terms occur in a text.
func Contains(text string, terms []Term) bool {
	folded := " " + Fold(text) + " "
	second := collapse(folded, nil)
	for _, t := range terms {
		if !strings.Contains(folded, t.Plain) && !strings.Contains(second, t.Second) {
			return false
		}
	}
	return true
}

// occurrences returns the stretches of the text in which terms occur, in order
// and without overlap.
func occurrences(text string, terms []Term) [][2]int {
	f := folder{mapping: true}
	f.space(0, 0)
	f.out, f.origin, f.ends = append(make([]byte, 0, len(text)+2), ' '), []int{0}, []int{0}
	f.add(text)
	f.put(' ', len(text), len(text))
	folded := string(f.out)
	var kept []int
	second := collapse(folded, &kept)
	var all [][2]int
	for _, t := range terms {
		places := findAll(folded, t.Plain, nil)
		if t.Second != t.Plain || len(places) == 0 {
			places = append(places, findAll(second, t.Second, kept)...)
		}
		for _, p := range places {
			all = append(all, [2]int{f.origin[p[0]], f.ends[p[1]]})
		}
	}
	slices.SortFunc(all, func(a, b [2]int) int { return a[0] - b[0] })
	var out [][2]int
	for _, h := range all {
		if n := len(out); n > 0 && h[0] < out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], h[1])
		} else {
			out = append(out, h)
		}
	}
	return out
}

// maxMarks bounds the places that are marked for one term.
const maxMarks = 50

// findAll returns first and last byte of each place, without the spaces at the
// edges of the term, in the numbers that kept gives.
func findAll(text, term string, kept []int) [][2]int {
	word := strings.Trim(term, " ")
	lead := len(term) - len(strings.TrimLeft(term, " "))
	var out [][2]int
	for at := 0; word != "" && len(out) < maxMarks; {
		i := strings.Index(text[at:], term)
		if i < 0 {
			break
		}
		first := at + i + lead
		last := first + len(word) - 1
		at = last + 1
		if kept != nil {
			first, last = kept[first], kept[last]
		}
		out = append(out, [2]int{first, last})
	}
	return out
}

// window chooses what is shown: the whole text if it is short, else the
// surroundings of the first hit, from the beginning of a word on.
func window(text string, hits [][2]int, width int) (begin, end int) {
	if utf8.RuneCountInString(text) <= width {
		return 0, len(text)
	}
	if len(hits) > 0 {
		begin = back(text, hits[0][0], width/3)
	}
	end = forth(text, begin, width)
	if end == len(text) {
		begin = back(text, end, width)
	}
	return begin, end
}

func back(text string, at, runes int) int {
	for ; runes > 0 && at > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	if at > 0 {
		if i := strings.IndexFunc(text[at:], unicode.IsSpace); i >= 0 && i < 24 {
			at += i + 1
		}
	}
	return at
}

func forth(text string, at, runes int) int {
	for ; runes > 0 && at < len(text); runes-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
