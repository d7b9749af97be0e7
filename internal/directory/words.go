package directory

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rathaus/internal/fault"
)

// spelledOut writes umlauts as German keyboards without them do.
var spelledOut = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "œ", "oe")

// spell returns the form in which texts are compared and sorted: lower case,
// compatibility forms resolved, umlauts spelled out, other accents dropped.
func spell(text string) string {
	return bare(spelledOut.Replace(norm.NFKC.String(strings.ToLower(norm.NFKC.String(text)))))
}

// plain returns the other habit of writing: umlauts without their dots.
func plain(text string) string {
	return bare(strings.ReplaceAll(norm.NFKC.String(strings.ToLower(norm.NFKC.String(text))), "ß", "ss"))
}

// bare drops accents.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// wordsOf returns what a person can be found by: every word, and every part of
// a compound or an address, in both spellings, each once and after a space.
func wordsOf(texts ...string) string {
	var b strings.Builder
	seen := make(map[string]bool)
	add := func(word string) {
		for _, form := range []string{spell(word), plain(word)} {
			if form != "" && !seen[form] {
				seen[form] = true
				b.WriteByte(' ')
				b.WriteString(form)
			}
		}
	}
	for _, text := range texts {
		for _, word := range strings.Fields(text) {
			add(word)
			for _, part := range strings.FieldsFunc(word, func(r rune) bool { return !isWordLetter(r) }) {
				add(part)
			}
		}
	}
	return b.String()
}

// wish is one thing that a query wants of a person: words that begin some of
// the person's, or instead of them a part of the phone number.
type wish struct {
	patterns []string // for LIKE; all must match
	numbers  []string // digits; one is enough
}

// wishesOf turns what somebody typed into wishes, all of which a person must
// meet. Figures that follow each other may be one number: "07231 39-12".
func wishesOf(query string) ([]wish, error) {
	if !utf8.ValidString(query) || utf8.RuneCountInString(query) > maxQueryLetters {
		return nil, fault.Invalid("directory.query_too_long", "max", maxQueryLetters)
	}
	words := strings.Fields(spell(query))
	if len(words) > maxQueryWords {
		words = words[:maxQueryWords]
	}
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, "\x00", "")
	var all []wish
	for len(words) > 0 {
		figures := slices.IndexFunc(words, func(w string) bool { return !isNumeric(w) })
		if figures < 0 {
			figures = len(words)
		}
		w := wish{numbers: numbersOf(strings.Join(words[:figures], " "))}
		taken := max(figures, 1)
		for _, word := range words[:taken] {
			w.patterns = append(w.patterns, "% "+escape.Replace(word)+"%")
		}
		all, words = append(all, w), words[taken:]
	}
	return all, nil
}
