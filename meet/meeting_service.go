package meet

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// Summary is what lists and cards show of a meeting.
type Summary struct {
	ID           string     `json:"id"`
	Name         string     `json:"name" doc:"Last part of the stable address /meet/NAME"`
	Title        string     `json:"title"`
	Access       Access     `json:"access" enum:"town,link,room"`
	Guests       bool       `json:"guests" doc:"Whoever knows the address may come in without an account"`
	RoomID       string     `json:"room_id,omitempty"`
	CreatedBy    string     `json:"created_by,omitempty"`
	Running      bool       `json:"running"`
	StartedAt    time.Time  `json:"started_at"`
	EndedAt      *time.Time `json:"ended_at,omitempty"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty"`
	Participants int        `json:"participants"`
	People       []string   `json:"people" nullable:"false" doc:"Names of the first few who are in"`
}

const peopleShown = 5

func summaryOf(m Meeting, people []Person) Summary {
	s := Summary{
		ID: m.ID, Name: m.Name, Title: m.Title, Access: m.Access, Guests: m.Guests, RoomID: m.RoomID,
		CreatedBy: m.CreatedBy, Running: m.Running(), StartedAt: m.StartedAt, EndedAt: m.EndedAt,
		ExpiresAt: m.ExpiresAt, Participants: len(people), People: []string{},
	}
	for _, p := range people[:min(len(people), peopleShown)] {
		s.People = append(s.People, p.Name)
	}
	return s
}

func (s *Service) summary(m Meeting) Summary {
	if c, ok := s.calls.get(m.ID); ok && m.Running() {
		return summaryOf(m, c.everybody())
	}
	return summaryOf(m, nil)
}

// StartInput is what a person chooses of a new meeting. With a room it is the
// room's call, of which there is at most one.
type StartInput struct {
	Title  string `json:"title,omitempty" maxLength:"480"`
	Name   string `json:"name,omitempty" maxLength:"60" doc:"Chosen address; without it one that can't be guessed"`
	RoomID string `json:"room_id,omitempty" maxLength:"36"`
	Access Access `json:"access,omitempty" enum:"town,link"`
	Guests bool   `json:"guests,omitempty"`
}

// Start begins a meeting. In a room whose call runs already it returns that one.
func (s *Service) Start(ctx context.Context, p access.Principal, in StartInput) (Summary, error) {
	m, err := s.draft(p, in)
	if err != nil {
		return Summary{}, err
	}
	if m.RoomID != "" {
		if err := s.rooms.MayEnter(ctx, p, m.RoomID); err != nil {
			return Summary{}, err
		}
	}
	if !s.starts.Allow(p.UserID, time.Now()) {
		return Summary{}, fault.RateLimited("meet.too_many_meetings")
	}
	m, created, err := s.startOnce(ctx, m)
	if err != nil {
		return Summary{}, err
	}
	if created && m.RoomID != "" {
		s.callRoom(ctx, p, m)
	}
	return s.summary(m), nil
}

func (s *Service) draft(p access.Principal, in StartInput) (Meeting, error) {
	title, err := cleanTitle(in.Title)
	if err != nil {
		return Meeting{}, err
	}
	how, err := cleanAccess(in.Access, in.RoomID)
	if err != nil {
		return Meeting{}, err
	}
	if in.RoomID != "" && !id.Valid(in.RoomID) {
		return Meeting{}, errNotFound
	}
	name := in.Name
	if name == "" || in.RoomID != "" {
		name = makeName(title)
	} else if !validName(name) {
		return Meeting{}, fault.Invalid("meet.name_invalid")
	}
	now := s.clock.Now()
	return Meeting{
		ID: id.New(), Name: name, Title: title, Access: how, Guests: in.Guests && in.RoomID == "", RoomID: in.RoomID,
		CreatedBy: p.UserID, MaxParticipants: s.cfg.MaxParticipants, CreatedAt: now, StartedAt: now,
	}, nil
}

// startOnce stores a meeting, or finds the one that runs in its room. Several
// nodes may try at once: the unique index lets one of them win.
func (s *Service) startOnce(ctx context.Context, m Meeting) (found Meeting, created bool, err error) {
	const tries = 3
	for range tries {
		err = s.db.Write(ctx, func(tx *gorm.DB) error {
			found, created = m, false
			if m.RoomID != "" {
				there, err := runningInRoom(tx, m.RoomID)
				if err == nil {
					found = there
					return nil
				}
				if fault.From(err).Kind != fault.KindNotFound {
					return err
				}
			}
			created = true
			return insertMeeting(tx, m)
		})
		if err == nil {
			s.calls.open(found, s.hub, s.clock.Now())
			return found, created, nil
		}
		if !store.IsUnique(err) {
			return Meeting{}, false, fmt.Errorf("start meeting: %w", err)
		}
		if m.RoomID == "" {
			break
		}
	}
	return Meeting{}, false, fault.Conflict("meet.name_taken", "name", m.Name).Because(err)
}

