package pads

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// gateOf says what somebody may do with a pad. A right of none is no error.
func (s *Service) gateOf(ctx context.Context, p access.Principal, pad string) (gate, error) {
	raw, err := id.Bytes(pad)
	if err != nil {
		return gate{}, notFound()
	}
	found, err := readPad(s.db.Read(ctx), pad)
	if err != nil {
		return gate{}, err
	}
	g := gate{pad: pad, raw: raw, class: found.Class, epoch: found.Epoch, key: ed25519.PublicKey(found.PublicKey)}
	if !p.IsMember() {
		g.right = guestRight(p, pad)
		return g, nil
	}
	w, err := s.who(ctx, p)
	if err != nil {
		return gate{}, err
	}
	rows, err := rights(s.db.Read(ctx), w, pad)
	if err != nil {
		return gate{}, err
	}
	for _, row := range rows {
		g.right = highest([]Right{g.right, Right(row.May)})
		if row.ExpiresAt != nil && (g.expires == nil || row.ExpiresAt.Before(*g.expires)) {
			g.expires = row.ExpiresAt
		}
	}
	return g, nil
}

// admit is gateOf for somebody who needs a right now.
func (s *Service) admit(ctx context.Context, pad string, need Right) (gate, error) {
	g, err := s.gateOf(ctx, access.From(ctx), pad)
	if err != nil {
		return gate{}, err
	}
	return g, demand(g.right, need)
}

func (s *Service) who(ctx context.Context, p access.Principal) (who, error) {
	groups, err := s.directory.GroupsOf(ctx, p.UserID)
	if err != nil {
		return who{}, fmt.Errorf("ask for the groups of a person: %w", err)
	}
	return who{user: p.UserID, groups: groups, now: s.clock.Now()}, nil
}

// NewPad is what creating a pad takes.
type NewPad struct {
	Class     Class
	Title     string
	PublicKey []byte
}

// Create makes an empty pad that belongs to whoever asks.
func (s *Service) Create(ctx context.Context, in NewPad) (Listed, error) {
	p := access.From(ctx)
	if err := canCreate(p); err != nil {
		return Listed{}, err
	}
	if err := checkNew(in); err != nil {
		return Listed{}, err
	}
	now := s.clock.Now()
	made := Pad{
		ID: id.New(), Class: in.Class, Kind: "text", Title: in.Title, FirstTitle: in.Title, PublicKey: in.PublicKey, Epoch: 1,
		CreatedAt: now, UpdatedAt: now,
	}
	err := s.db.Write(ctx, func(tx *gorm.DB) error {
		if err := insertPad(tx, made, p.UserID); err != nil {
			return err
		}
		return noteVisit(tx, p.UserID, made.ID, now)
	}, s.changedText)
	if err != nil {
		return Listed{}, err
	}
	s.tellListed(ctx, made.ID)
	return Listed{Pad: made, Right: Own, VisitedAt: &now}, nil
}

func checkNew(in NewPad) error {
	switch in.Class {
	case Organisation:
		if len(in.PublicKey) != 0 {
			return fault.Invalid("pads.key_invalid")
		}
		return checkTitle(in.Title)
	case Confidential:
		if len(in.PublicKey) != ed25519.PublicKeySize || in.Title != "" {
			return fault.Invalid("pads.key_invalid")
		}
		return nil
	default:
		return fault.Invalid("pads.class_unknown")
	}
}

// Get returns a pad with the right of whoever asks.
func (s *Service) Get(ctx context.Context, pad string) (Listed, error) {
	g, err := s.admit(ctx, pad, Read)
	if err != nil {
		return Listed{}, err
	}
	found, err := readPad(s.db.Read(ctx), pad)
	if err != nil {
		return Listed{}, err
	}
	return Listed{Pad: found, Right: g.right}, nil
}

// Rename sets the title: plain for organisation pads, a sealed frame for confidential ones.
func (s *Service) Rename(ctx context.Context, pad, title string, frame []byte) error {
	g, err := s.admit(ctx, pad, Write)
	if err != nil {
		return err
	}
	if err := checkNewTitle(g, title, frame); err != nil {
		return err
	}
	changed := TitleChanged{Title: title, TitleFrame: frame}
	err = s.db.Write(ctx, func(tx *gorm.DB) error {
		return setTitle(tx, pad, title, frame, s.clock.Now())
	}, func() {
		s.changedText()
		s.hub.Publish(topicOf(pad), 0, "title", changed)
	})
	if err != nil {
		return err
	}
	s.tellListed(ctx, pad)
	return nil
}

func checkNewTitle(g gate, title string, frame []byte) error {
	if g.class == Organisation {
		if len(frame) != 0 {
			return fault.Invalid("pads.wrong_frame")
		}
		return checkTitle(title)
	}
	if title != "" || len(frame) > maxTitleFrame {
		return fault.Invalid("pads.wrong_frame")
	}
	f, err := ParseFrame(frame)
	if err != nil {
		return fault.Invalid("pads.wrong_frame").Because(err)
	}
	return g.check(f, KindTitle)
}

// Delete removes a pad with all its rows. Nothing of it stays.
func (s *Service) Delete(ctx context.Context, pad string) error {
	if _, err := s.admit(ctx, pad, Own); err != nil {
		return err
	}
	return s.remove(ctx, pad, func(*gorm.DB) error { return nil })
}

// remove deletes a pad if may, in the same transaction, allows it.
func (s *Service) remove(ctx context.Context, pad string, may func(*gorm.DB) error) error {
	var had []Share
	err := s.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if err = may(tx); err != nil {
			return err
		}
		if had, err = sharesOf(tx, pad); err != nil {
			return err
		}
		return deletePad(tx, pad)
	}, func() { s.hub.EvictAll(topicOf(pad), "pads.deleted") })
	if err != nil {
		return err
	}
	s.tellLost(ctx, pad, had...)
	return s.links.EndAll(ctx, pad)
}

// List returns the pads that the person may open, one more than the limit if there are more.
func (s *Service) List(ctx context.Context, q listQuery) ([]Listed, error) {
	w, err := s.who(ctx, access.From(ctx))
	if err != nil {
		return nil, err
	}
	return listPads(s.db.Read(ctx), w, q)
}

// Visit notes that a person of the town opened a pad, for the list of recent ones.
func (s *Service) visit(ctx context.Context, p access.Principal, pad string) error {
	if !p.IsMember() {
		return nil
	}
	return s.db.Write(ctx, func(tx *gorm.DB) error { return noteVisit(tx, p.UserID, pad, s.clock.Now()) })
}
