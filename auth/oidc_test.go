package auth

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rathaus/internal/access"
	"rathaus/internal/config"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

func withIssuer(t *testing.T, fn func(h *house, i *issuer), changes ...func(*config.OIDCProvider)) {
	t.Helper()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		i := newIssuer(t)
		h := newHouse(t, db, i.named("kreis", changes...))
		h.setUp()
		fn(h, i)
	})
}

// Requirement rows 002-07, 002-10: the claim says in which groups somebody is.
func TestFirstSignInCreatesTheAccountAndTheSecondFindsIt(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		who := person{"sub": "u-1", "name": "Bea Bauhof", "email": "bea@kreis.example", "email_verified": true, "groups": []string{"Bauhof", "Alle"}}
		b := h.surfer()
		if at := b.signInAt(i, "kreis", who); at != "/chat" {
			t.Fatalf("the trip ended at %s, want /chat", at)
		}
		me := b.state().Me
		if me == nil || me.Name != "Bea Bauhof" || me.Role != access.RoleMember || me.Email != "bea@kreis.example" {
			t.Fatalf("got %+v", me)
		}
		who["groups"] = []string{"Alle", "Feuerwehr"}
		again := h.surfer()
		again.signInAt(i, "kreis", who)
		if again.state().Me.ID != me.ID {
			t.Error("the second sign-in should find the same person")
		}
		groups, err := h.directory.GroupsOf(t.Context(), me.ID)
		h.must(err)
		var names []string
		for _, g := range groups {
			names = append(names, g.Name)
		}
		if !slices.Equal(names, []string{"Alle", "Feuerwehr"}) {
			t.Errorf("groups follow the claim, got %v", names)
		}
	})
}

func TestSameSubjectOfTwoIssuersIsTwoPeople_CVEClass1(t *testing.T) {
	t.Parallel()
	one, two := newIssuer(t), newIssuer(t)
	h := inHouse(t, one.named("kreis"), two.named("land"))
	h.setUp()
	a, b := h.surfer(), h.surfer()
	a.signInAt(one, "kreis", person{"sub": "4711", "name": "Bea Bauhof", "email": "bea@kreis.example", "email_verified": true})
	b.signInAt(two, "land", person{"sub": "4711", "name": "Bernd Land", "email": "bea@kreis.example", "email_verified": true})
	if a.state().Me.ID == b.state().Me.ID {
		t.Error("a person is issuer and subject together")
	}
}

func TestSimilarSubjectsAreDifferentPeople_CVEClass1(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		seen := map[string]string{}
		for _, sub := range []string{"user-1", "USER-1", "user-10", "user-1 ", "user", "üser-1", "u\u0308ser-1"} {
			b := h.surfer()
			b.signInAt(i, "kreis", person{"sub": sub, "name": "Bea"})
			me := b.state().Me
			if other, taken := seen[me.ID]; taken {
				t.Errorf("%q and %q should be two people", sub, other)
			}
			seen[me.ID] = sub
		}
	})
}

func TestMailAddressLinksNoAccounts_CVEClass3(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		local, _ := h.member("Bea Bauhof", "bea@musterstadt.example")
		for _, verified := range []any{true, false, nil} {
			b := h.surfer()
			who := person{"sub": fmt.Sprint("attacker-", verified), "name": "Bea", "email": "bea@musterstadt.example"}
			if verified != nil {
				who["email_verified"] = verified
			}
			b.signInAt(i, "kreis", who)
			if me := b.state().Me; me == nil || me.ID == local.ID {
				t.Errorf("an address that is verified=%v should not open the account that has it", verified)
			}
		}
	})
}

