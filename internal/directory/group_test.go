package directory_test

import (
	"slices"
	"strings"
	"testing"

	"rathaus/internal/directory"
	"rathaus/internal/id"
)

func (h *house) group(name string) directory.Group {
	h.t.Helper()
	g, err := h.CreateGroup(h.t.Context(), name, "")
	if err != nil {
		h.t.Fatalf("create group %s: %v", name, err)
	}
	return g
}

// groupsOf lists a person's groups as "origin/name".
func (h *house) groupsOf(userID string) []string {
	h.t.Helper()
	found, err := h.GroupsOf(h.t.Context(), userID)
	h.must(err)
	var all []string
	for _, g := range found {
		all = append(all, g.Origin+"/"+g.Name)
	}
	slices.Sort(all)
	return all
}

func TestGroupsAreNamedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		g, err := h.CreateGroup(ctx, " Bauamt ", "Erste Zeile\nzweite")
		h.must(err)
		if got, err := h.Group(ctx, g.ID); err != nil || got != g || g.Name != "Bauamt" || g.Origin != directory.Local {
			t.Errorf("created %+v, read %+v (%v)", g, got, err)
		}
		_, err = h.CreateGroup(ctx, "Bauamt", "")
		wantCode(t, err, "directory.group_name_taken", "the same name again")
		other := h.group("Feuerwehr")
		name, text := "Bauamt", "neu"
		_, err = h.UpdateGroup(ctx, other.ID, directory.GroupChange{Name: &name})
		wantCode(t, err, "directory.group_name_taken", "renamed to a taken name")
		got, err := h.UpdateGroup(ctx, other.ID, directory.GroupChange{Description: &text})
		if err != nil || got.Description != "neu" || got.Name != "Feuerwehr" {
			t.Errorf("changed to %+v (%v)", got, err)
		}
		_, err = h.CreateGroup(ctx, "\x00", "")
		wantCode(t, err, "directory.group_name_invalid", "a bad name")
		_, err = h.CreateGroup(ctx, "Amt", strings.Repeat("x", 501))
		wantCode(t, err, "directory.text_too_long", "a long description")
		page, err := h.Groups(ctx, "", 1)
		if err != nil || len(page.Items) != 1 || page.Items[0].Name != "Bauamt" || page.Next == "" {
			t.Errorf("the first page of groups is %+v (%v)", page, err)
		}
		page, err = h.Groups(ctx, page.Next, 1)
		if err != nil || len(page.Items) != 1 || page.Items[0].Name != "Feuerwehr" || page.Next != "" {
			t.Errorf("the second page of groups is %+v (%v)", page, err)
		}
	})
}

func TestMembersComeAndGo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ada, bob, g := h.person("Ada"), h.person("Bob"), h.group("Bauamt")
		for range 2 { // again is no mistake
			h.must(h.AddMember(ctx, g.ID, ada.ID))
		}
		h.must(h.AddMember(ctx, g.ID, bob.ID))
		page, err := h.MembersOf(ctx, g.ID, "", 10)
		if h.must(err); !slices.Equal(names(page.Items), []string{"Ada", "Bob"}) {
			t.Errorf("members are %v", names(page.Items))
		}
		for range 2 {
			h.must(h.RemoveMember(ctx, g.ID, ada.ID))
		}
		ids, err := h.MemberIDs(ctx, g.ID, id.New(), "nonsense")
		if h.must(err); !slices.Equal(ids, []string{bob.ID}) {
			t.Errorf("left are %v", ids)
		}
		wantCode(t, h.AddMember(ctx, g.ID, id.New()), "directory.user_not_found", "add nobody")
		wantCode(t, h.AddMember(ctx, id.New(), ada.ID), "directory.group_not_found", "add to nothing")
		wantCode(t, h.RemoveMember(ctx, g.ID, "\x00"), "directory.user_not_found", "remove nobody")
		wantCode(t, h.RemoveMember(ctx, id.New(), ada.ID), "directory.group_not_found", "remove from nothing")
		h.must(h.DeleteGroup(ctx, g.ID))
		wantCode(t, h.DeleteGroup(ctx, g.ID), "directory.group_not_found", "delete again")
		if got := h.groupsOf(bob.ID); len(got) != 0 {
			t.Errorf("after its deletion, Bob is in %v", got)
		}
	})
}

