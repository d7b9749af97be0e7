package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	maxLogoutToken = 16 << 10         // bytes
	logoutAge      = 10 * time.Minute // older or younger tokens are refused
)

// logOutFromProvider ends the sessions that a provider's logout token names:
// those of one session there, or all of a person. Each token works once.
func (s *Service) logOutFromProvider(ctx context.Context, p *provider, raw string, from origin) error {
	if err := s.admit(ctx, flowQuota, "logout", from.Network); err != nil {
		return err
	}
	d, err := p.get(ctx)
	if err != nil {
		return err
	}
	if err := checkTokenType(raw); err != nil {
		return badToken(err)
	}
	token, err := d.verifier.VerifyLogout(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return badToken(err)
	}
	now := s.clock.Now()
	if age := now.Sub(token.IssuedAt); token.IssuedAt.IsZero() || age > logoutAge || age < -logoutAge {
		return badToken(errors.New("logout token is not of now"))
	}
	where, name := "issuer = ? AND subject = ?", token.Subject
	if token.SessionID != "" {
		where, name = "issuer = ? AND sid = ?", token.SessionID
	}
	var ended []string
	err = s.db.Write(ctx, func(tx Tx) error {
		fresh, err := noteLogout(tx, p.cfg.Issuer, token.TokenID, laterOf(token.Expiry, now.Add(logoutKept)))
		if err != nil {
			return fmt.Errorf("note logout token: %w", err)
		}
		if !fresh {
			return badToken(errors.New("logout token was used before"))
		}
		if ended, err = deleteSessions(tx, where, p.cfg.Issuer, name); err != nil {
			return err
		}
		return s.trace(tx, "auth.signed_out_by_provider", "", objectProvider, p.cfg.Name, fmt.Sprintf("%d sessions", len(ended)))
	})
	if err != nil {
		return err
	}
	s.tellEnded(ended)
	return nil
}

// checkTokenType refuses tokens that say they are something else than a logout
// token. Older providers say nothing, or just "JWT"; the claim "events" decides then.
func checkTokenType(raw string) error {
	if len(raw) > maxLogoutToken {
		return errors.New("logout token is too long")
	}
	head, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return fmt.Errorf("head of logout token: %w", err)
	}
	var header struct {
		Typ string `json:"typ"`
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return fmt.Errorf("head of logout token: %w", err)
	}
	switch strings.TrimPrefix(strings.ToLower(header.Typ), "application/") {
	case "", "jwt", "logout+jwt":
		return nil
	}
	return fmt.Errorf("token is of type %q", header.Typ)
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a.UTC()
	}
	return b
}
