package chat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

func (k *rig) view(p access.Principal, room string) chat.Room {
	k.tb.Helper()
	r, err := k.chat.Room(ctx, p, room)
	require.NoError(k.tb, err)
	return r
}

func (k *rig) unreadOf(p access.Principal, room string) int { return k.view(p, room).Unread }

func TestConversation_is_out_of_ones_own_list_until_the_next_message(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		first := k.send(bob, room.ID, "Hallo")
		phone := k.tab(ada)
		phone.joinMe()
		require.Equal(t, 1, k.unreadOf(ada, room.ID))

		require.Nil(t, k.call(ada, "PUT", "/rooms/"+room.ID+"/hidden", map[string]any{"hidden": true}, nil))
		phone.event("room_hidden", about(room.ID, `"hidden":true`))
		require.True(t, k.view(ada, room.ID).Hidden)
		require.Zero(t, k.unreadOf(ada, room.ID), "what was unread counts as read")
		require.False(t, k.view(bob, room.ID).Hidden, "the other's list stays as it is")
		_, err = k.chat.React(ctx, bob, room.ID, first.ID, "👍", true)
		require.NoError(t, err)
		require.True(t, k.view(ada, room.ID).Hidden, "a reaction is no message")

		k.send(bob, room.ID, "Noch da?")
		require.False(t, k.view(ada, room.ID).Hidden)
		require.Equal(t, 1, k.unreadOf(ada, room.ID))

		require.NoError(t, k.chat.Hide(ctx, ada, room.ID, true))
		again, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		require.Equal(t, []any{room.ID, false}, []any{again.ID, again.Hidden}, "who writes to the person has it again")
		phone.event("room_hidden", about(room.ID, `"hidden":false`))

		require.NoError(t, k.chat.Hide(ctx, ada, room.ID, true))
		_, err = k.chat.Unread(ctx, ada, room.ID, first.Seq)
		require.NoError(t, err)
		require.False(t, k.view(ada, room.ID).Hidden, "what waits is in the list")

		mine, err := k.chat.OneselfRoom(ctx, ada)
		require.NoError(t, err)
		require.NoError(t, k.chat.Hide(ctx, ada, mine.ID, true))
		mine, err = k.chat.OneselfRoom(ctx, ada)
		require.NoError(t, err)
		require.False(t, mine.Hidden)

		market := k.room(ada, chat.Public, "Markt", bob)
		require.Equal(t, "chat.room_is_not_direct", code(k.chat.Hide(ctx, ada, market.ID, true)))
		require.Equal(t, "chat.room_not_found", k.call(k.person("Otto"), "PUT", "/rooms/"+room.ID+"/hidden", map[string]any{"hidden": true}, nil).Code)
	})
}

func TestGroup_can_be_left_and_ends_with_the_last(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		k.works(t)
		ada, bob, cem := k.person("Ada"), k.person("Bob"), k.person("Cem")
		others := []string{bob.UserID, cem.UserID}
		room, err := k.chat.Direct(ctx, ada, others)
		require.NoError(t, err)
		k.send(bob, room.ID, "Zu dritt")
		_, err = k.chat.Arrange(ctx, bob, chat.Layout{Favourites: []string{room.ID}, Sections: []chat.Section{}})
		require.NoError(t, err)
		phone, stays := k.tab(bob), k.tab(ada)
		phone.joinMe()
		require.Nil(t, stays.join(room.ID))

		require.Nil(t, k.call(bob, "POST", "/rooms/"+room.ID+"/leave", nil, nil))
		phone.event("room_removed", about(room.ID, `"reason":"left"`))
		phone.event("layout", about(`"favourites":[]`))
		entry := decode(t, stays.event("message", nil), &chat.Message{})
		require.Equal(t, chat.KindLeft, entry.Kind)
		require.Equal(t, "chat.room_not_found", k.call(bob, "GET", "/rooms/"+room.ID, nil, nil).Code)
		left := k.view(ada, room.ID)
		require.Equal(t, []any{2, "Cem"}, []any{left.Members, left.People[0].Name})
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Add(ctx, ada, room.ID, chat.NewMembers{UserIDs: []string{bob.UserID}})), "who left does not come back")

		fresh, err := k.chat.Direct(ctx, ada, others)
		require.NoError(t, err)
		require.NotEqual(t, room.ID, fresh.ID, "the same people have a new one")

		require.NoError(t, k.chat.Leave(ctx, cem, room.ID))
		require.NoError(t, k.chat.Leave(ctx, ada, room.ID))
		k.soon("nothing is left of it", func() bool { return len(k.traces(room.ID)) == 0 })

		two, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Leave(ctx, ada, two.ID)))
	})
}

// The places of a deleted room in people's lists go with it.
func TestDeleted_room_is_in_nobodys_list(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room, kept := k.room(ada, chat.Public, "Markt", bob), k.room(ada, chat.Public, "Bleibt", bob)
		_, err := k.chat.Arrange(ctx, ada, chat.Layout{Favourites: []string{kept.ID, room.ID}, Sections: []chat.Section{}})
		require.NoError(t, err)
		_, err = k.chat.Arrange(ctx, bob, chat.Layout{Favourites: []string{}, Sections: []chat.Section{{ID: id.New(), Name: "Wichtig", Rooms: []string{room.ID, kept.ID}}}})
		require.NoError(t, err)
		phone := k.tab(bob)
		phone.joinMe()
		require.NoError(t, k.chat.DeleteRoom(ctx, ada, room.ID, "Markt"))
		phone.event("layout", about(`"version":2`, kept.ID))
		for _, p := range []access.Principal{ada, bob} {
			l, err := k.chat.LayoutOf(ctx, p)
			require.NoError(t, err)
			require.Equal(t, int64(2), l.Version)
			require.NotContains(t, append(l.Favourites, sectionRooms(l)...), room.ID)
			require.Contains(t, append(l.Favourites, sectionRooms(l)...), kept.ID)
		}
	})
}

func sectionRooms(l chat.Layout) []string {
	var out []string
	for _, s := range l.Sections {
		out = append(out, s.Rooms...)
	}
	return out
}
