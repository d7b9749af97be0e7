package auth

import (
	"context"

	"rathaus/internal/access"
)

type inviteIn struct {
	Body struct {
		Name     string      `json:"name" minLength:"1" maxLength:"80"`
		Email    string      `json:"email,omitempty" maxLength:"254"`
		Role     access.Role `json:"role,omitempty" enum:"guest,member,auditor,admin"`
		GroupIDs []string    `json:"group_ids,omitempty" maxItems:"50"`
	}
}

type linkOut struct{ Body Link }

func (s *Service) postInvitation(ctx context.Context, in *inviteIn) (*linkOut, error) {
	link, err := s.Invite(ctx, NewInvitation(in.Body))
	if err != nil {
		return nil, err
	}
	return &linkOut{Body: link}, nil
}

type pageIn struct {
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type invitationsOut struct {
	Body struct {
		Items []Invitation `json:"items" nullable:"false"`
		Next  string       `json:"next"`
	}
}

func (s *Service) listInvitations(ctx context.Context, in *pageIn) (*invitationsOut, error) {
	list, err := s.Invitations(ctx, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &invitationsOut{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.Next = list[in.Limit-1].ID
	}
	out.Body.Items = list
	return out, nil
}

type invitationIn struct {
	Invitation string `path:"invitation" maxLength:"36"`
}

func (s *Service) deleteInvitation(ctx context.Context, in *invitationIn) (*struct{}, error) {
	return nil, s.WithdrawInvitation(ctx, in.Invitation)
}

type readTicketIn struct {
	Browser
	Body struct {
		Kind  string `json:"kind" enum:"setup,invitation,reset"`
		Token string `json:"token" minLength:"1" maxLength:"64"`
	}
}

type readTicketOut struct {
	Body struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	}
}

func (s *Service) readTicket(ctx context.Context, in *readTicketIn) (*readTicketOut, error) {
	t, err := s.ReadTicket(ctx, in.Body.Kind, in.Body.Token, in.origin(ctx))
	if err != nil {
		return nil, s.setupGoneFor(ctx, in.Body.Kind, err)
	}
	out := &readTicketOut{}
	out.Body.Name, out.Body.Email = t.Name, t.Email
	return out, nil
}

func (s *Service) setupGoneFor(ctx context.Context, kind string, err error) error {
	if kind == ticketSetup {
		return s.setupGone(ctx, err)
	}
	return err
}

type acceptIn struct {
	Browser
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"64"`
		Name     string `json:"name" minLength:"1" maxLength:"80"`
		Email    string `json:"email,omitempty" maxLength:"254" doc:"Ignored when the invitation names one"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) acceptInvitation(ctx context.Context, in *acceptIn) (*stateOut, error) {
	b := in.Body
	o, err := s.AcceptInvitation(ctx, b.Token, Acceptance{Name: b.Name, Email: b.Email, Password: b.Password}, in.origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, o)
}

type resetIn struct {
	Browser
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"64"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) postReset(ctx context.Context, in *resetIn) (*stateOut, error) {
	o, err := s.ResetPassword(ctx, in.Body.Token, in.Body.Password, in.origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, o)
}

type guestIn struct {
	Browser
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"64"`
		Name  string `json:"name,omitempty" maxLength:"80"`
	}
}

type guestOut struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      Admission
}

func (s *Service) postGuest(ctx context.Context, in *guestIn) (*guestOut, error) {
	a, o, err := s.TakeGuestLink(ctx, in.Body.Token, in.Body.Name, in.origin(ctx))
	if err != nil {
		return nil, err
	}
	out := &guestOut{Body: a}
	if o.Token != "" {
		out.SetCookie = []string{s.cookies.session(o.Token, o.Lasts)}
	}
	return out, nil
}

type readGuestIn struct {
	Browser
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"64"`
	}
}

func (s *Service) readGuest(ctx context.Context, in *readGuestIn) (*guestOut, error) {
	a, err := s.ReadGuestLink(ctx, in.Body.Token, in.origin(ctx))
	if err != nil {
		return nil, err
	}
	return &guestOut{Body: a}, nil
}
