package auth

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// origin is what is known of a browser that signs in. The address serves the
// counting of tries only and is never stored.
type origin struct {
	Network string
	Device  string
}

// loginName is the one spelling under which a sign-in name is kept.
func loginName(login string) string {
	login = strings.ToLower(norm.NFKC.String(strings.TrimSpace(login)))
	if mailbox, domain, ok := strings.Cut(login, "@"); ok {
		return mailbox + "@" + asciiDomain(domain)
	}
	return login
}

// asciiDomain spells a domain so that two spellings of one domain are equal: sülzbach.de and xn--slzbach-n2a.de, which is what
// browsers send (RFC 5891). What is no domain keeps its letters, in lower case.
func asciiDomain(domain string) string {
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return ascii
	}
	return strings.ToLower(domain)
}

// errWrongPassword is the same for a wrong name, a wrong password and a disabled
// person, so that nobody can find out who is here.
var errWrongPassword = fault.Unauthenticated("auth.wrong_password")

// SignIn opens a session for whoever knows the password.
func (s *Service) SignIn(ctx context.Context, login, password string, from origin) (opened, error) {
	if !s.cfg.Local {
		return opened{}, fault.Forbidden("auth.local_off")
	}
	login = loginName(login)
	try := s.throttle.attempt(login, from.Network)
	if err := s.admitAttempt(ctx, try); err != nil {
		s.refusal(ctx, "auth.sign_in_refused", "", "", "too_many_tries")
		return opened{}, err
	}
	who, upgraded, err := s.prove(ctx, login, password)
	if err != nil {
		return opened{}, err
	}
	o := newOpened(s.cfg.SessionMax)
	err = s.open(ctx, o, signIn{UserID: who.UserID, Device: from.Device}, func(tx Tx) error {
		if upgraded != "" {
			if err := upgradeHash(tx, who.UserID, who.Hash, upgraded); err != nil {
				return fmt.Errorf("upgrade password hash: %w", err)
			}
		}
		if err := s.forgiveAttempt(tx, try, s.clock.Now()); err != nil {
			return fmt.Errorf("forgive tries: %w", err)
		}
		return s.trace(tx, "auth.signed_in", who.UserID, objectUser, who.UserID, "password")
	})
	if err != nil {
		return opened{}, err
	}
	return o, nil
}

// prove checks a password. It takes the same time whether or not there is such
// a person. upgraded is a new hash when the stored one is of yesterday's cost.
func (s *Service) prove(ctx context.Context, login, password string) (who credential, upgraded string, err error) {
	if len(password) > maxPasswordBytes || login == "" || len(login) > maxEmailLength {
		return credential{}, "", errWrongPassword
	}
	who, found, err := credentialByLogin(s.db.Read(ctx), login)
	if err != nil {
		return credential{}, "", fmt.Errorf("look up login: %w", err)
	}
	if !found || who.Hash == noPassword {
		if err := s.hasher.Waste(ctx, password); err != nil {
			return credential{}, "", err
		}
		s.refusal(ctx, "auth.sign_in_failed", "", "", "unknown_login")
		return credential{}, "", errWrongPassword
	}
	ok, outdated, err := s.hasher.Check(ctx, password, who.Hash)
	if err != nil {
		return credential{}, "", fmt.Errorf("check password of %s: %w", who.UserID, err)
	}
	if !ok || who.DisabledAt != nil {
		reason := "wrong_password"
		if who.DisabledAt != nil {
			reason = "disabled"
		}
		s.refusal(ctx, "auth.sign_in_failed", objectUser, who.UserID, reason)
		return credential{}, "", errWrongPassword
	}
	if outdated {
		if upgraded, err = s.hasher.Make(ctx, password); err != nil {
			return credential{}, "", err
		}
	}
	return who, upgraded, nil
}

// open stores the session together with what else belongs to the sign-in. The
// session that the browser had before ends. A person who was disabled in the
// meantime is refused in the same transaction.
func (s *Service) open(ctx context.Context, o opened, in signIn, also func(Tx) error) error {
	in.Replaces = access.From(ctx).SessionID
	var ended []string
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		if err := also(tx); err != nil {
			return err
		}
		ended, err = s.insertFor(tx, o, in)
		return err
	})
	if err != nil {
		return err
	}
	s.tellEnded(ended)
	return nil
}

func (s *Service) insertFor(tx Tx, o opened, in signIn) (ended []string, err error) {
	if in.UserID != "" {
		active, err := isActive(tx, in.UserID)
		if err != nil {
			return nil, fmt.Errorf("look up %s: %w", in.UserID, err)
		}
		if !active {
			return nil, fault.Forbidden("auth.disabled")
		}
	}
	return insertSession(tx, o, in, s.clock.Now())
}

// SignOut ends the session that asks and whose secret is given. It returns where
// the browser should go to sign out at the provider as well, or nothing.
func (s *Service) SignOut(ctx context.Context, secret string) (string, error) {
	p := access.From(ctx)
	if p.SessionID == "" {
		return "", nil
	}
	providerName, sealed, err := providerOfSession(s.db.Read(ctx), p.SessionID)
	if err != nil {
		return "", fmt.Errorf("look up session: %w", err)
	}
	if _, err := s.endSessions(ctx, "id = ?", p.SessionID); err != nil {
		return "", err
	}
	pr := s.provider(providerName)
	if pr == nil {
		return "", nil
	}
	hint, err := openHint(p.SessionID, secret, sealed)
	if err != nil {
		s.log.Warn("sign-out goes to the provider without a hint", "provider", providerName, "err", err)
	}
	return pr.endSessionURL(hint), nil
}

// ChangePassword sets a new password for whoever knows the old one. All other
// sessions of the person end.
func (s *Service) ChangePassword(ctx context.Context, old, fresh string, from origin) error {
	p := access.From(ctx)
	who, found, err := credentialOf(s.db.Read(ctx), p.UserID)
	if err != nil {
		return fmt.Errorf("look up password: %w", err)
	}
	if !found || who.Hash == noPassword {
		return fault.Conflict("auth.no_password")
	}
	if err := s.admit(ctx, confirmQuota, p.UserID, from.Network); err != nil {
		return err
	}
	if len(old) > maxPasswordBytes {
		return fault.Invalid("auth.old_password_wrong")
	}
	ok, _, err := s.hasher.Check(ctx, old, who.Hash)
	if err != nil {
		return fmt.Errorf("check password of %s: %w", p.UserID, err)
	}
	if !ok {
		s.refusal(ctx, "auth.password_change_failed", objectUser, p.UserID, "wrong_password")
		return fault.Invalid("auth.old_password_wrong")
	}
	if err := checkPassword(fresh, s.cfg.MinPasswordLength, who.Login, p.Name, s.TownName()); err != nil {
		return err
	}
	hash, err := s.hasher.Make(ctx, fresh)
	if err != nil {
		return err
	}
	var ended []string
	err = s.db.Write(ctx, func(tx Tx) (err error) {
		if err := putCredential(tx, p.UserID, who.Login, hash, s.clock.Now()); err != nil {
			return err
		}
		if _, err := dropTickets(tx, "kind = ? AND user_id = ?", ticketReset, p.UserID); err != nil {
			return err
		}
		if ended, err = deleteSessions(tx, "user_id = ? AND id <> ?", p.UserID, p.SessionID); err != nil {
			return err
		}
		return s.trace(tx, "auth.password_changed", p.UserID, objectUser, p.UserID, "")
	})
	if err != nil {
		return err
	}
	s.tellEnded(ended)
	return nil
}
