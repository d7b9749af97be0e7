package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// Requirement row 004-12: who is in the office decides who reads what is written
// to it, from the directory to the open socket; nobody else hears a word.
func TestOffice_is_read_by_whom_the_directory_counts_to_it_004_12(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		chief, anna := town.Person("Chefin", access.RoleAdmin), town.Person("Anna Müller", access.RoleMember)
		ben, cem := town.Person("Ben", access.RoleMember), town.Person("Cem", access.RoleMember)
		var office struct {
			ID     string
			Office bool
		}
		chief.Must("POST", "/admin/groups", map[string]any{"name": "Tiefbauamt"}, &office)
		member := func(method string, p *testkit.Person) {
			chief.Must(method, "/admin/groups/"+office.ID+"/members/"+p.ID, nil, nil)
		}
		member("PUT", ben)
		status, code := anna.Do("POST", "/chat/offices/"+office.ID, nil, nil)
		require.Equal(t, []any{http.StatusNotFound, "chat.office_not_found"}, []any{status, code}, "a group that is no office")
		chief.Must("PATCH", "/admin/groups/"+office.ID, map[string]any{"office": true}, &office)
		require.True(t, office.Office)
		var entries struct {
			Items []struct{ Detail map[string]any }
		}
		chief.Must("GET", "/admin/audit?action=group.changed", nil, &entries)
		require.Equal(t, true, entries.Items[0].Detail["office"])

		var room, again struct{ ID string }
		anna.Must("POST", "/chat/offices/"+office.ID, nil, &room)
		anna.Must("POST", "/chat/offices/"+office.ID, nil, &again)
		require.Equal(t, room.ID, again.ID)
		anna.Must("POST", "/chat/rooms/"+room.ID+"/messages", map[string]any{"client_id": id.New(), "text": canary}, nil)
		tabs := map[*testkit.Person]*testkit.Socket{}
		for _, p := range []*testkit.Person{ben, cem, chief} {
			tabs[p] = p.Socket()
			tabs[p].Join("me", -1)
		}
		require.Nil(t, tabs[ben].Ask("join", "room:"+room.ID, nil).Error)
		for _, p := range []*testkit.Person{cem, chief} {
			require.Equal(t, "chat.room_not_found", tabs[p].Ask("join", "room:"+room.ID, nil).Error.Code)
			_, code = p.Do("GET", "/chat/rooms/"+room.ID+"/messages", nil, nil)
			require.Equal(t, "chat.room_not_found", code)
		}

		began := time.Now()
		member("PUT", cem)
		member("DELETE", ben)
		tabs[cem].Event("room_added")
		tabs[ben].Event("room_removed")
		require.Less(t, time.Since(began), 10*time.Second)
		var page struct{ Messages []struct{ Text string } }
		cem.Must("GET", "/chat/rooms/"+room.ID+"/messages", nil, &page)
		require.Equal(t, canary, page.Messages[0].Text)
		_, code = ben.Do("GET", "/chat/rooms/"+room.ID+"/messages", nil, nil)
		require.Equal(t, "chat.room_not_found", code)
		anna.Must("POST", "/chat/rooms/"+room.ID+"/messages", map[string]any{"client_id": id.New(), "text": "Nachtrag"}, nil)
		chief.Must("DELETE", "/admin/groups/"+office.ID, nil, nil)
		require.Equal(t, "removed", removedBecause(tabs[cem]), "of a group that is gone nobody stays")
		for _, f := range tabs[chief].Seen() {
			require.False(t, strings.Contains(string(f.Data)+string(f.OK), canary))
		}
		for _, f := range tabs[ben].Seen() {
			require.NotContains(t, string(f.Data), "Nachtrag")
		}
	})
}

func removedBecause(s *testkit.Socket) string {
	var gone struct{ Reason string }
	s.Event("room_removed").Into(s, &gone)
	return gone.Reason
}
