package auth

import (
	"context"
	"fmt"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Presence is a session as administrators see it. It does not say when the
// person was last active.
type Presence struct {
	ID        string    `json:"id"`
	PersonID  string    `json:"person_id" doc:"Empty for guests by link"`
	Name      string    `json:"name"`
	Guest     bool      `json:"guest"`
	Device    string    `json:"device"`
	Provider  string    `json:"provider"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Current   bool      `json:"current" doc:"The session that asks"`
}

// SignInOf is how a person signs in.
type SignInOf struct {
	Login       string    `json:"login"`
	HasPassword bool      `json:"has_password"`
	Providers   []string  `json:"providers" doc:"Labels of the providers that know the person" nullable:"false"`
	Sessions    []Session `json:"sessions" nullable:"false"`
}

// Sessions lists who is signed in, the latest first. before is the id of the
// last one that the caller has.
func (s *Service) Sessions(ctx context.Context, before string, limit int) ([]Presence, error) {
	list, err := allSessions(s.db.Read(ctx), s.clock.Now(), s.cfg.SessionIdle, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	current := access.From(ctx).SessionID
	for i := range list {
		list[i].Current = list[i].ID == current
	}
	return list, nil
}

// SignInOf says how a person signs in and where they are signed in.
func (s *Service) SignInOf(ctx context.Context, userID string) (SignInOf, error) {
	if _, err := s.directory.ByID(ctx, userID); err != nil {
		return SignInOf{}, err
	}
	c, found, err := credentialOf(s.db.Read(ctx), userID)
	if err != nil {
		return SignInOf{}, fmt.Errorf("look up login: %w", err)
	}
	out := SignInOf{Login: c.Login, HasPassword: found && c.Hash != noPassword, Providers: []string{}}
	issuers, err := issuersOf(s.db.Read(ctx), userID)
	if err != nil {
		return SignInOf{}, fmt.Errorf("look up identities: %w", err)
	}
	for _, issuer := range issuers {
		out.Providers = append(out.Providers, s.labelOf(issuer))
	}
	out.Sessions, err = s.SessionsOf(ctx, userID)
	return out, err
}

// labelOf names an issuer; one that is configured no more has its address only.
func (s *Service) labelOf(issuer string) string {
	for _, p := range s.providers {
		if p.cfg.Issuer == issuer {
			return p.label()
		}
	}
	return issuer
}

// EndAnySession signs somebody's device out, on an administrator's word.
func (s *Service) EndAnySession(ctx context.Context, sessionID string) error {
	var ended []string
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		if ended, err = deleteSessions(tx, "id = ?", sessionID); err != nil {
			return err
		}
		if len(ended) == 0 {
			return fault.NotFound("auth.session_not_found")
		}
		return s.trace(tx, "auth.session_ended", access.From(ctx).UserID, "session", sessionID, "")
	})
	if err != nil {
		return err
	}
	s.tellEnded(ended)
	return nil
}

// EndAllSessionsOf signs a person out everywhere, on an administrator's word.
// The session that asks stays.
func (s *Service) EndAllSessionsOf(ctx context.Context, userID string) (int, error) {
	if _, err := s.directory.ByID(ctx, userID); err != nil {
		return 0, err
	}
	p := access.From(ctx)
	var ended []string
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		if ended, err = deleteSessions(tx, "user_id = ? AND id <> ?", userID, p.SessionID); err != nil {
			return err
		}
		return s.trace(tx, "auth.sessions_ended", p.UserID, objectUser, userID, "")
	})
	if err != nil {
		return 0, err
	}
	s.tellEnded(ended)
	return len(ended), nil
}
