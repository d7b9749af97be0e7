package auth

import (
	"context"
	"fmt"
	"strings"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
)

// State is what the user interface knows at its start.
type State struct {
	Me            *Me             `json:"me" doc:"Who is signed in, or null"`
	Town          TownInfo        `json:"town"`
	SetupNeeded   bool            `json:"setup_needed" doc:"There is no administrator yet"`
	Local         bool            `json:"local" doc:"Sign-in with a password is possible"`
	PasswordMin   int             `json:"password_min" doc:"Characters that a password needs at least"`
	Providers     []ProviderInfo  `json:"providers" nullable:"false"`
	Features      map[string]bool `json:"features" nullable:"false"`
	ServerVersion string          `json:"server_version"`
}

// Me is the person or guest who asks.
type Me struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Email       string      `json:"email,omitempty"`
	Role        access.Role `json:"role"`
	SessionID   string      `json:"session_id"`
	Guest       bool        `json:"guest" doc:"Came by a link and has no account"`
	Locale      string      `json:"locale" doc:"Empty: as the town"`
	Theme       string      `json:"theme" doc:"light, dark, or empty: as the device"`
	Density     string      `json:"density" doc:"compact, or empty: comfortable"`
	HasPassword bool        `json:"has_password"`
	Grants      []GrantInfo `json:"grants" doc:"What a guest's links open" nullable:"false"`
}

// GrantInfo is one thing that a guest's link opens.
type GrantInfo struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Right string `json:"right"`
}

// TownInfo is what everybody may see of the town.
type TownInfo struct {
	Name       string   `json:"name"`
	Locale     string   `json:"locale"`
	Formality  string   `json:"formality"`
	Accent     string   `json:"accent"`
	CoatOfArms bool     `json:"coat_of_arms"`
	Pages      []string `json:"pages" doc:"Which of imprint, privacy and accessibility there are" nullable:"false"`
}

// ProviderInfo is one button of the sign-in page.
type ProviderInfo struct {
	Name      string   `json:"name"`
	Label     string   `json:"label"`
	Domains   []string `json:"domains" doc:"E-mail domains whose people sign in here" nullable:"false"`
	Available bool     `json:"available" doc:"Answered when it was last asked"`
}

// StateFor says what the user interface of whoever asks needs at its start.
func (s *Service) StateFor(ctx context.Context) (State, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return State{}, err
	}
	me, err := s.me(ctx)
	if err != nil {
		return State{}, err
	}
	features := map[string]bool{}
	for name, on := range s.features() {
		features[name] = on
	}
	return State{
		Me: me, Town: s.townInfo(), SetupNeeded: needed, Local: s.cfg.Local, PasswordMin: s.cfg.MinPasswordLength,
		Providers: s.ProviderList(), Features: features, ServerVersion: s.version,
	}, nil
}

func (s *Service) townInfo() TownInfo {
	t := TownInfo{
		Name: s.TownName(), Locale: s.town.Locale, Formality: s.town.Formality, Accent: s.town.Accent,
		CoatOfArms: s.town.CoatOfArms != "", Pages: []string{},
	}
	for _, page := range []struct{ name, text string }{
		{"imprint", s.town.Imprint}, {"privacy", s.town.Privacy}, {"accessibility", s.town.Accessibility},
	} {
		if page.text != "" {
			t.Pages = append(t.Pages, page.name)
		}
	}
	return t
}

// ProviderList says which providers there are and which of them answer.
func (s *Service) ProviderList() []ProviderInfo {
	list := make([]ProviderInfo, len(s.providers))
	for i, p := range s.providers {
		list[i] = ProviderInfo{Name: p.cfg.Name, Label: p.label(), Domains: append([]string{}, p.cfg.Domains...), Available: p.available()}
	}
	return list
}

func (s *Service) me(ctx context.Context) (*Me, error) {
	p := access.From(ctx)
	if !p.Authenticated() {
		return nil, nil //nolint:nilnil // nobody is an answer: null in the document
	}
	me := &Me{ID: p.UserID, Name: p.Name, Role: p.Role, SessionID: p.SessionID, Grants: []GrantInfo{}}
	for _, g := range p.Grants {
		me.Grants = append(me.Grants, GrantInfo(g))
	}
	if isLinkGuest(p) {
		me.Guest = true
		return me, nil
	}
	u, err := s.directory.ByID(ctx, p.UserID)
	if err != nil {
		return nil, err
	}
	c, found, err := credentialOf(s.db.Read(ctx), p.UserID)
	if err != nil {
		return nil, fmt.Errorf("look up login: %w", err)
	}
	me.Name, me.Email, me.Locale, me.Theme, me.HasPassword = u.Name, u.Email, u.Locale, u.Theme, found && c.Hash != noPassword
	if me.Density, err = preferredDensity(s.db.Read(ctx), p.UserID); err != nil {
		return nil, fmt.Errorf("look up preferences: %w", err)
	}
	return me, nil
}

func isLinkGuest(p access.Principal) bool { return strings.HasPrefix(p.UserID, "guest-") }

// MeChange names what somebody changes of themselves; nil leaves it as it is.
type MeChange struct {
	Name     *string
	Phone    *string
	Room     *string
	DeputyID *string
	Locale   *string
	Theme    *string
	Density  *string
}

// ChangeMe changes one's own name, how one is reached, and preferences; function
// and unit are the town's to say. The name of somebody who
// signs in through a provider is changed here only; it stays until changed again.
// The name of a guest is what those who brought them in know them by: the
// administration changes it.
func (s *Service) ChangeMe(ctx context.Context, c MeChange) (*Me, error) {
	p := access.From(ctx)
	if isLinkGuest(p) {
		return nil, fault.Forbidden("not_allowed")
	}
	if c.Name != nil && p.IsGuest() {
		return nil, fault.Forbidden("auth.name_is_given")
	}
	if !p.IsMember() && (c.Phone != nil || c.Room != nil || c.DeputyID != nil) {
		return nil, fault.Forbidden("not_allowed") // guests do not stand in the address book
	}
	tell := func() {}
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		_, tell, err = s.directory.UpdateTx(tx, p.UserID, directory.UserChange{
			Name: c.Name, Phone: c.Phone, Room: c.Room, DeputyID: c.DeputyID, Locale: c.Locale, Theme: c.Theme,
		})
		if err != nil || c.Density == nil {
			return err
		}
		return preferDensity(tx, p.UserID, *c.Density)
	})
	if err != nil {
		return nil, err
	}
	tell()
	return s.me(ctx)
}
