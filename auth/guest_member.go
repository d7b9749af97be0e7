package auth

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// UseGuestLink counts a use of a link by a person of the town, whom a feature
// gives the right of the link for as long as it holds. Guesses are limited by
// person.
func (s *Service) UseGuestLink(ctx context.Context, token string) (GuestLink, error) {
	p := access.From(ctx)
	if !p.IsMember() {
		return GuestLink{}, fault.Forbidden("not_allowed")
	}
	link, err := s.findGuestLink(ctx, token, origin{Network: p.UserID})
	if err != nil {
		return GuestLink{}, err
	}
	err = s.db.Write(ctx, func(tx Tx) error {
		if link, err = openGuestLink(tx, token, s.clock.Now()); err != nil {
			return err
		}
		return spendGuestLink(tx, link.ID)
	})
	return link, err
}
