package auth

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSetUpCreatesTheFirstAdministratorOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		token := h.setupToken()
		b := h.surfer()
		if s := b.state(); !s.SetupNeeded || s.Me != nil {
			t.Fatalf("an empty house should need a set-up, got %+v", s)
		}
		b.want(b.do("POST", "/auth/setup", h.setupBody(token)), 200)
		s := b.state()
		if s.SetupNeeded || s.Me == nil || s.Me.Role != "admin" || s.Town.Name != "Musterstadt" {
			t.Errorf("after the set-up the administrator is signed in, got %+v", s)
		}
		again := h.surfer()
		again.want(again.do("POST", "/auth/setup", h.setupBody(token)), http.StatusGone, "auth.setup_done")
		if _, needed, err := h.service.PrepareSetup(t.Context()); err != nil || needed {
			t.Errorf("a second start should ask for no set-up: %v %v", needed, err)
		}
		if !slices.Contains(h.actions(), "auth.set_up") {
			t.Error("the set-up should be in the audit log")
		}
	})
}

// Browsers send the domain of an e-mail field in its ASCII form (RFC 5891).
func TestDomainWithUmlautIsOneNameInBothSpellings(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		body := h.setupBody(h.setupToken())
		body["email"] = "Anne@xn--slzbach-n2a.de"
		b := h.surfer()
		b.want(b.do("POST", "/auth/setup", body), 200)
		if got := b.state().Me.Email; got != "Anne@sülzbach.de" {
			t.Errorf("the address should read as people write it, got %s", got)
		}
		for _, login := range []string{"anne@sülzbach.de", "ANNE@SÜLZBACH.DE", "anne@su\u0308lzbach.de", "anne@xn--slzbach-n2a.de"} {
			other := h.surfer()
			other.want(other.do("POST", "/auth/login", map[string]any{"login": login, "password": body["password"]}), 200)
		}
		link := h.invite(b, map[string]any{"name": "Götz", "email": "goetz@xn--slzbach-n2a.de"})
		seen := b.want(b.do("POST", "/auth/tickets/read", map[string]any{"kind": "invitation", "token": fragment(t, link.URL)}), 200)
		if !strings.Contains(string(seen.body), `"goetz@sülzbach.de"`) {
			t.Errorf("an invitation should name the address as people write it, got %s", seen.body)
		}
	})
}

func TestSetUpLinkFiftyTimesAtOnceWorksOnce_CVEClass7(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		body := h.setupBody(h.setupToken())
		var won, gone atomic.Int32
		var all sync.WaitGroup
		for range 25 {
			b := h.surfer()
			all.Go(func() {
				switch r := b.do("POST", "/auth/setup", body); r.StatusCode {
				case http.StatusOK:
					won.Add(1)
				case http.StatusGone:
					gone.Add(1)
				default:
					t.Errorf("unexpected answer %d %s", r.StatusCode, r.body)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || gone.Load() != 24 {
			t.Errorf("%d won and %d were told it is gone, want 1 and 24", won.Load(), gone.Load())
		}
	})
}

func TestSetUpLinkOfAnEarlierStartStopsWorking(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	old := h.setupToken()
	fresh := h.setupToken()
	b := h.surfer()
	b.want(b.do("POST", "/auth/setup", h.setupBody(old)), http.StatusGone, "auth.link_unknown")
	h.now.Advance(setupValid)
	b.want(b.do("POST", "/auth/setup", h.setupBody(fresh)), http.StatusGone, "auth.link_expired")
	b.want(b.do("POST", "/auth/setup", h.setupBody(h.setupToken())), 200)
}

func TestSetUpRefusesWeakPasswordAndLeavesTheLinkGood(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	token := h.setupToken()
	b := h.surfer()
	for password, code := range map[string]string{
		"kurz":               "auth.password_too_short",
		"Passwort12345":      "auth.password_common",
		"Musterstadt2026!":   "auth.password_is_name",
		"Ada-Amtmann-2026":   "auth.password_is_name",
		"aaaaaaaaaaaaaaaaaa": "auth.password_common",
	} {
		body := h.setupBody(token)
		body["password"] = password
		b.want(b.do("POST", "/auth/setup", body), http.StatusUnprocessableEntity, code)
	}
	b.want(b.do("POST", "/auth/setup", h.setupBody(token)), 200)
}

func TestSessionEndsByIdlenessAndByAge(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.setUp()
	h.now.Advance(29 * 24 * time.Hour)
	if b.state().Me == nil {
		t.Fatal("a session in use should hold for 29 days")
	}
	h.now.Advance(29 * 24 * time.Hour)
	if b.state().Me == nil {
		t.Fatal("use should have renewed the idle time")
	}
	h.now.Advance(31 * 24 * time.Hour)
	if b.state().Me != nil {
		t.Error("a session unused for 31 days should have ended")
	}
}
