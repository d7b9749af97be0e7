package cli

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"rathaus/internal/config"
)

// maxSkew is how far the clocks of the provider and of this machine may be apart.
const maxSkew = 30 * time.Second

// discovery asks a provider for its description and compares it with what sign-in needs.
func discovery(provider config.OIDCProvider) func(context.Context) Finding {
	const down = "sign-in through it does not work until it answers; everything else does"
	return func(ctx context.Context) Finding {
		answer, err := get(ctx, strings.TrimSuffix(provider.Issuer, "/")+"/.well-known/openid-configuration", throughProxies())
		if err != nil {
			return fail(down, "%v", err)
		}
		if answer.status != http.StatusOK {
			return fail("is issuer the address of the provider, without the path after it?", "%s answered %d", answer.url, answer.status)
		}
		var document struct {
			Issuer                string   `json:"issuer"`
			AuthorizationEndpoint string   `json:"authorization_endpoint"`
			TokenEndpoint         string   `json:"token_endpoint"`
			JWKSURI               string   `json:"jwks_uri"`
			PKCE                  []string `json:"code_challenge_methods_supported"`
			Backchannel           bool     `json:"backchannel_logout_supported"`
		}
		if err := json.Unmarshal(answer.body, &document); err != nil {
			return fail("is issuer the address of an OpenID provider?", "%s did not answer with a description: %v", answer.url, err)
		}
		skew := time.Since(answer.date).Abs()
		switch {
		case document.Issuer != provider.Issuer:
			return fail("write issuer exactly as the provider does", "the provider calls itself %q", document.Issuer)
		case document.AuthorizationEndpoint == "" || document.TokenEndpoint == "" || document.JWKSURI == "":
			return fail("the provider must offer the authorization code flow", "its description lacks an endpoint")
		case !answer.date.IsZero() && skew > maxSkew:
			return fail("set the clocks: sign-in will be refused", "its clock and ours are %s apart", skew.Round(time.Second))
		case len(document.PKCE) > 0 && !slices.Contains(document.PKCE, "S256"):
			return warn("without PKCE S256 the provider may refuse sign-in", "offers only %s", strings.Join(document.PKCE, ", "))
		case !document.Backchannel:
			return ok("answers; sign-out at the provider does not reach Rathaus (no back-channel logout)")
		}
		return ok("answers")
	}
}
