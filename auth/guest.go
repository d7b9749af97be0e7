package auth

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rathaus/internal/fault"
)

// rightsOf says which rights a link of each kind can give.
var rightsOf = map[string][]string{
	"pad":     {"read", "write"},
	"meeting": {"join", "host"},
	"room":    {"join", "read", "write"}, // join: people of the town only
}

// GuestLink opens one pad, room or meeting to whoever has it.
type GuestLink struct {
	ID        string
	Kind      string // "pad", "meeting" or "room"
	ObjectID  string
	Right     string // "read", "write" or "join"
	Name      string // what its maker calls it; may be empty
	CreatedBy string
	CreatedAt time.Time
	NotBefore time.Time
	ExpiresAt time.Time
	MaxUses   int // 0: any number
	Uses      int
	RevokedAt *time.Time
}

// NewGuestLink is what a link is made of. Who may make it is decided by the
// feature whose thing it opens.
type NewGuestLink struct {
	Kind      string
	ObjectID  string
	Right     string
	Name      string
	CreatedBy string
	NotBefore time.Time // zero: from now on
	ExpiresAt time.Time // needed
	MaxUses   int       // 0: any number
}

func (n NewGuestLink) check(now time.Time) error {
	switch {
	case !slices.Contains(rightsOf[n.Kind], n.Right) || n.ObjectID == "" || n.CreatedBy == "":
		return fault.Invalid("auth.guest_link_invalid")
	case !n.ExpiresAt.After(now) || !n.ExpiresAt.After(n.NotBefore):
		return fault.Invalid("auth.guest_link_times")
	case n.MaxUses < 0 || utf8.RuneCountInString(n.Name) > maxNameLength:
		return fault.Invalid("auth.guest_link_invalid")
	}
	return nil
}

// guestName cleans what a guest calls themselves.
func guestName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > maxNameLength || strings.ContainsFunc(name, isControl) || !utf8.ValidString(name) {
		return "", fault.Invalid("auth.guest_name_invalid", "max", maxNameLength)
	}
	return name, nil
}

// Admission is what taking a guest link leads to.
type Admission struct {
	// Member says that a person of the town took the link: they go on as
	// themselves, and their own rights count.
	Member   bool   `json:"member"`
	Kind     string `json:"kind"`
	ObjectID string `json:"object_id"`
	Right    string `json:"right"`
	Name     string `json:"name" doc:"What it is called, where the house knows; may be empty"`
}
