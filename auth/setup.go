package auth

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
)

// Setup is what the first page asks.
type Setup struct {
	TownName string
	Name     string
	Email    string
	Password string
}

// PrepareSetup makes the link for the first administrator, if there is none
// yet. A new link replaces the one of an earlier start.
func (s *Service) PrepareSetup(ctx context.Context) (link string, needed bool, err error) {
	t := ticket{Kind: ticketSetup}
	var token string
	err = s.db.Write(ctx, func(tx Tx) error {
		there, err := hasAdmin(tx)
		if err != nil {
			return err
		}
		if _, err := dropTickets(tx, "kind = ?", ticketSetup); err != nil {
			return err
		}
		needed = !there
		if there {
			return nil
		}
		t = ticket{Kind: ticketSetup}
		token, err = issueTicket(tx, &t, s.clock.Now(), setupValid)
		return err
	})
	if err != nil {
		return "", false, fmt.Errorf("prepare the first set-up: %w", err)
	}
	s.settled.Store(!needed)
	if !needed {
		return "", false, nil
	}
	return s.linkOf(t, token).URL, true, nil
}

// SetUp creates the first administrator and signs them in. The link works once,
// however many use it at a time.
func (s *Service) SetUp(ctx context.Context, token string, in Setup, from origin) (opened, error) {
	if _, err := s.findTicket(ctx, ticketSetup, token, from); err != nil {
		return opened{}, s.setupGone(ctx, err)
	}
	town, err := tidyTown(in.TownName)
	if err != nil {
		return opened{}, err
	}
	login := loginName(in.Email)
	if login == "" {
		return opened{}, fault.Invalid("auth.email_needed")
	}
	if err := checkPassword(in.Password, s.cfg.MinPasswordLength, town, in.Name, login); err != nil {
		return opened{}, err
	}
	hash, err := s.hasher.Make(ctx, in.Password)
	if err != nil {
		return opened{}, err
	}
	o := newOpened(s.cfg.SessionMax)
	var tell func()
	err = s.db.Write(ctx, func(tx Tx) (err error) {
		tell, err = s.setUp(tx, token, o, signIn{Device: from.Device, Replaces: access.From(ctx).SessionID}, setupData{town, login, hash, in})
		return err
	})
	if err != nil {
		return opened{}, s.setupGone(ctx, err)
	}
	tell()
	s.settled.Store(true)
	s.townName.Store(&town)
	return o, nil
}

type setupData struct {
	town, login, hash string
	in                Setup
}

func (s *Service) setUp(tx Tx, token string, o opened, session signIn, d setupData) (tell func(), err error) {
	now := s.clock.Now()
	if err := useTicket(tx, ticketSetup, token, now); err != nil {
		return nil, err
	}
	there, err := hasAdmin(tx)
	if err != nil {
		return nil, err
	}
	if there {
		return nil, fault.Gone("auth.setup_done")
	}
	u, tell, err := s.directory.CreateTx(tx, directory.NewUser{Name: d.in.Name, Email: strings.TrimSpace(d.in.Email), Role: access.RoleAdmin})
	if err != nil {
		return nil, err
	}
	if err := putCredential(tx, u.ID, d.login, d.hash, now); err != nil {
		return nil, err
	}
	if err := putSetting(tx, settingTownName, d.town); err != nil {
		return nil, fmt.Errorf("store the town's name: %w", err)
	}
	session.UserID = u.ID
	if _, err = insertSession(tx, o, session, now); err != nil {
		return nil, err
	}
	return tell, s.trace(tx, "auth.set_up", u.ID, objectUser, u.ID, "")
}

// setupGone tells "done already" from "no such link".
func (s *Service) setupGone(ctx context.Context, cause error) error {
	if fault.From(cause).Kind != fault.KindGone {
		return cause
	}
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return fault.Gone("auth.setup_done")
	}
	return cause
}

// SetupNeeded reports whether there is no administrator yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	if s.settled.Load() {
		return false, nil
	}
	there, err := hasAdmin(s.db.Read(ctx))
	if err != nil {
		return false, fmt.Errorf("look for an administrator: %w", err)
	}
	if there {
		s.settled.Store(true)
	}
	return !there, nil
}

// TownName is what the configuration says, or else what was said at the first start.
func (s *Service) TownName() string {
	if s.town.Name != "" {
		return s.town.Name
	}
	return *s.townName.Load()
}

func tidyTown(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxNameLength || strings.ContainsFunc(name, isControl) {
		return "", fault.Invalid("auth.town_name_invalid", "max", maxNameLength)
	}
	return name, nil
}
