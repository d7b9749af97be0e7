package auth

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rathaus/internal/directory"
)

// Intervals of the background work.
const (
	linksEvery     = time.Second // how late an expired guest link ends at most
	providersEvery = time.Minute // how often providers are asked for a sign of life
)

// Run does the background work until ctx ends: it ends what has expired, and
// asks the providers whether they still answer.
func (s *Service) Run(ctx context.Context) error {
	var group sync.WaitGroup
	group.Go(func() { s.sweep(ctx) })
	for _, p := range s.providers {
		group.Go(func() { watchProvider(ctx, p) })
	}
	group.Wait()
	return nil
}

func (s *Service) sweep(ctx context.Context) {
	links, all := time.NewTicker(linksEvery), time.NewTicker(sweepEvery)
	defer links.Stop()
	defer all.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-links.C:
			err = s.endExpiredLinks(ctx)
		case <-all.C:
			err = s.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Error("what has expired could not be ended", "err", err)
		}
	}
}

func watchProvider(ctx context.Context, p *provider) {
	tick := time.NewTicker(providerRetry)
	defer tick.Stop()
	asked := time.Time{}
	for {
		// One that is down is asked as often as its own pause allows.
		if now := p.clock.Now(); !p.available() || now.Sub(asked) >= providersEvery {
			asked = now
			p.check(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Service) endExpiredLinks(ctx context.Context) error {
	now := s.clock.Now()
	there, err := hasExpiredLinks(s.db.Read(ctx), now)
	if err != nil || !there {
		return err
	}
	_, err = s.endLinks(ctx, "guest_link.expired", "expires_at <= ?", now)
	return err
}

// Sweep ends expired sessions and links and forgets what is no longer needed.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock.Now()
	if _, err := s.endSessions(ctx, "expires_at <= ? OR seen_at < ?", now, now.Add(-s.cfg.SessionIdle)); err != nil {
		return err
	}
	if err := s.endExpiredLinks(ctx); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx Tx) error { return forget(tx, now) })
	if err != nil {
		return fmt.Errorf("forget what has expired: %w", err)
	}
	return nil
}

// directoryChanged acts on what happens to people: who is disabled is signed out
// everywhere, who has a new role has to come back with it.
func (s *Service) directoryChanged(c directory.Change) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var err error
	if c.Kind == directory.UserDisabled {
		err = s.shutOut(ctx, c.UserID)
	}
	if c.Kind == directory.RoleChanged {
		err = s.tellChanged(ctx, c.UserID)
	}
	if err != nil {
		s.log.Error("change of a person not followed", "change", string(c.Kind), "user", c.UserID, "err", err)
	}
}

// tellChanged makes the sockets of a person come back with their new role.
func (s *Service) tellChanged(ctx context.Context, userID string) error {
	ids, err := sessionIDsOf(s.db.Read(ctx), userID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s.hooks.SessionChanged(id)
	}
	return nil
}

// shutOut ends all sessions of a person and the links by which they could come back.
func (s *Service) shutOut(ctx context.Context, userID string) error {
	var ended []string
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		if _, err := dropTickets(tx, "user_id = ?", userID); err != nil {
			return err
		}
		ended, err = deleteSessions(tx, "user_id = ?", userID)
		return err
	})
	if err != nil {
		return err
	}
	s.tellEnded(ended)
	return nil
}
