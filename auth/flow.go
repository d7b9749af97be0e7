package auth

import (
	"strings"
	"time"

	"golang.org/x/oauth2"

	"rathaus/internal/id"
)

// flow is a trip to a provider and back. The state goes by way of the browser's
// address, the browser's secret in a cookie; only both together find the flow.
type flow struct {
	StateHash   string
	Provider    string
	BrowserHash string
	Nonce       string
	Verifier    string // PKCE
	ReturnTo    string
	ExpiresAt   time.Time
}

func newFlow(provider, browser, returnTo string, now time.Time) (f flow, state string) {
	state = id.Token()
	return flow{
		StateHash: id.Hash(state), Provider: provider, BrowserHash: id.Hash(browser), Nonce: id.Token(),
		Verifier: oauth2.GenerateVerifier(), ReturnTo: ownPath(returnTo), ExpiresAt: now.Add(flowValid),
	}, state
}

// ownPath returns the path if it stays within the portal, or the front page. A
// browser reads backslashes as slashes and drops tabs and line ends, so that
// none of these may be in it.
func ownPath(path string) string {
	bad := func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }
	if len(path) > maxReturnTo || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsFunc(path, bad) || strings.HasPrefix(path, "/api/") {
		return "/"
	}
	return path
}
