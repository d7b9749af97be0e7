package auth

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

func TestSignInGivesANewSecretEachTime_CVEClass8(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		b := h.setUp()
		first := b.cookie()
		b.want(b.login("ada@musterstadt.EXAMPLE ", goodPassword), 200)
		second := b.cookie()
		if first == second || second == "" {
			t.Fatal("a sign-in should go on under a new secret")
		}
		thief := h.surfer()
		r := thief.do("GET", "/auth/sessions", nil, func(r *http.Request) { r.Header.Set("Cookie", "rathaus="+first) })
		thief.want(r, http.StatusUnauthorized, "not_signed_in")
		if !slices.Contains(h.actions(), "auth.signed_in") {
			t.Error("the sign-in should be in the audit log")
		}
	})
}

func TestCookieIsGuarded(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://portal.stadt.example": "__Host-rathaus=t; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax",
		"http://localhost:8080":        "rathaus=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
	} {
		if got := cookiesFor(address).session("t", time.Minute); got != want {
			t.Errorf("cookie for %s is %q, want %q", address, got, want)
		}
	}
}

func TestWrongNameAndWrongPasswordAnswerTheSame(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	b := h.surfer()
	unknown := b.login("niemand@musterstadt.example", goodPassword)
	wrong := b.login("ada@musterstadt.example", goodPassword+"!")
	for _, r := range []reply{unknown, wrong} {
		b.want(r, http.StatusUnauthorized, "auth.wrong_password")
	}
	if h.service.hasher.cost != mustCost(t, h.service.hasher.dummy) {
		t.Error("the check for an unknown name should cost as much as a real one")
	}
}

func mustCost(t *testing.T, phc string) cost {
	t.Helper()
	c, _, _, err := decodeHash(phc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGuessingIsSlowedDownAndSurvivesARestart_CVEClass33(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		h.setUp()
		b := h.surfer()
		for range pairQuota.tries {
			b.want(b.login("ada@musterstadt.example", "falsch aber lang"), http.StatusUnauthorized)
		}
		b.want(b.login("ada@musterstadt.example", goodPassword), http.StatusTooManyRequests, "auth.too_many_tries")

		again := newHouse(t, h.db) // the same database after a restart
		again.now.Advance(time.Minute)
		other := again.surfer()
		other.want(other.login("ada@musterstadt.example", goodPassword), http.StatusTooManyRequests)
		again.now.Advance(pairQuota.window)
		other.want(other.login("ada@musterstadt.example", goodPassword), 200)
	})
}

func TestAStrangerCannotLockTheOwnerOut_CVEClass33(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	owner := h.surfer()
	owner.want(owner.login("ada@musterstadt.example", goodPassword), 200)
	for i := range accountQuota.tries + 5 { // from ever new networks
		_, err := h.service.SignIn(t.Context(), "ada@musterstadt.example", "falsch aber lang", origin{Network: "198.51.100." + string(rune('a'+i))})
		if err == nil {
			t.Fatal("a wrong password should not sign in")
		}
	}
	_, err := h.service.SignIn(t.Context(), "ada@musterstadt.example", goodPassword, origin{Network: "203.0.113.9"})
	if err == nil {
		t.Error("from a strange network the account should be closed for a while")
	}
	owner.want(owner.login("ada@musterstadt.example", goodPassword), 200)
}

func TestForwardedAddressOfAStrangerIsIgnored_CVEClass29(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	b := h.surfer()
	for i := range pairQuota.tries + 1 {
		r := b.do("POST", "/auth/login", map[string]any{"login": "ada@musterstadt.example", "password": "falsch aber lang"}, func(r *http.Request) {
			r.Header.Set("X-Forwarded-For", "192.0.2."+string(rune('0'+i%10)))
			r.Header.Set("X-Real-Ip", "192.0.2."+string(rune('0'+i%10)))
		})
		if i == pairQuota.tries {
			b.want(r, http.StatusTooManyRequests)
		}
	}
}

func TestHugePasswordCostsNothing_CVEClass30(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	b := h.surfer()
	// It is refused by its length alone, before anything is hashed.
	b.want(b.login("ada@musterstadt.example", strings.Repeat("x", 900_000)), http.StatusUnprocessableEntity)
	if err := checkPassword(strings.Repeat("ä", 600), 12); err == nil {
		t.Error("1200 bytes should be refused")
	}
}

func TestForeignPageCannotSignInOrOut_CVEClass28(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.setUp()
	for name, spoil := range map[string]func(*http.Request){
		"foreign origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"cross-site":     func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"no header":      func(r *http.Request) { r.Header.Del(api.WriteHeader) },
	} {
		for _, path := range []string{"/auth/logout", "/auth/password", "/auth/invitations", "/auth/guest"} {
			if r := b.do("POST", path, map[string]any{}, spoil); r.StatusCode != http.StatusForbidden || r.code() != "cross_site_request" {
				t.Errorf("%s with %s answered %d %s", path, name, r.StatusCode, r.body)
			}
		}
	}
	if b.state().Me == nil {
		t.Error("the person should still be signed in")
	}
}

