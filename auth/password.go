package auth

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rathaus/internal/fault"
)

//go:embed common_passwords.txt
var commonText string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			all[word] = true
		}
	}
	return all
})

// checkPassword says whether somebody may choose this password. There are no
// rules of composition and no expiry (ASVS 6.2): length, and not what everybody
// guesses first. known are words that a stranger can guess: the names of the
// town and of the person, the address.
func checkPassword(password string, minLength int, known ...string) error {
	if len(password) > maxPasswordBytes {
		return fault.Invalid("auth.password_too_long", "max", maxPasswordBytes)
	}
	if !utf8.ValidString(password) {
		return fault.Invalid("auth.password_not_text")
	}
	if utf8.RuneCountInString(password) < minLength {
		return fault.Invalid("auth.password_too_short", "min", minLength)
	}
	if isCommon(password) {
		return fault.Invalid("auth.password_common")
	}
	if isNamed(password, known) {
		return fault.Invalid("auth.password_is_name")
	}
	return nil
}

// bare is the password as a guesser sees it: letters in one case, the usual
// swaps undone, digits and signs around it taken off.
func bare(password string) string {
	s := strings.ToLower(norm.NFKC.String(password))
	s = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(strings.TrimFunc(s, notLetter))
	return s
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

func isCommon(password string) bool {
	lower := strings.ToLower(norm.NFKC.String(password))
	letters := bare(password)
	all := commonPasswords()
	if all[lower] || all[letters] {
		return true
	}
	return isRun(lower) || isRepeated(lower) || letters != "" && isRepeated(letters) && all[firstHalf(letters)]
}

// isRun reports whether the text is one character again and again or counts
// up or down: "aaaaaaaaaaaa", "123456789012".
func isRun(s string) bool {
	var last rune
	steps := map[rune]int{}
	n := 0
	for i, r := range s {
		if i > 0 {
			steps[r-last]++
			n++
		}
		last = r
	}
	return steps[0]+steps[1] >= n*4/5 || steps[-1] >= n*4/5
}

// isRepeated reports whether the text is a piece of at most four characters
// again and again, or two equal halves.
func isRepeated(s string) bool {
	runes := []rune(s)
	for size := 1; size <= len(runes)/2; size++ {
		if size > 4 && size*2 != len(runes) {
			continue
		}
		if repeats(runes, size) {
			return true
		}
	}
	return false
}

func repeats(runes []rune, size int) bool {
	for i := size; i < len(runes); i++ {
		if runes[i] != runes[i%size] {
			return false
		}
	}
	return true
}

func firstHalf(s string) string { return s[:len(s)/2] }

// isNamed reports whether little is left of the password when the known words
// are taken out of it.
func isNamed(password string, known []string) bool {
	const enough = 5 // letters besides the names
	rest := strings.ToLower(norm.NFKC.String(password))
	cut := false
	for _, text := range known {
		for _, word := range strings.FieldsFunc(strings.ToLower(norm.NFKC.String(text)), notLetter) {
			if utf8.RuneCountInString(word) >= 3 && strings.Contains(rest, word) {
				rest = strings.ReplaceAll(rest, word, "")
				cut = true
			}
		}
	}
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return cut && letters < enough
}
