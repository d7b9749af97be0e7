package meet

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/time/rate"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/meet/sfu"
)

// Enter is what a device says when it enters. Resume is the token of an
// earlier entry whose socket broke, and keeps its media. Replace is the token
// of one whose media is lost too, because the page was loaded anew.
type Enter struct {
	Resume  string `json:"resume,omitempty" maxLength:"64"`
	Replace string `json:"replace,omitempty" maxLength:"64"`
	Mic     bool   `json:"mic,omitempty"`
	Camera  bool   `json:"camera,omitempty"`
}

// Entered tells a device its place. Slots and Speaking are the present ones
// when it has resumed.
type Entered struct {
	ParticipantID string       `json:"participant_id"`
	Token         string       `json:"token" doc:"Resumes this place after a broken socket"`
	Resumed       bool         `json:"resumed"`
	Moderator     bool         `json:"moderator"`
	Pool          Pool         `json:"pool"`
	ICEServers    []ICEServer  `json:"ice_servers" nullable:"false"`
	Slots         []sfu.Slot   `json:"slots" nullable:"false"`
	Speaking      sfu.Speaking `json:"speaking"`
}

// Pool says how many streams a device receives at once.
type Pool struct {
	Audio  int `json:"audio"`
	Video  int `json:"video"`
	Screen int `json:"screen"`
}

// enter lets a device in, or puts it back in its place.
func (s *Service) enter(ctx context.Context, k realtime.Call, in Enter) (Entered, error) {
	m, err := s.admitted(ctx, k.Principal, k.ID)
	if err != nil {
		return Entered{}, err
	}
	if !m.Running() {
		return Entered{}, errEnded
	}
	c := s.calls.open(m, s.hub, s.clock.Now())
	if in.Resume != "" {
		if p := c.resume(k.Conn, id.Hash(in.Resume)); p != nil {
			return s.entered(c, p, in.Resume, true), nil
		}
	}
	if _, err := c.of(k.Conn); err == nil {
		return Entered{}, fault.Conflict("meet.already_entered")
	}
	if in.Replace != "" {
		old := id.Hash(in.Replace)
		c.remove(reasonLeft, s.clock.Now(), func(p *participant) bool {
			return p.tokenHash == old && p.principal.UserID == k.Principal.UserID
		})
	}
	return s.admit(ctx, c, k, in)
}

func (s *Service) admit(ctx context.Context, c *call, k realtime.Call, in Enter) (Entered, error) {
	token := id.Token()
	p := &participant{
		id: id.New(), tokenHash: id.Hash(token), principal: k.Principal, conn: k.Conn,
		moderator: mayModerate(k.Principal, c.meeting) == nil, enteredAt: s.clock.Now(),
		mic: in.Mic, camera: in.Camera,
		talks: rate.NewLimiter(negotiationsPerSecond, negotiationBurst),
		slots: []sfu.Slot{}, speaking: sfu.Speaking{Active: []string{}},
	}
	room, err := c.mediaRoom(s.media)
	if err != nil {
		return Entered{}, mediaFault(err)
	}
	if p.media, err = room.Join(p.id, c.hear(p)); err != nil {
		return Entered{}, mediaFault(err)
	}
	p.media.SetMuted(sfu.Microphone, !in.Mic)
	p.media.SetMuted(sfu.Camera, !in.Camera)
	p.media.SetMuted(sfu.Screen, true)
	p.media.SetMuted(sfu.ScreenSound, true)
	if err := c.add(p); err != nil {
		p.media.Leave()
		return Entered{}, err
	}
	// The meeting may have ended, or the right, while this went on.
	if err := s.stillAdmitted(ctx, k); err != nil {
		c.remove(reasonLeft, s.clock.Now(), func(o *participant) bool { return o == p })
		return Entered{}, err
	}
	if !k.Principal.IsGuest() {
		s.hub.Notify([]string{k.Principal.UserID}, "", eventAnswered, MeetingRef{MeetingID: c.meeting.ID})
	}
	return s.entered(c, p, token, false), nil
}

func (s *Service) stillAdmitted(ctx context.Context, k realtime.Call) error {
	m, err := s.admitted(ctx, k.Principal, k.ID)
	if err != nil {
		return err
	}
	if !m.Running() {
		return errEnded
	}
	return nil
}

func (s *Service) entered(c *call, p *participant, token string, resumed bool) Entered {
	out := Entered{
		ParticipantID: p.id, Token: token, Resumed: resumed, Moderator: p.moderator,
		Pool: s.pool(), ICEServers: s.iceServers(p.principal),
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out.Slots, out.Speaking = slices.Clone(p.slots), p.speaking
	return out
}

// admitted returns the meeting if the person may enter it.
func (s *Service) admitted(ctx context.Context, p access.Principal, meetingID string) (Meeting, error) {
	m, err := meetingByID(ctx, s.db, meetingID)
	if err != nil {
		return Meeting{}, err
	}
	return m, s.mayEnter(ctx, p, m)
}

// mayEnter asks the chat where it is about a room and decides.
func (s *Service) mayEnter(ctx context.Context, p access.Principal, m Meeting) error {
	var roomErr error
	if m.Access == AccessRoom && p.IsMember() {
		roomErr = s.rooms.MayEnter(ctx, p, m.RoomID)
		if f := fault.From(roomErr); f != nil && (f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable) {
			return fmt.Errorf("ask for room %s: %w", m.RoomID, roomErr)
		}
	}
	if err := mayEnter(p, m, roomErr); err != nil {
		return err
	}
	if c, ok := s.calls.get(m.ID); ok && c.banned(p.UserID) {
		return errRemoved
	}
	return nil
}

// mediaFault turns what the forwarding unit refuses into what a person may see.
func mediaFault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sfu.ErrDescription):
		return fault.Invalid("meet.description_invalid").Because(err)
	case errors.Is(err, sfu.ErrNoOffer):
		return fault.Conflict("meet.no_offer").Because(err)
	case errors.Is(err, sfu.ErrFull):
		return errFull.Because(err)
	case errors.Is(err, sfu.ErrClosed):
		return errEnded.Because(err)
	}
	return fmt.Errorf("media: %w", err)
}
