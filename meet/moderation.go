package meet

import (
	"context"

	"rathaus/internal/fault"
	"rathaus/internal/realtime"
	"rathaus/meet/sfu"
)

// Mute asks to switch off somebody's source. Only they can switch it on again.
type Mute struct {
	ParticipantID string   `json:"participant_id" maxLength:"36"`
	Kind          sfu.Kind `json:"kind" enum:"mic,camera,screen,screen_audio"`
}

// Remove asks to throw somebody out, with all their devices, for this call.
type Remove struct {
	ParticipantID string `json:"participant_id" maxLength:"36"`
}

// moderated finds the participant that a moderator acts on. The right is asked
// anew each time: it may have ended since the call began.
func (s *Service) moderated(ctx context.Context, k realtime.Call, participantID string) (*call, *participant, error) {
	c, _, err := s.place(k)
	if err != nil {
		return nil, nil, err
	}
	if err := s.stillModerator(ctx, k); err != nil {
		return nil, nil, err
	}
	p, err := c.find(participantID)
	return c, p, err
}

func (s *Service) stillModerator(ctx context.Context, k realtime.Call) error {
	m, err := s.admitted(ctx, k.Principal, k.ID)
	if err != nil {
		return err
	}
	return mayModerate(k.Principal, m)
}

func (s *Service) mute(ctx context.Context, k realtime.Call, in Mute) (Done, error) {
	if err := checkSource(in.Kind); err != nil {
		return Done{}, err
	}
	c, p, err := s.moderated(ctx, k, in.ParticipantID)
	if err != nil {
		return Done{}, err
	}
	s.switchSource(c, p, in.Kind, false)
	if in.Kind == sfu.Screen {
		s.switchSource(c, p, sfu.ScreenSound, false)
	}
	c.tell(p, eventMuted, MutedEvent{Kind: in.Kind, By: k.Principal.Name})
	return Done{}, nil
}

// tell sends an event to one participant's device, if it is connected.
func (c *call) tell(p *participant, event string, data any) {
	c.mu.Lock()
	conn := p.conn
	c.mu.Unlock()
	if conn != nil {
		conn.Send(c.meeting.Topic(), event, data)
	}
}

func (s *Service) removeOne(ctx context.Context, k realtime.Call, in Remove) (Done, error) {
	c, p, err := s.moderated(ctx, k, in.ParticipantID)
	if err != nil {
		return Done{}, err
	}
	userID := p.principal.UserID
	if userID == k.Principal.UserID {
		return Done{}, fault.Conflict("meet.not_oneself")
	}
	c.ban(userID)
	c.remove(reasonRemoved, s.clock.Now(), func(o *participant) bool { return o.principal.UserID == userID })
	s.hub.Evict(k.Topic, userID, errRemoved.Code)
	return Done{}, nil
}

// endCall ends the meeting for all.
func (s *Service) endCall(ctx context.Context, k realtime.Call, _ Done) (Done, error) {
	if _, _, err := s.place(k); err != nil {
		return Done{}, err
	}
	if err := s.stillModerator(ctx, k); err != nil {
		return Done{}, err
	}
	return Done{}, s.end(ctx, k.ID)
}