// callRoom shows the card and lets it ring. The call stands even if the chat
// is not able to show it.
func (s *Service) callRoom(ctx context.Context, p access.Principal, m Meeting) {
	card := Card{MeetingID: m.ID, Name: m.Name, Title: m.Title, StartedAt: m.StartedAt}
	if err := s.rooms.PostCall(ctx, p, m.RoomID, card); err != nil {
		s.log.Error("card of the call not posted", "meeting", m.ID, "err", err)
	}
	s.ring(ctx, p, m)
}

// Find returns a meeting by its address, to those who may enter it. Without an
// account it is found only if guests come in by the address alone.
func (s *Service) Find(ctx context.Context, p access.Principal, name string) (Summary, error) {
	m, err := s.named(ctx, p, name)
	if err == nil {
		return s.summary(m), nil
	}
	if m.ID != "" && mayKnock(m) == nil {
		return summaryForStrangers(m), nil
	}
	return Summary{}, err
}

// summaryForStrangers holds no names of people.
func summaryForStrangers(m Meeting) Summary {
	return Summary{
		ID: m.ID, Name: m.Name, Title: m.Title, Access: m.Access, Guests: m.Guests,
		Running: m.Running(), StartedAt: m.StartedAt, People: []string{},
	}
}

// named finds a meeting by its address, or by its id as guest links know it,
// and asks whether p may enter it. The meeting is returned also with a
// refusal, for the caller to look at.
func (s *Service) named(ctx context.Context, p access.Principal, name string) (Meeting, error) {
	find := meetingByName
	if id.Valid(name) {
		find = meetingByID
	} else if !validName(name) {
		return Meeting{}, errNotFound
	}
	m, err := find(ctx, s.db, name)
	if err != nil {
		return Meeting{}, err
	}
	return m, s.mayEnter(ctx, p, m)
}

// List is what the page of meetings shows.
type List struct {
	Running []Summary `json:"running" nullable:"false" doc:"Running meetings that the person may enter and know of"`
	Mine    []Summary `json:"mine" nullable:"false" doc:"Meetings with an address of their own that the person has made"`
}

// List returns the meetings that concern a person.
func (s *Service) List(ctx context.Context, p access.Principal) (List, error) {
	running, err := s.runningFor(ctx, p)
	if err != nil {
		return List{}, err
	}
	own, err := ofCreator(ctx, s.db, p.UserID, maxListed)
	if err != nil {
		return List{}, err
	}
	out := List{Running: running, Mine: make([]Summary, 0, len(own))}
	for _, m := range own {
		out.Mine = append(out.Mine, s.summary(m))
	}
	return out, nil
}

// runningFor leaves out meetings by link that the person has not made: knowing
// the address is what opens them.
func (s *Service) runningFor(ctx context.Context, p access.Principal) ([]Summary, error) {
	list, err := running(ctx, s.db, maxListed)
	if err != nil {
		return nil, err
	}
	out := make([]Summary, 0, len(list))
	for _, m := range list {
		if m.Access == AccessLink && m.CreatedBy != p.UserID {
			continue
		}
		err := s.mayEnter(ctx, p, m)
		if err == nil {
			out = append(out, s.summary(m))
			continue
		}
		if f := fault.From(err); f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable {
			return nil, err
		}
	}
	return out, nil
}

// Reopen lets an ended meeting run again under its address.
func (s *Service) Reopen(ctx context.Context, p access.Principal, name string) (Summary, error) {
	m, err := s.named(ctx, p, name)
	if err != nil {
		return Summary{}, err
	}
	if m.Running() {
		return s.summary(m), nil
	}
	if err := mayReopen(p, m); err != nil {
		return Summary{}, err
	}
	now := s.clock.Now()
	err = s.db.Write(ctx, func(tx *gorm.DB) error {
		_, err := reopenMeeting(tx, m.ID, now)
		return err
	})
	if err != nil {
		return Summary{}, fmt.Errorf("reopen meeting %s: %w", m.ID, err)
	}
	m.EndedAt, m.StartedAt = nil, now
	s.calls.open(m, s.hub, now)
	return s.summary(m), nil
}

// End ends a meeting for everybody.
func (s *Service) End(ctx context.Context, p access.Principal, name string) error {
	m, err := s.named(ctx, p, name)
	if err != nil {
		return err
	}
	if err := mayModerate(p, m); err != nil {
		return err
	}
	return s.end(ctx, m.ID)
}

// Decline stops the ringing on the person's other devices. The call and the
// others do not hear of it.
func (s *Service) Decline(ctx context.Context, p access.Principal, name string) error {
	m, err := s.named(ctx, p, name)
	if err != nil {
		return err
	}
	s.hub.Notify([]string{p.UserID}, "", eventAnswered, MeetingRef{MeetingID: m.ID})
	return nil
}
