package meet

import (
	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// grantKind is what guest links to meetings are called.
const grantKind = "meeting"

// Rights of a guest's link.
const (
	rightJoin = "join" // take part
	rightHost = "host" // take part and moderate; for whoever starts without an account
)

// errNotFound is the one answer to everybody who may not know of a meeting.
var errNotFound = fault.NotFound("meet.not_found")

// mayEnter decides who takes part. roomErr is the chat's answer for the
// meeting's room and must be nil for a yes; it is ignored without a room.
func mayEnter(p access.Principal, m Meeting, roomErr error) error {
	if right, ok := p.Grant(grantKind, m.ID); ok && (right == rightJoin || right == rightHost) {
		return nil
	}
	if !p.Authenticated() || !p.IsMember() {
		return errNotFound
	}
	switch m.Access {
	case AccessTown, AccessLink:
		return nil
	case AccessRoom:
		if roomErr != nil {
			return errNotFound.Because(roomErr)
		}
		return nil
	}
	return errNotFound
}

// mayModerate decides who mutes and removes others and ends the meeting. The
// caller has asked mayEnter before.
func mayModerate(p access.Principal, m Meeting) error {
	if right, ok := p.Grant(grantKind, m.ID); ok && right == rightHost {
		return nil
	}
	if p.IsMember() && (p.UserID == m.CreatedBy || p.IsAdmin()) {
		return nil
	}
	return fault.Forbidden("meet.moderators_only")
}

// mayInvite decides who makes links for guests: people of the town who may
// enter themselves. Guests never invite guests.
func mayInvite(p access.Principal) error {
	if p.Authenticated() && p.IsMember() {
		return nil
	}
	return fault.Forbidden("meet.members_only")
}

// mayReopen decides who starts an ended meeting again. Calls of chat rooms are
// started from their room, so that the room hears of them; meetings without an
// account are over when they are over.
func mayReopen(p access.Principal, m Meeting) error {
	if !p.Authenticated() || !p.IsMember() {
		return fault.Forbidden("meet.members_only")
	}
	if m.Access == AccessRoom || m.Public() {
		return fault.Gone("meet.ended", "room_id", m.RoomID)
	}
	return nil
}

// mayKnock decides whether somebody without an account may come in by the
// address alone.
func mayKnock(m Meeting) error {
	if m.Guests && m.Running() {
		return nil
	}
	return errNotFound
}
