package pads_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/id"
	"rathaus/pads"
)

// ownerless are the ids in the list of the administration.
func (p *somebody) ownerless() []string {
	p.t.Helper()
	items, _ := p.must("GET", "/admin/pads", nil)["items"].([]any)
	ids := []string{}
	for _, one := range items {
		entry, _ := one.(map[string]any)
		padID, _ := entry["id"].(string)
		ids = append(ids, padID)
	}
	return ids
}

func TestOwnerless_a_pad_of_somebody_who_left_goes_to_somebody_else(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		left, heir, colleague, admin := w.member("Ada"), w.member("Ben"), w.member("Cem"), w.person("Eva", access.RoleAdmin)
		pad, kept := left.pad("Haushalt"), colleague.pad("Bleibt")
		left.share(pad, colleague, "read")
		shared := left.pad("Zu zweit")
		left.share(shared, colleague, "own")
		require.Empty(t, admin.ownerless())
		require.Equal(t, "pads.not_found", admin.call("PUT", "/admin/pads/"+pad+"/owner", map[string]any{"user_id": admin.who.UserID}).code(), "nobody takes a pad from its owner")

		w.leaves(left)
		require.Equal(t, []string{pad}, admin.ownerless(), "a pad with another owner is not among them")
		items, _ := admin.must("GET", "/admin/pads", nil)["items"].([]any)
		require.Subset(t, items[0], map[string]any{"title": "Haushalt", "class": "organisation", "owners": []any{"Ada"}})
		require.Equal(t, "pads.not_found", admin.call("GET", "/pads/"+pad, nil).code(), "the list opens nothing")

		heir.joins("me", -1)
		for _, nobody := range []string{left.who.UserID, id.New(), "", "everyone"} {
			require.Equal(t, "pads.subject_not_found", admin.call("PUT", "/admin/pads/"+pad+"/owner", map[string]any{"user_id": nobody}).code())
		}
		admin.must("PUT", "/admin/pads/"+pad+"/owner", map[string]any{"user_id": heir.who.UserID})
		require.Equal(t, "own", heir.told("pad_listed")["right"])
		require.Equal(t, "own", heir.must("GET", "/pads/"+pad, nil)["right"])
		require.Equal(t, "read", colleague.must("GET", "/pads/"+pad, nil)["right"])
		require.Equal(t, "write", left.must("GET", "/pads/"+pad, nil)["right"], "who comes back may write")
		require.Empty(t, admin.ownerless())
		require.Equal(t, "pads.not_found", admin.call("DELETE", "/admin/pads/"+pad, nil).code())
		require.Equal(t, "pads.not_found", admin.call("DELETE", "/admin/pads/"+kept, nil).code())
		require.Equal(t, []string{"pad.handed_over"}, w.deeds())
	})
}

func TestOwnerless_a_confidential_pad_can_only_be_deleted(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		left, heir, admin := w.member("Ada"), w.member("Ben"), w.person("Eva", access.RoleAdmin)
		pad := left.confidential()
		require.Equal(t, 200, left.post(pad.id, pad.frame(pads.KindUpdate, 0, "geheim")).Status)
		left.share(pad.id, heir, "read")
		w.leaves(left)
		heir.joins("me", -1)
		require.Equal(t, []string{pad.id}, admin.ownerless())
		require.Equal(t, "pads.confidential_stays", admin.call("PUT", "/admin/pads/"+pad.id+"/owner", map[string]any{"user_id": heir.who.UserID}).code())
		admin.must("DELETE", "/admin/pads/"+pad.id, nil)
		require.Equal(t, pad.id, heir.told("pad_unlisted")["pad_id"])
		require.Equal(t, "pads.not_found", heir.call("GET", "/pads/"+pad.id, nil).code())
		require.Empty(t, admin.ownerless())
		require.Equal(t, []string{"pad.deleted"}, w.deeds())
	})
}

// deeds are the actions in the audit log, the newest first.
func (w *town) deeds() []string {
	w.t.Helper()
	page, err := w.audit.List(w.t.Context(), audit.Filter{}, "", 10)
	require.NoError(w.t, err)
	var out []string
	for _, e := range page.Items {
		out = append(out, e.Action)
	}
	return out
}
