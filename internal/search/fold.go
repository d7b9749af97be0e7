package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Version names the way texts are folded. Whoever changes what Fold returns
// raises it: the index is then built anew by itself.
const Version = "1"

// spelled holds letters whose base letter Unicode does not know.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'ø': "o", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n",
}

// Fold returns the form in which texts are compared: compatibility forms
// resolved (NFKC), lower case, ß as ss, letters without their dots and accents,
// words parted by one space. Symbols are words of their own; punctuation and
// marks of formatting part words, invisible characters vanish.
func Fold(text string) string {
	var f folder
	f.add(text)
	return strings.TrimSuffix(string(f.out), " ")
}

// folder folds a text and remembers, if wanted, where each byte came from.
type folder struct {
	out     []byte
	origin  []int // of each byte of out: the offset of its letter in the text
	ends    []int // and the offset behind that letter
	mapping bool
}

func (f *folder) add(text string) {
	if f.out == nil {
		f.out = make([]byte, 0, len(text)+len(text)/8)
	}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			f.ascii(c, i)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		f.letter(r, i, i+size)
		i += size
	}
}

func (f *folder) ascii(c byte, at int) {
	switch {
	case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		f.put(c, at, at+1)
	case c >= 'A' && c <= 'Z':
		f.put(c+'a'-'A', at, at+1)
	case c == '*':
		// emphasis may stand inside a word
	case c == '%' || c == '&' || c == '#' || c == '$' || c == '+' || c == '=':
		f.alone(string(rune(c)), at, at+1)
	default:
		f.space(at, at+1)
	}
}

// letter folds one character. Marks that follow their letter are dropped, so
// that composed and decomposed texts come out alike.
func (f *folder) letter(r rune, at, end int) {
	low := unicode.ToLower(r)
	if s, ok := spelled[low]; ok {
		f.word(s, at, end)
		return
	}
	for _, d := range norm.NFKD.String(string(low)) {
		d = unicode.ToLower(d)
		switch {
		case unicode.In(d, unicode.M, unicode.Cf):
		case d < utf8.RuneSelf:
			f.ascii(byte(d), at) //nolint:gosec // below 128
			f.stretch(end)
		case spelled[d] != "":
			f.word(spelled[d], at, end)
		case unicode.IsLetter(d) || unicode.IsNumber(d):
			f.word(string(d), at, end)
		case unicode.IsSymbol(d) || d == '§':
			f.alone(string(d), at, end)
		default:
			f.space(at, end)
		}
	}
}

func (f *folder) word(s string, at, end int) {
	for i := range len(s) {
		f.put(s[i], at, end)
	}
}

// alone writes a symbol as a word of its own.
func (f *folder) alone(s string, at, end int) {
	f.space(at, at)
	f.word(s, at, end)
	f.space(end, end)
}

func (f *folder) space(at, end int) {
	if len(f.out) > 0 && f.out[len(f.out)-1] != ' ' {
		f.put(' ', at, end)
	}
}

func (f *folder) put(c byte, at, end int) {
	f.out = append(f.out, c)
	if f.mapping {
		f.origin, f.ends = append(f.origin, at), append(f.ends, end)
	}
}

// stretch corrects the end of what ascii wrote for a longer letter.
func (f *folder) stretch(end int) {
	if f.mapping && len(f.ends) > 0 {
		f.ends[len(f.ends)-1] = end
	}
}

// collapse returns the second form of a folded text, in which both habits of
// writing umlauts meet: ae, oe and ue become a, o and u. After a, e and q, "ue" is no
// umlaut in German (bauen, neue, Quelle). kept, if not nil, receives the places of the
// bytes that stay.
func collapse(folded string, kept *[]int) string {
	var out []byte
	for i := range len(folded) {
		if umlautE(folded, i) {
			if out == nil {
				out = append(make([]byte, 0, len(folded)), folded[:i]...)
				if kept != nil {
					*kept = (*kept)[:0]
					for j := range i {
						*kept = append(*kept, j)
					}
				}
			}
			continue
		}
		if out != nil {
			out = append(out, folded[i])
			if kept != nil {
				*kept = append(*kept, i)
			}
		}
	}
	if out != nil {
		return string(out)
	}
	if kept != nil {
		*kept = (*kept)[:0]
		for i := range len(folded) {
			*kept = append(*kept, i)
		}
	}
	return folded
}

func umlautE(s string, i int) bool {
	if s[i] != 'e' || i == 0 {
		return false
	}
	switch s[i-1] {
	case 'a', 'o':
		return true
	case 'u':
		return i < 2 || s[i-2] != 'a' && s[i-2] != 'e' && s[i-2] != 'q'
	}
	return false
}

// indexed is the text that goes into the index: the folded text between spaces, a line
// break, and the words that are different in the second form.
func indexed(text string) string {
	folded := Fold(text)
	var b strings.Builder
	b.Grow(len(folded) + len(folded)/8 + 3)
	b.WriteByte(' ')
	b.WriteString(folded)
	b.WriteString(" \n ")
	for word := range strings.SplitSeq(folded, " ") {
		if second := collapse(word, nil); second != word {
			b.WriteString(second)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// bare returns the folded text, between spaces, of an indexed one.
func bare(indexed string) string {
	first, _, _ := strings.Cut(indexed, "\n")
	return first
}