func TestStateOfAnotherBrowserIsRefused_CVEClass2(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		victim, attacker := h.surfer(), h.surfer()
		i.QueueUser(person{"sub": "attacker", "name": "Mallory"})
		callback := attacker.pass(attacker.leave("kreis", "/"))
		// The attacker's callback, opened in the victim's browser, with and without a trip of its own.
		if at := victim.back(callback); at != "/login?fault=auth.flow_unknown" || victim.state().Me != nil {
			t.Errorf("the victim ended at %s", at)
		}
		victim.leave("kreis", "/")
		if at := victim.back(callback); at != "/login?fault=auth.flow_unknown" || victim.state().Me != nil {
			t.Errorf("the victim ended at %s", at)
		}
		// The attacker's code with the victim's own state.
		i.QueueUser(person{"sub": "victim", "name": "Bea"})
		own := victim.pass(victim.leave("kreis", "/"))
		u, err := url.Parse(callback)
		h.must(err)
		swapped := alter(own, func(q url.Values) { q.Set("code", u.Query().Get("code")) })
		if at := victim.back(swapped); at != "/login?fault=auth.provider_answer_invalid" || victim.state().Me != nil {
			t.Errorf("a swapped code should be refused by PKCE, ended at %s", at)
		}
	})
}

func TestCallbackIsRefused_CVEClass2(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		for name, c := range map[string]struct {
			change func(url.Values)
			code   string
		}{
			"wrong state":   {func(q url.Values) { q.Set("state", otherLetter(q.Get("state"))) }, "auth.flow_unknown"},
			"no state":      {func(q url.Values) { q.Del("state") }, "auth.flow_unknown"},
			"no code":       {func(q url.Values) { q.Del("code") }, "auth.provider_refused"},
			"wrong code":    {func(q url.Values) { q.Set("code", "abc") }, "auth.provider_answer_invalid"},
			"foreign iss":   {func(q url.Values) { q.Set("iss", "https://evil.example") }, "auth.provider_mixed_up"},
			"error":         {func(q url.Values) { q.Set("error", "access_denied") }, "auth.provider_refused"},
			"two states":    {func(q url.Values) { q["state"] = []string{"x", q.Get("state")} }, "auth.flow_unknown"},
			"state of SQL":  {func(q url.Values) { q.Set("state", "' OR 1=1 --") }, "auth.flow_unknown"},
			"huge state":    {func(q url.Values) { q.Set("state", strings.Repeat("x", 6000)) }, "auth.flow_unknown"},
			"state as code": {func(q url.Values) { q.Set("code", q.Get("state")) }, "auth.provider_answer_invalid"},
		} {
			b := h.surfer()
			i.QueueUser(person{"sub": "u-1", "name": "Bea"})
			callback := b.pass(b.leave("kreis", "/"))
			if at := b.back(alter(callback, c.change)); at != "/login?fault="+c.code || b.state().Me != nil {
				t.Errorf("%s: ended at %s, want fault %s", name, at, c.code)
			}
		}
	})
}

// otherLetter gives the text with another first letter.
func otherLetter(text string) string {
	first := "x"
	if text[:1] == first {
		first = "y"
	}
	return first + text[1:]
}

func TestTripWorksOnceAndNotForEver(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		b := h.surfer()
		i.QueueUser(person{"sub": "u-1", "name": "Bea"})
		callback := b.pass(b.leave("kreis", "/"))
		b.back(callback)
		if at := b.back(callback); at != "/login?fault=auth.flow_unknown" {
			t.Errorf("a second use ended at %s", at)
		}
		late := h.surfer()
		i.QueueUser(person{"sub": "u-1", "name": "Bea"})
		callback = late.pass(late.leave("kreis", "/"))
		h.now.Advance(flowValid + time.Second)
		if at := late.back(callback); at != "/login?fault=auth.flow_unknown" {
			t.Errorf("a trip that is too long ended at %s", at)
		}
	})
}

