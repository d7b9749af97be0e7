package auth

import (
	"context"
	"fmt"
	"strings"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
)

// NewInvitation is whom an administrator invites.
type NewInvitation struct {
	Name     string
	Email    string // may be empty: the person says it
	Role     access.Role
	GroupIDs []string
}

// Invite makes a one-time link by which somebody joins the town.
func (s *Service) Invite(ctx context.Context, in NewInvitation) (Link, error) {
	if !s.cfg.Local {
		return Link{}, fault.Forbidden("auth.local_off")
	}
	if in.Role == "" {
		in.Role = access.RoleMember
	}
	var err error
	if in.Email, err = directory.TidyEmail(in.Email); err != nil {
		return Link{}, err
	}
	if err := s.checkInvitation(ctx, in); err != nil {
		return Link{}, err
	}
	by := access.From(ctx).UserID
	var t ticket
	var token string
	err = s.db.Write(ctx, func(tx Tx) error {
		now := s.clock.Now()
		open, err := countInvitations(tx, now)
		if err != nil {
			return err
		}
		if open >= maxOpenTickets {
			return fault.Conflict("auth.too_many_invitations", "max", maxOpenTickets)
		}
		t = ticket{
			Kind: ticketInvitation, Name: strings.TrimSpace(in.Name), Email: in.Email,
			Role: string(in.Role), GroupIDs: in.GroupIDs, CreatedBy: by,
		}
		if token, err = issueTicket(tx, &t, now, s.cfg.InvitationValid); err != nil {
			return err
		}
		e := entryOf("auth.invited", by, objectInvitation, t.ID, "")
		e.Detail = map[string]any{"name": t.Name, "role": t.Role}
		return s.audit.RecordTx(tx, e)
	})
	if err != nil {
		return Link{}, err
	}
	return s.linkOf(t, token), nil
}

func (s *Service) checkInvitation(ctx context.Context, in NewInvitation) error {
	switch {
	case !in.Role.Valid():
		return fault.Invalid("directory.role_unknown")
	case len(in.GroupIDs) > maxGroups:
		return fault.Invalid("auth.too_many_groups", "max", maxGroups)
	}
	for _, g := range in.GroupIDs {
		if _, err := s.directory.Group(ctx, g); err != nil {
			return err
		}
	}
	if in.Email == "" {
		return nil
	}
	taken, err := loginTaken(s.db.Read(ctx), loginName(in.Email))
	if err != nil {
		return fmt.Errorf("look up login: %w", err)
	}
	if taken {
		return fault.Conflict("auth.login_taken")
	}
	return nil
}

// Invitations lists the open ones, the latest first. before is the id of the
// last one that the caller has.
func (s *Service) Invitations(ctx context.Context, before string, limit int) ([]Invitation, error) {
	rows, err := openInvitations(s.db.Read(ctx), s.clock.Now(), before, limit)
	if err != nil {
		return nil, fmt.Errorf("list invitations: %w", err)
	}
	list := make([]Invitation, len(rows))
	for i, t := range rows {
		list[i] = t.invitation()
	}
	return list, nil
}

// WithdrawInvitation makes the link worthless.
func (s *Service) WithdrawInvitation(ctx context.Context, invitationID string) error {
	return s.db.Write(ctx, func(tx Tx) error {
		n, err := dropTickets(tx, "id = ? AND kind = ?", invitationID, ticketInvitation)
		if err != nil {
			return fmt.Errorf("withdraw invitation: %w", err)
		}
		if n == 0 {
			return fault.NotFound("auth.invitation_not_found")
		}
		return s.trace(tx, "auth.invitation_withdrawn", access.From(ctx).UserID, objectInvitation, invitationID, "")
	})
}

// ReadTicket shows whoever has the link what it is for.
func (s *Service) ReadTicket(ctx context.Context, kind, token string, from origin) (Invitation, error) {
	t, err := s.findTicket(ctx, kind, token, from)
	if err != nil {
		return Invitation{}, err
	}
	if t.UserID == nil {
		return t.invitation(), nil
	}
	u, err := s.directory.ByID(ctx, *t.UserID)
	if err != nil {
		return Invitation{}, err
	}
	t.Name, t.Email = u.Name, u.Email
	return t.invitation(), nil
}

// Acceptance is what an invited person says.
type Acceptance struct {
	Name     string
	Email    string // ignored when the invitation names one
	Password string
}

// AcceptInvitation creates the person and signs them in. The link works once,
// however many use it at a time.
func (s *Service) AcceptInvitation(ctx context.Context, token string, in Acceptance, from origin) (opened, error) {
	t, err := s.findTicket(ctx, ticketInvitation, token, from)
	if err != nil {
		return opened{}, err
	}
	if t.Email != "" {
		in.Email = t.Email
	}
	login := loginName(in.Email)
	if login == "" {
		return opened{}, fault.Invalid("auth.email_needed")
	}
	hash, err := s.newHash(ctx, in.Password, in.Name, login)
	if err != nil {
		return opened{}, err
	}
	o := newOpened(s.cfg.SessionMax)
	var userID string
	var tell func()
	var ended []string
	err = s.db.Write(ctx, func(tx Tx) error {
		if err := useTicket(tx, ticketInvitation, token, s.clock.Now()); err != nil {
			return err
		}
		u, poke, err := s.directory.CreateTx(tx, directory.NewUser{Name: in.Name, Email: strings.TrimSpace(in.Email), Role: access.Role(t.Role)})
		if err != nil {
			return err
		}
		userID, tell = u.ID, poke
		if err := putCredential(tx, u.ID, login, hash, s.clock.Now()); err != nil {
			return err
		}
		ended, err = s.insertFor(tx, o, signIn{UserID: u.ID, Device: from.Device, Replaces: access.From(ctx).SessionID})
		if err != nil {
			return err
		}
		return s.trace(tx, "auth.invitation_accepted", u.ID, objectInvitation, t.ID, t.Role)
	})
	if err != nil {
		return opened{}, err
	}
	tell()
	s.tellEnded(ended)
	s.joinGroups(ctx, userID, t.GroupIDs)
	return o, nil
}

// joinGroups puts a new person into the groups of the invitation. A group that
// was deleted meanwhile must not keep anybody out.
func (s *Service) joinGroups(ctx context.Context, userID string, groupIDs []string) {
	for _, g := range groupIDs {
		if err := s.directory.AddMember(ctx, g, userID); err != nil {
			s.log.Warn("group of an invitation not joined", "group", g, "err", err)
		}
	}
}

// newHash checks and hashes a password that somebody chooses.
func (s *Service) newHash(ctx context.Context, password string, known ...string) (string, error) {
	if err := checkPassword(password, s.cfg.MinPasswordLength, append(known, s.TownName())...); err != nil {
		return "", err
	}
	return s.hasher.Make(ctx, password)
}
