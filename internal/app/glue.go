package app

import (
	"context"
	"errors"
	"net"
	"net/url"
	"time"

	"gorm.io/gorm"

	"rathaus/auth"
	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
	"rathaus/internal/realtime"
	"rathaus/meet"
	"rathaus/pads"
)

// endTimeout bounds what follows from an ended right.
const endTimeout = 10 * time.Second

// Reasons that a client hears when its socket is closed.
const (
	reasonSignedOut = "signed_out"
	reasonChanged   = "changed"
	reasonDisabled  = "disabled"
)

// noLinkEnd stands for "does not end" in the guest links, which all end.
const noLinkEnd = 2 * 366 * 24 * time.Hour

// signInHooks: what ends when a session ends.
func (p *Program) signInHooks() auth.Hooks {
	return auth.Hooks{
		SessionEnded: func(sessionID string) {
			p.hub.Disconnect(realtime.Who{SessionID: sessionID}, reasonSignedOut)
			p.meet.EndSession(sessionID)
			p.guestGone(sessionID)
		},
		SessionChanged: func(sessionID string) {
			p.hub.Disconnect(realtime.Who{SessionID: sessionID}, reasonChanged)
		},
		GuestLinkEnded: p.guestLinkEnded,
		NameOf:         p.nameOf,
	}
}

