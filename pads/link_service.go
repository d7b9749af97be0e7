package pads

import (
	"context"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// LinksOf lists the links of a pad, without their tokens.
func (s *Service) LinksOf(ctx context.Context, pad string) ([]Link, error) {
	if _, err := s.admit(ctx, pad, Own); err != nil {
		return nil, err
	}
	return s.links.Of(ctx, pad)
}

// MakeLink makes a link and returns its token, which is not kept.
func (s *Service) MakeLink(ctx context.Context, pad string, in NewLink) (Link, string, error) {
	if _, err := s.admit(ctx, pad, Own); err != nil {
		return Link{}, "", err
	}
	if err := in.check(s.clock.Now()); err != nil {
		return Link{}, "", err
	}
	return s.links.Make(ctx, pad, in)
}

// EndLink withdraws a link. Whoever came by it leaves the pad at once.
func (s *Service) EndLink(ctx context.Context, pad, link string) error {
	if _, err := s.admit(ctx, pad, Own); err != nil {
		return err
	}
	if err := s.links.End(ctx, pad, link); err != nil {
		return err
	}
	return s.LinkEnded(ctx, pad, link)
}

// LinkEnded takes away what people of the town got by a link that was
// withdrawn or has expired. Glue calls it from the hook of guest links.
func (s *Service) LinkEnded(ctx context.Context, pad, link string) error {
	var had []Share
	err := s.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if had, err = linkedShares(tx, pad, link); err != nil {
			return err
		}
		return dropLinkedShares(tx, pad, link)
	})
	if err != nil {
		return err
	}
	s.padChanged(ctx, pad)
	s.tellLost(ctx, pad, had...)
	return nil
}

// OpenMember gives a person of the town the right of a link, for as long as the
// link holds, and returns the pad.
func (s *Service) OpenMember(ctx context.Context, token string) (string, error) {
	p := access.From(ctx)
	if !p.IsMember() {
		return "", fault.Forbidden("not_allowed")
	}
	pad, link, err := s.links.Use(ctx, token)
	if err != nil {
		return "", err
	}
	share := Share{Kind: Person, SubjectID: p.UserID, Right: link.Right}
	err = s.db.Write(ctx, func(tx *gorm.DB) error { return putLinkedShare(tx, pad, share, link.ID, link.ExpiresAt) })
	if err != nil {
		return "", err
	}
	s.padChanged(ctx, pad)
	s.tellListed(ctx, pad)
	return pad, nil
}
