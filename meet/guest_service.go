package meet

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Invitation is a link that lets somebody without an account in.
type Invitation struct {
	Token     string    `json:"token" doc:"The link is /g/TOKEN; it is shown once and stored as a hash"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Pass lets somebody in at POST /auth/guest, once and soon.
type Pass struct {
	Token string `json:"token"`
	Name  string `json:"name" doc:"Address of the meeting"`
}

// Invite makes a guest link for a meeting.
func (s *Service) Invite(ctx context.Context, p access.Principal, name string, life time.Duration) (Invitation, error) {
	m, err := s.named(ctx, p, name)
	if err != nil {
		return Invitation{}, err
	}
	if err := mayInvite(p); err != nil {
		return Invitation{}, err
	}
	if life <= 0 {
		life = guestLinkLife
	}
	expires := s.clock.Now().Add(min(life, maxLinkLife))
	token, err := s.mint(ctx, p, GuestLink{Kind: grantKind, ID: m.ID, Right: rightJoin, Expires: expires})
	return Invitation{Token: token, ExpiresAt: expires}, err
}

// Knock lets somebody without an account in by the address alone, where the
// meeting allows it. Who tries many addresses is stopped.
func (s *Service) Knock(ctx context.Context, address, name string) (Pass, error) {
	if !s.knocks.Allow(networkOf(address), time.Now()) {
		return Pass{}, errTooManyTries
	}
	if !validName(name) {
		return Pass{}, errNotFound
	}
	m, err := meetingByName(ctx, s.db, name)
	if err != nil {
		return Pass{}, err
	}
	if err := mayKnock(m); err != nil {
		return Pass{}, err
	}
	return s.pass(ctx, m, rightJoin)
}

// StartPublic starts a meeting for somebody without an account, where the
// town allows it. It is small, short, and open to whoever knows its address.
func (s *Service) StartPublic(ctx context.Context, address, title string) (Pass, error) {
	if !s.cfg.PublicStart || s.links == nil {
		return Pass{}, fault.NotFound("not_found")
	}
	if !s.publics.Allow(networkOf(address), time.Now()) {
		return Pass{}, fault.RateLimited("meet.too_many_meetings")
	}
	if s.publicRunning() >= publicMaxRunning {
		return Pass{}, fault.Unavailable("meet.no_public_meeting_free")
	}
	title, err := cleanTitle(title)
	if err != nil {
		return Pass{}, err
	}
	now := s.clock.Now()
	end := now.Add(publicLife)
	m := Meeting{
		ID: id.New(), Name: makeName(title), Title: title, Access: AccessLink, Guests: true,
		MaxParticipants: min(publicMaxParticipants, s.cfg.MaxParticipants),
		CreatedAt:       now, StartedAt: now, ExpiresAt: &end,
	}
	if err := s.db.Write(ctx, func(tx *gorm.DB) error { return insertMeeting(tx, m) }); err != nil {
		return Pass{}, fmt.Errorf("start public meeting: %w", err)
	}
	s.calls.open(m, s.hub, now)
	return s.pass(ctx, m, rightHost)
}

func (s *Service) publicRunning() int {
	n := 0
	for _, c := range s.calls.all() {
		if c.meeting.Public() {
			n++
		}
	}
	return n
}

func (s *Service) pass(ctx context.Context, m Meeting, right string) (Pass, error) {
	by := access.Principal{UserID: m.CreatedBy}
	token, err := s.mint(ctx, by, GuestLink{
		Kind: grantKind, ID: m.ID, Right: right, Expires: s.clock.Now().Add(guestPassLife), MaxUses: 1,
	})
	return Pass{Token: token, Name: m.Name}, err
}

func (s *Service) mint(ctx context.Context, by access.Principal, link GuestLink) (string, error) {
	if s.links == nil {
		return "", fault.Unavailable("meet.no_guests")
	}
	token, err := s.links.MintGuestLink(ctx, by, link)
	if err != nil {
		return "", fmt.Errorf("make guest link: %w", err)
	}
	return token, nil
}
