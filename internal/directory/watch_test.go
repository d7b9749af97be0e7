package directory_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// soon bounds how late a change may be told.
const soon = time.Second

// watch runs the directory and returns what its hooks are told.
func (h *house) watch() <-chan directory.Change {
	h.t.Helper()
	told := make(chan directory.Change, 10_000)
	h.OnChange(func(directory.Change) { panic("a careless hook") })
	h.OnChange(func(c directory.Change) { told <- c })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Errorf("the directory ended with %v", err)
		}
	})
	return told
}

// expect waits for these changes, in this order.
func expect(t *testing.T, told <-chan directory.Change, want ...directory.Change) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-told:
			if got != w {
				t.Errorf("told of %+v, want %+v", got, w)
			}
		case <-time.After(soon):
			t.Fatalf("%+v was not told within %v", w, soon)
		}
	}
}

func TestEveryChangeIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.admin("Vorher") // before the watching, but after New
		told := h.watch()
		first := <-told
		ada, g := h.person("Ada"), h.group("Bauamt")
		name := "Ada King"
		for range 2 { // what changes nothing tells nothing
			_, err := h.Update(ctx, ada.ID, directory.UserChange{Name: &name})
			h.must(err)
			h.must(h.SetRole(ctx, ada.ID, access.RoleAuditor))
			h.must(h.AddMember(ctx, g.ID, ada.ID))
			h.must(h.SyncGroups(ctx, ada.ID, "kreis", nil))
			h.must(h.Disable(ctx, ada.ID))
		}
		h.must(h.Enable(ctx, ada.ID))
		h.must(h.RemoveMember(ctx, g.ID, ada.ID))
		h.must(h.AddMember(ctx, g.ID, ada.ID))
		h.must(h.DeleteGroup(ctx, g.ID))
		wantCode(t, h.Disable(ctx, first.UserID), "directory.last_admin", "refused, so not told")
		last := h.person("Letzte")
		expect(t, told,
			directory.Change{Kind: directory.UserCreated, UserID: ada.ID},
			directory.Change{Kind: directory.UserUpdated, UserID: ada.ID},
			directory.Change{Kind: directory.RoleChanged, UserID: ada.ID},
			directory.Change{Kind: directory.MembershipAdded, UserID: ada.ID, GroupID: g.ID},
			directory.Change{Kind: directory.UserDisabled, UserID: ada.ID},
			directory.Change{Kind: directory.UserEnabled, UserID: ada.ID},
			directory.Change{Kind: directory.MembershipRemoved, UserID: ada.ID, GroupID: g.ID},
			directory.Change{Kind: directory.MembershipAdded, UserID: ada.ID, GroupID: g.ID},
			directory.Change{Kind: directory.MembershipRemoved, UserID: ada.ID, GroupID: g.ID},
			directory.Change{Kind: directory.GroupChanged, GroupID: g.ID},
			directory.Change{Kind: directory.UserCreated, UserID: last.ID})
	})
}

func TestChangesOfAnotherProcessAreTold(t *testing.T) {
	t.Parallel()
	sources := []store.Source{directory.Source()}
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			cfg := storetest.Fresh(t, dialect, sources)
			server := open(t, storetest.Connect(t, cfg, sources))
			told := server.watch()
			commandLine := open(t, storetest.Connect(t, cfg, sources))
			ada := commandLine.person("Ada")
			commandLine.must(commandLine.Disable(t.Context(), ada.ID))
			expect(t, told,
				directory.Change{Kind: directory.UserCreated, UserID: ada.ID},
				directory.Change{Kind: directory.UserDisabled, UserID: ada.ID})
		})
	}
}

func TestNoChangeIsPassedByWhenNodesWriteAtOnce(t *testing.T) {
	t.Parallel()
	sources := []store.Source{directory.Source()}
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			cfg := storetest.Fresh(t, dialect, sources)
			nodes := []*house{open(t, storetest.Connect(t, cfg, sources)), open(t, storetest.Connect(t, cfg, sources))}
			told := nodes[0].watch()
			const each = 100
			failed := make(chan error, len(nodes)*each)
			for range each {
				for _, node := range nodes {
					go func() {
						_, err := node.Create(context.Background(), directory.NewUser{Name: "Ada"})
						failed <- err
					}()
				}
			}
			for range len(nodes) * each {
				if err := <-failed; err != nil {
					t.Error(err)
				}
			}
			people := make(map[string]bool)
			for len(people) < len(nodes)*each {
				select {
				case c := <-told:
					if people[c.UserID] {
						t.Fatal("a change was told twice")
					}
					people[c.UserID] = true
				case <-time.After(2 * soon):
					t.Fatalf("%d of %d changes were told", len(people), len(nodes)*each)
				}
			}
		})
	}
}

func TestHookMayUseTheDirectory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.OnChange(func(c directory.Change) {
			if c.Kind == directory.UserDisabled {
				h.must(h.SyncGroups(context.Background(), c.UserID, "kreis", nil))
				h.must(h.Enable(context.Background(), c.UserID))
			}
		})
		ada := h.person("Ada")
		told := h.watch()
		h.must(h.Disable(t.Context(), ada.ID))
		expect(t, told,
			directory.Change{Kind: directory.UserCreated, UserID: ada.ID},
			directory.Change{Kind: directory.UserDisabled, UserID: ada.ID},
			directory.Change{Kind: directory.UserEnabled, UserID: ada.ID})
	})
}

func TestCallerMayCreateSomebodyInItsTransaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		told := h.watch()
		refused := errors.New("no identity")
		attempt := func(end error) (u directory.User, err error) {
			var after func()
			err = h.db.Write(t.Context(), func(tx *gorm.DB) error {
				if err := h.AloneTx(tx); err != nil {
					return err
				}
				u, after, err = h.CreateTx(tx, directory.NewUser{Name: "Erste", Role: access.RoleAdmin})
				if err != nil {
					return err
				}
				if n, err := h.CountTx(tx); err != nil || n != 1 {
					t.Errorf("inside, there are %d people (%v)", n, err)
				}
				if same, err := h.ByIDTx(tx, u.ID); err != nil || same != u {
					t.Errorf("inside, the person is %+v (%v)", same, err)
				}
				return end
			}, func() { after() })
			return u, err
		}
		if u, err := attempt(refused); !errors.Is(err, refused) {
			t.Errorf("the caller's error became %v (%v)", err, u)
		}
		u, err := attempt(nil)
		h.must(err)
		expect(t, told, directory.Change{Kind: directory.UserCreated, UserID: u.ID})
		if n, err := h.Count(t.Context(), directory.Filter{}); err != nil || n != 1 {
			t.Errorf("%d people are there (%v), want the one of the second attempt", n, err)
		}
	})
}

func TestOldChangesAreForgottenAndNewOnesStillTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		told := h.watch()
		h.person("Ada")
		<-told
		h.must(h.db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("DELETE FROM directory_changes").Error
		}))
		bob := h.person("Bob")
		expect(t, told, directory.Change{Kind: directory.UserCreated, UserID: bob.ID})
		var kinds []string
		h.must(h.db.Read(t.Context()).Table("directory_changes").Pluck("kind", &kinds).Error)
		if !slices.Equal(kinds, []string{string(directory.UserCreated)}) {
			t.Errorf("the table holds %v", kinds)
		}
	})
}
