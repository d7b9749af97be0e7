package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// claims is what a provider says of a person. Only (issuer, subject) says who
// it is; the rest is what to call them and where to put them.
type claims struct {
	Issuer        string
	Subject       string
	SID           string
	Name          string
	Email         string
	EmailVerified bool
	Groups        []string
	HasGroups     bool
	// IDToken is the token that said so, as it came.
	IDToken string
}

// BeginTrip sends a browser to a provider. It returns the address to go to and
// the secret that the browser has to bring back in its cookie.
func (s *Service) beginTrip(ctx context.Context, p *provider, browser, returnTo string, from origin) (address, secret string, err error) {
	if err := s.admit(ctx, flowQuota, from.Network); err != nil {
		return "", "", err
	}
	d, err := p.get(ctx)
	if err != nil {
		return "", "", err
	}
	if len(browser) != 43 {
		browser = id.Token()
	}
	f, state := newFlow(p.cfg.Name, browser, returnTo, s.clock.Now())
	if err := s.db.Write(ctx, func(tx Tx) error { return insertFlow(tx, f) }); err != nil {
		return "", "", err
	}
	return d.oauth.AuthCodeURL(state, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), browser, nil
}

// answer is what a browser brings back from a provider.
type answer struct {
	State, Code, Iss, Error string
	Browser                 string // the secret of its cookie
}

// endTrip checks what a browser brought back and returns what the provider says
// of the person, and where the browser wants to go. The trip ends in any case.
func (s *Service) endTrip(ctx context.Context, p *provider, a answer) (claims, string, error) {
	d, err := p.get(ctx)
	if err != nil {
		return claims{}, "", err
	}
	var f flow
	err = s.db.Write(ctx, func(tx Tx) (err error) {
		f, err = takeFlow(tx, p.cfg.Name, a.State, a.Browser, s.clock.Now())
		return err
	})
	if err != nil {
		return claims{}, "", err
	}
	if a.Iss != "" && a.Iss != p.cfg.Issuer || a.Iss == "" && d.sendsIss {
		return claims{}, "", fault.Invalid("auth.provider_mixed_up").Because(fmt.Errorf("iss %q from %s", a.Iss, p.cfg.Name))
	}
	if a.Error != "" || a.Code == "" {
		return claims{}, "", fault.Forbidden("auth.provider_refused", "provider", p.label())
	}
	c, err := p.redeem(ctx, d, a.Code, f)
	return c, f.ReturnTo, err
}

// redeem changes the code into an identity token and reads it.
func (p *provider) redeem(ctx context.Context, d *discovered, code string, f flow) (claims, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), providerWait)
	defer cancel()
	token, err := d.oauth.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		if _, refused := errors.AsType[*oauth2.RetrieveError](err); !refused {
			p.learn(nil, err)
			return claims{}, p.orUnavailable(nil, err)
		}
		return claims{}, badToken(fmt.Errorf("redeem code: %w", err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return claims{}, badToken(errors.New("no identity token"))
	}
	idToken, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return claims{}, badToken(err)
	}
	if idToken.Issuer != p.cfg.Issuer {
		return claims{}, badToken(fmt.Errorf("issuer %q", idToken.Issuer))
	}
	if idToken.Nonce != f.Nonce {
		return claims{}, badToken(errors.New("nonce does not fit"))
	}
	all := map[string]json.RawMessage{}
	if err := idToken.Claims(&all); err != nil {
		return claims{}, badToken(err)
	}
	if azp := text(all["azp"]); len(idToken.Audience) > 1 && azp == "" || azp != "" && azp != p.cfg.ClientID {
		return claims{}, badToken(fmt.Errorf("token was made for %q", azp))
	}
	if err := p.complete(ctx, d, token, idToken.Subject, all); err != nil {
		return claims{}, err
	}
	c, err := p.claimsOf(idToken, all)
	c.IDToken = raw
	return c, err
}

func badToken(cause error) error {
	return fault.Forbidden("auth.provider_answer_invalid").Because(cause)
}

// complete asks the provider for what the identity token leaves out.
func (p *provider) complete(ctx context.Context, d *discovered, token *oauth2.Token, subject string, all map[string]json.RawMessage) error {
	missing := all["name"] == nil || all["email"] == nil || p.cfg.GroupsClaim != "" && all[p.cfg.GroupsClaim] == nil
	if !missing || d.source.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := d.source.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		p.log.Warn("provider does not answer about a person", "provider", p.cfg.Name, "err", err)
		return nil // the token alone says who it is
	}
	if info.Subject != subject {
		return badToken(errors.New("user info is about somebody else"))
	}
	more := map[string]json.RawMessage{}
	if err := info.Claims(&more); err != nil {
		return badToken(err)
	}
	for name, value := range more {
		if all[name] == nil {
			all[name] = value
		}
	}
	return nil
}

func (p *provider) claimsOf(token *oidc.IDToken, all map[string]json.RawMessage) (claims, error) {
	c := claims{
		Issuer: p.cfg.Issuer, Subject: token.Subject, SID: text(all["sid"]),
		Name: firstText(text(all["name"]), text(all["preferred_username"]), text(all["email"])), Email: text(all["email"]),
		EmailVerified: truth(all["email_verified"]),
	}
	if c.Subject == "" || len(c.Subject) > 255 {
		return claims{}, badToken(errors.New("no usable subject"))
	}
	if p.cfg.GroupsClaim != "" && all[p.cfg.GroupsClaim] != nil {
		c.HasGroups = true
		c.Groups = texts(all[p.cfg.GroupsClaim])
	}
	return c, nil
}

// admits says whether the provider's rules let this person in.
func (p *provider) admits(c claims) error {
	if len(p.cfg.Domains) == 0 {
		return nil
	}
	_, domain, found := strings.Cut(c.Email, "@")
	domain = asciiDomain(domain)
	ok := found && c.EmailVerified && slices.ContainsFunc(p.cfg.Domains, func(d string) bool { return asciiDomain(d) == domain })
	if !ok {
		return fault.Forbidden("auth.domain_not_allowed")
	}
	return nil
}

func text(raw json.RawMessage) string {
	var s string
	if raw == nil || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// truth reads a boolean; some providers write it as text.
func truth(raw json.RawMessage) bool {
	s := strings.Trim(string(raw), `"`)
	return s == "true"
}

// texts reads a list of texts, or one text.
func texts(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	if s := text(raw); s != "" {
		return []string{s}
	}
	return nil
}

func firstText(options ...string) string {
	for _, o := range options {
		if strings.TrimSpace(o) != "" {
			return o
		}
	}
	return ""
}
