package meet

import (
	"context"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
	"rathaus/meet/sfu"
)

// Events of the topic "meeting:<id>". None is stored.
const (
	eventJoined   = "participant_joined"
	eventUpdated  = "participant_updated"
	eventLeft     = "participant_left"
	eventSlots    = "slots"    // to one participant
	eventSpeaking = "speaking" // to one participant
	eventLink     = "link"     // to one participant
	eventMuted    = "muted"    // to one participant
)

// Events of the topic "me".
const (
	eventRinging  = "meet.ringing"
	eventAnswered = "meet.answered" // on another device of the same person
	eventMeeting  = "meet.changed"
)

// Reasons for which a participant is gone.
const (
	reasonLeft    = "left"
	reasonLost    = "lost"
	reasonRemoved = "removed"
	reasonEnded   = "access_ended"
)

// Joined answers joining the topic: what the meeting is and who is in it.
type Joined struct {
	Meeting      Summary  `json:"meeting"`
	Participants []Person `json:"participants" nullable:"false"`
	Moderator    bool     `json:"moderator"`
	Pool         Pool     `json:"pool"`
}

// LeftEvent says that a participant is gone.
type LeftEvent struct {
	ID     string `json:"id"`
	Reason string `json:"reason" enum:"left,lost,removed,access_ended"`
}

// SlotsEvent is the complete mapping of a device's streams. Streams that are
// not listed carry nothing.
type SlotsEvent struct {
	Slots []sfu.Slot `json:"slots" nullable:"false"`
}

// LinkEvent is the server's view of one of a device's two media connections.
type LinkEvent struct {
	Link  sfu.Link  `json:"link" enum:"up,down"`
	State sfu.State `json:"state" enum:"connecting,connected,disconnected,failed,closed"`
}

// MutedEvent says that a moderator has switched a source off.
type MutedEvent struct {
	Kind sfu.Kind `json:"kind"`
	By   string   `json:"by" doc:"Name of the moderator"`
}

// MeetingRef names a meeting.
type MeetingRef struct {
	MeetingID string `json:"meeting_id"`
}

// Ringing says that a call has started in a room of the person.
type Ringing struct {
	Meeting  Summary `json:"meeting"`
	FromID   string  `json:"from_id"`
	FromName string  `json:"from_name"`
	Aloud    bool    `json:"aloud" doc:"False in large rooms, where only the card appears"`
}

// Waiting is the meetings' part of what the topic "me" answers on joining.
type Waiting struct {
	Running []Summary `json:"running" nullable:"false"`
}

func (s *Service) topics(t *realtime.Topics) {
	t.Kind("meeting", realtime.Kind{
		Needs: access.Guest,
		Join:  s.join,
		Left:  s.left,
		Ops: map[string]realtime.Op{
			"enter":   realtime.Handle(access.Guest, s.enter),
			"exit":    realtime.Handle(access.Guest, s.exit),
			"publish": realtime.Handle(access.Guest, s.publish),
			"offer":   realtime.Handle(access.Guest, s.offer),
			"answer":  realtime.Handle(access.Guest, s.answer),
			"source":  realtime.Handle(access.Guest, s.source),
			"view":    realtime.Handle(access.Guest, s.view),
			"mute":    realtime.Handle(access.Guest, s.mute),
			"remove":  realtime.Handle(access.Guest, s.removeOne),
			"end":     realtime.Handle(access.Guest, s.endCall),
		},
		Events: map[string]any{
			eventJoined: Person{}, eventUpdated: Person{}, eventLeft: LeftEvent{},
			eventSlots: SlotsEvent{}, eventSpeaking: sfu.Speaking{}, eventLink: LinkEvent{}, eventMuted: MutedEvent{},
		},
	})
	realtime.Me(t, "meet", s.waiting)
	t.MeEvent(eventRinging, Ringing{})
	t.MeEvent(eventAnswered, MeetingRef{})
	t.MeEvent(eventMeeting, Summary{})
}

// join answers with who is in the meeting. Whoever has joined the topic sees
// people come and go, but takes part only after "enter".
func (s *Service) join(ctx context.Context, j realtime.Join) (any, error) {
	m, err := s.admitted(ctx, j.Principal, j.ID)
	if err != nil {
		return nil, err
	}
	if !m.Running() {
		return nil, errEnded
	}
	c := s.calls.open(m, s.hub, s.clock.Now())
	people := c.everybody()
	return Joined{
		Meeting: summaryOf(m, people), Participants: people,
		Moderator: mayModerate(j.Principal, m) == nil, Pool: s.pool(),
	}, nil
}

// left keeps the participant's place for a while.
func (s *Service) left(_ context.Context, k realtime.Call) {
	if c, ok := s.calls.get(k.ID); ok {
		c.detach(k.Conn, s.clock.Now())
	}
}

// Done is the empty answer.
type Done struct{}

// exit gives the place up for good.
func (s *Service) exit(_ context.Context, k realtime.Call, _ Done) (Done, error) {
	c, p, err := s.place(k)
	if err != nil {
		return Done{}, err
	}
	c.remove(reasonLeft, s.clock.Now(), func(o *participant) bool { return o == p })
	return Done{}, nil
}

// place finds the caller's participant.
func (s *Service) place(k realtime.Call) (*call, *participant, error) {
	c, ok := s.calls.get(k.ID)
	if !ok {
		return nil, nil, errNotEntered
	}
	p, err := c.of(k.Conn)
	return c, p, err
}

// waiting lists what runs for a person who has just connected.
func (s *Service) waiting(ctx context.Context, p access.Principal) (Waiting, error) {
	if !p.IsMember() {
		return Waiting{Running: []Summary{}}, nil
	}
	list, err := s.runningFor(ctx, p)
	return Waiting{Running: list}, err
}

// endedLongAgo reports whether a detached participant is out of time.
func endedLongAgo(now time.Time) func(*participant) bool {
	return func(p *participant) bool { return p.conn == nil && now.Sub(p.detachedAt) > resumeGrace }
}
