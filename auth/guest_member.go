package auth

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// FindGuestLink returns a link that holds, for somebody who is signed in.
// Guesses are limited by person.
func (s *Service) FindGuestLink(ctx context.Context, token string) (GuestLink, error) {
	p := access.From(ctx)
	if !p.Authenticated() {
		return GuestLink{}, fault.Unauthenticated("not_signed_in")
	}
	return s.findGuestLink(ctx, token, origin{Network: p.UserID})
}

// SpendGuestLinkTx counts a use of a link in the transaction that gives what the
// link opens, so that of many who try as many get in as there are uses.
func (s *Service) SpendGuestLinkTx(tx Tx, token string) error {
	link, err := openGuestLink(tx, token, s.clock.Now())
	if err != nil {
		return err
	}
	return spendGuestLink(tx, link.ID)
}

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
