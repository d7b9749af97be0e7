package pads_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/pads"
)

// told waits for an event of the topic "me" and returns its data.
func (p *somebody) told(event string) map[string]any {
	p.t.Helper()
	out := map[string]any{}
	require.NoError(p.t, json.Unmarshal(p.hears(event).Data, &out))
	return out
}

// toldNothing fails if an event of pads came before something that was asked for last.
func (p *somebody) toldNothing(of string) {
	p.t.Helper()
	own := p.pad("Schluss")
	p.until("the own pad", func(m message) bool {
		data := map[string]any{}
		if m.Event == "" || json.Unmarshal(m.Data, &data) != nil {
			return false
		}
		require.NotContains(p.t, string(m.Data), of, "%s hears of a foreign pad: %s", p.who.Name, m.Event)
		return data["id"] == own
	})
}

func TestTell_lists_hear_what_they_show_and_nobody_else_does(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, reader, member, stranger := w.member("Ada"), w.member("Ben"), w.member("Cem"), w.member("Dora")
		bauhof := id.New()
		w.join(bauhof, member)
		for _, one := range []*somebody{owner, reader, member, stranger} {
			one.joins("me", -1)
		}
		pad := owner.pad("Plan")
		made := owner.told("pad_listed")
		require.Equal(t, []any{pad, "Plan", "own", false}, []any{made["id"], made["title"], made["right"], made["shared"]})

		owner.share(pad, reader, "read")
		require.Equal(t, "read", reader.told("pad_listed")["right"])
		require.Equal(t, true, owner.told("pad_listed")["shared"])
		owner.must("PUT", "/pads/"+pad+"/shares/group/"+bauhof, map[string]any{"right": "write"})
		require.Equal(t, "write", member.told("pad_listed")["right"])

		owner.must("PATCH", "/pads/"+pad, map[string]any{"title": "Neuer Plan"})
		for _, one := range []*somebody{owner, reader, member} {
			one.until("the new title", func(m message) bool {
				data := map[string]any{}
				return m.Event == "pad_listed" && json.Unmarshal(m.Data, &data) == nil && data["title"] == "Neuer Plan"
			})
		}
		w.clock.Advance(time.Minute)
		require.Equal(t, 200, member.post(pad, frameOf(pads.KindUpdate, 0, "x")).Status)
		want := map[string]any{"pads": []any{map[string]any{"pad_id": pad, "updated_at": w.clock.Now().Format(time.RFC3339)}}}
		require.Equal(t, want, reader.told("pads_touched"))

		owner.must("DELETE", "/pads/"+pad+"/shares/person/"+reader.who.UserID, nil)
		require.Equal(t, pad, reader.told("pad_unlisted")["pad_id"])
		owner.must("PATCH", "/pads/"+pad, map[string]any{"title": "Ohne Ben"})
		reader.toldNothing(pad)
		stranger.toldNothing(pad)
		owner.must("DELETE", "/pads/"+pad, nil)
		require.Equal(t, pad, member.told("pad_unlisted")["pad_id"])
		require.Equal(t, pad, owner.told("pad_unlisted")["pad_id"])
	})
}

func TestTell_everyone_means_members_and_ending_that_ends_it(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, member := w.member("Ada"), w.member("Ben")
		pad := owner.pad("Aushang")
		guest := w.person("Gast", access.RoleGuest, access.Grant{Kind: "pad", ID: pad, Right: "write"})
		for _, one := range []*somebody{owner, member, guest} {
			one.joins("me", -1)
		}
		owner.must("PUT", "/pads/"+pad+"/shares/everyone/everyone", map[string]any{"right": "read"})
		require.Equal(t, pad, member.told("pad_listed")["id"])
		owner.must("DELETE", "/pads/"+pad+"/shares/everyone/everyone", nil)
		require.Equal(t, pad, member.told("pad_unlisted")["pad_id"])
		// The guest has the pad open, and no list.
		guest.enter(pad, -1)
		owner.must("PATCH", "/pads/"+pad, map[string]any{"title": "Neu"})
		guest.until("the title, and nothing of lists", func(m message) bool {
			require.NotContains(t, []string{"pad_listed", "pad_unlisted", "pads_touched"}, m.Event)
			return m.Event == "title"
		})
	})
}

func TestTell_what_was_written_comes_at_once_and_to_those_who_may_see_it(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, reader, other := w.member("Ada"), w.member("Ben"), w.member("Cem")
		notice, plan := owner.pad("Aushang"), owner.pad("Plan")
		owner.must("PUT", "/pads/"+notice+"/shares/everyone/everyone", map[string]any{"right": "read"})
		owner.share(notice, reader, "write")
		owner.share(plan, reader, "read")
		for _, one := range []*somebody{owner, reader, other} {
			one.joins("me", -1)
		}
		for _, pad := range []string{notice, plan} {
			require.Equal(t, 200, owner.post(pad, frameOf(pads.KindUpdate, 0, "x")).Status)
		}
		heard := func(p *somebody, all ...string) {
			for len(all) > 0 { // one round of telling may lie between two pads
				for _, one := range p.told("pads_touched")["pads"].([]any) {
					pad, _ := one.(map[string]any)["pad_id"].(string)
					require.Contains(t, all, pad, "once, and nobody else's")
					all = slices.DeleteFunc(all, func(known string) bool { return known == pad })
				}
			}
		}
		heard(owner, notice, plan)
		heard(reader, notice, plan)
		heard(other, notice)
		other.toldNothing(plan)
	})
}

func TestTell_who_came_by_a_link_has_the_pad_in_the_list_until_it_ends(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, member := w.member("Ada"), w.member("Ben")
		pad := owner.pad("Plan")
		link, token := owner.link(pad, map[string]any{"right": "write"})
		member.joins("me", -1)
		member.must("POST", "/pad-links/open", map[string]any{"token": token})
		require.Equal(t, "write", member.told("pad_listed")["right"])
		owner.must("DELETE", "/pads/"+pad+"/links/"+link, nil)
		require.Equal(t, pad, member.told("pad_unlisted")["pad_id"])
	})
}

func TestTell_a_confidential_title_stays_sealed(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner := w.member("Ada")
		owner.joins("me", -1)
		pad := owner.confidential()
		owner.told("pad_listed")
		frame := pad.frame(pads.KindTitle, 0, "versiegelt")
		owner.must("PATCH", "/pads/"+pad.id, map[string]any{"title_frame": b64(frame)})
		told := owner.told("pad_listed")
		require.Equal(t, "", told["title"])
		require.Equal(t, b64(frame), told["title_frame"])
		require.NotContains(t, told, "first_title")
	})
}

func TestTell_a_change_of_groups_says_to_read_the_list_anew(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		member := w.member("Ada")
		member.joins("me", -1)
		w.service.PersonChanged(t.Context(), member.who.UserID)
		require.Empty(t, member.told("pads_changed"))
	})
}

func TestFirstTitle_stays_what_it_was(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner := w.member("Ada")
		pad := owner.pad("Haushalt")
		owner.must("PATCH", "/pads/"+pad, map[string]any{"title": "Haushalt 2027"})
		got := owner.must("GET", "/pads/"+pad, nil)
		require.Equal(t, []any{"Haushalt 2027", "Haushalt"}, []any{got["title"], got["first_title"]})
	})
}
