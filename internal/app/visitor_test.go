package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/config"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// Requirement rows 003-02, 004-09: somebody whose account is that of a guest may
// do in their rooms what guests by link may, has what is kept for a person, and
// is refused the rest of the house alike.
func TestGuest_with_an_account_may_what_a_guest_by_link_may(t *testing.T) {
	t.Parallel()
	const guestCell = 1
	town := testkit.Start(t)
	rows, own := 0, 0
	for _, kind := range []struct {
		rules []rule
		ask   func(*scene, rule) string
	}{{httpRules(), (*scene).request}, {socketRules(), (*scene).operate}} {
		for _, r := range kind.rules {
			if !ofVisitors(r.op) {
				continue
			}
			rows++
			want := r.account
			if want == "" {
				want = r.cells()[guestCell]
			} else {
				own++
			}
			t.Run(r.op, func(t *testing.T) {
				t.Parallel()
				if got := kind.ask(newCast(t, town).scene(t, "visitor"), r); got != want {
					t.Errorf("a guest with an account is answered %s, want %s", got, want)
				}
			})
		}
	}
	if rows < 120 || own < 25 {
		t.Errorf("only %d operations were tried, %d of them on what is a person's own", rows, own)
	}
}

// ofVisitors leaves out what needs a link of the scene, which the visitor has not taken.
func ofVisitors(op string) bool {
	_, path, _ := strings.Cut(op, " ")
	for _, linked := range []string{"/pads", "/meet", "pad.", "meeting."} {
		if strings.HasPrefix(path, linked) || strings.HasPrefix(op, linked) {
			return false
		}
	}
	return true
}

// visitors is a room of a guest with an account, and one that is not theirs.
type visitors struct {
	t               *testing.T
	town            *testkit.Town
	owner           *testkit.Person
	guest           *testkit.Person
	room, elsewhere string
	said, secret    string // a message of each
}

func newVisitors(t *testing.T, town *testkit.Town) *visitors {
	t.Helper()
	v := &visitors{t: t, town: town, owner: town.Person("Emma Eigen", access.RoleMember), guest: town.Person("Vera Gast", access.RoleGuest)}
	v.room = openRoom(t, v.owner, "private", "Bauprojekt", v.guest.ID)
	v.elsewhere = openRoom(t, v.owner, "public", canary)
	v.said = say(t, v.owner, v.room, "Der Plan liegt bei")
	v.secret = say(t, v.owner, v.elsewhere, canary)
	return v
}

func soon() string { return time.Now().Add(time.Hour).UTC().Format(time.RFC3339) }

// Requirement row 003-02: what is kept for a person is kept for guests with an
// account too, follows to their other devices, and is theirs alone.
func TestWhatIsKeptForAGuestFollowsThem(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		v := newVisitors(t, testkit.Start(t, on))
		phone := v.town.SignIn(v.guest.ID, v.guest.Name).Socket()
		phone.Join("me", -1)
		in := "/chat/rooms/" + v.room
		v.guest.Must("PUT", in+"/draft", map[string]any{"text": "Noch nicht", "meant": []any{}, "written_at": time.Now().UTC().Format(time.RFC3339)}, nil)
		v.guest.Must("PUT", in+"/messages/"+v.said+"/saved", map[string]any{"remind_at": soon()}, nil)
		v.guest.Must("PATCH", in+"/wishes", map[string]any{"level": "mentions"}, nil)
		v.guest.Must("PUT", "/chat/layout", map[string]any{"version": 0, "favourites": []string{v.room}, "sections": []any{}}, nil)
		v.guest.Must("POST", in+"/later", map[string]any{"send_at": soon(), "message": map[string]any{"client_id": id.New(), "text": "Morgen"}}, nil)
		v.guest.Must("PUT", "/chat/settings", map[string]any{"quiet": map[string]any{"until": soon(), "times": []any{}}, "hide_content": true, "sound": false, "announce": "all", "presence": true, "receipts": true}, nil)
		v.guest.Must("POST", in+"/unread", map[string]any{"seq": 1}, nil)
		for _, event := range []string{"draft", "saved", "room_wishes", "layout", "later", "settings", "room_read"} {
			phone.Event(event)
		}
		var me struct {
			Personal struct {
				Settings struct{ Presence, Receipts bool }
				Layout   struct{ Favourites []string }
				Drafts   []struct{ Begins string }
				Saved    []struct {
					MessageID string `json:"message_id"`
				}
				Later []struct{ ID string }
			} `json:"chat_personal"`
		}
		v.guest.Must("GET", "/me", nil, &me)
		require.Equal(t, []string{v.room}, me.Personal.Layout.Favourites)
		require.Len(t, me.Personal.Drafts, 1)
		require.Equal(t, v.said, me.Personal.Saved[0].MessageID)
		require.Len(t, me.Personal.Later, 1)
		require.False(t, me.Personal.Settings.Presence || me.Personal.Settings.Receipts, "guests tell nobody that they are here or have read")
		var theirs json.RawMessage
		v.owner.Must("GET", "/me", nil, &theirs)
		require.NotContains(t, string(theirs), "Noch nicht")
	})
}

