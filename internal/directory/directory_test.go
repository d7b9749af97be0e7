package directory_test

import (
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// house is a directory under test.
type house struct {
	*directory.Directory
	t   *testing.T
	db  *store.DB
	now *clock.Fake
}

func open(t *testing.T, db *store.DB) *house {
	t.Helper()
	now := clock.NewFake(time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC))
	d, err := directory.New(t.Context(), directory.Deps{DB: db, Clock: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return &house{Directory: d, t: t, db: db, now: now}
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, []store.Source{directory.Source()}, func(t *testing.T, db *store.DB) { fn(t, open(t, db)) })
}

// person creates somebody with this name.
func (h *house) person(name string) directory.User {
	h.t.Helper()
	return h.create(directory.NewUser{Name: name})
}

func (h *house) admin(name string) directory.User {
	h.t.Helper()
	return h.create(directory.NewUser{Name: name, Role: access.RoleAdmin})
}

func (h *house) create(n directory.NewUser) directory.User {
	h.t.Helper()
	u, err := h.Create(h.t.Context(), n)
	if err != nil {
		h.t.Fatalf("create %s: %v", n.Name, err)
	}
	return u
}

func (h *house) get(userID string) directory.User {
	h.t.Helper()
	u, err := h.ByID(h.t.Context(), userID)
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.From(err).Code
}

func wantCode(t *testing.T, err error, want, when string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("%s: the answer is %q (%v), want %q", when, got, err, want)
	}
}

func names(people []directory.User) []string {
	var all []string
	for _, u := range people {
		all = append(all, u.Name)
	}
	return all
}

func TestPersonComesBackAsCreated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		made := h.create(directory.NewUser{
			Name: "  Käthe   Müller ", Email: " Kaethe.Mueller@Stadt.Example ", Role: access.RoleAuditor,
			Title: "Kämmerin", Unit: "Finanzen", Phone: "+49 30 1234", Locale: "de-AT", Theme: "dark",
		})
		if made.Name != "Käthe Müller" || made.Email != "Kaethe.Mueller@Stadt.Example" || !id.Valid(made.ID) {
			t.Errorf("created %+v", made)
		}
		if got := h.get(made.ID); got != made {
			t.Errorf("created %+v\nread    %+v", made, got)
		}
		same, err := h.ByEmail(t.Context(), "KAETHE.mueller@stadt.example")
		if err != nil || len(same) != 1 || same[0].ID != made.ID {
			t.Errorf("by e-mail came %v %v", same, err)
		}
		if h.person("Ohne Rolle").Role != access.RoleMember {
			t.Error("without a role, a person should be a member")
		}
	})
}

func TestAddressesMayBeShared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for range 2 {
			h.create(directory.NewUser{Name: "Bürgerbüro", Email: "info@stadt.example"})
		}
		if same, err := h.ByEmail(t.Context(), "info@stadt.example"); err != nil || len(same) != 2 {
			t.Errorf("two people share the address, found %d (%v)", len(same), err)
		}
		if nobody, err := h.ByEmail(t.Context(), ""); err != nil || len(nobody) != 0 {
			t.Errorf("no address belongs to %d people (%v)", len(nobody), err)
		}
	})
}

func TestBadFieldsAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ok := func() directory.NewUser { return directory.NewUser{Name: "Ada"} }
		with := func(change func(*directory.NewUser)) directory.NewUser {
			n := ok()
			change(&n)
			return n
		}
		for want, cases := range map[string][]directory.NewUser{
			"directory.name_empty": {{}, {Name: "   "}, {Name: "…!?"}},
			"directory.name_invalid": {
				{Name: "Ada\x00"}, {Name: "Ada\nLovelace"}, {Name: "\u202eadA"}, {Name: "A\u200bda"}, {Name: "\xff"},
			},
			"directory.name_too_long": {{Name: strings.Repeat("ä", 81)}},
			"directory.email_invalid": {
				with(func(n *directory.NewUser) { n.Email = "ada" }),
				with(func(n *directory.NewUser) { n.Email = "Ada <ada@x.example>" }),
				with(func(n *directory.NewUser) { n.Email = "ada@x.example, b@x.example" }),
				with(func(n *directory.NewUser) { n.Email = "ada@x.example\nBcc: b@x.example" }),
				with(func(n *directory.NewUser) { n.Email = strings.Repeat("a", 300) + "@x.example" }),
			},
			"directory.role_unknown":   {with(func(n *directory.NewUser) { n.Role = "king" })},
			"directory.text_invalid":   {with(func(n *directory.NewUser) { n.Title = "a\x1bb" })},
			"directory.text_too_long":  {with(func(n *directory.NewUser) { n.Phone = strings.Repeat("1", 41) })},
			"directory.locale_invalid": {with(func(n *directory.NewUser) { n.Locale = "../de" })},
			"directory.theme_unknown":  {with(func(n *directory.NewUser) { n.Theme = "pink" })},
			"":                         {{Name: strings.Repeat("ä", 80)}, {Name: "陳大文"}, {Name: "A"}},
		} {
			for _, n := range cases {
				_, err := h.Create(t.Context(), n)
				wantCode(t, err, want, n.Name)
			}
		}
		if n, err := h.Count(t.Context(), directory.Filter{}); err != nil || n != 3 {
			t.Errorf("%d people are there (%v), want the three good ones", n, err)
		}
	})
}

func TestUpdateChangesOnlyWhatIsNamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		u := h.create(directory.NewUser{Name: "Ada", Email: "ada@x.example", Unit: "Bauamt"})
		h.now.Advance(time.Hour)
		name, none := "Ada King", ""
		got, err := h.Update(t.Context(), u.ID, directory.UserChange{Name: &name, Email: &none})
		h.must(err)
		want := u
		want.Name, want.Email, want.UpdatedAt = name, "", h.now.Now()
		if got != want || h.get(u.ID) != want {
			t.Errorf("updated to %+v, read %+v", got, h.get(u.ID))
		}
		if found, _ := h.Search(t.Context(), "king", 5); len(found) != 1 {
			t.Error("the new name is not found")
		}
		if same, _ := h.ByEmail(t.Context(), "ada@x.example"); len(same) != 0 {
			t.Error("the old address still finds the person")
		}
		bad := "\x00"
		_, err = h.Update(t.Context(), u.ID, directory.UserChange{Name: &bad})
		wantCode(t, err, "directory.name_invalid", "a bad name")
	})
}

func TestUnknownPeopleAreNotFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		for _, who := range []string{"", id.New(), "'; DROP TABLE users; --", "\x00", strings.ToUpper(id.New())} {
			_, err := h.ByID(ctx, who)
			wantCode(t, err, "directory.user_not_found", "read")
			_, err = h.Update(ctx, who, directory.UserChange{})
			wantCode(t, err, "directory.user_not_found", "update")
			wantCode(t, h.SetRole(ctx, who, access.RoleAdmin), "directory.user_not_found", "role")
			wantCode(t, h.Disable(ctx, who), "directory.user_not_found", "disable")
			wantCode(t, h.Enable(ctx, who), "directory.user_not_found", "enable")
			wantCode(t, h.SyncGroups(ctx, who, "kreis", nil), "directory.user_not_found", "sync")
		}
		ada := h.person("Ada")
		found, err := h.ByIDs(ctx, []string{ada.ID, id.New(), "nonsense"})
		if err != nil || len(found) != 1 || found[ada.ID] != ada {
			t.Errorf("by ids came %v %v", found, err)
		}
	})
}

