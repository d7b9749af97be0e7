package auth

import (
	"context"
	"errors"
	"fmt"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
)

// enter signs in whom a provider vouches for, and creates the account at the
// first sign-in.
func (s *Service) enter(ctx context.Context, p *provider, c claims, from origin) (opened, error) {
	if err := p.admits(c); err != nil {
		s.refusal(ctx, "auth.sign_in_failed", objectProvider, p.cfg.Name, "domain")
		return opened{}, err
	}
	o := newOpened(s.cfg.SessionMax)
	session := signIn{
		Provider: p.cfg.Name, Issuer: c.Issuer, Subject: c.Subject, SID: c.SID,
		Device: from.Device, Replaces: access.From(ctx).SessionID,
	}
	if p.endSessionURL("") != "" {
		session.IDToken = c.IDToken
	}
	tell := func() {}
	var ended []string
	var created string
	err := s.db.Write(ctx, func(tx Tx) error {
		created = ""
		userID, found, err := personOf(tx, c.Issuer, c.Subject)
		if err != nil {
			return fmt.Errorf("look up identity: %w", err)
		}
		if !found {
			if userID, err = s.signUp(tx, p, c); err != nil {
				return err
			}
			created = userID
		}
		if ended, tell, err = s.enterAs(tx, p, c, o, session, userID); err != nil {
			return err
		}
		return s.trace(tx, "auth.signed_in", userID, objectUser, userID, p.cfg.Name)
	})
	if err != nil {
		if fault.From(err).Kind == fault.KindForbidden {
			s.refusal(ctx, "auth.sign_in_failed", objectProvider, p.cfg.Name, fault.From(err).Code)
		}
		return opened{}, err
	}
	tell()
	s.tellEnded(ended)
	if created != "" {
		s.joinGroups(ctx, created, s.defaultGroups(ctx, p))
	}
	return o, nil
}

func (s *Service) enterAs(tx Tx, p *provider, c claims, o opened, session signIn, userID string) (ended []string, tell func(), err error) {
	session.UserID = userID
	if ended, err = s.insertFor(tx, o, session); err != nil {
		return nil, nil, err
	}
	tell = func() {}
	if !c.HasGroups {
		return ended, tell, nil
	}
	if tell, err = s.directory.SyncGroupsTx(tx, userID, p.cfg.Name, c.Groups); err != nil {
		return nil, nil, fmt.Errorf("take over groups: %w", err)
	}
	return ended, tell, s.followAdminGroup(tx, p, c, userID)
}

// signUp creates the account of an identity that is here for the first time. It
// is always a new person: an e-mail address links no accounts.
func (s *Service) signUp(tx Tx, p *provider, c claims) (string, error) {
	if !p.cfg.AllowSignup {
		return "", fault.Forbidden("auth.no_account")
	}
	email := c.Email
	if !c.EmailVerified {
		email = ""
	}
	u, _, err := s.directory.CreateTx(tx, directory.NewUser{Name: c.Name, Email: email, Role: access.RoleMember})
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.KindInvalid {
		// What an issuer calls people must not keep anybody out.
		u, _, err = s.directory.CreateTx(tx, directory.NewUser{Name: p.label(), Role: access.RoleMember})
	}
	if err != nil {
		return "", fmt.Errorf("create account: %w", err)
	}
	if err := insertIdentity(tx, c.Issuer, c.Subject, u.ID, s.clock.Now()); err != nil {
		return "", err
	}
	return u.ID, s.trace(tx, "auth.signed_up", u.ID, objectUser, u.ID, p.cfg.Name)
}

// followAdminGroup makes the provider's administrators administrators, and takes
// the role back from those who no longer are. The last one stays.
func (s *Service) followAdminGroup(tx Tx, p *provider, c claims, userID string) error {
	if p.cfg.AdminGroup == "" {
		return nil
	}
	u, err := s.directory.ByIDTx(tx, userID)
	if err != nil {
		return err
	}
	role := u.Role
	switch named := c.inGroup(p.cfg.AdminGroup); {
	case named:
		role = access.RoleAdmin
	case u.Role == access.RoleAdmin:
		role = access.RoleMember
	}
	if role == u.Role {
		return nil
	}
	if _, err = s.directory.SetRoleTx(tx, userID, role); err != nil {
		if errors.Is(err, fault.Conflict("directory.last_admin")) {
			return nil
		}
		return fmt.Errorf("follow the group of administrators: %w", err)
	}
	return s.trace(tx, "user.role_changed", userID, objectUser, userID, p.cfg.Name+": "+string(role))
}

func (c claims) inGroup(name string) bool {
	for _, g := range c.Groups {
		if g == name {
			return true
		}
	}
	return false
}

// defaultGroups are the local groups that everybody of this provider joins.
func (s *Service) defaultGroups(ctx context.Context, p *provider) []string {
	var ids []string
	for _, name := range p.cfg.DefaultGroups {
		groupID, err := s.localGroup(ctx, name)
		if err != nil {
			s.log.Warn("default group not joined", "provider", p.cfg.Name, "err", err)
			continue
		}
		ids = append(ids, groupID)
	}
	return ids
}

// localGroup finds a local group by name, or makes it.
func (s *Service) localGroup(ctx context.Context, name string) (string, error) {
	groupID, found, err := localGroupNamed(s.db.Read(ctx), name)
	if err != nil || found {
		return groupID, err
	}
	g, err := s.directory.CreateGroup(ctx, name, "")
	return g.ID, err
}