func TestDisablingActsAtOnceOnEveryPath_CVEClass4And8(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		h.setUp()
		h.run()
		u, b := h.member("Bea Bauhof", "bea@musterstadt.example")
		link, err := h.service.ResetLink(t.Context(), u.ID)
		h.must(err)
		session := b.state().Me.SessionID
		h.must(h.directory.Disable(t.Context(), u.ID))

		if b.state().Me != nil {
			t.Error("the next request after disabling should be nobody's")
		}
		h.eventually("the end of the session was told", func() bool { return h.told.has(&h.told.ended, session) })
		stranger := h.surfer()
		stranger.want(stranger.login("bea@musterstadt.example", goodPassword), http.StatusUnauthorized, "auth.wrong_password")
		r := stranger.do("POST", "/auth/reset", map[string]any{"token": fragment(t, link.URL), "password": goodPassword + "!"})
		stranger.want(r, http.StatusGone)

		h.must(h.directory.Enable(t.Context(), u.ID))
		if b.state().Me != nil {
			t.Error("the old session should not come back with the person")
		}
		stranger.want(stranger.login("bea@musterstadt.example", goodPassword), 200)
	})
}

func TestNewRoleCountsAtTheNextRequest(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	h.run()
	u, b := h.member("Bea Bauhof", "bea@musterstadt.example")
	b.want(b.do("GET", "/auth/invitations", nil), http.StatusForbidden)
	session := b.state().Me.SessionID
	h.must(h.directory.SetRole(t.Context(), u.ID, access.RoleAdmin))
	b.want(b.do("GET", "/auth/invitations", nil), 200)
	h.eventually("the change was told", func() bool { return h.told.has(&h.told.changed, session) })
}

func TestMyDevicesCanBeSignedOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		desk := h.setUp()
		phone, pad := h.surfer(), h.surfer()
		phone.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
		phone.want(phone.login("ada@musterstadt.example", goodPassword), 200)
		pad.want(pad.login("ada@musterstadt.example", goodPassword), 200)

		body := string(desk.want(desk.do("GET", "/auth/sessions", nil), 200).body)
		for _, want := range []string{"Safari · iPhone", "Firefox · Windows", `"current":true`} {
			if !strings.Contains(body, want) {
				t.Errorf("my devices should show %q: %s", want, body)
			}
		}
		for _, never := range []string{"seen", "127.0.0.1"} {
			if strings.Contains(body, never) {
				t.Errorf("my devices should not show %q: %s", never, body)
			}
		}
		id := phone.state().Me.SessionID
		desk.want(desk.do("DELETE", "/auth/sessions/"+id, nil), http.StatusNoContent)
		if phone.state().Me != nil || !h.told.has(&h.told.ended, id) {
			t.Error("the phone should be signed out and its sockets told")
		}
		desk.want(desk.do("DELETE", "/auth/sessions/"+id, nil), http.StatusNotFound)
		desk.want(desk.do("DELETE", "/auth/sessions", nil), 200)
		if pad.state().Me != nil || desk.state().Me == nil {
			t.Error("all others should be signed out, and this one not")
		}
	})
}

func TestNobodyEndsTheSessionOfSomebodyElse_CVEClass9(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	admin := h.setUp()
	_, b := h.member("Bea Bauhof", "bea@musterstadt.example")
	b.want(b.do("DELETE", "/auth/sessions/"+admin.state().Me.SessionID, nil), http.StatusNotFound)
	if admin.state().Me == nil {
		t.Error("the administrator should still be signed in")
	}
}

func TestPasswordChangeNeedsTheOldOneAndEndsOtherSessions(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.setUp()
	other := h.surfer()
	other.want(other.login("ada@musterstadt.example", goodPassword), 200)
	change := func(old, fresh string) reply {
		return b.do("POST", "/auth/password", map[string]any{"old": old, "new": fresh})
	}
	b.want(change("falsch aber lang", "andere lila Wolken"), http.StatusUnprocessableEntity, "auth.old_password_wrong")
	b.want(change(goodPassword, "kurz"), http.StatusUnprocessableEntity, "auth.password_too_short")
	b.want(change(goodPassword, "andere lila Wolken"), http.StatusNoContent)
	if other.state().Me != nil || b.state().Me == nil {
		t.Error("the other device should be signed out, and this one not")
	}
	other.want(other.login("ada@musterstadt.example", goodPassword), http.StatusUnauthorized)
	other.want(other.login("ada@musterstadt.example", "andere lila Wolken"), 200)
}

func TestSignOutEndsTheSessionOnTheServer(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.setUp()
	secret := b.cookie()
	r := b.want(b.do("POST", "/auth/logout", nil), 200)
	if b.cookie() != "" || r.Header.Get("Clear-Site-Data") == "" {
		t.Error("signing out should clear the cookie and what the browser keeps")
	}
	r = b.do("GET", "/auth/sessions", nil, func(r *http.Request) { r.Header.Set("Cookie", "rathaus="+secret) })
	b.want(r, http.StatusUnauthorized)
}

func TestHashIsUpgradedAtSignIn(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	h.setUp()
	h.service.hasher.cost = cost{memory: 128, time: 2, lanes: 1}
	b := h.surfer()
	b.want(b.login("ada@musterstadt.example", goodPassword), 200)
	c, found, err := credentialByLogin(h.db.Read(t.Context()), "ada@musterstadt.example")
	if err != nil || !found || mustCost(t, c.Hash) != h.service.hasher.cost {
		t.Errorf("the stored hash should have today's cost, got %q %v", c.Hash, err)
	}
	b.want(b.login("ada@musterstadt.example", goodPassword), 200)
}

func TestNoAddressIsStored_000_05(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.setUp()
	b.login("niemand@musterstadt.example", "falsch aber lang")
	for _, table := range []string{"auth_throttle", "auth_sessions", "audit_log"} {
		rows := []map[string]any{}
		h.must(h.db.Read(t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for column, value := range row {
				if text, ok := value.(string); ok && strings.Contains(text, "127.0.0.1") {
					t.Errorf("%s.%s holds an address: %q", table, column, text)
				}
			}
		}
	}
}
