package auth

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/id"
)

func (h *house) guestLink(change ...func(*NewGuestLink)) (GuestLink, string) {
	h.Helper()
	n := NewGuestLink{Kind: "meeting", ObjectID: id.New(), Right: "join", CreatedBy: "u-1", ExpiresAt: h.now.Now().Add(time.Hour)}
	for _, c := range change {
		c(&n)
	}
	link, token, err := h.service.MintGuestLink(h.Context(), n)
	h.must(err)
	return link, token
}

func (b *surfer) take(token, name string) reply {
	b.h.Helper()
	return b.do("POST", "/auth/guest", map[string]any{"token": token, "name": name})
}

func TestGuestComesInByLinkAndSeesNothingElse(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		h.setUp()
		link, token := h.guestLink()
		b := h.surfer()
		b.want(b.take(token, ""), http.StatusUnprocessableEntity, "auth.guest_name_needed")
		b.want(b.take(token, "  Frau   Bürger "), 200)
		me := b.state().Me
		if me == nil || !me.Guest || me.Name != "Frau Bürger" || me.Role != access.RoleGuest || len(me.Grants) != 1 ||
			me.Grants[0] != (GrantInfo{Kind: "meeting", ID: link.ObjectID, Right: "join"}) {
			t.Fatalf("got %+v", me)
		}
		b.want(b.do("GET", "/auth/sessions", nil), http.StatusForbidden, "not_allowed")
		b.want(b.do("PATCH", "/auth/me", map[string]any{"name": "Ada Amtmann"}), http.StatusForbidden)

		_, second := h.guestLink(func(n *NewGuestLink) { n.Kind, n.Right = "pad", "write" })
		before := b.cookie()
		b.want(b.take(second, ""), 200)
		if me := b.state().Me; len(me.Grants) != 2 || b.cookie() != before || !h.told.has(&h.told.changed, me.SessionID) {
			t.Errorf("the same guest should get one thing more, and the sockets be told: %+v", me)
		}
	})
}

func TestPadAsksNoGuestForAName_000_05(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	_, token := h.guestLink(func(n *NewGuestLink) { n.Kind, n.Right = "pad", "read" })
	b := h.surfer()
	b.want(b.take(token, ""), 200)
	if me := b.state().Me; me == nil || me.Name != "" {
		t.Errorf("got %+v", me)
	}
}

func TestMemberGoesThroughALinkAsThemselves(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.setUp()
	link, token := h.guestLink()
	var a Admission
	h.must(json.Unmarshal(b.want(b.take(token, "Mallory"), 200).body, &a))
	if !a.Member || a.ObjectID != link.ObjectID || b.state().Me.Name != "Ada Amtmann" {
		t.Errorf("got %+v", a)
	}
}

func TestRevokedLinkEndsItsGuests_CVEClass8(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		link, token := h.guestLink()
		_, other := h.guestLink()
		only, both := h.surfer(), h.surfer()
		only.want(only.take(token, "Anna"), 200)
		both.want(both.take(token, "Berta"), 200)
		both.want(both.take(other, "Berta"), 200)
		gone, stays := only.state().Me.SessionID, both.state().Me.SessionID

		if err := h.service.RevokeGuestLink(t.Context(), "meeting", id.New(), link.ID); err == nil {
			t.Error("a link is revoked only through the thing that it opens")
		}
		h.must(h.service.RevokeGuestLink(t.Context(), link.Kind, link.ObjectID, link.ID))
		if only.state().Me != nil || !h.told.has(&h.told.ended, gone) {
			t.Error("a guest with nothing left should be nobody")
		}
		if me := both.state().Me; me == nil || len(me.Grants) != 1 || !h.told.has(&h.told.changed, stays) {
			t.Errorf("a guest with another link keeps only that, got %+v", me)
		}
		if !h.told.has(&h.told.links, link.ID) {
			t.Error("the end of the link should be told")
		}
		late := h.surfer()
		late.want(late.take(token, "Carla"), http.StatusGone, "auth.link_withdrawn")
	})
}

func TestLinkHoldsForItsTimeOnly(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	start := h.now.Now().Add(time.Hour)
	link, token := h.guestLink(func(n *NewGuestLink) { n.NotBefore, n.ExpiresAt = start, start.Add(time.Hour) })
	b := h.surfer()
	b.want(b.take(token, "Anna"), http.StatusConflict, "auth.link_too_early")
	h.now.Advance(time.Hour)
	b.want(b.take(token, "Anna"), 200)
	h.now.Advance(time.Hour)
	if me := b.state().Me; me != nil && len(me.Grants) != 0 {
		t.Error("an expired link should open nothing, even before it is swept")
	}
	h.must(h.service.Sweep(t.Context()))
	if b.state().Me != nil || !h.told.has(&h.told.links, link.ID) {
		t.Error("the sweep should end the guest and tell of the link")
	}
	late := h.surfer()
	late.want(late.take(token, "Berta"), http.StatusGone)
}

func TestLinkLetsInAsManyAsItSays_CVEClass7(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		_, token := h.guestLink(func(n *NewGuestLink) { n.MaxUses = 3 })
		var in atomic.Int32
		var all sync.WaitGroup
		for range 25 {
			all.Go(func() {
				if b := h.surfer(); b.take(token, "Anna").StatusCode == http.StatusOK {
					in.Add(1)
				}
			})
		}
		all.Wait()
		if in.Load() != 3 {
			t.Errorf("%d came in, want 3", in.Load())
		}
	})
}

func TestLinksWithNonsenseAreRefused(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	for name, change := range map[string]func(*NewGuestLink){
		"kind":    func(n *NewGuestLink) { n.Kind = "town" },
		"right":   func(n *NewGuestLink) { n.Right = "admin" },
		"no end":  func(n *NewGuestLink) { n.ExpiresAt = time.Time{} },
		"past":    func(n *NewGuestLink) { n.ExpiresAt = h.now.Now() },
		"no one":  func(n *NewGuestLink) { n.CreatedBy = "" },
		"no what": func(n *NewGuestLink) { n.ObjectID = "" },
	} {
		n := NewGuestLink{Kind: "meeting", ObjectID: "x", Right: "join", CreatedBy: "u", ExpiresAt: h.now.Now().Add(time.Hour)}
		change(&n)
		if _, _, err := h.service.MintGuestLink(t.Context(), n); err == nil {
			t.Errorf("%s should be refused", name)
		}
	}
}