func (p *Program) guestLinkEnded(link auth.GuestLink, sessionIDs []string) {
	for _, s := range sessionIDs {
		p.hub.EvictSession(link.Kind+":"+link.ObjectID, s, "access_ended")
		if link.Kind == "meeting" {
			p.meet.EndSession(s)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	if link.Kind == "room" {
		if err := p.chat.GuestLinkEnded(ctx, link.ObjectID, sessionIDs); err != nil {
			p.log.Error("guests of an ended link not taken out", "room", link.ObjectID, "err", err)
		}
	}
	if link.Kind != "pad" {
		return
	}
	if err := p.pads.LinkEnded(ctx, link.ObjectID, link.ID); err != nil {
		p.log.Error("right of an ended link not withdrawn", "pad", link.ObjectID, "err", err)
	}
}

// guestGone takes a guest whose session ended out of the rooms.
func (p *Program) guestGone(sessionID string) {
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	if err := p.chat.GuestGone(ctx, sessionID); err != nil {
		p.log.Error("guest not taken out of rooms", "err", err)
	}
}

// nameOf says what a link opens, to whoever has the link.
func (p *Program) nameOf(ctx context.Context, kind, objectID string) string {
	if kind != "room" {
		return ""
	}
	name, err := p.chat.RoomName(ctx, objectID)
	if err != nil {
		return "" // a room that is gone has no name
	}
	return name
}

// directoryChanged: what ends when somebody is disabled, gets another role or
// leaves a group. It is told for changes of this process and of others alike.
func (p *Program) directoryChanged(c directory.Change) {
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	switch c.Kind {
	case directory.UserDisabled:
		p.hub.Disconnect(realtime.Who{UserID: c.UserID}, reasonDisabled)
		p.meet.EndFor(c.UserID)
		p.pads.PersonChanged(ctx, c.UserID)
	case directory.RoleChanged:
		p.hub.Disconnect(realtime.Who{UserID: c.UserID}, reasonChanged)
		p.chat.OfficeChanged("") // guests are in no office
		p.meet.Recheck(ctx, c.UserID)
		p.pads.PersonChanged(ctx, c.UserID)
		if err := p.chat.RoleChanged(ctx, c.UserID); err != nil {
			p.log.Error("presence of somebody with a new role not ended", "user", c.UserID, "err", err)
		}
	case directory.GroupChanged:
		p.chat.OfficeChanged(c.GroupID)
	case directory.UserEnabled:
		p.chat.OfficeChanged("")
	case directory.MembershipRemoved, directory.MembershipAdded:
		p.chat.OfficeChanged(c.GroupID)
		p.pads.PersonChanged(ctx, c.UserID)
		p.meet.Recheck(ctx, c.UserID)
	default: // nobody loses anything
	}
}

// switches tell the interface what this town has switched on.
func (p *Program) switches() map[string]bool {
	return map[string]bool{"public_meetings": p.cfg.Meet.PublicStart, "local_sign_in": p.cfg.Auth.Local}
}

// localOnly reports whether the portal is meant for this machine alone, as it
// is before it is configured. Then media is offered on loopback too.
func (p *Program) localOnly() bool {
	u, err := url.Parse(p.cfg.Server.PublicURL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// peopleOfChat is what chat asks the directory.
type peopleOfChat struct{ directory *directory.Directory }

func (d peopleOfChat) People(ctx context.Context, ids []string) (map[string]chat.Person, error) {
	users, err := d.directory.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]chat.Person, len(users))
	for id, u := range users {
		out[id] = chat.Person{ID: id, Name: u.Name, Guest: u.Role == access.RoleGuest, Active: !u.Disabled()}
	}
	return out, nil
}

func (d peopleOfChat) GroupMembers(ctx context.Context, groups []string) ([]string, error) {
	return d.directory.MemberIDs(ctx, groups...)
}

func (d peopleOfChat) GroupNames(ctx context.Context, groups []string) (map[string]string, error) {
	return directoryOfPads(d).Names(ctx, nil, groups)
}

func (d peopleOfChat) Office(ctx context.Context, group string) (chat.Office, error) {
	g, err := d.directory.Group(ctx, group)
	if err != nil {
		if fault.From(err).Kind == fault.KindNotFound {
			return chat.Office{}, nil
		}
		return chat.Office{}, err
	}
	members, err := d.directory.MemberIDs(ctx, group)
	return chat.Office{Name: g.Name, Takes: g.Office, Members: members}, err
}

func (d peopleOfChat) Admins(ctx context.Context) ([]string, error) {
	const most = 200 // who are told at once
	page, err := d.directory.List(ctx, directory.Filter{Role: access.RoleAdmin, Active: true}, "", most)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(page.Items))
	for _, u := range page.Items {
		ids = append(ids, u.ID)
	}
	return ids, nil
}

// linksOfChat keeps the links into rooms with all other guest links.
type linksOfChat struct{ auth *auth.Service }

func (l linksOfChat) Make(ctx context.Context, room string, by access.Principal, in chat.NewLink) (chat.Link, string, error) {
	made, token, err := l.auth.MintGuestLink(ctx, auth.NewGuestLink{
		Kind: "room", ObjectID: room, Right: string(in.Right), Name: in.Name, CreatedBy: by.UserID,
		ExpiresAt: time.Now().Add(time.Duration(in.Days) * 24 * time.Hour), MaxUses: in.MaxUses,
	})
	return roomLink(made), token, err
}

func (l linksOfChat) Of(ctx context.Context, room string) ([]chat.Link, error) {
	list, err := l.auth.GuestLinksFor(ctx, "room", room)
	out := make([]chat.Link, 0, len(list))
	for _, link := range list {
		out = append(out, roomLink(link))
	}
	return out, err
}

func (l linksOfChat) End(ctx context.Context, room, link string) error {
	return l.auth.RevokeGuestLink(ctx, "room", room, link)
}

func (l linksOfChat) EndAll(ctx context.Context, room string) error {
	return l.auth.RevokeGuestLinksOf(ctx, "room", room)
}

func (l linksOfChat) Find(ctx context.Context, token string) (chat.Link, string, error) {
	link, err := l.auth.FindGuestLink(ctx, token)
	if err == nil && link.Kind != "room" {
		err = fault.Gone("auth.link_unknown")
	}
	return roomLink(link), link.ObjectID, err
}

func (l linksOfChat) Spend(tx *gorm.DB, token string) error {
	return l.auth.SpendGuestLinkTx(tx, token)
}

func roomLink(l auth.GuestLink) chat.Link {
	return chat.Link{
		ID: l.ID, Right: chat.LinkRight(l.Right), Name: l.Name, By: chat.Person{ID: l.CreatedBy}, MaxUses: l.MaxUses, Uses: l.Uses,
		ExpiresAt: l.ExpiresAt, CreatedAt: l.CreatedAt,
	}
}

// directoryOfPads is what pads ask the directory.
type directoryOfPads struct{ directory *directory.Directory }

func (d directoryOfPads) GroupsOf(ctx context.Context, userID string) ([]string, error) {
	groups, err := d.directory.GroupsOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, g.ID)
	}
	return ids, nil
}

func (d directoryOfPads) MemberIDs(ctx context.Context, groups ...string) ([]string, error) {
	return d.directory.MemberIDs(ctx, groups...)
}

func (d directoryOfPads) Active(ctx context.Context, people []string) ([]string, error) {
	users, err := d.directory.ByIDs(ctx, people)
	if err != nil {
		return nil, err
	}
	var active []string
	for id, u := range users {
		if !u.Disabled() && u.Role != access.RoleGuest {
			active = append(active, id)
		}
	}
	return active, nil
}

