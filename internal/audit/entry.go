package audit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits on one entry.
const (
	maxText   = 200  // letters of a name, an id or a value
	maxDetail = 4096 // bytes of all values together
)

// System is the actor of what the program does by itself.
const System = "system"

// Entry is one line of the log. Without an actor, Record takes the person of
// the context, or System.
type Entry struct {
	ID         string
	At         time.Time
	ActorID    string
	ActorName  string
	Action     string // "area.what_happened"
	ObjectKind string // "user", "group", "room"
	ObjectID   string
	Detail     map[string]any // texts, numbers, booleans
}

var actionForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// check finds mistakes of the program that writes the entry.
func (e Entry) check() error {
	if !actionForm.MatchString(e.Action) {
		return fmt.Errorf("audit: %q is not an action", e.Action)
	}
	for key, value := range e.Detail {
		switch value.(type) {
		case string, bool, int, int64, float64:
		default:
			return fmt.Errorf("audit: detail %s of %s is a %T, not a plain value", key, e.Action, value)
		}
	}
	return nil
}

// detail renders the values as JSON, each text cut to its limit.
func (e Entry) detail() (string, error) {
	clean := make(map[string]any, len(e.Detail))
	for key, value := range e.Detail {
		if text, ok := value.(string); ok {
			value = clip(text)
		}
		clean[key] = value
	}
	text, err := json.Marshal(clean)
	if err != nil {
		return "", fmt.Errorf("audit: detail of %s: %w", e.Action, err)
	}
	if len(text) > maxDetail {
		return "", fmt.Errorf("audit: detail of %s has %d bytes, more than %d", e.Action, len(text), maxDetail)
	}
	return string(text), nil
}

// clip makes a text from outside harmless in a list: one line of bounded
// length without control characters.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if utf8.RuneCountInString(text) > maxText {
		return string([]rune(text)[:maxText-1]) + "…"
	}
	return text
}

// Filter chooses entries. The zero value chooses all.
type Filter struct {
	Action     string // an action, or the areas it begins with: "user"
	ActorID    string
	ObjectKind string
	ObjectID   string
	Since      time.Time // from this moment on
	Before     time.Time // up to this moment, which is not included
}

// Page is one page of entries, the newest first. Next is empty on the last one.
type Page struct {
	Items []Entry
	Next  string
}
