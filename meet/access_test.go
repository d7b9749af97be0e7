package meet

import (
	"errors"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

func person(role access.Role, grants ...access.Grant) access.Principal {
	return access.Principal{UserID: "p-" + string(role), Name: "P", Role: role, Grants: grants}
}

func TestWhoMayEnter(t *testing.T) {
	t.Parallel()
	grant := func(id, right string) access.Grant { return access.Grant{Kind: grantKind, ID: id, Right: right} }
	no := errors.New("not in the room")
	for _, c := range []struct {
		name    string
		p       access.Principal
		how     Access
		roomErr error
		ok      bool
	}{
		{"nobody is refused", access.Principal{}, AccessTown, nil, false},
		{"a member enters a meeting of the town", person(access.RoleMember), AccessTown, nil, true},
		{"a member enters by the address", person(access.RoleMember), AccessLink, nil, true},
		{"an auditor is a member", person(access.RoleAuditor), AccessLink, nil, true},
		{"a member of the room enters its call", person(access.RoleMember), AccessRoom, nil, true},
		{"another member does not", person(access.RoleMember), AccessRoom, no, false},
		{"an administrator does not enter a foreign room's call", person(access.RoleAdmin), AccessRoom, no, false},
		{"a guest of the directory does not enter", person(access.RoleGuest), AccessTown, nil, false},
		{"a guest enters by their link", person(access.RoleGuest, grant("m", rightJoin)), AccessLink, nil, true},
		{"a guest enters a room's call by their link", person(access.RoleGuest, grant("m", rightJoin)), AccessRoom, no, true},
		{"a link to another meeting opens nothing", person(access.RoleGuest, grant("other", rightJoin)), AccessTown, nil, false},
		{"a link with an unknown right opens nothing", person(access.RoleGuest, grant("m", "read")), AccessTown, nil, false},
		{"an unknown kind of meeting is closed", person(access.RoleAdmin), Access("new"), nil, false},
		{"a link to a pad opens nothing", person(access.RoleGuest, access.Grant{Kind: "pad", ID: "m", Right: rightJoin}), AccessTown, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := mayEnter(c.p, Meeting{ID: "m", Access: c.how}, c.roomErr)
			if (err == nil) != c.ok {
				t.Errorf("got %v", err)
			}
			if err != nil && fault.From(err).Kind != fault.KindNotFound {
				t.Errorf("a refusal should look like a meeting that does not exist, got %v", err)
			}
		})
	}
}

func TestWhoModerates(t *testing.T) {
	t.Parallel()
	m := Meeting{ID: "m", CreatedBy: "anna"}
	anna := access.Principal{UserID: "anna", Role: access.RoleMember}
	for _, c := range []struct {
		name string
		p    access.Principal
		m    Meeting
		ok   bool
	}{
		{"whoever has made it", anna, m, true},
		{"an administrator", person(access.RoleAdmin), m, true},
		{"no other member", person(access.RoleMember), m, false},
		{"no guest", person(access.RoleGuest, access.Grant{Kind: grantKind, ID: "m", Right: rightJoin}), m, false},
		{"the guest who started it", person(access.RoleGuest, access.Grant{Kind: grantKind, ID: "m", Right: rightHost}), m, true},
		{"nobody, even where nobody has made it", access.Principal{}, Meeting{ID: "m"}, false},
		{"no guest whose id is empty", access.Principal{Role: access.RoleGuest}, Meeting{ID: "m"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := mayModerate(c.p, c.m); (err == nil) != c.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhoReopensAndKnocks(t *testing.T) {
	t.Parallel()
	ended := time.Now()
	kept := Meeting{CreatedBy: "anna", Access: AccessLink, EndedAt: &ended}
	if err := mayReopen(person(access.RoleMember), kept); err != nil {
		t.Errorf("a member should reopen a meeting by link: %v", err)
	}
	if mayReopen(person(access.RoleGuest), kept) == nil {
		t.Error("a guest should not reopen")
	}
	if mayReopen(person(access.RoleMember), Meeting{CreatedBy: "anna", Access: AccessRoom, RoomID: "r"}) == nil {
		t.Error("a room's call should be started from its room")
	}
	if mayReopen(person(access.RoleMember), Meeting{Access: AccessLink}) == nil {
		t.Error("a public meeting should stay over")
	}
	if mayKnock(Meeting{Guests: true}) != nil {
		t.Error("a running meeting with guests should open by its address")
	}
	if mayKnock(Meeting{Guests: true, EndedAt: &ended}) == nil || mayKnock(Meeting{}) == nil {
		t.Error("an ended meeting, and one without guests, should not open by their address")
	}
}
