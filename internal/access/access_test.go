package access_test

import (
	"context"
	"testing"

	"rathaus/internal/access"
)

func TestLevelsDecideByRole(t *testing.T) {
	t.Parallel()
	who := map[string]access.Principal{
		"nobody":  {},
		"guest":   {UserID: "guest-1", Role: access.RoleGuest},
		"visitor": {UserID: "v", Role: access.RoleGuest}, // a guest with an account
		"member":  {UserID: "m", Role: access.RoleMember},
		"auditor": {UserID: "a", Role: access.RoleAuditor},
		"admin":   {UserID: "b", Role: access.RoleAdmin},
		"unknown": {UserID: "x", Role: "root"},
		"no id":   {Role: access.RoleAdmin},
	}
	allowed := map[access.Level][]string{
		access.Deny:      {},
		access.Public:    {"nobody", "guest", "visitor", "member", "auditor", "admin", "unknown", "no id"},
		access.Guest:     {"guest", "visitor", "member", "auditor", "admin"},
		access.Account:   {"visitor", "member", "auditor", "admin"},
		access.Member:    {"member", "auditor", "admin"},
		access.Auditor:   {"auditor", "admin"},
		access.Admin:     {"admin"},
		access.Level(99): {},
	}
	for level, names := range allowed {
		want := map[string]bool{}
		for _, n := range names {
			want[n] = true
		}
		for name, p := range who {
			if got := level.Allows(p); got != want[name] {
				t.Errorf("level %s for %s: allowed %v, want %v", level, name, got, want[name])
			}
		}
	}
}

func TestEmptyContextIsNobody(t *testing.T) {
	t.Parallel()
	if access.From(context.Background()).Authenticated() {
		t.Error("a context without principal should be nobody")
	}
	ctx := access.With(context.Background(), access.Principal{UserID: "u", Role: access.RoleMember})
	if access.From(ctx).UserID != "u" {
		t.Error("the principal should travel in the context")
	}
}

func TestGrantsMatchKindAndIDExactly(t *testing.T) {
	t.Parallel()
	p := access.Principal{Grants: []access.Grant{{Kind: "pad", ID: "1", Right: "read"}}}
	if right, ok := p.Grant("pad", "1"); !ok || right != "read" {
		t.Errorf("got %q %v, want read", right, ok)
	}
	for _, miss := range [][2]string{{"pad", "2"}, {"meeting", "1"}, {"PAD", "1"}} {
		if _, ok := p.Grant(miss[0], miss[1]); ok {
			t.Errorf("%v should not be granted", miss)
		}
	}
}
