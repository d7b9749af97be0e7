package chat

import (
	"strings"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// The rules of chat. Each takes who asks, the room, and the role that the
// person has in it ("" = not a member).

var (
	errNoRoom       = fault.NotFound("chat.room_not_found")
	errNoMessage    = fault.NotFound("chat.message_not_found")
	errNotMember    = fault.Forbidden("chat.not_a_member")
	errNotOwner     = fault.Forbidden("chat.owners_only")
	errNotModerator = fault.Forbidden("chat.moderators_only")
	errFewWrite     = fault.Forbidden("chat.few_write")
	errReadsOnly    = fault.Forbidden("chat.guest_reads_only")
	errFixed        = fault.Conflict("chat.direct_is_fixed")
	errArchived     = fault.Conflict("chat.room_archived")
	errNotYours     = fault.Forbidden("chat.not_your_message")
)

// byLink reports whether p came by a link and has no account.
func byLink(p access.Principal) bool { return isLinkGuest(p.UserID) }

func isLinkGuest(user string) bool { return strings.HasPrefix(user, guestPrefix) }

// acting is the role in which p acts: a guest of the town is a guest in every
// room, and who became a person of the town is a guest in none.
func acting(p access.Principal, role Role) Role {
	switch {
	case role == "":
		return ""
	case p.IsGuest():
		return Guest
	case role == Guest:
		return Member
	}
	return role
}

// canRead lets people of the town read public rooms, members theirs, and
// guests the rooms they were brought into; whoever came by a link only as long
// as the link holds.
func canRead(p access.Principal, r room, role Role) error {
	switch {
	case p.IsMember() && (role != "" || r.Kind == Public):
		return nil
	case !p.IsGuest() || role == "":
		return errNoRoom
	case byLink(p):
		if _, ok := p.Grant("room", r.ID); !ok {
			return errNoRoom
		}
	}
	return nil
}

// canTakePart lets members do what is less than writing (react, vote, take
// back their own words) while the room is open.
func canTakePart(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	if role == "" {
		return errNotMember
	}
	if r.ArchivedAt != nil {
		return errArchived
	}
	if right, _ := p.Grant("room", r.ID); byLink(p) && right != "write" {
		return errReadsOnly
	}
	return nil
}

// canPost lets members write while the room is open; announcements are written
// by owners and moderators only.
func canPost(p access.Principal, r room, role Role) error {
	if err := canTakePart(p, r, role); err != nil {
		return err
	}
	if as := acting(p, role); r.Form == Announcement && as != Owner && as != Moderator {
		return errFewWrite
	}
	return nil
}

// canManage lets owners rename, archive and give roles; administrators do so in
// public rooms. Direct rooms and groups belong to their people alike.
func canManage(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	if !r.Kind.named() {
		return errFixed
	}
	if acting(p, role) == Owner || (r.Kind == Public && p.IsAdmin()) {
		return nil
	}
	return errNotOwner
}

// canModerate lets moderators, and those who manage, keep order.
func canModerate(p access.Principal, r room, role Role) error {
	err := canManage(p, r, role)
	if err == errNotOwner { //nolint:errorlint // the rule above returns this very value
		if acting(p, role) == Moderator {
			return nil
		}
		return errNotModerator
	}
	return err
}

// canSubdue says whether p may remove or silence somebody of that role:
// moderators may not turn against each other or against owners.
func canSubdue(p access.Principal, r room, role, target Role) error {
	if err := canModerate(p, r, role); err != nil {
		return err
	}
	if (target == Owner || target == Moderator) && canManage(p, r, role) != nil {
		return errNotOwner
	}
	return nil
}

// canAdd lets any member bring people into a public room; a private one opens
// by its owners and moderators only. Guests bring nobody.
func canAdd(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	as := acting(p, role)
	switch {
	case !r.Kind.named():
		return errFixed
	case r.ArchivedAt != nil:
		return errArchived
	case as == "":
		return errNotMember
	case as == Guest, r.Kind == Private && as == Member:
		return errNotModerator
	}
	return nil
}

// canJoin lets people of the town into public rooms by themselves.
func canJoin(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	if r.ArchivedAt != nil {
		return errArchived
	}
	return nil
}

// canGo says whether a member may leave or be removed: the last owner may not
// leave others behind. A conversation of two, one's own, and one with an office
// have the people that they have; a group may be left.
func canGo(r room, role Role, owners, members int) error {
	if r.Kind == Group {
		return nil
	}
	if !r.Kind.named() {
		return errFixed
	}
	if role == Owner && owners <= 1 && members > 1 {
		return fault.Conflict("chat.last_owner")
	}
	return nil
}

// canEdit lets authors change their own words.
func canEdit(p access.Principal, r room, role Role, m message) error {
	if err := canPost(p, r, role); err != nil {
		return err
	}
	if m.DeletedAt != nil {
		return errNoMessage
	}
	if m.AuthorID != p.UserID || m.Kind != KindText {
		return errNotYours
	}
	return nil
}

// canDelete lets authors take back their own words, and those who moderate
// anybody's. Entries of the house (joined, renamed, calls) stay.
func canDelete(p access.Principal, r room, role Role, m message) error {
	if err := canTakePart(p, r, role); err != nil {
		return err
	}
	if m.Kind != KindText {
		return errNotYours
	}
	if m.AuthorID == p.UserID || canModerate(p, r, role) == nil {
		return nil
	}
	return errNotYours
}

// canQuote lets words that are still there be quoted.
func canQuote(m message) error {
	if m.DeletedAt != nil || !countable(m.Kind) {
		return errNoMessage
	}
	return nil
}

// canAnswer lets members react to a message and vote in it.
func canAnswer(p access.Principal, r room, role Role, m message) error {
	if err := canTakePart(p, r, role); err != nil {
		return err
	}
	return canQuote(m)
}

// canPin lets those who may write decide what stays in view.
func canPin(p access.Principal, r room, role Role, m message) error {
	if err := canPost(p, r, role); err != nil {
		return err
	}
	return canQuote(m)
}
