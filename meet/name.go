package meet

import (
	"crypto/rand"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"rathaus/internal/id"
)

// nameLetters leaves out what is mixed up when read aloud.
const nameLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// fallbackName is the readable part of a meeting without a title.
const fallbackName = "treffen"

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reserved names are addresses of the portal itself.
var reserved = map[string]bool{"new": true, "neu": true, "test": true, "ice": true, "meetings": true, "public": true}

// validName reports whether s can be the last part of a stable address.
func validName(s string) bool {
	return len(s) >= 3 && len(s) <= maxNameLength && nameForm.MatchString(s) && !reserved[s] && !id.Valid(s)
}

// makeName turns a title into an address that can't be guessed:
// "Bauamt Runde" becomes "bauamt-runde-7f3k-m2qp".
func makeName(title string) string {
	const tail = 10
	slug := slugOf(title)
	if len(slug) > maxNameLength-tail {
		slug = strings.Trim(slug[:maxNameLength-tail], "-")
	}
	if slug == "" {
		slug = fallbackName
	}
	secret := rand.Text() // 130 bits as letters A-Z and digits 2-7
	return slug + "-" + lettersFrom(secret[:4]) + "-" + lettersFrom(secret[4:8])
}

// lettersFrom maps the 32 letters of rand.Text onto readable lower-case ones.
func lettersFrom(s string) string {
	const source = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	return strings.Map(func(r rune) rune {
		return rune(nameLetters[strings.IndexRune(source, r)%len(nameLetters)])
	}, s)
}

var german = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

func slugOf(title string) string {
	lower := german.Replace(strings.ToLower(norm.NFC.String(title)))
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(lower) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r >= 0x300 && r <= 0x36f: // an accent of the letter before
		default:
			gap = true
		}
	}
	return b.String()
}
