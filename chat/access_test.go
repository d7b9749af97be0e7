package chat

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

func TestRules(t *testing.T) {
	t.Parallel()
	as := func(role access.Role) access.Principal { return access.Principal{UserID: "u", Role: role} }
	now := time.Now()
	rooms := map[string]room{
		"public": {Kind: Public}, "private": {Kind: Private}, "direct": {Kind: Direct},
		"archived": {Kind: Private, ArchivedAt: &now}, "group": {Kind: Group},
		"announcement": {Kind: Private, Form: Announcement},
	}
	own, foreign := message{AuthorID: "u", Kind: KindText}, message{AuthorID: "v", Kind: KindText}
	rules := map[string]func(access.Principal, room, Role) error{
		"read": canRead, "post": canPost, "react": canTakePart, "moderate": canModerate,
		"remove member": func(p access.Principal, r room, role Role) error { return canSubdue(p, r, role, Member) },
		"remove owner":  func(p access.Principal, r room, role Role) error { return canSubdue(p, r, role, Owner) },
		"link":          canLink, "manage": canManage, "add": canAdd, "join": canJoin,
		"edit own":       func(p access.Principal, r room, role Role) error { return canEdit(p, r, role, own) },
		"edit foreign":   func(p access.Principal, r room, role Role) error { return canEdit(p, r, role, foreign) },
		"delete own":     func(p access.Principal, r room, role Role) error { return canDelete(p, r, role, own) },
		"delete foreign": func(p access.Principal, r room, role Role) error { return canDelete(p, r, role, foreign) },
	}
	const none = Role("")
	for _, c := range []struct {
		who     access.Role
		room    string
		role    Role
		allowed string
		refused string // code of everything else that is looked at
		looked  string
	}{
		{access.RoleGuest, "public", none, "", "chat.room_not_found", "read post manage add join edit own delete foreign"},
		{access.RoleMember, "public", none, "read join", "chat.not_a_member", "post add"},
		{access.RoleMember, "public", Member, "read post add join edit own delete own", "chat.owners_only", "manage"},
		{access.RoleMember, "public", Owner, "read post manage add delete foreign", "chat.not_your_message", "edit foreign"},
		{access.RoleAdmin, "public", Member, "manage delete foreign", "chat.not_your_message", "edit foreign"},
		{access.RoleAdmin, "private", none, "", "chat.room_not_found", "read post manage add join edit own delete foreign"},
		{access.RoleAuditor, "private", none, "", "chat.room_not_found", "read post manage"},
		{access.RoleMember, "private", Member, "read post", "chat.owners_only", "manage"},
		{access.RoleMember, "private", Member, "read react", "chat.moderators_only", "add moderate link"},
		{access.RoleMember, "private", Moderator, "read post add moderate link delete foreign", "chat.owners_only", "manage"},
		{access.RoleMember, "announcement", Member, "read react", "chat.few_write", "post"},
		{access.RoleMember, "announcement", Moderator, "read react post", "chat.owners_only", "manage"},
		{access.RoleMember, "announcement", Owner, "read react post manage", "chat.not_your_message", "edit foreign"},
		{access.RoleGuest, "private", Guest, "read post react", "chat.moderators_only", "add moderate link"},
		{access.RoleGuest, "private", Owner, "read post", "chat.owners_only", "manage"},
		{access.RoleGuest, "announcement", Owner, "read react", "chat.few_write", "post"},
		{access.RoleMember, "private", Guest, "read post", "chat.moderators_only", "add moderate"},
		{access.RoleMember, "group", Member, "read post", "chat.direct_is_fixed", "manage add moderate link"},
		{access.RoleMember, "direct", Member, "read post edit own", "chat.direct_is_fixed", "manage add"},
		{access.RoleMember, "archived", Owner, "read manage", "chat.room_archived", "post add join edit own delete own"},
		{"", "public", none, "", "chat.room_not_found", "read post"},
	} {
		for name, rule := range rules {
			err := rule(as(c.who), rooms[c.room], c.role)
			what := string(c.who) + " as " + string(c.role) + " in " + c.room + ": " + name
			if containsWords(c.allowed, name) {
				require.NoError(t, err, what)
			}
			if containsWords(c.looked, name) {
				require.Error(t, err, what)
				require.Equal(t, c.refused, fault.From(err).Code, what)
			}
		}
	}
}

// containsWords reports whether the list holds the rule's whole name.
func containsWords(list, name string) bool {
	return strings.Contains(" "+list+" ", " "+name+" ")
}

// Requirement row 001-20: a guest by link reads one room, as long as the link
// holds, and writes only where it lets them.
func TestRules_of_guests_by_link(t *testing.T) {
	t.Parallel()
	as := func(grants ...access.Grant) access.Principal {
		return access.Principal{UserID: guestPrefix + "1", Role: access.RoleGuest, Grants: grants}
	}
	r := room{ID: "r", Kind: Private}
	writes, reads := as(access.Grant{Kind: "room", ID: "r", Right: "write"}), as(access.Grant{Kind: "room", ID: "r", Right: "read"})
	require.NoError(t, canPost(writes, r, Guest))
	require.NoError(t, canRead(reads, r, Guest))
	require.ErrorIs(t, canPost(reads, r, Guest), errReadsOnly)
	for _, p := range []access.Principal{as(), as(access.Grant{Kind: "room", ID: "other", Right: "write"}), as(access.Grant{Kind: "pad", ID: "r", Right: "write"})} {
		require.ErrorIs(t, canRead(p, r, Guest), errNoRoom, "the link has ended or opens something else")
	}
	require.ErrorIs(t, canRead(writes, r, ""), errNoRoom, "sent away")
	require.ErrorIs(t, canRead(writes, room{ID: "p", Kind: Public}, ""), errNoRoom, "public rooms are for people of the town")
	require.ErrorIs(t, canPost(writes, room{ID: "r", Kind: Private, Form: Announcement}, Guest), errFewWrite)
}

func TestCanSubdue_protects_those_who_keep_order(t *testing.T) {
	t.Parallel()
	p := access.Principal{UserID: "u", Role: access.RoleMember}
	r := room{ID: "r", Kind: Private}
	for _, target := range []Role{Member, Guest} {
		require.NoError(t, canSubdue(p, r, Moderator, target))
	}
	for _, target := range []Role{Moderator, Owner} {
		require.ErrorIs(t, canSubdue(p, r, Moderator, target), errNotOwner)
		require.NoError(t, canSubdue(p, r, Owner, target))
	}
	require.ErrorIs(t, canSubdue(p, r, Member, Member), errNotModerator)
}

func TestCanGo_keeps_an_owner(t *testing.T) {
	t.Parallel()
	require.NoError(t, canGo(room{Kind: Private}, Owner, 1, 1))
	require.NoError(t, canGo(room{Kind: Private}, Owner, 2, 5))
	require.NoError(t, canGo(room{Kind: Private}, Member, 1, 5))
	require.ErrorIs(t, canGo(room{Kind: Private}, Owner, 1, 2), fault.Conflict("chat.last_owner"))
	require.ErrorIs(t, canGo(room{Kind: Direct}, Member, 0, 2), fault.Conflict("chat.direct_is_fixed"))
}
