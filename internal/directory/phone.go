package directory

import "strings"

// homeCode is the country whose numbers may be written with or without it.
const homeCode = "49"

// minNumber is how many digits look like a part of a telephone number.
const minNumber = 3

// number returns a telephone number in the one form in which numbers are
// compared: its digits after +49, 0049, 0 or (0), however they are divided.
func number(text string) string {
	text = strings.ReplaceAll(text, "(0)", "")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	switch {
	case strings.HasPrefix(strings.TrimSpace(text), "+"):
		digits = strings.TrimPrefix(digits, homeCode)
	case strings.HasPrefix(digits, "00"+homeCode):
		digits = digits[len("00"+homeCode):]
	}
	return strings.TrimLeft(digits, "0")
}

// numbersOf returns the parts of numbers that somebody may mean who typed text:
// none if it is too short to tell people apart.
func numbersOf(text string) []string {
	digits := number(text)
	if len(digits) < minNumber {
		return nil
	}
	meant := []string{digits}
	// The sign + is often lost on the way.
	if rest := strings.TrimPrefix(digits, homeCode); rest != digits && len(rest) >= minNumber {
		meant = append(meant, strings.TrimLeft(rest, "0"))
	}
	return meant
}

// isNumeric reports whether a word may be part of a telephone number.
func isNumeric(word string) bool {
	return strings.Trim(word, "0123456789+/()-–.") == ""
}
