package auth

import (
	"time"

	"rathaus/internal/access"
)

// The kinds of tickets, which are also the first word of their links' paths.
const (
	ticketSetup      = "setup"
	ticketInvitation = "invitation"
	ticketReset      = "reset"
)

// pathOf is where the user interface takes a ticket of this kind.
var pathOf = map[string]string{ticketSetup: "/setup", ticketInvitation: "/invite", ticketReset: "/reset"}

// ticket is a link that works once.
type ticket struct {
	ID        string
	Kind      string
	TokenHash string
	UserID    *string  // whose password a reset sets
	Name      string   // who is invited
	Email     string   //
	Role      string   //
	GroupIDs  []string `gorm:"serializer:json"`
	CreatedBy string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// Link is a one-time link to hand over. It is shown once; nobody can read it again.
type Link struct {
	ID        string    `json:"id"`
	URL       string    `json:"url" doc:"The secret is in the fragment, which no server sees"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Invitation is an open invitation as administrators see it.
type Invitation struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Email     string      `json:"email"`
	Role      access.Role `json:"role"`
	GroupIDs  []string    `json:"group_ids" nullable:"false"`
	CreatedBy string      `json:"created_by"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt time.Time   `json:"expires_at"`
}

func (t ticket) invitation() Invitation {
	return Invitation{
		ID: t.ID, Name: t.Name, Email: t.Email, Role: access.Role(t.Role), GroupIDs: t.GroupIDs,
		CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt,
	}
}

func (s *Service) linkOf(t ticket, token string) Link {
	return Link{ID: t.ID, URL: s.publicURL + pathOf[t.Kind] + "#" + token, ExpiresAt: t.ExpiresAt}
}