func (d directoryOfPads) Names(ctx context.Context, people, groups []string) (map[string]string, error) {
	users, err := d.directory.ByIDs(ctx, people)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(users)+len(groups))
	for id, u := range users {
		names[id] = u.Name
	}
	for _, id := range groups {
		g, err := d.directory.Group(ctx, id)
		if err != nil {
			continue // a group that is gone has no name
		}
		names[id] = g.Name
	}
	return names, nil
}

// linksOfPads keeps the links of pads with all other guest links.
type linksOfPads struct{ auth *auth.Service }

func (l linksOfPads) Make(ctx context.Context, pad string, in pads.NewLink) (pads.Link, string, error) {
	end := time.Now().Add(noLinkEnd)
	if in.ExpiresAt != nil {
		end = *in.ExpiresAt
	}
	made, token, err := l.auth.MintGuestLink(ctx, auth.NewGuestLink{
		Kind: "pad", ObjectID: pad, Right: string(in.Right), Name: in.Label,
		CreatedBy: access.From(ctx).UserID, ExpiresAt: end, MaxUses: int(in.MaxUses),
	})
	return padLink(made), token, err
}

func (l linksOfPads) Of(ctx context.Context, pad string) ([]pads.Link, error) {
	list, err := l.auth.GuestLinksFor(ctx, "pad", pad)
	if err != nil {
		return nil, err
	}
	out := make([]pads.Link, 0, len(list))
	for _, link := range list {
		if link.RevokedAt == nil {
			out = append(out, padLink(link))
		}
	}
	return out, nil
}

func (l linksOfPads) End(ctx context.Context, pad, link string) error {
	return l.auth.RevokeGuestLink(ctx, "pad", pad, link)
}

func (l linksOfPads) EndAll(ctx context.Context, pad string) error {
	return l.auth.RevokeGuestLinksOf(ctx, "pad", pad)
}

func (l linksOfPads) Use(ctx context.Context, token string) (string, pads.Link, error) {
	link, err := l.auth.UseGuestLink(ctx, token)
	if err == nil && link.Kind != "pad" {
		err = errors.New("the link opens no pad")
	}
	return link.ObjectID, padLink(link), err
}

func padLink(l auth.GuestLink) pads.Link {
	end := l.ExpiresAt
	return pads.Link{ID: l.ID, Right: pads.Right(l.Right), Label: l.Name, MaxUses: int64(l.MaxUses), Uses: int64(l.Uses), ExpiresAt: &end, CreatedAt: l.CreatedAt}
}

// roomsOfMeet is what meetings ask of chat and tell it.
type roomsOfMeet struct{ chat *chat.Chat }

func (r roomsOfMeet) MayEnter(ctx context.Context, who access.Principal, roomID string) error {
	return r.chat.MayEnterRoom(ctx, who, roomID)
}

func (r roomsOfMeet) MemberIDs(ctx context.Context, roomID string) ([]string, error) {
	return r.chat.RoomMembers(ctx, roomID)
}

func (r roomsOfMeet) PostCall(ctx context.Context, who access.Principal, roomID string, card meet.Card) error {
	return r.chat.PostCall(ctx, roomID, who, card.MeetingID)
}

func (r roomsOfMeet) EndCall(ctx context.Context, roomID, meetingID string, _ time.Time) error {
	return r.chat.EndCall(ctx, roomID, meetingID)
}

// endCutCalls marks the calls in rooms as ended whose meeting has ended while the
// room could not be told, because the program was cut off in between.
func (p *Program) endCutCalls(ctx context.Context) {
	calls, err := p.chat.RunningCalls(ctx)
	if err != nil {
		p.log.Error("calls that were cut off not found", "err", err)
		return
	}
	for _, c := range calls {
		still, err := p.meet.IsRunning(ctx, c.MeetingID)
		if err == nil && !still {
			err = p.chat.EndCall(ctx, c.RoomID, c.MeetingID)
		}
		if err != nil {
			p.log.Error("call that was cut off not ended", "room", c.RoomID, "err", err)
		}
	}
}

// linksOfMeet lets guests into meetings.
type linksOfMeet struct{ auth *auth.Service }

func (l linksOfMeet) MintGuestLink(ctx context.Context, by access.Principal, link meet.GuestLink) (string, error) {
	maker := by.UserID
	if maker == "" {
		maker = "public"
	}
	_, token, err := l.auth.MintGuestLink(ctx, auth.NewGuestLink{
		Kind: link.Kind, ObjectID: link.ID, Right: link.Right, CreatedBy: maker, ExpiresAt: link.Expires, MaxUses: link.MaxUses,
	})
	return token, err
}
