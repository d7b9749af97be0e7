package pads_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/pads"
)

// Requirement rows: 000-05, 003-22.

func TestRights_who_may_do_what(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, writer, reader, stranger := w.member("Ada"), w.member("Ben"), w.member("Cem"), w.member("Dora")
		admin := w.person("Eva", access.RoleAdmin)
		nobody := &somebody{t: t, w: w}
		pad := owner.pad("Personal")
		owner.share(pad, writer, "write")
		owner.share(pad, reader, "read")
		_, viewToken := owner.link(pad, map[string]any{"right": "read"})
		_, editToken := owner.link(pad, map[string]any{"right": "write"})
		viewer, editor := w.guest(viewToken), w.guest(editToken)
		elsewhere := w.person("Gast", access.RoleGuest, access.Grant{Kind: "pad", ID: id.New(), Right: "write"})
		require.Equal(t, 200, owner.post(pad, frameOf(pads.KindUpdate, 0, "x")).Status)

		update := func() any {
			return map[string]any{"frames": []string{b64(frameOf(pads.KindUpdate, 0, "x"))}}
		}
		snapshot := func() any { return map[string]any{"frame": b64(frameOf(pads.KindSnapshot, 1, "x"))} }
		nothing := func() any { return nil }
		for _, c := range []struct {
			what, method, path string
			body               func() any
			allowed            []*somebody
		}{
			{"read", "GET", "", nothing, []*somebody{owner, writer, reader, viewer, editor}},
			{"read the log", "GET", "/log", nothing, []*somebody{owner, writer, reader, viewer, editor}},
			{"write", "POST", "/log", update, []*somebody{owner, writer, editor}},
			{"snapshot", "POST", "/snapshots", snapshot, []*somebody{owner, writer, editor}},
			{"rename", "PATCH", "", func() any { return map[string]any{"title": "neu"} }, []*somebody{owner, writer, editor}},
			{"list shares", "GET", "/shares", nothing, []*somebody{owner, writer, reader}},
			{"share", "PUT", "/shares/person/" + writer.who.UserID, func() any { return map[string]any{"right": "write"} }, []*somebody{owner}},
			{"unshare others", "DELETE", "/shares/person/" + id.New(), nothing, []*somebody{owner}},
			{"list links", "GET", "/links", nothing, []*somebody{owner}},
			{"make a link", "POST", "/links", func() any { return map[string]any{"right": "read"} }, []*somebody{owner}},
			{"end a link", "DELETE", "/links/" + id.New(), nothing, nil},
		} {
			for _, who := range []*somebody{owner, writer, reader, stranger, admin, viewer, editor, elsewhere, nobody} {
				r := who.call(c.method, "/pads/"+pad+c.path, c.body())
				allowed := false
				for _, one := range c.allowed {
					allowed = allowed || one == who
				}
				require.Equal(t, allowed, r.Status < 300, "%s may %s: %v", who.who.Name, c.what, r.Body)
				if who == stranger || who == admin || who == elsewhere {
					require.Contains(t, []string{"pads.not_found", "not_allowed"}, r.code(), c.what)
				}
			}
		}
		require.Equal(t, "not_signed_in", nobody.call("GET", "/pads", nil).code())
		require.Equal(t, "not_allowed", editor.call("GET", "/pads", nil).code())
		require.Equal(t, "not_allowed", editor.call("POST", "/pads", map[string]any{"class": "organisation"}).code())
		require.Equal(t, "pads.right_missing", writer.call("DELETE", "/pads/"+pad, nil).code())
	})
}

func TestRights_on_the_socket_are_the_same(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, reader, stranger := w.member("Ada"), w.member("Ben"), w.member("Cem")
		pad := owner.pad("Plan")
		owner.share(pad, reader, "read")
		_, token := owner.link(pad, map[string]any{"right": "read"})
		viewer := w.guest(token)
		owner.enter(pad, -1)
		require.Equal(t, "pads.not_found", stranger.enter(pad, -1).code())
		require.Equal(t, "not_joined", stranger.send(pad, pads.KindUpdate, frameOf(pads.KindUpdate, 0, "x")).code())
		for _, one := range []*somebody{reader, viewer} {
			require.Empty(t, one.enter(pad, -1).code())
			require.Equal(t, "pads.right_missing", one.send(pad, pads.KindUpdate, frameOf(pads.KindUpdate, 0, "x")).code())
			cursor := frameOf(pads.KindAwareness, 0, "hier")
			require.Empty(t, one.send(pad, pads.KindAwareness, cursor).code())
			seq, got := owner.receives(pads.KindAwareness)
			require.Zero(t, seq)
			require.Equal(t, cursor, got)
		}
		require.Zero(t, owner.log(pad, "?after=0").Head, "cursors are not stored")
	})
}

