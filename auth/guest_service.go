package auth

import (
	"context"
	"fmt"
	"slices"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// MintGuestLink makes a link and returns it with its secret, which nobody can
// read again.
func (s *Service) MintGuestLink(ctx context.Context, in NewGuestLink) (GuestLink, string, error) {
	now := s.clock.Now()
	if in.NotBefore.IsZero() {
		in.NotBefore = now
	}
	if err := in.check(now); err != nil {
		return GuestLink{}, "", err
	}
	link := GuestLink{
		ID: id.New(), Kind: in.Kind, ObjectID: in.ObjectID, Right: in.Right, Name: in.Name, CreatedBy: in.CreatedBy,
		CreatedAt: now, NotBefore: in.NotBefore.UTC(), ExpiresAt: in.ExpiresAt.UTC(), MaxUses: in.MaxUses,
	}
	token := id.Token()
	err := s.db.Write(ctx, func(tx Tx) error {
		if err := insertGuestLink(tx, link, token); err != nil {
			return err
		}
		return s.trace(tx, "guest_link.made", in.CreatedBy, objectGuestLink, link.ID, in.Kind)
	})
	if err != nil {
		return GuestLink{}, "", err
	}
	return link, token, nil
}

// GuestLinksFor lists the links that open a thing, the latest first.
func (s *Service) GuestLinksFor(ctx context.Context, kind, objectID string) ([]GuestLink, error) {
	list, err := guestLinksFor(s.db.Read(ctx), kind, objectID)
	if err != nil {
		return nil, fmt.Errorf("list guest links of %s %s: %w", kind, objectID, err)
	}
	return list, nil
}

// RevokeGuestLink ends a link of a thing and the access of all who came by it.
// The kind and object keep a feature from ending another's links.
func (s *Service) RevokeGuestLink(ctx context.Context, kind, objectID, linkID string) error {
	n, err := s.endLinks(ctx, "guest_link.revoked", "id = ? AND kind = ? AND object_id = ?", linkID, kind, objectID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NotFound("auth.guest_link_not_found")
	}
	return nil
}

// RevokeGuestLinksOf ends all links of a thing that goes away.
func (s *Service) RevokeGuestLinksOf(ctx context.Context, kind, objectID string) error {
	for {
		n, err := s.endLinks(ctx, "guest_link.revoked", "kind = ? AND object_id = ?", kind, objectID)
		if err != nil || n < pageLimit {
			return err
		}
	}
}

// endLinks revokes links, ends the sessions that have nothing left, and tells
// the rest of the house. It returns how many links ended.
func (s *Service) endLinks(ctx context.Context, action, where string, args ...any) (int, error) {
	var ends []linkEnd
	var ended []string
	err := s.db.Write(ctx, func(tx Tx) error {
		ends, ended = nil, nil
		list, err := endGuestLinks(tx, s.clock.Now(), where, args...)
		if err != nil {
			return err
		}
		for _, link := range list {
			ids, err := sessionsByLink(tx, link.ID)
			if err != nil {
				return fmt.Errorf("look up guests of link %s: %w", link.ID, err)
			}
			ends = append(ends, linkEnd{link, ids})
			if err := s.trace(tx, action, "", objectGuestLink, link.ID, link.Kind); err != nil {
				return err
			}
		}
		for _, end := range ends {
			gone, err := dropEmptyGuests(tx, end.sessions)
			if err != nil {
				return err
			}
			ended = append(ended, gone...)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	s.tellLinksEnded(ends, ended)
	return len(ends), nil
}

type linkEnd struct {
	link     GuestLink
	sessions []string
}

func (s *Service) tellLinksEnded(ends []linkEnd, endedSessions []string) {
	for _, end := range ends {
		s.hooks.GuestLinkEnded(end.link, end.sessions)
		for _, session := range end.sessions {
			if !slices.Contains(endedSessions, session) {
				s.hooks.SessionChanged(session)
			}
		}
	}
	s.tellEnded(endedSessions)
}

// TakeGuestLink lets whoever has the link in. Somebody who is signed in stays
// who they are; a guest who is here already gets one thing more; a stranger gets
// a session. The returned session is empty unless it has just begun.
func (s *Service) TakeGuestLink(ctx context.Context, token, name string, from origin) (Admission, opened, error) {
	name, err := guestName(name)
	if err != nil {
		return Admission{}, opened{}, err
	}
	link, err := s.findGuestLink(ctx, token, from)
	if err != nil {
		return Admission{}, opened{}, err
	}
	a := s.admission(ctx, link)
	p := access.From(ctx)
	switch {
	case p.IsMember():
		a.Member = true
		return a, opened{}, nil
	case link.Kind == "room" && link.Right == "join":
		return Admission{}, opened{}, fault.Forbidden("auth.link_for_people")
	case p.Authenticated():
		return a, opened{}, s.extendGuest(ctx, p, token, name)
	}
	if name == "" && link.Kind != "pad" { // a pad opens without a name (000-05)
		return Admission{}, opened{}, fault.Invalid("auth.guest_name_needed")
	}
	o := newOpened(guestValid)
	err = s.db.Write(ctx, func(tx Tx) error { return s.admitGuest(tx, o, token, name, from) })
	return a, o, err
}

func (s *Service) admitGuest(tx Tx, o opened, token, name string, from origin) error {
	now := s.clock.Now()
	link, err := openGuestLink(tx, token, now)
	if err != nil {
		return err
	}
	if err := spendGuestLink(tx, link.ID); err != nil {
		return err
	}
	guestID := "guest-" + id.New()
	if _, err := insertSession(tx, o, signIn{GuestID: guestID, GuestName: name, Device: from.Device}, now); err != nil {
		return err
	}
	if _, err := grantGuest(tx, o.ID, link.ID); err != nil {
		return err
	}
	return s.trace(tx, "guest_link.taken", guestID, objectGuestLink, link.ID, link.Kind)
}

// extendGuest gives a guest who is here already one thing more.
func (s *Service) extendGuest(ctx context.Context, p access.Principal, token, name string) error {
	changed := false
	err := s.db.Write(ctx, func(tx Tx) error {
		changed = false
		link, err := openGuestLink(tx, token, s.clock.Now())
		if err != nil {
			return err
		}
		held, err := countGrants(tx, p.SessionID)
		if err != nil {
			return err
		}
		if held >= maxGuestGrants {
			return fault.Conflict("auth.too_many_grants", "max", maxGuestGrants)
		}
		fresh, err := grantGuest(tx, p.SessionID, link.ID)
		if err != nil {
			return err
		}
		if name != "" && name != p.Name {
			changed = true
			if err := renameGuest(tx, p.SessionID, name); err != nil {
				return err
			}
		}
		if !fresh {
			return nil
		}
		changed = true
		if err := spendGuestLink(tx, link.ID); err != nil {
			return err
		}
		return s.trace(tx, "guest_link.taken", p.UserID, objectGuestLink, link.ID, link.Kind)
	})
	if err == nil && changed {
		s.hooks.SessionChanged(p.SessionID)
	}
	return err
}

// ReadGuestLink shows whoever has the link what it opens, without taking it.
func (s *Service) ReadGuestLink(ctx context.Context, token string, from origin) (Admission, error) {
	link, err := s.findGuestLink(ctx, token, from)
	if err != nil {
		return Admission{}, err
	}
	a := s.admission(ctx, link)
	a.Member = access.From(ctx).IsMember()
	return a, nil
}

func (s *Service) admission(ctx context.Context, link GuestLink) Admission {
	return Admission{Kind: link.Kind, ObjectID: link.ObjectID, Right: link.Right, Name: s.hooks.NameOf(ctx, link.Kind, link.ObjectID)}
}

// findGuestLink looks a link up, guarded against guessing.
func (s *Service) findGuestLink(ctx context.Context, token string, from origin) (link GuestLink, err error) {
	err = s.guess(ctx, "guest", from, func() error {
		link, err = openGuestLink(s.db.Read(ctx), token, s.clock.Now())
		return err
	})
	return link, err
}
