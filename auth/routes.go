package auth

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

// routes registers every operation of auth, one line each.
func (s *Service) routes(h huma.API) {
	huma.Register(h, api.Op("GET", "/auth/session", "auth-get-session", access.Public, "Who is signed in, and what everybody may know of the town"), s.getSession)
	huma.Register(h, api.Op("GET", "/auth/providers", "auth-list-providers", access.Public, "Providers to sign in with, and whether they answer"), s.listProviders)
	huma.Register(h, api.Op("POST", "/auth/setup", "auth-set-up", access.Public, "Create the first administrator; works once"), s.postSetup)
	huma.Register(h, api.Op("POST", "/auth/login", "auth-sign-in", access.Public, "Sign in with a password"), s.postLogin)
	huma.Register(h, api.Op("POST", "/auth/logout", "auth-sign-out", access.Public, "Sign out"), s.postLogout)
	huma.Register(h, noContent(api.Op("POST", "/auth/password", "auth-change-password", access.Account, "Change one's own password; other devices are signed out")), s.postPassword)
	huma.Register(h, api.Op("PATCH", "/auth/me", "auth-change-me", access.Account, "Change one's own name, how one is reached, and preferences"), s.patchMe)

	huma.Register(h, api.Op("GET", "/auth/sessions", "auth-list-sessions", access.Account, "My devices"), s.listMySessions)
	huma.Register(h, noContent(api.Op("DELETE", "/auth/sessions/{session}", "auth-end-session", access.Account, "Sign one of my devices out")), s.deleteMySession)
	huma.Register(h, api.Op("DELETE", "/auth/sessions", "auth-end-other-sessions", access.Account, "Sign all my other devices out"), s.deleteMyOtherSessions)

	huma.Register(h, api.Op("POST", "/auth/invitations", "auth-invite", access.Admin, "Invite somebody; the link is shown once"), s.postInvitation)
	huma.Register(h, api.Op("GET", "/auth/invitations", "auth-list-invitations", access.Admin, "Open invitations"), s.listInvitations)
	huma.Register(h, noContent(api.Op("DELETE", "/auth/invitations/{invitation}", "auth-withdraw-invitation", access.Admin, "Withdraw an invitation")), s.deleteInvitation)
	huma.Register(h, api.Op("POST", "/auth/tickets/read", "auth-read-ticket", access.Public, "What a one-time link is for"), s.readTicket)
	huma.Register(h, api.Op("POST", "/auth/invitations/accept", "auth-accept-invitation", access.Public, "Accept an invitation; works once"), s.acceptInvitation)
	huma.Register(h, api.Op("POST", "/auth/reset", "auth-reset-password", access.Public, "Set a new password by a one-time link"), s.postReset)

	huma.Register(h, api.Op("POST", "/auth/guest", "auth-take-guest-link", access.Public, "Come in by a guest link"), s.postGuest)
	huma.Register(h, api.Op("POST", "/auth/guest/read", "auth-read-guest-link", access.Public, "What a guest link opens"), s.readGuest)

	huma.Register(h, api.Op("GET", "/admin/sessions", "auth-list-all-sessions", access.Admin, "Who is signed in, the latest first"), s.listAllSessions)
	huma.Register(h, noContent(api.Op("DELETE", "/admin/sessions/{session}", "auth-end-any-session", access.Admin, "Sign one device out")), s.deleteAnySession)
	huma.Register(h, api.Op("GET", "/admin/people/{person}/sign-in", "auth-read-sign-in", access.Admin, "How a person signs in, and where they are signed in"), s.readSignIn)
	huma.Register(h, api.Op("DELETE", "/admin/people/{person}/sessions", "auth-end-sessions-of", access.Admin, "Sign a person out everywhere"), s.deleteSessionsOf)
	huma.Register(h, api.Op("POST", "/admin/people/{person}/reset-link", "auth-make-reset-link", access.Admin, "A one-time link by which a person sets a new password"), s.postResetLink)

	api.Raw(h, api.Op("GET", "/auth/oidc/{name}/start", "auth-oidc-start", access.Public, "Redirect to a provider"), http.HandlerFunc(s.oidcStart))
	api.Raw(h, api.Op("GET", "/auth/oidc/{name}/callback", "auth-oidc-callback", access.Public, "Come back from a provider; redirects"), http.HandlerFunc(s.oidcCallback))
	api.Raw(h, api.Op("POST", "/auth/oidc/{name}/backchannel", "auth-oidc-backchannel", access.Public, "A provider ends sessions"), http.HandlerFunc(s.oidcBackchannel))
}

func noContent(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusNoContent
	return op
}