// Requirement row 003-02: nothing that is kept for a guest leads into a room or
// to a person that is not theirs, and what was kept of a room goes with it.
func TestWhatIsKeptForAGuestLeaksNothing(t *testing.T) {
	t.Parallel()
	v := newVisitors(t, testkit.Start(t))
	stranger := v.town.Person("Otto Aussen", access.RoleMember)
	for _, p := range []*testkit.Person{stranger, v.owner} {
		p.Must("PUT", "/chat/status", map[string]any{"text": "im Außendienst " + p.Name}, nil)
	}
	var said struct {
		Items []struct {
			PersonID string `json:"person_id"`
		}
	}
	v.guest.Must("GET", "/chat/status?people="+stranger.ID+","+v.owner.ID, nil, &said)
	require.Len(t, said.Items, 1)
	require.Equal(t, v.owner.ID, said.Items[0].PersonID, "of people in other rooms nothing is told")

	at := "/chat/rooms/" + v.elsewhere
	for _, try := range []struct {
		method, path string
		body         any
	}{
		{"PUT", at + "/messages/" + v.secret + "/saved", map[string]any{}},
		{"PUT", "/chat/rooms/" + v.room + "/messages/" + v.secret + "/saved", map[string]any{}},
		{"PUT", at + "/draft", map[string]any{"text": "x", "meant": []any{}, "written_at": soon()}},
		{"PATCH", at + "/wishes", map[string]any{"level": "all"}},
		{"POST", at + "/unread", map[string]any{"seq": 1}},
		{"POST", at + "/later", map[string]any{"send_at": soon(), "message": map[string]any{"client_id": id.New(), "text": "x"}}},
	} {
		status, _ := v.guest.Do(try.method, try.path, try.body, nil)
		require.Equal(t, http.StatusNotFound, status, "%s %s", try.method, try.path)
	}

	// Brought into the public room, then taken out of it.
	v.owner.Must("POST", at+"/members", map[string]any{"user_ids": []string{v.guest.ID}}, nil)
	v.guest.Must("PUT", at+"/messages/"+v.secret+"/saved", map[string]any{"remind_at": soon()}, nil)
	v.guest.Must("PUT", at+"/messages/"+v.secret+"/following", map[string]any{"following": true}, nil)
	send(t, v.owner, v.elsewhere, map[string]any{"text": canary, "thread_id": v.secret})
	v.owner.Must("DELETE", at+"/members/"+v.guest.ID, nil, nil)
	for _, path := range []string{"/me", "/chat/saved", "/chat/threads", "/chat/drafts", "/chat/later", "/chat/rooms", "/chat/layout", "/search?q=" + canary} {
		status, _, body := v.guest.Raw("GET", path, nil, nil)
		require.Equal(t, http.StatusOK, status, path)
		require.False(t, bytes.Contains(body, []byte(v.secret)) || bytes.Contains(body, []byte(canary)) && !strings.HasPrefix(path, "/search"), "GET %s tells of a foreign room: %.300s", path, body)
	}
	for name, text := range takeAlong(t, v.guest, map[string]any{"kind": "mine"}) {
		require.False(t, strings.Contains(text, canary) || strings.Contains(text, v.secret) || strings.Contains(text, "Der Plan liegt bei"), "%s holds what is not theirs", name)
	}
	status, code := v.guest.Do("POST", "/exports", map[string]any{"kind": "room", "room": v.room}, nil)
	require.Equal(t, http.StatusForbidden, status)
	require.Equal(t, "export.guests_take_theirs", code)
}

// A guest changes how the portal looks for them, not what others know them by.
func TestAGuestKeepsTheNameThatTheyWereGiven(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	guest := town.Person("Vera Gast", access.RoleGuest)
	guest.Must("PATCH", "/auth/me", map[string]any{"theme": "dark", "locale": "en"}, nil)
	status, code := guest.Do("PATCH", "/auth/me", map[string]any{"name": "Die Bürgermeisterin"}, nil)
	require.Equal(t, http.StatusForbidden, status)
	require.Equal(t, "auth.name_is_given", code)
	for _, field := range []string{"phone", "room", "deputy_id"} {
		status, code = guest.Do("PATCH", "/auth/me", map[string]any{field: "12"}, nil)
		require.Equal(t, http.StatusForbidden, status, "guests do not stand in the address book: %s", field)
		require.Equal(t, "not_allowed", code)
	}
	var session struct {
		Me struct{ Name, Theme, Locale string }
	}
	guest.Must("GET", "/auth/session", nil, &session)
	require.Equal(t, "Vera Gast dark en", session.Me.Name+" "+session.Me.Theme+" "+session.Me.Locale)
}

// Who becomes a guest keeps nothing of public rooms and of pads, tells nobody any
// more that they are here, and writes as a guest what waited for its time.
func TestWhoBecomesAGuestKeepsWhatIsTheirsOnly(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t, testkit.With(func(c *config.Config) { c.Chat.Presence, c.Chat.ReadReceipts = "optional", "optional" }))
	v := newVisitors(t, town)
	vera := town.Person("Rita Rolle", access.RoleMember)
	settings := map[string]any{"quiet": map[string]any{"times": []any{}}, "hide_content": false, "sound": false, "announce": "all", "presence": true, "receipts": true}
	vera.Must("PUT", "/chat/settings", settings, nil)
	vera.Must("POST", "/pads", map[string]any{"class": "organisation", "title": canary}, nil)
	vera.Must("PUT", "/chat/rooms/"+v.elsewhere+"/messages/"+v.secret+"/saved", map[string]any{}, nil)
	require.NoError(t, town.Program.Directory().SetRole(t.Context(), vera.ID, access.RoleGuest))
	vera = town.SignIn(vera.ID, vera.Name)
	require.Eventually(t, func() bool {
		var n int
		read := town.Program.Database().Read(t.Context())
		return read.Raw("SELECT count(*) FROM chat_people WHERE user_id = ? AND (presence OR receipts)", vera.ID).Row().Scan(&n) == nil && n == 0
	}, 20*time.Second, 20*time.Millisecond)
	for _, path := range []string{"/me", "/chat/saved"} {
		_, _, body := vera.Raw("GET", path, nil, nil)
		require.NotContains(t, string(body), v.secret, path)
	}
	for name, text := range takeAlong(t, vera, map[string]any{"kind": "mine"}) {
		require.NotContains(t, text, canary, name)
	}
}
