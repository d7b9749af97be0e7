// Package access knows who asks and how much a route asks for.
//
// A Principal is the answer to "who is this"; it is resolved once at the edge
// (from a session cookie) and travels in the context. A Level is what a route
// or socket operation demands before its handler runs; its zero value denies.
// Rules about single things (this room, that pad) live in the features as pure
// functions of a Principal and the thing.
package access

import (
	"context"
	"strings"
)

// Role is what a person is in the town. There is exactly one for each person.
type Role string

// The roles. Auditors and administrators are members too, but neither is the other.
const (
	RoleGuest   Role = "guest"
	RoleMember  Role = "member"
	RoleAuditor Role = "auditor"
	RoleAdmin   Role = "admin"
)

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool {
	switch r {
	case RoleGuest, RoleMember, RoleAuditor, RoleAdmin:
		return true
	}
	return false
}

// Grant is one thing that a guest's link opens.
type Grant struct {
	Kind  string // "pad", "meeting" or "room"
	ID    string
	Right string // "join", "read" or "write"
}

// linkGuest begins the id of a guest by link.
const linkGuest = "guest-"

// Principal is who asks. The zero value is nobody.
type Principal struct {
	UserID    string // a person's id, or "guest-…" for a guest by link
	Name      string
	Role      Role
	SessionID string
	Grants    []Grant // only for guests by link
}

// Authenticated reports whether somebody is signed in, guests included.
func (p Principal) Authenticated() bool { return p.UserID != "" }

// IsGuest reports whether p came by a link or is a guest of the directory.
func (p Principal) IsGuest() bool { return p.Role == RoleGuest }

// HasAccount reports whether p is a person of the directory, guests of the town
// included: what is kept for p is found again on the next visit. A guest by link
// has a session and nothing else.
func (p Principal) HasAccount() bool {
	return p.Authenticated() && p.Role.Valid() && !strings.HasPrefix(p.UserID, linkGuest)
}

// IsMember reports whether p belongs to the town.
func (p Principal) IsMember() bool {
	return p.Role == RoleMember || p.Role == RoleAuditor || p.Role == RoleAdmin
}

// IsAuditor reports whether p may read the audit log but administer nothing.
func (p Principal) IsAuditor() bool { return p.Role == RoleAuditor }

// IsAdmin reports whether p administers the town.
func (p Principal) IsAdmin() bool { return p.Role == RoleAdmin }

// Grant returns the right that p's link gives on one thing.
func (p Principal) Grant(kind, id string) (right string, ok bool) {
	for _, g := range p.Grants {
		if g.Kind == kind && g.ID == id {
			return g.Right, true
		}
	}
	return "", false
}

// Level is what a route or a socket operation demands of whoever calls it.
type Level int

// The levels, rising. The zero value denies everybody, so that a route whose
// author forgot the level is closed.
const (
	Deny    Level = iota
	Public        // anybody, signed in or not
	Guest         // anybody with a session, guests included
	Account       // anybody with an account, guests of the town included
	Member        // people of the town
	Auditor       // auditors and administrators
	Admin         // administrators
)

var levelNames = [...]string{"deny", "public", "guest", "account", "member", "auditor", "admin"}

// String names the level for documents and tests.
func (l Level) String() string {
	if l < Deny || l > Admin {
		return "deny"
	}
	return levelNames[l]
}

// Allows reports whether p meets the level.
func (l Level) Allows(p Principal) bool {
	switch l {
	case Public:
		return true
	case Guest:
		return p.Authenticated() && p.Role.Valid()
	case Account:
		return p.HasAccount()
	case Member:
		return p.Authenticated() && p.IsMember()
	case Auditor:
		return p.Authenticated() && (p.IsAuditor() || p.IsAdmin())
	case Admin:
		return p.Authenticated() && p.IsAdmin()
	default:
		return false
	}
}

type key struct{}

// With returns a context that carries p.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, key{}, p)
}

// From returns the principal of the context, or nobody.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(key{}).(Principal)
	return p
}
