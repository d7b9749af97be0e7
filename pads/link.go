package pads

import (
	"time"
	"unicode/utf8"

	"rathaus/internal/fault"
)

const (
	maxLinkLabel = 80 // characters
	maxLinkUses  = 10_000
	maxLinkLife  = 2 * 366 * 24 * time.Hour
)

// Link is a guest link to a pad as its owner sees it.
type Link struct {
	ID        string
	Right     Right
	Label     string
	MaxUses   int64 // 0: any number
	Uses      int64
	ExpiresAt *time.Time
	CreatedAt time.Time
}

// NewLink is what making a link takes.
type NewLink struct {
	Right     Right
	Label     string
	MaxUses   int64
	ExpiresAt *time.Time
}

func (l NewLink) check(now time.Time) error {
	if l.Right != Read && l.Right != Write {
		return fault.Invalid("pads.link_invalid")
	}
	if l.MaxUses < 0 || l.MaxUses > maxLinkUses || utf8.RuneCountInString(l.Label) > maxLinkLabel {
		return fault.Invalid("pads.link_invalid")
	}
	if l.ExpiresAt != nil && (!l.ExpiresAt.After(now) || l.ExpiresAt.After(now.Add(maxLinkLife))) {
		return fault.Invalid("pads.link_expiry_invalid")
	}
	return nil
}
