package chat_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

var ctx = context.Background()

// open opens a private room of a form.
func (k *rig) open(p access.Principal, form chat.Form, members ...access.Principal) chat.Room {
	k.tb.Helper()
	in := chat.NewRoom{Kind: chat.Private, Form: form, Name: "Raum " + id.New()}
	for _, m := range members {
		in.Members = append(in.Members, m.UserID)
	}
	r, err := k.chat.Open(ctx, p, in)
	require.NoError(k.tb, err)
	return r
}

func (k *rig) role(p access.Principal, room string, who access.Principal, role chat.Role) {
	k.tb.Helper()
	require.NoError(k.tb, k.chat.SetRole(ctx, p, room, who.UserID, role))
}

// Requirement row 000-14: a third person does not learn that two talk.
func TestDirect_room_is_not_there_for_a_third_000_14(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, admin := k.person("Ada"), k.person("Bob"), k.somebody("Chef", access.RoleAdmin)
		room, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		said := k.send(ada, room.ID, "Unter uns")
		for method, path := range map[string]string{
			"GET": "", "PATCH": "", "DELETE": "/messages/" + said.ID, "POST": "/messages", "PUT": "/messages/" + said.ID + "/solved",
		} {
			body := map[string]any{"PATCH": map[string]any{"topic": "x"}, "POST": map[string]any{"client_id": id.New(), "text": "x"}, "PUT": map[string]any{"solved": true}}[method]
			for _, p := range []access.Principal{k.person("Otto"), admin} {
				f := k.call(p, method, "/rooms/"+room.ID+path, body, nil)
				require.Equal(t, []string{"chat.room_not_found", "Not Found"}, []string{f.Code, f.RequestID}, method+path)
			}
		}
	})
}

// CVE class 22: the name of a room, of a person or of a message is no id of a room.
func TestRoom_is_found_by_its_id_only(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		secret := k.room(ada, chat.Private, "Personalrat")
		said := k.send(ada, secret.ID, "x")
		direct, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		lookalike := k.room(bob, chat.Public, secret.ID)
		for _, alias := range []string{"personalrat", said.ID, ada.UserID, ada.UserID + ":" + bob.UserID, "group:" + secret.ID} {
			_, err := k.chat.StateAfter(ctx, bob, alias, -1)
			require.Equal(t, "chat.room_not_found", code(err), alias)
		}
		for _, room := range []string{secret.ID} {
			_, err := k.chat.StateAfter(ctx, bob, room, -1)
			require.Equal(t, "chat.room_not_found", code(err), "a public room that is called like the id of a private one opens nothing")
		}
		require.NotEqual(t, lookalike.ID, secret.ID)
		_, err = k.chat.Delete(ctx, bob, direct.ID, said.ID)
		require.Equal(t, "chat.message_not_found", code(err), "a message of another room")
	})
}

func TestRoles_act_at_once_and_leave_an_entry(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.open(ada, chat.Talk, bob, eva)
		said := k.send(eva, room.ID, "Unfug")
		reader := k.tab(bob)
		require.Nil(t, reader.join(room.ID))
		require.Equal(t, "chat.not_your_message", reader.ask("delete", "room:"+room.ID, nil, map[string]any{"id": said.ID}, nil).Code)

		k.role(ada, room.ID, bob, chat.Moderator)
		entry := decode(t, reader.event("message", nil), &chat.Message{})
		require.Equal(t, []string{chat.KindRole, "moderator", "Bob"}, []string{entry.Kind, entry.Data.Role, entry.People[0].Name})
		require.Nil(t, reader.ask("delete", "room:"+room.ID, nil, map[string]any{"id": said.ID}, nil))
		require.Equal(t, "chat.owners_only", code(k.chat.Remove(ctx, bob, room.ID, ada.UserID)))
		require.Equal(t, "chat.owners_only", code(k.chat.SetRole(ctx, bob, room.ID, bob.UserID, chat.Owner)), "nobody raises themselves")
		require.NoError(t, k.chat.Remove(ctx, bob, room.ID, eva.UserID))
		require.Equal(t, "chat.last_owner", code(k.chat.SetRole(ctx, ada, room.ID, ada.UserID, chat.Moderator)))
		slow := 30
		_, err := k.chat.Change(ctx, bob, room.ID, chat.RoomChange{SlowSeconds: &slow})
		require.NoError(t, err, "those who moderate set the pace")
		name := "Umbenannt"
		_, err = k.chat.Change(ctx, bob, room.ID, chat.RoomChange{SlowSeconds: &slow, Name: &name})
		require.Equal(t, "chat.owners_only", code(err))
	})
}

