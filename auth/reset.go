package auth

import (
	"context"
	"fmt"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// ResetLink makes a one-time link by which a person sets a new password. Whoever
// makes it never learns the password. An earlier link stops working; the old
// password stays until the link is used.
func (s *Service) ResetLink(ctx context.Context, userID string) (Link, error) {
	if !s.cfg.Local {
		return Link{}, fault.Forbidden("auth.local_off")
	}
	u, err := s.directory.ByID(ctx, userID)
	if err != nil {
		return Link{}, err
	}
	if u.Disabled() {
		return Link{}, fault.Conflict("auth.disabled")
	}
	_, has, err := credentialOf(s.db.Read(ctx), userID)
	if err != nil {
		return Link{}, fmt.Errorf("look up login: %w", err)
	}
	if !has && u.Email == "" {
		return Link{}, fault.Conflict("auth.email_needed")
	}
	by := access.From(ctx).UserID
	var t ticket
	var token string
	err = s.db.Write(ctx, func(tx Tx) (err error) {
		if _, err := dropTickets(tx, "kind = ? AND user_id = ?", ticketReset, userID); err != nil {
			return err
		}
		t = ticket{Kind: ticketReset, UserID: &userID, CreatedBy: by}
		if token, err = issueTicket(tx, &t, s.clock.Now(), resetValid); err != nil {
			return err
		}
		return s.trace(tx, "auth.reset_link_made", by, objectUser, userID, "")
	})
	if err != nil {
		return Link{}, fmt.Errorf("make reset link for %s: %w", userID, err)
	}
	return s.linkOf(t, token), nil
}

// ResetPassword sets the password of whoever has the link and signs them in. All
// their other sessions end. The link works once.
func (s *Service) ResetPassword(ctx context.Context, token, password string, from origin) (opened, error) {
	t, err := s.findTicket(ctx, ticketReset, token, from)
	if err != nil {
		return opened{}, err
	}
	if t.UserID == nil {
		return opened{}, fault.Gone("auth.link_unknown")
	}
	userID := *t.UserID
	u, err := s.directory.ByID(ctx, userID)
	if err != nil {
		return opened{}, err
	}
	login := loginName(u.Email)
	who, has, err := credentialOf(s.db.Read(ctx), userID)
	if err != nil {
		return opened{}, fmt.Errorf("look up login: %w", err)
	}
	if has {
		login = who.Login
	}
	hash, err := s.newHash(ctx, password, u.Name, login)
	if err != nil {
		return opened{}, err
	}
	o := newOpened(s.cfg.SessionMax)
	var ended []string
	err = s.db.Write(ctx, func(tx Tx) error {
		if err := useTicket(tx, ticketReset, token, s.clock.Now()); err != nil {
			return err
		}
		if err := putCredential(tx, userID, login, hash, s.clock.Now()); err != nil {
			return err
		}
		if ended, err = deleteSessions(tx, "user_id = ?", userID); err != nil {
			return err
		}
		more, err := s.insertFor(tx, o, signIn{UserID: userID, Device: from.Device, Replaces: access.From(ctx).SessionID})
		if err != nil {
			return err
		}
		ended = append(ended, more...)
		return s.trace(tx, "auth.password_reset", userID, objectUser, userID, "")
	})
	if err != nil {
		return opened{}, err
	}
	s.tellEnded(ended)
	return o, nil
}