func TestForgedTokensAreRefused_CVEClass24(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		publicKey, err := x509.MarshalPKIXPublicKey(&i.Keypair.PrivateKey.PublicKey)
		h.must(err)
		asPassword := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicKey})
		with := func(name string, value any) func(jwt.MapClaims) string {
			return func(c jwt.MapClaims) string { c[name] = value; return i.sign("JWT", c) }
		}
		kid, err := i.Keypair.KeyID()
		h.must(err)
		for name, forge := range map[string]func(jwt.MapClaims) string{
			"wrong nonce":  with("nonce", "another"),
			"empty nonce":  with("nonce", ""),
			"wrong issuer": with("iss", i.Issuer()+"/"),
			"wrong aud":    with("aud", "another-client"),
			"two auds":     with("aud", []string{i.ClientID, "another-client"}),
			"wrong azp":    with("azp", "another-client"),
			"expired":      with("exp", h.now.Now().Add(-time.Minute).Unix()),
			"no subject":   with("sub", ""),
			"alg none": func(c jwt.MapClaims) string {
				text, err := jwt.NewWithClaims(jwt.SigningMethodNone, c).SignedString(jwt.UnsafeAllowNoneSignatureType)
				h.must(err)
				return text
			},
			"HS256 with the public key": func(c jwt.MapClaims) string {
				token := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
				token.Header["kid"] = kid
				text, err := token.SignedString(asPassword)
				h.must(err)
				return text
			},
			"another key":   func(c jwt.MapClaims) string { return i.signWrongly("JWT", c) },
			"cut signature": func(c jwt.MapClaims) string { s := i.sign("JWT", c); return s[:strings.LastIndex(s, ".")+1] },
			"no token":      func(jwt.MapClaims) string { return "" },
		} {
			i.set(func(i *issuer) { i.forge = forge })
			b := h.surfer()
			at := b.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea"})
			if at != "/login?fault=auth.provider_answer_invalid" || b.state().Me != nil {
				t.Errorf("%s: ended at %s", name, at)
			}
		}
		i.set(func(i *issuer) { i.forge = nil })
		b := h.surfer()
		if b.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea"}); b.state().Me == nil {
			t.Error("an honest token should still sign in")
		}
	})
}

func TestIssuerThatSendsIssMustSendItsOwn(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.set(func(i *issuer) { i.describe = map[string]any{"authorization_response_iss_parameter_supported": true} })
	h := inHouse(t, i.named("kreis"))
	h.setUp()
	for iss, want := range map[string]string{"": "/login?fault=auth.provider_mixed_up", i.Issuer() + "/": "/login?fault=auth.provider_mixed_up", i.Issuer(): "/"} {
		b := h.surfer()
		i.QueueUser(person{"sub": "u-1", "name": "Bea"})
		callback := alter(b.pass(b.leave("kreis", "/")), func(q url.Values) {
			if iss != "" {
				q.Set("iss", iss)
			}
		})
		if at := b.back(callback); at != want {
			t.Errorf("iss %q ended at %s, want %s", iss, at, want)
		}
	}
}

func TestAnswerOfOneProviderIsNotTakenForAnothers(t *testing.T) {
	t.Parallel()
	one, two := newIssuer(t), newIssuer(t)
	h := inHouse(t, one.named("kreis"), two.named("land"))
	h.setUp()
	b := h.surfer()
	one.QueueUser(person{"sub": "u-1", "name": "Bea"})
	callback := b.pass(b.leave("kreis", "/"))
	if at := b.back(strings.Replace(callback, "/kreis/", "/land/", 1)); at != "/login?fault=auth.flow_unknown" {
		t.Errorf("ended at %s", at)
	}
}

func TestDisabledPersonStaysOutThroughTheProvider_CVEClass4(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		who := person{"sub": "u-1", "name": "Bea", "groups": []string{"Chefs"}}
		b := h.surfer()
		b.signInAt(i, "kreis", who)
		h.must(h.directory.Disable(t.Context(), b.state().Me.ID))
		for range 2 {
			again := h.surfer()
			if at := again.signInAt(i, "kreis", who); at != "/login?fault=auth.disabled" || again.state().Me != nil {
				t.Errorf("a disabled person ended at %s", at)
			}
		}
	}, func(p *config.OIDCProvider) { p.AdminGroup = "Chefs" })
}

func TestAdminGroupGivesAndTakesTheRole(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		who := person{"sub": "u-1", "name": "Bea", "groups": []string{"Chefs"}}
		roleNow := func() access.Role {
			b := h.surfer()
			b.signInAt(i, "kreis", who)
			return b.state().Me.Role
		}
		if got := roleNow(); got != access.RoleAdmin {
			t.Errorf("in the group: %s", got)
		}
		who["groups"] = []string{}
		if got := roleNow(); got != access.RoleMember {
			t.Errorf("no longer in the group: %s", got)
		}
		if !slices.Contains(h.actions(), "user.role_changed") {
			t.Error("both should be in the audit log")
		}
	}, func(p *config.OIDCProvider) { p.AdminGroup = "Chefs" })
}