func TestGuests_of_the_town_are_guests_in_rooms_001_20(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, expert := k.person("Ada"), k.person("Bob"), k.somebody("Gutachter", access.RoleGuest)
		room := k.open(ada, chat.Talk, bob)
		k.room(ada, chat.Public, "Markt")
		require.NoError(t, k.chat.Add(ctx, ada, room.ID, chat.NewMembers{UserIDs: []string{expert.UserID}}))
		said := k.send(expert, room.ID, "Guten Tag")
		require.True(t, said.Author.Guest)
		mine, err := k.chat.RoomsOf(ctx, expert)
		require.NoError(t, err)
		require.Len(t, mine.Rooms, 1, "a guest sees only their rooms")
		require.Equal(t, "guest", mine.Rooms[0].Role)
		require.Equal(t, "not_allowed", k.call(expert, "GET", "/public-rooms", nil, nil).Code)
		require.Equal(t, "not_allowed", k.call(expert, "POST", "/rooms", map[string]any{"kind": "private", "name": "x"}, nil).Code)
		require.Equal(t, "chat.moderators_only", code(k.chat.Add(ctx, expert, room.ID, chat.NewMembers{UserIDs: []string{bob.UserID}})))
		require.Equal(t, "chat.guest_stays_guest", code(k.chat.SetRole(ctx, ada, room.ID, expert.UserID, chat.Owner)))
		_, err = k.chat.Direct(ctx, ada, []string{expert.UserID})
		require.Equal(t, "chat.partner_unknown", code(err))
	})
}

func TestWhole_group_is_added_with_one_entry(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.open(ada, chat.Talk)
		people := []access.Principal{ada}
		for range 30 {
			people = append(people, k.person("Kollegin"))
		}
		bauhof := k.group("Bauhof", people...)
		require.NoError(t, k.chat.Add(ctx, ada, room.ID, chat.NewMembers{GroupIDs: []string{bauhof}}))
		now, err := k.chat.Room(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Equal(t, 31, now.Members)
		entry := k.message(ada, room.ID, now.LastSeq)
		require.Equal(t, 30, entry.Data.Count)
		require.Len(t, entry.People, 20)
		require.NoError(t, k.chat.Add(ctx, ada, room.ID, chat.NewMembers{GroupIDs: []string{bauhof}}))
	})
}

// That of many at once only so many get in is tested with the whole program,
// whose links are in the database.
func TestLink_lets_in_as_many_as_it_says(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.open(ada, chat.Talk, bob)
		_, err := k.chat.MakeLink(ctx, bob, room.ID, chat.NewLink{Right: chat.LinkForPeople, Days: 1})
		require.Equal(t, "chat.moderators_only", code(err))
		link, err := k.chat.MakeLink(ctx, ada, room.ID, chat.NewLink{Right: chat.LinkForPeople, Days: 1, MaxUses: 3})
		require.NoError(t, err)
		_, err = k.chat.JoinByLink(ctx, bob, link.Token)
		require.NoError(t, err, "who is a member takes no use")
		_, err = k.chat.JoinByLink(ctx, k.somebody("Gast", access.RoleGuest), link.Token)
		require.Equal(t, "auth.link_for_people", code(err))
		for n := range 5 {
			_, err := k.chat.JoinByLink(ctx, k.person("Neu"), link.Token)
			require.Equal(t, n < 3, err == nil, "use %d", n)
		}
		now, err := k.chat.Room(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Equal(t, 5, now.Members)
		require.NoError(t, k.chat.EndLink(ctx, ada, room.ID, link.ID))
		_, err = k.chat.JoinByLink(ctx, k.person("Spät"), link.Token)
		require.Equal(t, "auth.link_unknown", code(err))
	})
}

func TestArchived_room_is_listed_apart_and_opens_again(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.open(ada, chat.Talk, bob)
		yes, no := true, false
		_, err := k.chat.Change(ctx, ada, room.ID, chat.RoomChange{Archived: &yes})
		require.NoError(t, err)
		mine, err := k.chat.RoomsOf(ctx, bob)
		require.NoError(t, err)
		require.Empty(t, mine.Rooms)
		old, err := k.chat.ArchivedRooms(ctx, bob)
		require.NoError(t, err)
		require.Equal(t, room.ID, old.Rooms[0].ID)
		_, err = k.say(ada, room.ID, chat.NewMessage{Text: "x"})
		require.Equal(t, "chat.room_archived", code(err))
		_, err = k.chat.Change(ctx, ada, room.ID, chat.RoomChange{Archived: &no})
		require.NoError(t, err)
		state, err := k.chat.StateAfter(ctx, bob, room.ID, -1)
		require.NoError(t, err)
		var kinds []string
		for _, m := range state.Messages {
			kinds = append(kinds, m.Kind)
		}
		require.Equal(t, []string{chat.KindCreated, chat.KindArchived, chat.KindReopened}, kinds)
	})
}
