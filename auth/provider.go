package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"rathaus/internal/api"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/fault"
)

// maxProviderBytes bounds what one answer of a provider may hold.
const maxProviderBytes = 1 << 20

// signingMethods are the only ones that a token may be signed by: all are
// asymmetric, so that neither "none" nor a public key used as a password passes.
var signingMethods = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// provider is one issuer of identities. What it says of itself is fetched when
// first needed, and again until it answers: a provider that is down stops
// neither the start nor anybody else's sign-in.
type provider struct {
	cfg       config.OIDCProvider
	redirect  string // its own address, so that one provider's answer can't pass for another's
	loggedOut string // where a browser comes back to after signing out there
	client    *http.Client
	clock     clock.Clock
	log       *slog.Logger

	asking chan struct{} // one slot: only one asks at a time

	mu    sync.Mutex
	found *discovered // guarded by mu
	down  bool        // guarded by mu: the last request failed
	next  time.Time   // guarded by mu: not to be asked again before
	pause time.Duration
}

// discovered is what a provider says of itself.
type discovered struct {
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	source     *oidc.Provider
	sendsIss   bool
	endSession string
}

func newProvider(cfg config.OIDCProvider, publicURL string, client *http.Client, c clock.Clock, log *slog.Logger) *provider {
	if client == nil {
		client = &http.Client{}
	}
	bounded := *client
	bounded.Timeout = providerWait
	bounded.Transport = limitedTransport{client.Transport}
	return &provider{
		cfg: cfg, client: &bounded, clock: c, log: log, asking: make(chan struct{}, 1),
		redirect:  publicURL + api.Base + "/auth/oidc/" + url.PathEscape(cfg.Name) + "/callback",
		loggedOut: publicURL + "/login",
	}
}

// get returns what the provider says of itself, and asks it when that is not
// known yet.
func (p *provider) get(ctx context.Context) (*discovered, error) {
	if d, wait := p.known(); d != nil || wait {
		return d, p.orUnavailable(d, nil)
	}
	select {
	case p.asking <- struct{}{}:
	case <-ctx.Done():
		return nil, p.orUnavailable(nil, ctx.Err())
	}
	defer func() { <-p.asking }()
	if d, wait := p.known(); d != nil || wait {
		return d, p.orUnavailable(d, nil)
	}
	d, err := p.discover(ctx)
	p.learn(d, err)
	return d, p.orUnavailable(d, err)
}

func (p *provider) orUnavailable(d *discovered, cause error) error {
	if d != nil {
		return nil
	}
	return fault.Unavailable("auth.provider_unavailable", "provider", p.label()).Because(cause)
}

// known returns what is known, and whether it is too early to ask.
func (p *provider) known() (d *discovered, wait bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found, p.found == nil && p.clock.Now().Before(p.next)
}

// learn notes the outcome of a discovery. The pause grows as long as it fails.
func (p *provider) learn(d *discovered, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		if !p.down {
			p.log.Warn("sign-in provider does not answer", "provider", p.cfg.Name, "err", err)
		}
		p.down = true
		p.pause = min(max(p.pause*2, providerRetry), providerGiveUp)
		p.next = p.clock.Now().Add(p.pause)
		return
	}
	if p.down {
		p.log.Info("sign-in provider answers again", "provider", p.cfg.Name)
	}
	p.found, p.down, p.pause = d, false, 0
}

// available reports whether the provider answered when it was last asked.
// Nobody has asked yet: give it the benefit of the doubt.
func (p *provider) available() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.down
}

// check asks the provider whether it still answers.
func (p *provider) check(ctx context.Context) {
	if _, wait := p.known(); wait {
		return
	}
	select {
	case p.asking <- struct{}{}:
		defer func() { <-p.asking }()
	case <-ctx.Done():
		return
	}
	d, err := p.discover(ctx)
	if ctx.Err() == nil {
		p.learn(d, err)
	}
}

// discover fetches and checks the provider's own description.
func (p *provider) discover(ctx context.Context) (*discovered, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), providerWait)
	defer cancel()
	source, err := oidc.NewProvider(ctx, p.cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discover %s: %w", p.cfg.Issuer, err)
	}
	var more struct {
		JWKS       string `json:"jwks_uri"`
		SendsIss   bool   `json:"authorization_response_iss_parameter_supported"`
		EndSession string `json:"end_session_endpoint"`
	}
	if err := source.Claims(&more); err != nil {
		return nil, fmt.Errorf("read description of %s: %w", p.cfg.Issuer, err)
	}
	endpoint := source.Endpoint()
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, more.JWKS, source.UserInfoEndpoint(), more.EndSession} {
		if err := p.checkAddress(address); err != nil {
			return nil, err
		}
	}
	if endpoint.AuthURL == "" || endpoint.TokenURL == "" || more.JWKS == "" {
		return nil, errors.New("the description of " + p.cfg.Issuer + " lacks an address")
	}
	if !p.cfg.ClientSecret.IsSet() {
		endpoint.AuthStyle = oauth2.AuthStyleInParams // a public client has only a name
	}
	tokens := &oidc.Config{ClientID: p.cfg.ClientID, SupportedSigningAlgs: signingMethods, Now: p.clock.Now}
	return &discovered{
		oauth: oauth2.Config{
			ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret.Reveal(),
			Endpoint: endpoint, RedirectURL: p.redirect, Scopes: p.cfg.Scopes,
		},
		verifier: source.Verifier(tokens), source: source,
		sendsIss: more.SendsIss, endSession: more.EndSession,
	}, nil
}

// checkAddress refuses a description that leads away from encryption.
func (p *provider) checkAddress(address string) error {
	if address == "" || !strings.HasPrefix(p.cfg.Issuer, "https://") || strings.HasPrefix(address, "https://") {
		return nil
	}
	return fmt.Errorf("the description of %s names an address without encryption", p.cfg.Issuer)
}

// label is what the button says.
func (p *provider) label() string {
	if p.cfg.Label != "" {
		return p.cfg.Label
	}
	return p.cfg.Name
}

// endSessionURL is where a browser signs out at the provider as well. With the
// identity token as a hint the provider need not ask who that is.
func (p *provider) endSessionURL(hint string) string {
	d, _ := p.known()
	if d == nil || d.endSession == "" {
		return ""
	}
	u, err := url.Parse(d.endSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.cfg.ClientID)
	q.Set("post_logout_redirect_uri", p.loggedOut)
	if hint != "" {
		q.Set("id_token_hint", hint)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// provider finds a provider by name, or nil.
func (s *Service) provider(name string) *provider {
	for _, p := range s.providers {
		if p.cfg.Name == name {
			return p
		}
	}
	return nil
}

// limitedTransport cuts answers off that are longer than any honest one.
type limitedTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t limitedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxProviderBytes), resp.Body}
	return resp, nil
}
