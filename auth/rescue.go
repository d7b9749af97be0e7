package auth

import (
	"context"
	"fmt"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
)

// NewPerson is somebody whom the operator creates on the command line.
type NewPerson struct {
	Login    string // name to sign in with, usually the e-mail address
	Name     string
	Email    string
	Role     access.Role
	Password string // empty: a link to choose one is made
}

// CreatePerson adds a person. Without a password it returns a link to choose one.
func (s *Service) CreatePerson(ctx context.Context, in NewPerson) (userID string, link Link, err error) {
	login := loginName(in.Login)
	if login == "" || len(login) > maxEmailLength {
		return "", Link{}, fault.Invalid("auth.login_invalid")
	}
	secret := in.Password
	if secret != "" {
		if err := checkPassword(secret, s.cfg.MinPasswordLength, in.Name, login, s.TownName()); err != nil {
			return "", Link{}, err
		}
	}
	hash := noPassword
	if secret != "" {
		if hash, err = s.hasher.Make(ctx, secret); err != nil {
			return "", Link{}, err
		}
	}
	tell := func() {}
	err = s.db.Write(ctx, func(tx Tx) error {
		u, poke, err := s.directory.CreateTx(tx, directory.NewUser{Name: in.Name, Email: in.Email, Role: in.Role})
		if err != nil {
			return err
		}
		userID, tell = u.ID, poke
		if err := putCredential(tx, u.ID, login, hash, s.clock.Now()); err != nil {
			return err
		}
		return s.trace(tx, "user.created", "", objectUser, u.ID, string(u.Role))
	})
	if err != nil {
		return "", Link{}, err
	}
	tell()
	if secret == "" {
		link, err = s.ResetLink(ctx, userID)
	}
	return userID, link, err
}

// Find returns the one person whom a sign-in name or an e-mail address means.
func (s *Service) Find(ctx context.Context, who string) (directory.User, error) {
	c, found, err := credentialByLogin(s.db.Read(ctx), loginName(who))
	if err != nil {
		return directory.User{}, fmt.Errorf("look up login: %w", err)
	}
	if found {
		return s.directory.ByID(ctx, c.UserID)
	}
	list, err := s.directory.ByEmail(ctx, who)
	if f := fault.From(err); f != nil && f.Kind == fault.KindInvalid {
		err = nil // what is no address is nobody's
	}
	if err != nil {
		return directory.User{}, err
	}
	switch len(list) {
	case 0:
		return directory.User{}, fault.NotFound("directory.user_not_found")
	case 1:
		return list[0], nil
	}
	return directory.User{}, fault.Conflict("auth.email_ambiguous", "people", len(list))
}

// ForgetPassword makes a person's password worthless, ends their sessions and
// returns a link to choose another.
func (s *Service) ForgetPassword(ctx context.Context, userID string) (Link, error) {
	link, err := s.ResetLink(ctx, userID)
	if err != nil {
		return Link{}, err
	}
	return link, s.replaceHash(ctx, userID, noPassword)
}

// SetPassword sets a person's password and ends their sessions.
func (s *Service) SetPassword(ctx context.Context, userID, password string) error {
	u, err := s.directory.ByID(ctx, userID)
	if err != nil {
		return err
	}
	hash, err := s.newHash(ctx, password, u.Name, u.Email)
	if err != nil {
		return err
	}
	return s.replaceHash(ctx, userID, hash)
}

func (s *Service) replaceHash(ctx context.Context, userID, hash string) error {
	login, err := s.LoginOf(ctx, userID)
	if err != nil {
		return err
	}
	var ended []string
	err = s.db.Write(ctx, func(tx Tx) (err error) {
		if err = putCredential(tx, userID, login, hash, s.clock.Now()); err != nil {
			return err
		}
		if ended, err = deleteSessions(tx, "user_id = ?", userID); err != nil {
			return err
		}
		return s.trace(tx, "auth.password_replaced", "", objectUser, userID, "")
	})
	if err != nil {
		return err
	}
	s.tellEnded(ended)
	return nil
}

// LoginOf returns the name under which a person signs in with a password, or
// would: their e-mail address.
func (s *Service) LoginOf(ctx context.Context, userID string) (string, error) {
	c, found, err := credentialOf(s.db.Read(ctx), userID)
	if err != nil {
		return "", fmt.Errorf("look up login: %w", err)
	}
	if found {
		return c.Login, nil
	}
	u, err := s.directory.ByID(ctx, userID)
	if err != nil {
		return "", err
	}
	return loginName(u.Email), nil
}
