package auth

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

// Browser is embedded in inputs whose handlers need to know what kind of
// browser asks.
type Browser struct {
	UserAgent string `header:"User-Agent" hidden:"true"`
}

func (b Browser) origin(ctx context.Context) origin {
	return origin{Network: networkOf(api.ClientAddress(ctx)), Device: deviceOf(b.UserAgent)}
}

type stateOut struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      State
}

// welcome answers a sign-in: the cookie, and what the user interface needs next.
func (s *Service) welcome(ctx context.Context, o opened) (*stateOut, error) {
	h, _, err := holderOf(s.db.Read(ctx), o.Token)
	if err != nil {
		return nil, err
	}
	p := h.principal(s.clock.Now(), s.cfg.SessionIdle)
	if p.IsGuest() {
		if p.Grants, err = grantsOf(s.db.Read(ctx), p.SessionID, s.clock.Now()); err != nil {
			return nil, err
		}
	}
	state, err := s.StateFor(access.With(ctx, p))
	if err != nil {
		return nil, err
	}
	return &stateOut{SetCookie: []string{s.cookies.session(o.Token, o.Lasts)}, Body: state}, nil
}

func (s *Service) getSession(ctx context.Context, _ *struct{}) (*stateOut, error) {
	state, err := s.StateFor(ctx)
	if err != nil {
		return nil, err
	}
	return &stateOut{Body: state}, nil
}

type providersOut struct {
	Body struct {
		Items []ProviderInfo `json:"items" nullable:"false"`
	}
}

func (s *Service) listProviders(context.Context, *struct{}) (*providersOut, error) {
	out := &providersOut{}
	out.Body.Items = s.ProviderList()
	return out, nil
}

type setupIn struct {
	Browser
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"64"`
		TownName string `json:"town_name" minLength:"1" maxLength:"80"`
		Name     string `json:"name" minLength:"1" maxLength:"80"`
		Email    string `json:"email" minLength:"3" maxLength:"254"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) postSetup(ctx context.Context, in *setupIn) (*stateOut, error) {
	b := in.Body
	o, err := s.SetUp(ctx, b.Token, Setup{TownName: b.TownName, Name: b.Name, Email: b.Email, Password: b.Password}, in.origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, o)
}

type loginIn struct {
	Browser
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"254"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) postLogin(ctx context.Context, in *loginIn) (*stateOut, error) {
	o, err := s.SignIn(ctx, in.Body.Login, in.Body.Password, in.origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.welcome(ctx, o)
}

type logoutOut struct {
	SetCookie     []string `header:"Set-Cookie"`
	ClearSiteData string   `header:"Clear-Site-Data"`
	Body          struct {
		ProviderURL string `json:"provider_url" doc:"Where to sign out at the provider as well; may be empty"`
	}
}

type logoutIn struct {
	Cookie string `header:"Cookie" hidden:"true"`
}

func (s *Service) postLogout(ctx context.Context, in *logoutIn) (*logoutOut, error) {
	address, err := s.SignOut(ctx, s.cookies.readFrom(in.Cookie))
	if err != nil {
		return nil, err
	}
	out := &logoutOut{SetCookie: []string{s.cookies.endSession()}, ClearSiteData: `"storage"`}
	out.Body.ProviderURL = address
	return out, nil
}

type passwordIn struct {
	Browser
	Body struct {
		Old string `json:"old" minLength:"1" maxLength:"1024"`
		New string `json:"new" minLength:"1" maxLength:"1024"`
	}
}

func (s *Service) postPassword(ctx context.Context, in *passwordIn) (*struct{}, error) {
	return nil, s.ChangePassword(ctx, in.Body.Old, in.Body.New, in.origin(ctx))
}

type meIn struct {
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"80"`
		Phone    *string `json:"phone,omitempty" maxLength:"40"`
		Room     *string `json:"room,omitempty" maxLength:"80"`
		DeputyID *string `json:"deputy_id,omitempty" maxLength:"36" doc:"Who stands in; empty: nobody"`
		Locale   *string `json:"locale,omitempty" enum:",de,en"`
		Theme    *string `json:"theme,omitempty" enum:",light,dark"`
		Density  *string `json:"density,omitempty" enum:",compact"`
	}
}

type meOut struct{ Body *Me }

func (s *Service) patchMe(ctx context.Context, in *meIn) (*meOut, error) {
	me, err := s.ChangeMe(ctx, MeChange(in.Body))
	if err != nil {
		return nil, err
	}
	return &meOut{Body: me}, nil
}

type sessionsOut struct {
	Body struct {
		Items []Session `json:"items" nullable:"false"`
	}
}

func (s *Service) listMySessions(ctx context.Context, _ *struct{}) (*sessionsOut, error) {
	list, err := s.SessionsOf(ctx, access.From(ctx).UserID)
	if err != nil {
		return nil, err
	}
	out := &sessionsOut{}
	out.Body.Items = list
	return out, nil
}

type sessionIn struct {
	Session string `path:"session" maxLength:"36"`
}

func (s *Service) deleteMySession(ctx context.Context, in *sessionIn) (*struct{}, error) {
	return nil, s.EndSession(ctx, access.From(ctx).UserID, in.Session)
}

type countOut struct {
	Body struct {
		Ended int `json:"ended" doc:"How many sessions ended"`
	}
}

func (s *Service) deleteMyOtherSessions(ctx context.Context, _ *struct{}) (*countOut, error) {
	p := access.From(ctx)
	n, err := s.EndSessionsOf(ctx, p.UserID, p.SessionID)
	if err != nil {
		return nil, err
	}
	out := &countOut{}
	out.Body.Ended = n
	return out, nil
}
