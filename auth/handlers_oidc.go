package auth

import (
	"net/http"
	"net/url"

	"rathaus/internal/api"
	"rathaus/internal/fault"
)

func originOf(r *http.Request) origin {
	return origin{Network: networkOf(api.ClientAddress(r.Context())), Device: deviceOf(r.UserAgent())}
}

func (s *Service) oidcStart(w http.ResponseWriter, r *http.Request) {
	p := s.provider(api.Param(r.Context(), "name"))
	if p == nil {
		s.backToLogin(w, r, fault.NotFound("auth.provider_unknown"))
		return
	}
	before := s.cookies.read(r, s.cookies.flowName())
	address, secret, err := s.beginTrip(r.Context(), p, before, r.URL.Query().Get("return_to"), originOf(r))
	if err != nil {
		s.backToLogin(w, r, err)
		return
	}
	w.Header().Add("Set-Cookie", s.cookies.make(s.cookies.flowName(), secret, flowValid))
	http.Redirect(w, r, address, http.StatusSeeOther) //nolint:gosec // the address of a configured provider
}

func (s *Service) oidcCallback(w http.ResponseWriter, r *http.Request) {
	p := s.provider(api.Param(r.Context(), "name"))
	if p == nil {
		s.backToLogin(w, r, fault.NotFound("auth.provider_unknown"))
		return
	}
	q := r.URL.Query()
	c, returnTo, err := s.endTrip(r.Context(), p, answer{
		State: q.Get("state"), Code: q.Get("code"), Iss: q.Get("iss"), Error: q.Get("error"),
		Browser: s.cookies.read(r, s.cookies.flowName()),
	})
	if err != nil {
		s.backToLogin(w, r, err)
		return
	}
	o, err := s.enter(r.Context(), p, c, originOf(r))
	if err != nil {
		s.backToLogin(w, r, err)
		return
	}
	w.Header().Add("Set-Cookie", s.cookies.session(o.Token, o.Lasts))
	http.Redirect(w, r, returnTo, http.StatusSeeOther)
}

// backToLogin tells the person on the sign-in page what went wrong, by code.
func (s *Service) backToLogin(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	s.log.Warn("sign-in through a provider failed", "code", f.Code, "err", err)
	http.Redirect(w, r, "/login?fault="+url.QueryEscape(f.Code), http.StatusSeeOther)
}

func (s *Service) oidcBackchannel(w http.ResponseWriter, r *http.Request) {
	p := s.provider(api.Param(r.Context(), "name"))
	if p == nil {
		api.WriteFault(w, r, fault.NotFound("auth.provider_unknown"))
		return
	}
	err := s.logOutFromProvider(r.Context(), p, r.PostFormValue("logout_token"), originOf(r))
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case fault.From(err).Kind == fault.KindForbidden:
		s.log.Warn("logout token refused", "provider", p.cfg.Name, "err", err)
		w.WriteHeader(http.StatusBadRequest) // what the standard asks for
	default:
		api.WriteFault(w, r, err)
	}
}