func TestIssuerRulesOnlyItsOwnGroups(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ada, local := h.person("Ada"), h.group("Bauamt")
		h.must(h.SyncGroups(ctx, ada.ID, "kreis", []string{"Bauamt", "Presse", "\x00bad", "Presse"}))
		h.must(h.SyncGroups(ctx, ada.ID, "land", []string{"Presse"}))
		if got := h.groupsOf(ada.ID); !slices.Equal(got, []string{"kreis/Bauamt", "kreis/Presse", "land/Presse"}) {
			t.Errorf("the issuers put Ada into %v", got)
		}
		h.must(h.AddMember(ctx, local.ID, ada.ID))
		h.must(h.SyncGroups(ctx, ada.ID, "kreis", nil))
		if got := h.groupsOf(ada.ID); !slices.Equal(got, []string{"land/Presse", "local/Bauamt"}) {
			t.Errorf("after one issuer took all back, Ada is in %v", got)
		}
		wantCode(t, h.SyncGroups(ctx, ada.ID, directory.Local, []string{"Bauamt"}), "directory.source_invalid", "an issuer called local")

		groups, err := h.GroupsOf(ctx, ada.ID)
		h.must(err)
		of := groups[slices.IndexFunc(groups, func(g directory.Group) bool { return g.Origin == "land" })]
		wantCode(t, h.RemoveMember(ctx, of.ID, ada.ID), "directory.member_by_issuer", "remove against the issuer")
		name := "Umbenannt"
		_, err = h.UpdateGroup(ctx, of.ID, directory.GroupChange{Name: &name})
		wantCode(t, err, "directory.group_of_issuer", "rename an issuer's group")
	})
}

// Requirement row 002-07: groups come from the provider and from the town itself.
func TestMembershipLastsAsLongAsOneSourceSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ada := h.person("Ada")
		h.must(h.SyncGroups(ctx, ada.ID, "kreis", []string{"Presse"}))
		groups, err := h.GroupsOf(ctx, ada.ID)
		h.must(err)
		h.must(h.AddMember(ctx, groups[0].ID, ada.ID))
		h.must(h.SyncGroups(ctx, ada.ID, "kreis", nil))
		if got := h.groupsOf(ada.ID); len(got) != 1 {
			t.Errorf("the town's word keeps Ada in the group, but she is in %v", got)
		}
		h.must(h.RemoveMember(ctx, groups[0].ID, ada.ID))
		if got := h.groupsOf(ada.ID); len(got) != 0 {
			t.Errorf("nobody says so any more, but Ada is in %v", got)
		}
	})
}

// Requirement row 004-12: a group that takes messages, and the log tells of it.
func TestGroupBecomesAnOffice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		g, big := h.group("Tiefbauamt"), h.group("Alle")
		told := h.watch()
		yes, no := true, false
		got, err := h.UpdateGroup(ctx, g.ID, directory.GroupChange{Office: &yes})
		if err != nil || !got.Office {
			t.Fatalf("it should be an office: %+v (%v)", got, err)
		}
		if c := <-told; c.Kind != directory.GroupChanged || c.GroupID != g.ID || c.UserID != "" {
			t.Errorf("told %+v", c)
		}
		page, err := h.Offices(ctx, "", 10)
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != g.ID {
			t.Errorf("the offices are %+v (%v)", page.Items, err)
		}
		for range directory.MaxOffice + 1 {
			h.must(h.AddMember(ctx, big.ID, h.person("Kollege").ID))
		}
		_, err = h.UpdateGroup(ctx, big.ID, directory.GroupChange{Office: &yes})
		wantCode(t, err, "directory.office_too_big", "an office of too many")
		got, err = h.UpdateGroup(ctx, g.ID, directory.GroupChange{Office: &no})
		if err != nil || got.Office {
			t.Errorf("it should be none any more: %+v (%v)", got, err)
		}
	})
}
