package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// reservedProvider is the origin of groups that no provider names.
const reservedProvider = "local"

var (
	providerName = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$`)
	mailDomain   = regexp.MustCompile(`^(?i)[a-z0-9\p{L}](?:[a-z0-9\p{L}.-]*[a-z0-9\p{L}])?$`)
)

func (c *checker) auth() {
	a := c.cfg.Auth
	if !a.Local && len(a.OIDC) == 0 && !c.broken["auth.oidc"] {
		c.fail("auth.local", say("is false and there is no provider in auth.oidc: nobody could sign in", "ist false und auth.oidc ist leer: niemand könnte sich anmelden"))
	}
	c.between("auth.min_password_length", int64(a.MinPasswordLength), 8, 64)
	c.positive("auth.session_idle", a.SessionIdle)
	c.positive("auth.session_max", a.SessionMax)
	c.positive("auth.invitation_valid", a.InvitationValid)
	if a.SessionMax > 0 && a.SessionIdle > a.SessionMax {
		c.fail("auth.session_idle", say("must not be longer than auth.session_max", "darf nicht länger sein als auth.session_max"))
	}
	names := map[string]int{}
	for i, p := range a.OIDC {
		at := itemKey("auth.oidc", i)
		c.provider(at, p)
		name := strings.ToLower(p.Name)
		if first, taken := names[name]; taken && name != "" {
			c.fail(at+".name", say("%q is already the name of auth.oidc[%d]", "%q heißt schon auth.oidc[%d]", p.Name, first))
			continue
		}
		names[name] = i
	}
}

func (c *checker) provider(at string, p OIDCProvider) {
	switch {
	case p.Name == "":
		c.fail(at+".name", say("is missing", "fehlt"))
	case !providerName.MatchString(p.Name):
		c.fail(at+".name", say("%q may hold letters a-z, digits and hyphens, at most 32", "%q darf aus Buchstaben a-z, Ziffern und Bindestrichen bestehen, höchstens 32", p.Name))
	}
	if strings.EqualFold(p.Name, reservedProvider) {
		c.fail(at+".name", say("%q is what the portal's own groups are called", "%q heißen schon die eigenen Gruppen des Portals", p.Name))
	}
	c.issuer(at+".issuer", p.Issuer)
	if p.ClientID == "" {
		c.fail(at+".client_id", say("is missing", "fehlt"))
	}
	if !slices.Contains(p.Scopes, "openid") {
		c.fail(at+".scopes", say("must contain openid", "muss openid enthalten"))
	}
	if p.AdminGroup != "" && p.GroupsClaim == "" {
		c.fail(at+".admin_group", say("has no effect without groups_claim", "wirkt nicht ohne groups_claim"))
	}
	for i, d := range p.Domains {
		if !mailDomain.MatchString(d) {
			c.fail(itemKey(at+".domains", i), say("%q is not a mail domain such as stadt.example", "%q ist keine Mail-Domain wie stadt.example", d))
		}
	}
}

func (c *checker) issuer(key, issuer string) {
	if issuer == "" {
		c.fail(key, say("is missing", "fehlt"))
		return
	}
	u, err := url.Parse(issuer)
	secure := err == nil && (u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()))
	if !secure || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		c.fail(key, say("%q is not an address that begins with https://", "%q ist keine Adresse, die mit https:// beginnt", issuer))
	}
}

func itemKey(key string, i int) string { return fmt.Sprintf("%s[%d]", key, i) }
