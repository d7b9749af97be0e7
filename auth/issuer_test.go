package auth

import (
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"rathaus/internal/config"
)

// issuer is a real provider in this process whose answers a test can spoil.
type issuer struct {
	*mockoidc.MockOIDC
	t *testing.T

	mu       sync.Mutex
	forge    func(jwt.MapClaims) string // guarded by mu: makes the identity token instead
	describe map[string]any             // guarded by mu: added to the description
	down     bool                       // guarded by mu
}

// person is somebody whom an issuer vouches for; sub is a must.
type person map[string]any

func (p person) ID() string { sub, _ := p["sub"].(string); return sub }

func (p person) Userinfo([]string) ([]byte, error) { return json.Marshal(p) }

func (p person) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	c := jwt.MapClaims{
		"iss": base.Issuer, "aud": base.Audience, "exp": base.ExpiresAt, "iat": base.IssuedAt, "nonce": base.Nonce,
	}
	maps.Copy(c, p)
	return c, nil
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{MockOIDC: m, t: t}
	if err := m.AddMiddleware(i.meddle); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Shutdown(); err != nil {
			t.Errorf("stop the issuer: %v", err)
		}
	})
	return i
}

func (i *issuer) meddle(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		forge, describe, down := i.forge, i.describe, i.down
		i.mu.Unlock()
		if down {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		body := map[string]any{}
		change := json.Unmarshal(kept.Body.Bytes(), &body) == nil
		switch {
		case change && r.URL.Path == mockoidc.DiscoveryEndpoint:
			maps.Copy(body, describe)
		case change && r.URL.Path == mockoidc.TokenEndpoint && forge != nil && body["id_token"] != nil:
			claims := jwt.MapClaims{}
			raw, _ := body["id_token"].(string)
			if _, _, err := jwt.NewParser().ParseUnverified(raw, claims); err != nil {
				i.t.Error(err)
			}
			body["id_token"] = forge(claims)
		default:
			change = false
		}
		if change {
			kept.Body.Reset()
			if err := json.NewEncoder(kept.Body).Encode(body); err != nil {
				i.t.Error(err)
			}
			kept.Header().Del("Content-Length")
		}
		maps.Copy(w.Header(), kept.Header())
		w.WriteHeader(kept.Code)
		_, _ = w.Write(kept.Body.Bytes())
	})
}

func (i *issuer) set(change func(*issuer)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

// sign makes a good token of the claims, of the given type.
func (i *issuer) sign(typ string, claims jwt.MapClaims) string {
	i.t.Helper()
	return i.signWith(i.Keypair, typ, claims)
}

// signWrongly signs with a key that is not the issuer's, under its name.
func (i *issuer) signWrongly(typ string, claims jwt.MapClaims) string {
	i.t.Helper()
	other, err := mockoidc.RandomKeypair(2048)
	if err != nil {
		i.t.Fatal(err)
	}
	return i.signWith(other, typ, claims)
}

func (i *issuer) signWith(pair *mockoidc.Keypair, typ string, claims jwt.MapClaims) string {
	i.t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	kid, err := i.Keypair.KeyID()
	if err != nil {
		i.t.Fatal(err)
	}
	token.Header["kid"], token.Header["typ"] = kid, typ
	text, err := token.SignedString(pair.PrivateKey)
	if err != nil {
		i.t.Fatal(err)
	}
	return text
}

// named is the configuration under which the town knows the issuer.
func (i *issuer) named(name string, changes ...func(*config.OIDCProvider)) func(*Deps) {
	p := config.OIDCProvider{
		Name: name, Label: strings.ToUpper(name), Issuer: i.Issuer(), ClientID: i.ClientID, ClientSecret: config.Secret(i.ClientSecret),
		Scopes: []string{"openid", "profile", "email", "groups"}, AllowSignup: true, GroupsClaim: "groups",
	}
	for _, change := range changes {
		change(&p)
	}
	return func(d *Deps) { d.Config.OIDC = append(d.Config.OIDC, p) }
}

// leave begins a trip and returns the address at the provider.
func (b *surfer) leave(provider, returnTo string) string {
	b.h.Helper()
	r := b.do("GET", "/auth/oidc/"+provider+"/start?return_to="+url.QueryEscape(returnTo), nil)
	return b.want(r, http.StatusSeeOther).Header.Get("Location")
}

// pass lets the provider sign the browser in and returns the address of the callback.
func (b *surfer) pass(address string) string {
	b.h.Helper()
	r, err := http.NewRequestWithContext(b.h.Context(), http.MethodGet, address, nil)
	b.h.must(err)
	return b.want(b.send(r), http.StatusFound).Header.Get("Location")
}

// back comes home from the provider and returns where it is sent to.
func (b *surfer) back(callback string) string {
	b.h.Helper()
	r, err := http.NewRequestWithContext(b.h.Context(), http.MethodGet, callback, nil)
	b.h.must(err)
	return b.want(b.send(r), http.StatusSeeOther).Header.Get("Location")
}

// signInAt makes the whole trip for somebody and returns where it ends.
func (b *surfer) signInAt(i *issuer, provider string, who person) string {
	b.h.Helper()
	i.QueueUser(who)
	return b.back(b.pass(b.leave(provider, "/chat")))
}

func alter(callback string, change func(url.Values)) string {
	u, err := url.Parse(callback)
	if err != nil {
		return callback
	}
	q := u.Query()
	change(q)
	u.RawQuery = q.Encode()
	return u.String()
}