func TestManyPeopleByID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var ids []string
		h.must(h.db.Write(t.Context(), func(tx *gorm.DB) error {
			ids = ids[:0]
			for range 1201 {
				u, _, err := h.CreateTx(tx, directory.NewUser{Name: "Ada"})
				if err != nil {
					return err
				}
				ids = append(ids, u.ID)
			}
			return nil
		}))
		if found, err := h.ByIDs(t.Context(), ids); err != nil || len(found) != 1201 {
			t.Errorf("%d of 1201 people came (%v)", len(found), err)
		}
	})
}

func TestLastAdministratorStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		first, second := h.admin("Erste"), h.admin("Zweite")
		h.must(h.Disable(ctx, second.ID))
		wantCode(t, h.Disable(ctx, first.ID), "directory.last_admin", "disable the last")
		wantCode(t, h.SetRole(ctx, first.ID, access.RoleAuditor), "directory.last_admin", "demote the last")
		h.must(h.SetRole(ctx, second.ID, access.RoleMember)) // disabled, so not the last
		h.must(h.SetRole(ctx, first.ID, access.RoleAdmin))   // no change
		wantCode(t, h.SetRole(ctx, first.ID, "king"), "directory.role_unknown", "unknown role")
		h.must(h.SetRole(ctx, second.ID, access.RoleAdmin))
		h.must(h.Enable(ctx, second.ID))
		h.must(h.SetRole(ctx, first.ID, access.RoleMember))
		if h.get(first.ID).Role != access.RoleMember || h.get(second.ID).Disabled() {
			t.Error("roles did not come out as set")
		}
	})
}

func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			sources := []store.Source{directory.Source()}
			cfg := storetest.Fresh(t, dialect, sources)
			nodes := []*house{open(t, storetest.Connect(t, cfg, sources)), open(t, storetest.Connect(t, cfg, sources))}
			for range 10 {
				admins := []directory.User{nodes[0].admin("A"), nodes[0].admin("B")}
				var wg sync.WaitGroup
				refused := make([]error, 2)
				for n, node := range nodes {
					wg.Go(func() { refused[n] = node.Disable(t.Context(), admins[n].ID) })
				}
				wg.Wait()
				if (refused[0] == nil) == (refused[1] == nil) {
					t.Fatalf("of two disabled at once, exactly one should stay: %v, %v", refused[0], refused[1])
				}
				// Nobody is left over for the next round.
				for n, err := range refused {
					if err != nil {
						wantCode(t, err, "directory.last_admin", "the one who stays")
						helper := nodes[0].admin("Helfer")
						nodes[0].must(nodes[0].Disable(t.Context(), admins[n].ID))
						nodes[0].must(nodes[0].db.Write(t.Context(), func(tx *gorm.DB) error {
							return tx.Exec("DELETE FROM users WHERE id = ?", helper.ID).Error
						}))
					}
				}
			}
		})
	}
}

func TestDisabledPeopleLeaveTheSearchAndStayInTheList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ada := h.person("Ada")
		h.person("Adam")
		h.must(h.Disable(ctx, ada.ID))
		h.must(h.Disable(ctx, ada.ID)) // again is no mistake
		if !h.get(ada.ID).Disabled() {
			t.Error("Ada is not disabled")
		}
		found, err := h.Search(ctx, "ada", 10)
		if h.must(err); !slices.Equal(names(found), []string{"Adam"}) {
			t.Errorf("search gave %v", names(found))
		}
		for want, f := range map[int]directory.Filter{2: {}, 1: {Disabled: true}, 0: {Disabled: true, Role: access.RoleAdmin}} {
			n, err := h.Count(ctx, f)
			page, listErr := h.List(ctx, f, "", 10)
			if err != nil || listErr != nil || n != want || len(page.Items) != want {
				t.Errorf("%+v counts %d and lists %d, want %d", f, n, len(page.Items), want)
			}
		}
		h.must(h.Enable(ctx, ada.ID))
		if h.get(ada.ID).Disabled() {
			t.Error("Ada is still disabled")
		}
	})
}
