package chat

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rathaus/internal/fault"
)

// mention matches the target of a Markdown link to a person:
// [@Ada Berg](person:0199…). The id counts; the name in the text is what the
// author saw, and readers see the current one.
var mention = regexp.MustCompile(`\]\(person:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)`)

// mentionsIn returns the ids that a text calls, each once, in order.
func mentionsIn(text string) []string {
	if !strings.Contains(text, "](person:") {
		return nil
	}
	var ids []string
	seen := map[string]bool{}
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		if !seen[m[1]] && len(ids) < maxMentions {
			seen[m[1]] = true
			ids = append(ids, m[1])
		}
	}
	return ids
}

var errEmpty = fault.Invalid("chat.message_empty")

// cleanMessage checks and tidies the text of a message.
func cleanMessage(text string, maxBytes int) (string, error) {
	if len(text) > maxBytes || utf8.RuneCountInString(text) > maxMessageChars {
		return "", fault.TooLarge("chat.message_too_long", "max", maxMessageChars)
	}
	text = strings.TrimRight(stripped(text, true), " \t\n")
	text = strings.TrimLeft(text, "\n")
	if strings.TrimSpace(text) == "" {
		return "", errEmpty
	}
	return text, nil
}

// cleanName checks and tidies the name of a room: one line, nothing invisible.
func cleanName(name string) (string, error) {
	name, err := cleanLine(name, maxName, "chat.room_name_too_long")
	if err == nil && !strings.ContainsFunc(name, unicode.IsGraphic) {
		return "", fault.Invalid("chat.room_name_empty")
	}
	return name, err
}

func cleanLine(s string, limit int, code string) (string, error) {
	s = strings.Join(strings.Fields(stripped(norm.NFC.String(s), false)), " ")
	if utf8.RuneCountInString(s) > limit {
		return "", fault.Invalid(code, "max", limit)
	}
	return s, nil
}

func cleanProse(s string, limit int, code string) (string, error) {
	s = strings.TrimSpace(stripped(s, true))
	if utf8.RuneCountInString(s) > limit {
		return "", fault.Invalid(code, "max", limit)
	}
	return s, nil
}

// signColors are the colours in which the sign of a room can stand.
var signColors = []string{"", "slate", "blue", "teal", "green", "amber", "red", "pink", "violet"}

// cleanSign checks what stands for a room where there is little space: a
// colour by name, and one emoji.
func cleanSign(color, emoji string) (string, string, error) {
	if !slices.Contains(signColors, color) {
		return "", "", fault.Invalid("chat.sign_unknown")
	}
	emoji = strings.TrimSpace(stripped(emoji, true))
	n := utf8.RuneCountInString(emoji)
	if n > maxEmojiRunes || strings.ContainsFunc(emoji, notOfEmoji) {
		return "", "", fault.Invalid("chat.sign_unknown")
	}
	return color, emoji, nil
}

// notOfEmoji says what can't be part of an emoji: letters, digits that stand
// alone count as such, spaces and marks of direction.
func notOfEmoji(r rune) bool {
	switch {
	case r == '\u200D' || r == '\uFE0F' || r == '\u20E3' || r >= 0xE0020 && r <= 0xE007F:
		return false
	}
	return r < 0xA9 || unicode.IsLetter(r) || unicode.IsSpace(r) || !unicode.IsGraphic(r)
}

// nameKey is what makes two room names the same.
func nameKey(name string) string {
	return strings.ToLower(norm.NFKC.String(name))
}

// stripped takes out what has no place in text: control characters, and marks
// that turn the direction of what follows, with which a name or a link can be
// made to look like another. Isolates stay in prose, where right-to-left
// scripts need them.
func stripped(s string, prose bool) string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			if prose {
				return r
			}
			return ' '
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r == '\uFEFF', r >= 0xE0000 && r <= 0xE007F && !prose:
			return -1
		case !prose && (r >= '\u2066' && r <= '\u2069' || r == '\u200B' || r == '\u2060'):
			return -1
		}
		return r
	}, s)
}