// Requirement row 002-07: who leaves a group loses at once what it opened.
func TestRights_changes_act_at_once(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		owner, ben, cem := w.member("Ada"), w.member("Ben"), w.member("Cem")
		pad := owner.pad("Plan")
		group := id.New()
		w.join(group, ben, cem)
		owner.must("PUT", "/pads/"+pad+"/shares/group/"+group, map[string]any{"right": "write"})
		ben.enter(pad, -1)
		cem.enter(pad, -1)

		w.mu.Lock()
		delete(w.groups, ben.who.UserID)
		w.mu.Unlock()
		w.service.PersonChanged(context.Background(), ben.who.UserID)
		require.JSONEq(t, `{"code":"access_ended"}`, string(ben.hears("closed").Data))
		require.Equal(t, "not_joined", ben.send(pad, pads.KindUpdate, frameOf(pads.KindUpdate, 0, "x")).code())
		require.Empty(t, cem.send(pad, pads.KindUpdate, frameOf(pads.KindUpdate, 0, "x")).code())

		owner.must("PUT", "/pads/"+pad+"/shares/group/"+group, map[string]any{"right": "read"})
		require.JSONEq(t, `{"code":"access_changed"}`, string(cem.hears("closed").Data))
		require.Empty(t, cem.enter(pad, -1).code())
		require.Equal(t, "pads.right_missing", cem.send(pad, pads.KindUpdate, frameOf(pads.KindUpdate, 0, "x")).code())

		owner.must("DELETE", "/pads/"+pad, nil)
		require.JSONEq(t, `{"code":"pads.deleted"}`, string(cem.hears("closed").Data))
		require.Equal(t, "pads.not_found", owner.call("GET", "/pads/"+pad, nil).code())
	})
}

func TestRights_a_pad_keeps_an_owner(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada, ben := w.member("Ada"), w.member("Ben")
		pad := ada.pad("Plan")
		mine := "/pads/" + pad + "/shares/person/" + ada.who.UserID
		require.Equal(t, "pads.last_owner", ada.call("DELETE", mine, nil).code())
		require.Equal(t, "pads.last_owner", ada.call("PUT", mine, map[string]any{"right": "read"}).code())
		ada.share(pad, ben, "own")
		require.Equal(t, 204, ada.call("DELETE", mine, nil).Status)
		require.Equal(t, "pads.not_found", ada.call("GET", "/pads/"+pad, nil).code())
		require.Equal(t, "pads.subject_not_found",
			ben.call("PUT", "/pads/"+pad+"/shares/person/"+id.New(), map[string]any{"right": "read"}).code())
		require.Equal(t, "pads.share_invalid",
			ben.call("PUT", "/pads/"+pad+"/shares/everyone/everyone", map[string]any{"right": "own"}).code())
	})
}

func TestLinks_give_people_of_the_town_a_right_until_they_end(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada, ben, cem := w.member("Ada"), w.member("Ben"), w.member("Cem")
		pad := ada.pad("Plan")
		linkID, token := ada.link(pad, map[string]any{"right": "write", "label": "für alle"})
		until := w.clock.Now().Add(time.Hour)
		_, short := ada.link(pad, map[string]any{"right": "read", "expires_at": until})
		require.Equal(t, pad, ben.must("POST", "/pad-links/open", map[string]any{"token": token})["pad_id"])
		cem.must("POST", "/pad-links/open", map[string]any{"token": short})
		ben.enter(pad, -1)
		cem.enter(pad, -1)
		require.Equal(t, 200, ben.post(pad, frameOf(pads.KindUpdate, 0, "x")).Status)

		ada.must("DELETE", "/pads/"+pad+"/links/"+linkID, nil)
		require.JSONEq(t, `{"code":"access_ended"}`, string(ben.hears("closed").Data))
		require.Equal(t, "pads.not_found", ben.call("GET", "/pads/"+pad, nil).code())
		require.Equal(t, 410, ben.call("POST", "/pad-links/open", map[string]any{"token": token}).Status)

		w.clock.Advance(2 * time.Hour)
		require.JSONEq(t, `{"code":"access_ended"}`, string(cem.hears("closed").Data))
		require.Equal(t, "pads.not_found", cem.call("GET", "/pads/"+pad, nil).code())
		require.Equal(t, "pads.link_expiry_invalid",
			ada.call("POST", "/pads/"+pad+"/links", map[string]any{"right": "read", "expires_at": until}).code())
	})
}

