package directory_test

import (
	"testing"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/id"
)

// Requirement row 003-16: whoever looks for a contact finds who stands in.
func TestDeputyIsAnotherActivePersonOfTheTown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada, bea := h.person("Ada Albers"), h.person("Bea Bauhof")
		guest := h.create(directory.NewUser{Name: "Gast", Role: access.RoleGuest})
		left := h.person("Cem Conrad")
		h.must(h.Disable(t.Context(), left.ID))
		deputise := func(deputy string) error {
			_, err := h.Update(t.Context(), ada.ID, directory.UserChange{DeputyID: &deputy})
			return err
		}
		for what, deputy := range map[string]string{"a guest": guest.ID, "who left": left.ID, "nobody of the town": id.New(), "no id": "x"} {
			wantCode(t, deputise(deputy), "directory.deputy_unknown", what)
		}
		wantCode(t, deputise(ada.ID), "directory.deputy_self", "oneself")
		stands := func(want string) {
			t.Helper()
			deputy, err := h.DeputyOf(t.Context(), h.get(ada.ID))
			h.must(err)
			if deputy.Name != want {
				t.Errorf("%q stands in for Ada, want %q", deputy.Name, want)
			}
		}
		stands("")
		h.must(deputise(bea.ID))
		stands("Bea Bauhof")

		// Whoever left stands in for nobody; other fields can still be changed.
		h.must(h.Disable(t.Context(), bea.ID))
		stands("")
		room := "Zimmer 12"
		if u, err := h.Update(t.Context(), ada.ID, directory.UserChange{Room: &room, DeputyID: &bea.ID}); err != nil || u.Room != room {
			t.Errorf("the room of somebody whose deputy left can't be changed: %v", err)
		}
		h.must(h.Enable(t.Context(), bea.ID))
		stands("Bea Bauhof")
		h.must(h.SetRole(t.Context(), bea.ID, access.RoleGuest))
		stands("")
		h.must(deputise(""))
		h.must(h.SetRole(t.Context(), bea.ID, access.RoleMember))
		stands("")
	})
}
