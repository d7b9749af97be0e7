package pads

import (
	"context"
	"sync"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
)

// seat is one connection that has joined a pad, with what it was allowed then.
type seat struct {
	principal access.Principal
	gate      gate
}

// seats remembers who has joined what. The zero value is ready.
type seats struct {
	mu    sync.RWMutex
	byPad map[string]map[*realtime.Conn]seat // guarded by mu
}

func (s *seats) take(pad string, c *realtime.Conn, taken seat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byPad == nil {
		s.byPad = map[string]map[*realtime.Conn]seat{}
	}
	if s.byPad[pad] == nil {
		s.byPad[pad] = map[*realtime.Conn]seat{}
	}
	s.byPad[pad][c] = taken
}

func (s *seats) leave(pad string, c *realtime.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byPad[pad], c)
	if len(s.byPad[pad]) == 0 {
		delete(s.byPad, pad)
	}
}

func (s *seats) of(pad string, c *realtime.Conn) (seat, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found, ok := s.byPad[pad][c]
	return found, ok
}

// all returns the seats that fit, by pad.
func (s *seats) all(fits func(pad string, taken seat) bool) map[string][]seat {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := map[string][]seat{}
	for pad, byConn := range s.byPad {
		for _, taken := range byConn {
			if fits(pad, taken) {
				out[pad] = append(out[pad], taken)
			}
		}
	}
	return out
}

// PersonChanged ends the seats that a person no longer has a right to, after a
// change of groups, role or account. Glue calls it from the directory's hooks.
func (s *Service) PersonChanged(ctx context.Context, userID string) {
	s.recheck(ctx, s.seats.all(func(_ string, taken seat) bool { return taken.principal.UserID == userID }))
	s.tell(ctx, "", func(context.Context) error {
		s.hub.Notify([]string{userID}, "", "pads_changed", ListChanged{})
		return nil
	})
}

// padChanged ends the seats whose right to a pad is no longer what it was.
func (s *Service) padChanged(ctx context.Context, pad string) {
	s.recheck(ctx, s.seats.all(func(in string, _ seat) bool { return in == pad }))
}

func (s *Service) recheck(ctx context.Context, taken map[string][]seat) {
	for pad, all := range taken {
		done := map[string]bool{}
		for _, one := range all {
			if key := one.principal.UserID + " " + one.principal.SessionID; !done[key] {
				done[key] = true
				s.recheckSeat(ctx, pad, one)
			}
		}
	}
}

// recheckSeat evicts whoever lost something. An error while deciding means no.
func (s *Service) recheckSeat(ctx context.Context, pad string, taken seat) {
	now, err := s.gateOf(ctx, taken.principal, pad)
	switch {
	case err != nil || now.right == NoRight:
		s.hub.EvictSession(topicOf(pad), taken.principal.SessionID, "access_ended")
	case now.right != taken.gate.right:
		s.hub.EvictSession(topicOf(pad), taken.principal.SessionID, "access_changed")
	}
}

// Run ends the seats of rights that expire and tells lists what was written in, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var looked time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.endExpired(ctx)
			s.tellWritten(ctx)
			if now := time.Now(); s.stale.Load() || now.Sub(looked) > findEvery {
				looked = now
				if err := s.takeIn(ctx); err != nil && ctx.Err() == nil {
					s.log.Error("pads not taken into the index of words", "err", err)
				}
			}
		}
	}
}

func (s *Service) endExpired(ctx context.Context) {
	now := s.clock.Now()
	s.recheck(ctx, s.seats.all(func(_ string, taken seat) bool {
		return taken.gate.expires != nil && !taken.gate.expires.After(now)
	}))
}
