package auth

import (
	"context"
	"fmt"
)

// OpenSession signs a person in without asking for a proof and returns the
// secret of the session's cookie. It is for the program's own tools: tests, load
// measurements and example content. No route leads here.
func (s *Service) OpenSession(ctx context.Context, userID, device string) (token string, err error) {
	o := newOpened(s.cfg.SessionMax)
	err = s.db.Write(ctx, func(tx Tx) error {
		_, err := insertSession(tx, o, signIn{UserID: userID, Device: device}, s.clock.Now())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("open a session of %s: %w", userID, err)
	}
	return o.Token, nil
}

// CookieName is the name of the session's cookie at this address of the portal.
func (s *Service) CookieName() string { return s.cookies.sessionName() }
