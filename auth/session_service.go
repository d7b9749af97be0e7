package auth

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Authenticate says who sends the request: a person, a guest, or nobody. It
// fails only when the database can't be asked.
func (s *Service) Authenticate(r *http.Request) (access.Principal, error) {
	token := s.cookies.read(r, s.cookies.sessionName())
	if token == "" || len(token) > 64 {
		return access.Principal{}, nil
	}
	ctx, now := r.Context(), s.clock.Now()
	h, found, err := holderOf(s.db.Read(ctx), token)
	if err != nil {
		return access.Principal{}, fmt.Errorf("look up session: %w", err)
	}
	if !found {
		return access.Principal{}, nil
	}
	p := h.principal(now, s.cfg.SessionIdle)
	if !p.Authenticated() {
		return p, nil
	}
	if p.IsGuest() {
		if p.Grants, err = grantsOf(s.db.Read(ctx), p.SessionID, now); err != nil {
			return access.Principal{}, fmt.Errorf("look up grants: %w", err)
		}
	}
	if now.Sub(h.SeenAt) >= s.seenStep() {
		if err := s.db.Write(ctx, func(tx Tx) error { return touchSession(tx, p.SessionID, now) }); err != nil {
			s.log.Warn("use of session not noted", "err", err) // who can't be written down may still read
		}
	}
	return p, nil
}

// seenStep keeps the note of the last use coarse, but finer than the idle limit.
func (s *Service) seenStep() time.Duration {
	return min(seenStep, s.cfg.SessionIdle/4)
}

// SessionsOf lists the devices on which a person is signed in.
func (s *Service) SessionsOf(ctx context.Context, userID string) ([]Session, error) {
	list, err := sessionsOf(s.db.Read(ctx), userID, s.clock.Now(), s.cfg.SessionIdle)
	if err != nil {
		return nil, fmt.Errorf("list sessions of %s: %w", userID, err)
	}
	current := access.From(ctx).SessionID
	for i := range list {
		list[i].Current = list[i].ID == current
	}
	return list, nil
}

// EndSession signs one session of a person out.
func (s *Service) EndSession(ctx context.Context, userID, sessionID string) error {
	ended, err := s.endSessions(ctx, "id = ? AND user_id = ?", sessionID, userID)
	if err != nil {
		return err
	}
	if len(ended) == 0 {
		return fault.NotFound("auth.session_not_found")
	}
	return nil
}

// EndSessionsOf signs a person out everywhere, but for the session named except.
// It returns how many sessions ended.
func (s *Service) EndSessionsOf(ctx context.Context, userID, except string) (int, error) {
	ended, err := s.endSessions(ctx, "user_id = ? AND id <> ?", userID, except)
	return len(ended), err
}

// endSessions removes sessions and, after the commit, tells the rest of the house.
func (s *Service) endSessions(ctx context.Context, where string, args ...any) ([]string, error) {
	var ended []string
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		ended, err = deleteSessions(tx, where, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tellEnded(ended)
	return ended, nil
}

func (s *Service) tellEnded(sessionIDs []string) {
	for _, id := range sessionIDs {
		s.hooks.SessionEnded(id)
	}
}
