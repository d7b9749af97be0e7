package files

import (
	"net/url"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nameless is what a file is called whose name says nothing.
const nameless = "Datei"

// cleanName makes a name harmless to show and to save under: no folders, no
// control or direction characters, no leading dots, a bounded length.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if cut := strings.LastIndexAny(name, `/\`); cut >= 0 {
		name = name[cut+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d', unicode.Is(unicode.Co, r), r == '\u2028', r == '\u2029':
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(name))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if name == "" {
		return nameless
	}
	return shorten(name)
}

// shorten cuts a long name in front of its ending.
func shorten(name string) string {
	runes := []rune(name)
	if len(runes) <= maxName {
		return name
	}
	ext := []rune(path.Ext(name))
	if len(ext) > 12 {
		ext = nil
	}
	return strings.TrimSpace(string(runes[:maxName-len(ext)-1])) + "…" + string(ext)
}

// disposition is the header Content-Disposition (RFC 6266): a plain name for
// old programs, the real one for all others.
func disposition(how, name string) string {
	var plain strings.Builder
	for _, r := range norm.NFKD.String(strings.NewReplacer("ß", "ss", "ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue").Replace(name)) {
		switch {
		case r == '"' || r == '\\' || r == '%' || r == ';':
			plain.WriteByte('_')
		case r >= ' ' && r < 0x7f:
			plain.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			plain.WriteByte('_')
		}
	}
	return how + `; filename="` + plain.String() + `"; filename*=UTF-8''` + encoded(name)
}

// encoded is a value as RFC 5987 wants it.
func encoded(s string) string {
	out := url.QueryEscape(s) // escapes all but letters, digits and -_.~
	return strings.NewReplacer("+", "%20", "*", "%2A").Replace(out)
}
