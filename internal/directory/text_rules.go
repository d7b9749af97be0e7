package directory

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"rathaus/internal/fault"
)

// tidyName cleans the name of a person or a group. The code of its faults
// begins with the given word.
func tidyName(name, code string) (string, error) {
	name, ok := oneLine(name)
	switch {
	case !ok:
		return "", fault.Invalid(code + "_invalid")
	case !strings.ContainsFunc(name, isWordLetter):
		return "", fault.Invalid(code + "_empty")
	case utf8.RuneCountInString(name) > maxNameLetters:
		return "", fault.Invalid(code+"_too_long", "max", maxNameLetters)
	}
	return name, nil
}

// tidyLine cleans a short text that may be empty.
func tidyLine(text, field string, limit int) (string, error) {
	text, ok := oneLine(text)
	if !ok {
		return "", fault.Invalid("directory.text_invalid", "field", field)
	}
	if utf8.RuneCountInString(text) > limit {
		return "", fault.Invalid("directory.text_too_long", "field", field, "max", limit)
	}
	return text, nil
}

// oneLine puts text into the composed form (NFC) with single spaces. It refuses
// what does not show or turns the text around: control and format characters,
// line separators, broken UTF-8.
func oneLine(text string) (string, bool) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, isHidden) {
		return "", false
	}
	return strings.Join(strings.Fields(norm.NFC.String(text)), " "), true
}

func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

func isWordLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// TidyEmail accepts a bare address or nothing. The domain is spelled as people
// write it, sülzbach.de for xn--slzbach-n2a.de (RFC 5891).
func TidyEmail(email string) (string, error) {
	email = strings.TrimSpace(email)
	if mailbox, domain, ok := strings.Cut(email, "@"); ok && strings.Contains(strings.ToLower(domain), "xn--") {
		if readable, err := idna.Lookup.ToUnicode(domain); err == nil {
			email = mailbox + "@" + readable
		}
	}
	if email == "" {
		return "", nil
	}
	text, ok := oneLine(email)
	if !ok || len(text) > maxEmailBytes || strings.ContainsAny(text, " <>\"(),:;\\[]") {
		return "", fault.Invalid("directory.email_invalid")
	}
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || address.Name != "" {
		return "", fault.Invalid("directory.email_invalid")
	}
	return text, nil
}

// validLocale accepts "", "de" and "de-AT".
func validLocale(l string) bool {
	lower := func(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) }
	upper := func(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) }
	switch len(l) {
	case 0:
		return true
	case 2:
		return lower(l)
	case 5:
		return lower(l[:2]) && l[2] == '-' && upper(l[3:])
	}
	return false
}
