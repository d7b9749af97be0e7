package app_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/config"
	"rathaus/internal/testkit"
)

// claimed is somebody whom a provider vouches for, with their groups there.
type claimed struct {
	name   string
	groups []string
}

func (c claimed) ID() string { return c.name }

func (c claimed) Userinfo([]string) ([]byte, error) {
	return json.Marshal(map[string]any{"sub": c.name})
}

func (c claimed) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	return jwt.MapClaims{
		"iss": base.Issuer, "aud": base.Audience, "exp": base.ExpiresAt, "iat": base.IssuedAt, "nonce": base.Nonce,
		"sub": c.name, "name": c.name, "groups": c.groups,
	}, nil
}

// provider opens a provider and tells how a town knows it.
func provider(t *testing.T) (*mockoidc.MockOIDC, testkit.Option) {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, m.Start(listener, nil))
	t.Cleanup(func() { require.NoError(t, m.Shutdown()) })
	return m, testkit.With(func(c *config.Config) {
		c.Auth.OIDC = []config.OIDCProvider{{
			Name: "kreis", Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: config.Secret(m.ClientSecret),
			Scopes: []string{"openid", "profile", "groups"}, AllowSignup: true, GroupsClaim: "groups",
		}}
	})
}

// arrive makes the whole trip to the provider and back, and returns whoever came.
func arrive(t *testing.T, town *testkit.Town, m *mockoidc.MockOIDC, who claimed) *testkit.Person {
	t.Helper()
	m.QueueUser(who)
	p := town.Stranger()
	p.Name = who.name
	_, header, _ := p.Raw("GET", "/auth/oidc/kreis/start", nil, nil)
	trip, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, header.Get("Location"), nil)
	require.NoError(t, err)
	answer, err := client.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	back, err := url.Parse(answer.Header.Get("Location"))
	require.NoError(t, err)
	_, header, _ = p.Raw("GET", "/auth/oidc/kreis/callback?"+back.RawQuery, nil, map[string]string{"Cookie": trip})
	for _, line := range header.Values("Set-Cookie") {
		cookie, _, _ := strings.Cut(line, ";")
		if name, value, _ := strings.Cut(cookie, "="); name == town.Program.Auth().CookieName() {
			p.Token = value
		}
	}
	require.NotEmpty(t, p.Token, "%s should come in: %v", who.name, header)
	var state struct {
		Me struct{ ID string } `json:"me"`
	}
	p.Must("GET", "/auth/session", nil, &state)
	p.ID = state.Me.ID
	return p
}

// Requirement row 002-07: the provider steers who is in a project group. A claim
// that is gone ends what the group opened: the next request finds nothing, and
// the socket that was open to it hears no more.
func TestGroupClaimOpensAndItsEndClosesAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		m, known := provider(t)
		town := testkit.Start(t, on, known)
		bea := arrive(t, town, m, claimed{name: "Bea Bauhof", groups: []string{"Digitale Dörfer", "Alle"}})
		groups, err := town.Program.Directory().GroupsOf(t.Context(), bea.ID)
		require.NoError(t, err)
		require.Len(t, groups, 2)
		project := groups[0]
		if project.Name != "Digitale Dörfer" {
			project = groups[1]
		}
		owner := town.Person("Emma Eigen", access.RoleMember)
		var pad struct{ ID string }
		owner.Must("POST", "/pads", map[string]any{"class": "organisation", "title": "Projektplan"}, &pad)
		owner.Must("PUT", "/pads/"+pad.ID+"/shares/group/"+project.ID, map[string]any{"right": "write"}, nil)
		bea.Must("GET", "/pads/"+pad.ID, nil, nil)
		tab := bea.Socket()
		tab.Join("pad:"+pad.ID, -1)

		// At the next sign-in, on another device, the claim is gone.
		phone := arrive(t, town, m, claimed{name: "Bea Bauhof", groups: []string{"Alle"}})
		require.Equal(t, bea.ID, phone.ID)
		closed := tab.Until("the end of the right", func(f testkit.Frame) bool { return f.Event == "closed" && f.Topic == "pad:"+pad.ID })
		require.Contains(t, string(closed.Data), "access_ended")
		for _, device := range []*testkit.Person{bea, phone} {
			status, code := device.Do("GET", "/pads/"+pad.ID, nil, nil)
			require.Equal(t, http.StatusNotFound, status, code)
		}
		again := tab.Ask("join", "pad:"+pad.ID, nil)
		require.NotNil(t, again.Error)
		require.Equal(t, "pads.not_found", again.Error.Code)
	})
}
