package auth

import (
	"time"

	"rathaus/internal/access"
	"rathaus/internal/id"
)

// Session is one signed-in browser as its owner sees it.
type Session struct {
	ID        string    `json:"id"`
	Device    string    `json:"device" doc:"Browser and system, e.g. Firefox · Windows"`
	Provider  string    `json:"provider" doc:"Name of the provider, empty for a password"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Current   bool      `json:"current" doc:"The session that asks"`
}

// signIn is what a new session is made of.
type signIn struct {
	UserID    string // empty for a guest
	GuestID   string
	GuestName string
	Provider  string // name of the OIDC provider, or empty
	Issuer    string
	Subject   string
	SID       string // the provider's own name of the session, for logout
	IDToken   string // the provider's identity token, if it helps to sign out there
	Device    string
	// Replaces is the session that the same browser had before: a sign-in
	// never goes on under an old secret.
	Replaces string
}

// opened is a session that has just begun, with the secret for the cookie.
type opened struct {
	ID    string
	Token string
	Lasts time.Duration
}

func newOpened(lasts time.Duration) opened {
	return opened{ID: id.New(), Token: id.Token(), Lasts: lasts}
}

// holder is what one look-up finds about the bearer of a cookie.
type holder struct {
	ID         string
	UserID     *string
	GuestID    string
	GuestName  string
	SeenAt     time.Time
	ExpiresAt  time.Time
	Name       *string
	Role       *string
	DisabledAt *time.Time
}

// principal decides who the holder is now. Expired, idle and disabled ones are nobody.
func (h holder) principal(now time.Time, idle time.Duration) access.Principal {
	if !now.Before(h.ExpiresAt) || now.Sub(h.SeenAt) > idle {
		return access.Principal{}
	}
	if h.UserID == nil {
		return access.Principal{UserID: h.GuestID, Name: h.GuestName, Role: access.RoleGuest, SessionID: h.ID}
	}
	if h.DisabledAt != nil || h.Name == nil || h.Role == nil || !access.Role(*h.Role).Valid() {
		return access.Principal{}
	}
	return access.Principal{UserID: *h.UserID, Name: *h.Name, Role: access.Role(*h.Role), SessionID: h.ID}
}
