package chat

import (
	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// The rules of chat. Each takes who asks, the room, and the role that the
// person has in it ("" = not a member).

var (
	errNoRoom    = fault.NotFound("chat.room_not_found")
	errNoMessage = fault.NotFound("chat.message_not_found")
	errNotMember = fault.Forbidden("chat.not_a_member")
	errNotOwner  = fault.Forbidden("chat.owners_only")
	errArchived  = fault.Conflict("chat.room_archived")
)

// canRead lets people of the town read public rooms, and members theirs.
func canRead(p access.Principal, r room, role Role) error {
	if p.IsMember() && (role != "" || r.Kind == Public) {
		return nil
	}
	return errNoRoom
}

// canPost lets members write while the room is open.
func canPost(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	if role == "" {
		return errNotMember
	}
	if r.ArchivedAt != nil {
		return errArchived
	}
	return nil
}

// canManage lets owners rename, archive and remove; administrators do so in
// public rooms. A direct room belongs to its two people alike.
func canManage(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	if r.Kind == Direct {
		return fault.Conflict("chat.direct_is_fixed")
	}
	if role == Owner || (r.Kind == Public && p.IsAdmin()) {
		return nil
	}
	return errNotOwner
}

// canAdd lets any member bring people into a public room; a private one opens
// by its owners only.
func canAdd(p access.Principal, r room, role Role) error {
	if err := canRead(p, r, role); err != nil {
		return err
	}
	switch {
	case r.Kind == Direct:
		return fault.Conflict("chat.direct_is_fixed")
	case r.ArchivedAt != nil:
		return errArchived
	case role == "":
		return errNotMember
	case r.Kind == Private && role != Owner:
		return errNotOwner
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
// leave others behind.
func canGo(r room, role Role, owners, members int) error {
	if r.Kind == Direct {
		return fault.Conflict("chat.direct_is_fixed")
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
		return fault.Forbidden("chat.not_your_message")
	}
	return nil
}

// canDelete lets authors take back their own words, and those who manage the
// room anybody's. Entries of the house (joined, renamed, calls) stay.
func canDelete(p access.Principal, r room, role Role, m message) error {
	if err := canPost(p, r, role); err != nil {
		return err
	}
	if m.Kind != KindText {
		return fault.Forbidden("chat.not_your_message")
	}
	if m.AuthorID == p.UserID || canManage(p, r, role) == nil {
		return nil
	}
	return fault.Forbidden("chat.not_your_message")
}

// canQuote lets words that are still there be quoted.
func canQuote(m message) error {
	if m.DeletedAt != nil || !countable(m.Kind) {
		return errNoMessage
	}
	return nil
}
