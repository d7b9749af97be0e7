package auth

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rathaus/internal/access"
)

func (h *house) invite(admin *surfer, body map[string]any) Link {
	h.Helper()
	var link Link
	h.must(json.Unmarshal(admin.want(admin.do("POST", "/auth/invitations", body), 200).body, &link))
	return link
}

func acceptance(token string) map[string]any {
	return map[string]any{"token": token, "name": "Bea Bauhof", "password": goodPassword}
}

func TestInvitedPersonJoinsWithRoleAndGroups(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		admin := h.setUp()
		g, err := h.directory.CreateGroup(t.Context(), "Bauhof", "")
		h.must(err)
		link := h.invite(admin, map[string]any{"name": "Bea Bauhof", "email": "Bea@Musterstadt.example", "role": "auditor", "group_ids": []string{g.ID}})
		token := fragment(t, link.URL)

		b := h.surfer()
		b.want(b.do("POST", "/auth/tickets/read", map[string]any{"kind": "invitation", "token": token}), 200)
		b.want(b.do("POST", "/auth/invitations/accept", acceptance(token)), 200)
		me := b.state().Me
		if me == nil || me.Role != "auditor" || me.Email != "Bea@Musterstadt.example" {
			t.Fatalf("the invited person should be signed in as auditor, got %+v", me)
		}
		groups, err := h.directory.GroupsOf(t.Context(), me.ID)
		if err != nil || len(groups) != 1 || groups[0].ID != g.ID {
			t.Errorf("the invited person should be in the group, got %v %v", groups, err)
		}
		again := h.surfer()
		again.want(again.do("POST", "/auth/invitations/accept", acceptance(token)), http.StatusGone, "auth.link_used")
		again.want(again.login("bea@musterstadt.example", goodPassword), 200)
	})
}

func TestOneTimeLinksFiftyTimesAtOnceWorkOnce_CVEClass7(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		admin := h.setUp()
		u, _ := h.member("Carl Kanzlei", "carl@musterstadt.example")
		reset, err := h.service.ResetLink(t.Context(), u.ID)
		h.must(err)
		invitation := h.invite(admin, map[string]any{"name": "Bea Bauhof", "email": "bea@musterstadt.example"})
		for path, body := range map[string]map[string]any{
			"/auth/invitations/accept": acceptance(fragment(t, invitation.URL)),
			"/auth/reset":              {"token": fragment(t, reset.URL), "password": "andere lila Wolken"},
		} {
			var won, refused atomic.Int32
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() {
					b := h.surfer()
					switch r := b.do("POST", path, body); r.StatusCode {
					case http.StatusOK:
						won.Add(1)
					case http.StatusGone, http.StatusTooManyRequests, http.StatusConflict:
						refused.Add(1)
					default:
						t.Errorf("%s answered %d %s", path, r.StatusCode, r.body)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 || refused.Load() != 49 {
				t.Errorf("%s: %d won and %d were refused, want 1 and 49", path, won.Load(), refused.Load())
			}
		}
	})
}

func TestWithdrawnAndExpiredInvitationsAreWorthless(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	admin := h.setUp()
	withdrawn := h.invite(admin, map[string]any{"name": "Bea Bauhof", "email": "bea@musterstadt.example"})
	admin.want(admin.do("DELETE", "/auth/invitations/"+withdrawn.ID, nil), http.StatusNoContent)
	admin.want(admin.do("DELETE", "/auth/invitations/"+withdrawn.ID, nil), http.StatusNotFound)
	b := h.surfer()
	b.want(b.do("POST", "/auth/invitations/accept", acceptance(fragment(t, withdrawn.URL))), http.StatusGone, "auth.link_unknown")

	expired := h.invite(admin, map[string]any{"name": "Bea Bauhof", "email": "bea@musterstadt.example"})
	h.now.Advance(7*24*time.Hour + time.Second)
	b.want(b.do("POST", "/auth/invitations/accept", acceptance(fragment(t, expired.URL))), http.StatusGone, "auth.link_expired")
}

func TestInvitationsAreForAdministrators(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	_, b := h.member("Bea Bauhof", "bea@musterstadt.example")
	b.want(b.do("POST", "/auth/invitations", map[string]any{"name": "Carl"}), http.StatusForbidden)
	nobody := h.surfer()
	nobody.want(nobody.do("GET", "/auth/invitations", nil), http.StatusUnauthorized)
}

// Guests with an account are invited as others are; how little they see is
// decided by their role.
func TestInvitationMakesAGuestOfTheTown(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	admin := h.setUp()
	link := h.invite(admin, map[string]any{"name": "Carl Gast", "email": "carl@planung.example", "role": "guest"})
	guest := h.surfer()
	guest.want(guest.do("POST", "/auth/invitations/accept", map[string]any{"token": fragment(t, link.URL), "name": "Carl Gast", "password": "ein langes Passwort 7"}), http.StatusOK)
	if me := guest.state().Me; me == nil || me.Role != access.RoleGuest || me.Guest {
		t.Errorf("the invited guest is %+v, want somebody with an account and the role of a guest", me)
	}
	guest.want(guest.do("GET", "/auth/invitations", nil), http.StatusForbidden)
}

func TestInvitationCannotMakeAnUnknownRoleOrTakeALogin(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	admin := h.setUp()
	admin.want(admin.do("POST", "/auth/invitations", map[string]any{"name": "Carl", "role": "king"}), http.StatusUnprocessableEntity)
	admin.want(admin.do("POST", "/auth/invitations", map[string]any{"name": "Carl", "email": ".carl@@musterstadt"}), http.StatusUnprocessableEntity, "directory.email_invalid")
	admin.want(admin.do("POST", "/auth/invitations", map[string]any{"name": "Carl", "email": "ADA@musterstadt.example"}), http.StatusConflict, "auth.login_taken")
}

func TestResetSetsAPasswordOnceAndEndsAllSessions(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	u, b := h.member("Bea Bauhof", "bea@musterstadt.example")
	link, err := h.service.ResetLink(t.Context(), u.ID)
	h.must(err)
	other := h.surfer()
	reset := func() reply {
		return other.do("POST", "/auth/reset", map[string]any{"token": fragment(t, link.URL), "password": "andere lila Wolken"})
	}
	other.want(reset(), 200)
	if b.state().Me != nil || other.state().Me == nil {
		t.Error("the old session should have ended and the new one begun")
	}
	other.want(reset(), http.StatusGone, "auth.link_used")
	b.want(b.login("bea@musterstadt.example", goodPassword), http.StatusUnauthorized)
	b.want(b.login("bea@musterstadt.example", "andere lila Wolken"), 200)
}

func TestGuessingLinksIsSlowedDown(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.surfer()
	guess := func() reply {
		return b.do("POST", "/auth/tickets/read", map[string]any{"kind": "invitation", "token": "guessguessguessguessguessguessguessguessgue"})
	}
	for range guessQuota.tries {
		b.want(guess(), http.StatusGone, "auth.link_unknown")
	}
	b.want(guess(), http.StatusTooManyRequests, "auth.too_many_tries")
}
