package pads

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Shares lists who may do what. Guests do not see names of the town.
func (s *Service) Shares(ctx context.Context, pad string) ([]Share, error) {
	if _, err := s.admit(ctx, pad, Read); err != nil {
		return nil, err
	}
	if !access.From(ctx).IsMember() {
		return nil, fault.Forbidden("not_allowed")
	}
	all, err := sharesOf(s.db.Read(ctx), pad)
	if err != nil {
		return nil, err
	}
	return all, s.nameShares(ctx, all)
}

func (s *Service) nameShares(ctx context.Context, all []Share) error {
	var people, groups []string
	for _, one := range all {
		switch one.Kind {
		case Person:
			people = append(people, one.SubjectID)
		case Group:
			groups = append(groups, one.SubjectID)
		case Everyone:
		}
	}
	names, err := s.directory.Names(ctx, people, groups)
	if err != nil {
		return fmt.Errorf("ask for names: %w", err)
	}
	for i := range all {
		all[i].Name = names[all[i].SubjectID]
	}
	return nil
}

// Share gives or changes a right. It acts at once on whoever has the pad open.
func (s *Service) Share(ctx context.Context, pad string, share Share) error {
	if _, err := s.admit(ctx, pad, Own); err != nil {
		return err
	}
	if err := share.check(); err != nil {
		return err
	}
	if err := s.known(ctx, share); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *gorm.DB) error {
		if err := putShare(tx, pad, share); err != nil {
			return err
		}
		return keepsOwner(tx, pad)
	})
	if err != nil {
		return err
	}
	s.padChanged(ctx, pad)
	s.tellListed(ctx, pad)
	return nil
}

func (s *Service) known(ctx context.Context, share Share) error {
	var people, groups []string
	switch share.Kind {
	case Person:
		people = []string{share.SubjectID}
	case Group:
		groups = []string{share.SubjectID}
	case Everyone:
		return nil
	}
	names, err := s.directory.Names(ctx, people, groups)
	if err != nil {
		return fmt.Errorf("ask for names: %w", err)
	}
	if _, ok := names[share.SubjectID]; !ok {
		return fault.NotFound("pads.subject_not_found")
	}
	return nil
}

// Unshare ends a right. It acts at once on whoever has the pad open. Everybody
// may give up an own right.
func (s *Service) Unshare(ctx context.Context, pad string, kind ShareKind, subject string) error {
	need := Own
	if kind == Person && subject == access.From(ctx).UserID {
		need = Read
	}
	if _, err := s.admit(ctx, pad, need); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *gorm.DB) error {
		if err := dropShare(tx, pad, kind, subject); err != nil {
			return err
		}
		return keepsOwner(tx, pad)
	})
	if err != nil {
		return err
	}
	s.padChanged(ctx, pad)
	s.tellLost(ctx, pad, Share{Kind: kind, SubjectID: subject})
	s.tellListed(ctx, pad)
	return nil
}
