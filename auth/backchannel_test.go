package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rathaus/internal/api"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logOut sends a logout token as a provider does: without cookie and header.
func (h *house) logOut(provider, token string) reply {
	h.Helper()
	form := url.Values{"logout_token": {token}}.Encode()
	r, err := http.NewRequestWithContext(h.Context(), http.MethodPost, h.server.URL+api.Base+"/auth/oidc/"+provider+"/backchannel", strings.NewReader(form))
	h.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return (&surfer{h: h, client: h.server.Client()}).send(r)
}

func (h *house) logoutClaims(i *issuer, more jwt.MapClaims) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": i.Issuer(), "aud": i.ClientID, "iat": h.now.Now().Unix(), "exp": h.now.Now().Add(2 * time.Minute).Unix(),
		"jti": "jti-1", "events": map[string]any{logoutEvent: map[string]any{}},
	}
	for name, value := range more {
		if value == nil {
			delete(c, name)
			continue
		}
		c[name] = value
	}
	return c
}

func TestProviderEndsOneSessionOrAll(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		desk, phone, other := h.surfer(), h.surfer(), h.surfer()
		desk.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea", "sid": "s-desk"})
		phone.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea", "sid": "s-phone"})
		other.signInAt(i, "kreis", person{"sub": "u-2", "name": "Carl", "sid": "s-other"})
		ended := desk.state().Me.SessionID

		if r := h.logOut("kreis", i.sign("logout+jwt", h.logoutClaims(i, jwt.MapClaims{"sub": "u-1", "sid": "s-desk"}))); r.StatusCode != http.StatusOK {
			t.Fatalf("got %d %s", r.StatusCode, r.body)
		}
		if desk.state().Me != nil || phone.state().Me == nil || other.state().Me == nil || !h.told.has(&h.told.ended, ended) {
			t.Error("only the session that was named should have ended, and been told")
		}
		if r := h.logOut("kreis", i.sign("logout+jwt", h.logoutClaims(i, jwt.MapClaims{"sub": "u-1", "jti": "jti-2"}))); r.StatusCode != http.StatusOK {
			t.Fatalf("got %d %s", r.StatusCode, r.body)
		}
		if phone.state().Me != nil || other.state().Me == nil {
			t.Error("all sessions of the person, and only theirs, should have ended")
		}
	})
}

func TestLogoutTokenIsRefused(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		b := h.surfer()
		b.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea", "sid": "s-1"})
		good := jwt.MapClaims{"sub": "u-1", "sid": "s-1"}
		with := func(name string, value any) string {
			return i.sign("logout+jwt", h.logoutClaims(i, jwt.MapClaims{"sub": "u-1", "sid": "s-1", name: value}))
		}
		none, err := jwt.NewWithClaims(jwt.SigningMethodNone, h.logoutClaims(i, good)).SignedString(jwt.UnsafeAllowNoneSignatureType)
		h.must(err)
		for name, token := range map[string]string{
			"a nonce":        with("nonce", "n"),
			"no event":       with("events", nil),
			"another event":  with("events", map[string]any{"x": map[string]any{}}),
			"wrong aud":      with("aud", "another-client"),
			"wrong iss":      with("iss", "https://evil.example"),
			"old iat":        with("iat", h.now.Now().Add(-time.Hour).Unix()),
			"future iat":     with("iat", h.now.Now().Add(time.Hour).Unix()),
			"no iat":         with("iat", nil),
			"expired":        with("exp", h.now.Now().Add(-time.Minute).Unix()),
			"no exp":         with("exp", nil),
			"no jti":         with("jti", nil),
			"identity token": i.sign("id+jwt", h.logoutClaims(i, good)),
			"nobody named":   i.sign("logout+jwt", h.logoutClaims(i, jwt.MapClaims{})),
			"alg none":       none,
			"another key":    i.signWrongly("logout+jwt", h.logoutClaims(i, good)),
			"nothing":        "",
			"noise":          "a.b.c",
			"huge":           strings.Repeat("x", maxLogoutToken+1),
		} {
			if r := h.logOut("kreis", token); r.StatusCode != http.StatusBadRequest || b.state().Me == nil {
				t.Errorf("%s: answered %d %s", name, r.StatusCode, r.body)
			}
		}
	})
}

func TestLogoutTokenWorksOnce(t *testing.T) {
	t.Parallel()
	withIssuer(t, func(h *house, i *issuer) {
		token := i.sign("logout+jwt", h.logoutClaims(i, jwt.MapClaims{"sub": "u-1"}))
		if r := h.logOut("kreis", token); r.StatusCode != http.StatusOK {
			t.Fatalf("got %d %s", r.StatusCode, r.body)
		}
		b := h.surfer()
		b.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea"})
		if r := h.logOut("kreis", token); r.StatusCode == http.StatusOK || b.state().Me == nil {
			t.Error("a replayed logout token should end nothing")
		}
	})
}
