package directory

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rathaus/internal/fault"
)

// Local is the origin of groups, and the source of memberships, that people of
// the town have made here; all others are names of issuers.
const Local = "local"

// Group is a set of people.
type Group struct {
	ID          string
	Name        string // unique within its origin
	Description string
	Origin      string // Local or the name of an issuer
	Office      bool   // people write to it as a whole
	CreatedAt   time.Time
}

// Membership is one source's word that somebody is in a group.
type Membership struct {
	GroupID string
	UserID  string
	Source  string
}

// GroupChange names the fields to change; nil leaves a field as it is.
type GroupChange struct {
	Name        *string
	Description *string
	Office      *bool
}

// apply returns g with the changes, tidied and checked.
func (c GroupChange) apply(g Group) (Group, error) {
	if c.Name != nil {
		g.Name = *c.Name
	}
	if c.Description != nil {
		g.Description = *c.Description
	}
	if c.Office != nil {
		g.Office = *c.Office
	}
	return g.tidy()
}

// tidy returns g with its texts cleaned, or says which one breaks a rule.
func (g Group) tidy() (Group, error) {
	var err error
	if g.Name, err = tidyName(g.Name, "directory.group_name"); err != nil {
		return Group{}, err
	}
	text := strings.TrimSpace(norm.NFC.String(g.Description))
	hidden := func(r rune) bool { return isHidden(r) && !unicode.IsSpace(r) }
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, hidden):
		return Group{}, fault.Invalid("directory.text_invalid", "field", "description")
	case utf8.RuneCountInString(text) > maxDescription:
		return Group{}, fault.Invalid("directory.text_too_long", "field", "description", "max", maxDescription)
	}
	g.Description = text
	return g, nil
}
