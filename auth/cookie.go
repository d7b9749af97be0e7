package auth

import (
	"net/http"
	"strings"
	"time"
)

// cookies knows how this portal names and guards its cookies.
type cookies struct {
	secure bool // the portal is reached by https
}

func cookiesFor(publicURL string) cookies {
	return cookies{secure: strings.HasPrefix(publicURL, "https://")}
}

// sessionName has the prefix that makes browsers refuse the cookie from a
// neighbouring host or from an unencrypted page. It needs https, so that a
// portal on localhost has to do without.
func (c cookies) sessionName() string { return c.name("rathaus") }

// flowName is the cookie that binds a trip to a provider to one browser.
func (c cookies) flowName() string { return c.name("rathaus_flow") }

func (c cookies) name(plain string) string {
	if c.secure {
		return "__Host-" + plain
	}
	return plain
}

func (c cookies) make(name, value string, lasts time.Duration) string {
	return (&http.Cookie{ //nolint:gosec // Secure wherever the portal has https; localhost has none
		Name: name, Value: value, Path: "/", MaxAge: int(lasts.Seconds()),
		Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}).String()
}

func (c cookies) session(token string, lasts time.Duration) string {
	return c.make(c.sessionName(), token, lasts)
}

func (c cookies) endSession() string {
	return (&http.Cookie{ //nolint:gosec // as above
		Name: c.sessionName(), Path: "/", MaxAge: -1,
		Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}).String()
}

// readFrom returns the secret of the session from a Cookie header, or nothing.
func (c cookies) readFrom(header string) string {
	r := http.Request{Header: http.Header{"Cookie": {header}}}
	return c.read(&r, c.sessionName())
}

// read returns the value of a cookie, or nothing. Two of the same name are a
// sign of tampering and count as none.
func (c cookies) read(r *http.Request, name string) string {
	found := r.CookiesNamed(name)
	if len(found) != 1 {
		return ""
	}
	return found[0].Value
}
