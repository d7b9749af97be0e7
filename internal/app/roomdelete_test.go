package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/testkit"
)

// What hangs on a room goes with it: the call that runs in it, its links, the
// guests who came by them, and what the search knows of it.
func TestDeletedRoomTakesItsCallLinksAndGuestsAlong(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		d := newDoors(t, town, map[string]any{"right": "write", "days": 1})
		member := town.Person("Ida Innen", access.RoleMember)
		d.owner.Must("POST", "/chat/rooms/"+d.room+"/members", map[string]any{"user_ids": []string{member.ID}}, nil)
		guest := d.guest("Frau Bürger")
		tab := guest.Socket()
		defer tab.Close()
		if answer := tab.Ask("join", "room:"+d.room, nil); answer.Error != nil {
			t.Fatalf("the guest should be in the room: %+v", answer.Error)
		}
		var room struct{ Name string }
		d.owner.Must("GET", "/chat/rooms/"+d.room, nil, &room)
		var call struct{ ID string }
		d.owner.Must("POST", "/meet/meetings", map[string]any{"room_id": d.room}, &call)
		require.Equal(t, 1, d.count("meetings", "id = ? AND ended_at IS NULL", call.ID))

		d.owner.Must("POST", "/chat/rooms/"+d.room+"/delete", map[string]any{"name": room.Name}, nil)
		tab.Until("the end of the room", func(f testkit.Frame) bool { return f.Event == "closed" && f.Topic == "room:"+d.room })
		require.Zero(t, d.count("meetings", "id = ? AND ended_at IS NULL", call.ID), "the call has ended")
		for _, p := range []*testkit.Person{d.owner, member} {
			status, code := p.Do("GET", "/chat/rooms/"+d.room, nil, nil)
			require.Equal(t, http.StatusNotFound, status, code)
		}
		require.Eventually(t, func() bool {
			return d.count("chat_rooms", "id = ?", d.room) == 0 && d.count("guest_links", "object_id = ? AND revoked_at IS NULL", d.room) == 0
		}, 30*time.Second, 20*time.Millisecond, "room and links should go")
		status, _ := guest.Do("GET", "/chat/rooms", nil, nil)
		require.Equal(t, http.StatusUnauthorized, status, "the guest's session had nothing else")
		require.Equal(t, 1, d.count("audit_log", "action = 'room.deleted' AND object_id = ? AND actor_id = ?", d.room, d.owner.ID))
	})
}