func TestDomainsLetInOnlyTheirOwnVerifiedPeople_000_10(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		for n, c := range []struct {
			email    string
			verified any
			in       bool
		}{
			{"bea@kreis.example", true, true},
			{"bea@KREIS.example", true, true},
			{"bea@sülzbach.example", true, true},
			{"bea@XN--slzbach-n2a.example", true, true},
			{"bea@xn--80ak6aa92e.example", true, true},
			{"bea@slzbach.example", true, false},
			{"bea@kreis.example", false, false},
			{"bea@kreis.example", nil, false},
			{"bea@evilkreis.example", true, false},
			{"bea@sub.kreis.example", true, false},
			{"bea@kreis.example@evil.example", true, false},
			{"kreis.example", true, false},
			{"", true, false},
		} {
			b := h.surfer()
			b.signInAt(i, "kreis", person{"sub": string(rune('a' + n)), "name": "Bea", "email": c.email, "email_verified": c.verified})
			if in := b.state().Me != nil; in != c.in {
				t.Errorf("%s (verified %v) came in: %v, want %v", c.email, c.verified, in, c.in)
			}
		}
	}, func(p *config.OIDCProvider) {
		p.Domains = []string{"kreis.example", "Sülzbach.example", "аррӏе.example"}
	})
}

func TestWithoutSignUpStrangersStayOut(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		b := h.surfer()
		if at := b.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea"}); at != "/login?fault=auth.no_account" {
			t.Errorf("ended at %s", at)
		}
	}, func(p *config.OIDCProvider) { p.AllowSignup = false })
}

func TestReturnLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/chat/1?x=2#y": "/chat/1?x=2#y", "": "/", "chat": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/",
		"/\t/evil.example": "/", "/\n/evil.example": "/", "javascript:alert(1)": "/", "/api/v1/auth/logout": "/", "\\\\evil": "/",
		"/" + strings.Repeat("x", maxReturnTo): "/",
	} {
		if got := ownPath(path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
}

func TestProviderThatIsDownStopsNobodyElse(t *testing.T) {
	t.Parallel()
	up, down := newIssuer(t), newIssuer(t)
	down.set(func(i *issuer) { i.down = true })
	h := inHouse(t, up.named("kreis"), down.named("land"))
	admin := h.setUp()
	b := h.surfer()
	r := b.want(b.do("GET", "/auth/oidc/land/start", nil), http.StatusSeeOther)
	if at := r.Header.Get("Location"); at != "/login?fault=auth.provider_unavailable" {
		t.Errorf("a provider that is down leads to %s", at)
	}
	b.signInAt(up, "kreis", person{"sub": "u-1", "name": "Bea"})
	state := b.state()
	if state.Me == nil || len(state.Providers) != 2 || !state.Providers[0].Available || state.Providers[1].Available {
		t.Errorf("one provider is up and one is down, got %+v", state.Providers)
	}
	admin.want(admin.login("ada@musterstadt.example", goodPassword), 200)

	down.set(func(i *issuer) { i.down = false })
	if r := b.do("GET", "/auth/oidc/land/start", nil); !strings.Contains(r.Header.Get("Location"), "provider_unavailable") {
		t.Error("a provider that was down should not be asked again at once")
	}
	h.now.Advance(providerRetry)
	b.signInAt(down, "land", person{"sub": "u-1", "name": "Bernd"})
	if s := b.state(); s.Me.Name != "Bernd" || !s.Providers[1].Available {
		t.Error("after a pause the provider should work again")
	}
}

func TestUnknownProvider(t *testing.T) {
	t.Parallel()
	h := inHouse(t)
	b := h.surfer()
	r := b.want(b.do("GET", "/auth/oidc/kreis/start", nil), http.StatusSeeOther)
	if at := r.Header.Get("Location"); at != "/login?fault=auth.provider_unknown" {
		t.Errorf("ended at %s", at)
	}
}