func TestList_shows_what_one_may_open_latest_first(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada, ben := w.member("Ada"), w.member("Ben")
		var made []string
		for i := range 5 {
			w.clock.Advance(time.Minute)
			made = append(made, ada.pad(fmt.Sprint("Straßenplan ", i)))
		}
		ben.pad("von Ben")
		titles := func(p *somebody, query string) (all []string, next string) {
			body := p.must("GET", "/pads"+query, nil)
			raw, err := json.Marshal(body["items"])
			require.NoError(t, err)
			var items []pads.PadView
			require.NoError(t, json.Unmarshal(raw, &items))
			for _, one := range items {
				all = append(all, one.Title)
			}
			next, _ = body["next"].(string)
			return all, next
		}
		first, next := titles(ada, "?limit=3")
		require.Equal(t, []string{"Straßenplan 4", "Straßenplan 3", "Straßenplan 2"}, first)
		rest, end := titles(ada, "?limit=3&cursor="+next)
		require.Equal(t, []string{"Straßenplan 1", "Straßenplan 0"}, rest)
		require.Empty(t, end)
		found, _ := titles(ada, "?q=STRASSENPLAN%203")
		require.Equal(t, []string{"Straßenplan 3"}, found)
		none, _ := titles(ada, "?q=%25")
		require.Empty(t, none, "a percent sign is a character like any other")
		bens, _ := titles(ben, "")
		require.Equal(t, []string{"von Ben"}, bens)

		ada.must("PUT", "/pads/"+made[0]+"/shares/everyone/everyone", map[string]any{"right": "read"})
		bens, _ = titles(ben, "?limit=200")
		require.ElementsMatch(t, []string{"von Ben", "Straßenplan 0"}, bens)
		recent, _ := titles(ben, "?recent=true")
		require.Equal(t, []string{"von Ben"}, recent)
		w.clock.Advance(time.Minute)
		ben.enter(made[0], -1)
		recent, _ = titles(ben, "?recent=true")
		require.Equal(t, []string{"Straßenplan 0", "von Ben"}, recent)
	})
}

func TestTitle_is_told_to_everybody_in_the_pad(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada := w.member("Ada")
		pad := ada.pad("alt")
		ada.enter(pad, -1)
		ada.must("PATCH", "/pads/"+pad, map[string]any{"title": "Neue Satzung"})
		require.JSONEq(t, `{"title":"Neue Satzung"}`, string(ada.hears("title").Data))

		secret := ada.confidential()
		require.Equal(t, "pads.wrong_frame", ada.call("PATCH", "/pads/"+secret.id, map[string]any{"title": "offen"}).code())
		sealed := secret.frame(pads.KindTitle, 0, "geheim")
		ada.must("PATCH", "/pads/"+secret.id, map[string]any{"title_frame": b64(sealed)})
		require.Equal(t, b64(sealed), ada.must("GET", "/pads/"+secret.id, nil)["title_frame"])
		require.Empty(t, ada.must("GET", "/pads/"+secret.id, nil)["title"])
	})
}

// Requirement 000-05: nothing in the database says who wrote, or from where.
func TestPrivacy_deleting_leaves_nothing_and_frames_name_nobody(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada := w.member("Ada")
		pad := ada.pad("Plan")
		_, token := ada.link(pad, map[string]any{"right": "write"})
		guest := w.guest(token)
		guest.enter(pad, -1)
		for range 30 {
			require.Equal(t, 200, guest.post(pad, frameOf(pads.KindUpdate, 0, "x")).Status)
		}
		guest.must("POST", "/pads/"+pad+"/snapshots",
			map[string]any{"frame": b64(frameOf(pads.KindSnapshot, 30, "x")), "shadow": "Text der Seite"})

		tables := []string{"pads", "pad_updates", "pad_snapshots", "pad_access", "pad_visits", "pad_shadow"}
		for _, table := range tables {
			for _, row := range dump(t, w.db.Read(t.Context()), table) {
				require.NotContains(t, row, guest.who.UserID, table)
				require.NotContains(t, row, "127.0.0.1", table)
			}
		}
		ada.must("DELETE", "/pads/"+pad, nil)
		for _, table := range tables {
			require.Empty(t, dump(t, w.db.Read(t.Context()), table), table)
		}
	})
}

func dump(t *testing.T, db *gorm.DB, table string) (rows []string) {
	t.Helper()
	var all []map[string]any
	require.NoError(t, db.Table(table).Find(&all).Error)
	for _, one := range all {
		rows = append(rows, strings.ToLower(fmt.Sprint(one)))
	}
	return rows
}
