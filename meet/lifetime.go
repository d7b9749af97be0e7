package meet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// EndFor ends whatever a person does in meetings, on all devices and at once:
// the account is disabled or gone.
func (s *Service) EndFor(userID string) {
	s.endWhere(reasonEnded, func(p access.Principal) bool { return p.UserID == userID })
}

// EndSession ends what one session does in meetings: it was signed out, or its
// guest link withdrawn. Without it a participant would keep its place for
// resumeGrace, as after any broken socket.
func (s *Service) EndSession(sessionID string) {
	s.endWhere(reasonEnded, func(p access.Principal) bool { return p.SessionID == sessionID })
}

func (s *Service) endWhere(reason string, who func(access.Principal) bool) {
	now := s.clock.Now()
	for _, c := range s.calls.all() {
		c.remove(reason, now, func(p *participant) bool { return who(p.principal) })
		s.evictWhere(c, who)
	}
}

func (s *Service) evictWhere(c *call, who func(access.Principal) bool) {
	topic := c.meeting.Topic()
	for _, conn := range s.hub.Listeners(topic) {
		if p := conn.Principal(); who(p) {
			s.hub.EvictSession(topic, p.SessionID, reasonEnded)
		}
	}
}

// Recheck asks anew whether a person may be in the meetings they are in, after
// they lost a membership, and takes them out where not.
func (s *Service) Recheck(ctx context.Context, userID string) {
	for _, c := range s.calls.all() {
		s.recheck(ctx, c, func(p access.Principal) bool { return p.UserID == userID })
	}
}

// recheck takes out of a call whoever may no longer be in it. While nobody can
// tell, because the database is away, people stay: a fault of the house must
// not end a meeting.
func (s *Service) recheck(ctx context.Context, c *call, who func(access.Principal) bool) {
	for _, p := range c.present(who) {
		err := s.mayEnter(ctx, p, c.meeting)
		if err == nil {
			continue
		}
		if kind := fault.From(err).Kind; kind == fault.KindInternal || kind == fault.KindUnavailable {
			s.log.Error("right to a call not decided", "meeting", c.meeting.ID, "err", err)
			continue
		}
		same := func(o access.Principal) bool { return o.UserID == p.UserID }
		c.remove(reasonEnded, s.clock.Now(), func(o *participant) bool { return same(o.principal) })
		s.evictWhere(c, same)
	}
}

// present returns the principals under which people take part or watch.
func (c *call) present(who func(access.Principal) bool) []access.Principal {
	var out []access.Principal
	add := func(p access.Principal) {
		known := func(o access.Principal) bool { return o.UserID == p.UserID && o.SessionID == p.SessionID }
		if who(p) && !slices.ContainsFunc(out, known) {
			out = append(out, p)
		}
	}
	for _, conn := range c.hub.Listeners(c.meeting.Topic()) {
		add(conn.Principal())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		add(p.principal)
	}
	return out
}

// adopt takes over the meetings that ran when the program stopped: their
// people have emptyGrace to come back.
func (s *Service) adopt(ctx context.Context) error {
	list, err := running(ctx, s.db, maxAdopted)
	if err != nil && ctx.Err() == nil { // else: stopped before it began
		return fmt.Errorf("adopt running meetings: %w", err)
	}
	for _, m := range list {
		s.calls.open(m, s.hub, s.clock.Now())
	}
	return nil
}

// sweep does what is due by now. Errors are logged here because nobody waits
// for it; what is left undone is tried again a second later.
func (s *Service) sweep(ctx context.Context) {
	now := s.clock.Now()
	for _, c := range s.calls.all() {
		c.remove(reasonLost, now, endedLongAgo(now))
		if c.meeting.Access == AccessRoom {
			// Rooms change their members without telling; asking costs no query.
			s.recheck(ctx, c, func(access.Principal) bool { return true })
		}
		if c.empty(now, emptyGrace) || expired(c.meeting, now) {
			if err := s.end(ctx, c.meeting.ID); err != nil {
				s.log.Error("meeting not ended", "meeting", c.meeting.ID, "err", err)
			}
			continue
		}
		if c.news() {
			s.announce(ctx, c.meeting, c.everybody())
		}
	}
}

func expired(m Meeting, now time.Time) bool { return m.ExpiresAt != nil && now.After(*m.ExpiresAt) }

// EndMeeting ends a meeting for everybody, because what it belongs to goes away.
// It asks for no right.
func (s *Service) EndMeeting(ctx context.Context, meetingID string) error {
	return s.end(ctx, meetingID)
}

// end ends a meeting for everybody. Ending it again does nothing.
func (s *Service) end(ctx context.Context, meetingID string) error {
	now := s.clock.Now()
	ended := false
	err := s.db.Write(ctx, func(tx *gorm.DB) (err error) {
		ended, err = endMeeting(tx, meetingID, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("end meeting %s: %w", meetingID, err)
	}
	if c, ok := s.calls.drop(meetingID); ok {
		c.close()
	}
	if !ended {
		return nil
	}
	m, err := meetingByID(ctx, s.db, meetingID)
	if err != nil {
		return err
	}
	s.log.Info("meeting ended", "meeting", m.ID, "minutes", int(now.Sub(m.StartedAt).Minutes()))
	s.announce(ctx, m, nil)
	if m.RoomID == "" {
		return nil
	}
	if err := s.rooms.EndCall(ctx, m.RoomID, m.ID, now); err != nil {
		s.log.Error("card of the call not ended", "meeting", m.ID, "err", err)
	}
	return nil
}

// announce tells those who have the meeting in a list: the people of its
// room, or whoever has made it.
func (s *Service) announce(ctx context.Context, m Meeting, people []Person) {
	who, err := s.audience(ctx, m)
	if err != nil {
		s.log.Error("meeting not announced", "meeting", m.ID, "err", err)
		return
	}
	s.hub.Notify(who, "", eventMeeting, summaryOf(m, people))
}

func (s *Service) audience(ctx context.Context, m Meeting) ([]string, error) {
	if m.RoomID != "" {
		return s.rooms.MemberIDs(ctx, m.RoomID)
	}
	if m.CreatedBy == "" {
		return nil, nil
	}
	return []string{m.CreatedBy}, nil
}

// ring lets the devices of a room's people ring, but the caller's.
func (s *Service) ring(ctx context.Context, caller access.Principal, m Meeting) {
	members, err := s.rooms.MemberIDs(ctx, m.RoomID)
	if err != nil {
		s.log.Error("call does not ring", "meeting", m.ID, "err", err)
		return
	}
	others := make([]string, 0, len(members))
	for _, id := range members {
		if id != caller.UserID {
			others = append(others, id)
		}
	}
	s.hub.Notify(others, "", eventRinging, Ringing{
		Meeting: summaryOf(m, nil), FromID: caller.UserID, FromName: caller.Name, Aloud: len(others) < maxRinging,
	})
}

// IsRunning reports whether the meeting has not ended.
func (s *Service) IsRunning(ctx context.Context, meetingID string) (bool, error) {
	m, err := meetingByID(ctx, s.db, meetingID)
	if errors.Is(err, errNotFound) {
		return false, nil
	}
	return err == nil && m.EndedAt == nil, err
}
