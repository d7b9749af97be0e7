package auth

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rathaus/internal/api"
	"rathaus/internal/config"
)

// npmIssuer is a provider of another make, which does what mockoidc does not:
// iss in the answer, sessions with an id, logout by front and back.
type npmIssuer struct {
	t    *testing.T
	url  string
	name string
}

func startNpmIssuer(t *testing.T, name, port, publicURL, users string) *npmIssuer {
	t.Helper()
	script, err := filepath.Abs("../ui/e2e/oidc-provider.mjs")
	if err != nil {
		t.Fatal(err)
	}
	base := publicURL + api.Base + "/auth/oidc/" + name
	cmd := exec.CommandContext(t.Context(), "node", script)
	cmd.Dir = filepath.Dir(filepath.Dir(script))
	cmd.Env = append(os.Environ(), "PORT="+port, "USERS="+users, "REDIRECT="+base+"/callback",
		"BACKCHANNEL="+base+"/backchannel", "LOGGED_OUT="+publicURL+"/login", "NODE_NO_WARNINGS=1")
	cmd.Stderr = io.Discard
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed: the error says so
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if ready, found := strings.CutPrefix(lines.Text(), "ready "); found {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &npmIssuer{t: t, url: ready, name: name}
		}
	}
	t.Fatalf("the issuer %s did not start", name)
	return nil
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// follow goes from address to address until one is at the portal or needs a form.
func (b *surfer) follow(address string) (reply, string) {
	b.h.Helper()
	for range 10 {
		r, err := http.NewRequestWithContext(b.h.Context(), http.MethodGet, address, nil)
		b.h.must(err)
		answer := b.send(r)
		next := answer.Header.Get("Location")
		if next == "" {
			return answer, address
		}
		u, err := r.URL.Parse(next)
		b.h.must(err)
		address = u.String()
		if strings.HasPrefix(address, b.h.server.URL) && !strings.Contains(address, api.Base) {
			return answer, u.RequestURI()
		}
	}
	b.h.Fatal("the redirects do not end")
	return reply{}, ""
}

func (b *surfer) submit(address string, form url.Values) (reply, string) {
	b.h.Helper()
	r, err := http.NewRequestWithContext(b.h.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	b.h.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := b.send(r)
	u, err := r.URL.Parse(answer.Header.Get("Location"))
	b.h.must(err)
	return b.follow(u.String())
}

func TestTwoIssuersOfAnotherMakeWithTheSameSubject(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../ui/node_modules/oidc-provider"); err != nil {
		t.Skip("npm install has not been run in ui/: no oidc-provider")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no node")
	}
	ports := map[string]string{"kreis": freePort(t), "land": freePort(t)}
	h := inHouse(t, func(d *Deps) {
		for name, port := range ports {
			d.Config.OIDC = append(d.Config.OIDC, config.OIDCProvider{
				Name: name, Issuer: "http://127.0.0.1:" + port, ClientID: "rathaus", ClientSecret: "test-secret-test-secret",
				Scopes: []string{"openid", "profile", "email", "groups"}, AllowSignup: true, GroupsClaim: "groups",
			})
		}
	})
	h.setUp()
	users := map[string]string{
		"kreis": `{"bea":{"sub":"4711","name":"Bea Bauhof","email":"bea@kreis.example","email_verified":true,"groups":["Bauhof"]}}`,
		"land":  `{"bernd":{"sub":"4711","name":"Bernd Land","email":"bea@kreis.example","email_verified":true}}`,
	}
	bea, bernd := h.surfer(), h.surfer()
	for provider, who := range map[string]struct {
		login string
		*surfer
	}{"kreis": {"bea", bea}, "land": {"bernd", bernd}} {
		i := startNpmIssuer(t, provider, ports[provider], h.server.URL, users[provider])
		_, form := who.follow(who.leave(i.name, "/pads"))
		if _, at := who.submit(form, url.Values{"login": {who.login}}); at != "/pads" {
			t.Fatalf("the trip to %s ended at %s", provider, at)
		}
	}
	me, other := bea.state().Me, bernd.state().Me
	if me == nil || other == nil || me.ID == other.ID || me.Name != "Bea Bauhof" || other.Name != "Bernd Land" {
		t.Fatalf("same subject, two issuers, two people: %+v and %+v", me, other)
	}
	groups, err := h.directory.GroupsOf(t.Context(), me.ID)
	if err != nil || len(groups) != 1 || groups[0].Name != "Bauhof" {
		t.Errorf("groups come from the claim, got %v %v", groups, err)
	}

	// A second browser of the same person signs in there and out at the provider.
	phone := h.surfer()
	_, form := phone.follow(phone.leave("kreis", "/"))
	phone.submit(form, url.Values{"login": {"bea"}})
	if phone.state().Me == nil {
		t.Fatal("the second browser should be signed in")
	}
	page, at := phone.follow("http://127.0.0.1:" + ports["kreis"] + "/session/end?client_id=rathaus&post_logout_redirect_uri=" + url.QueryEscape(h.server.URL+"/login"))
	_, secret, _ := strings.Cut(string(page.body), `name="xsrf" value="`)
	secret, _, _ = strings.Cut(secret, `"`)
	u, err := url.Parse(at)
	h.must(err)
	phone.submit("http://"+u.Host+"/session/end/confirm", url.Values{"xsrf": {secret}, "logout": {"yes"}})
	h.eventually("the provider has ended the session from behind", func() bool { return phone.state().Me == nil })
	if bea.state().Me == nil || bernd.state().Me == nil {
		t.Error("only the session that was ended at the provider should have ended here")
	}
	checkHint(t, bea)
}

// checkHint signs out here and goes on to the provider, which takes the hint:
// one that was changed on the way it would refuse.
func checkHint(t *testing.T, b *surfer) {
	t.Helper()
	var out struct {
		ProviderURL string `json:"provider_url"`
	}
	b.h.must(json.Unmarshal(b.want(b.do("POST", "/auth/logout", nil), 200).body, &out))
	u, err := url.Parse(out.ProviderURL)
	b.h.must(err)
	query := u.Query()
	if strings.Count(query.Get("id_token_hint"), ".") != 2 {
		t.Fatalf("the identity token should go along, got %s", u)
	}
	if page, _ := b.follow(u.String()); page.StatusCode != http.StatusOK {
		t.Errorf("the provider should take its own token, got %d: %s", page.StatusCode, page.body)
	}
	query.Set("id_token_hint", strings.Replace(query.Get("id_token_hint"), ".", ".x", 1))
	u.RawQuery = query.Encode()
	if page, _ := b.follow(u.String()); page.StatusCode != http.StatusBadRequest {
		t.Errorf("the provider should look at the hint, got %d", page.StatusCode)
	}
}

func TestSignOutLeadsToTheProvider(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.set(func(i *issuer) { i.describe = map[string]any{"end_session_endpoint": i.Addr() + "/bye?x=1"} })
	h := inHouse(t, i.named("kreis"))
	b := h.surfer()
	b.signInAt(i, "kreis", person{"sub": "u-1", "name": "Bea"})
	body := string(b.want(b.do("POST", "/auth/logout", nil), 200).body)
	for _, want := range []string{"/bye?", "client_id=", "post_logout_redirect_uri=", "id_token_hint=ey"} {
		if !strings.Contains(body, want) {
			t.Errorf("%s should lead on to the provider with %s", strconv.Quote(body), want)
		}
	}
}
