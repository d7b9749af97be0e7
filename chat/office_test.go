package chat_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

// names of the rooms that p sees, with who wrote to an office.
func (k *rig) titles(p access.Principal) []string {
	k.tb.Helper()
	mine, err := k.chat.RoomsOf(ctx, p)
	require.NoError(k.tb, err)
	var out []string
	for _, r := range mine.Rooms {
		title := r.Name
		if r.Sender != nil {
			title += " · " + r.Sender.Name
		}
		out = append(out, title)
	}
	return out
}

// Requirement row 004-12: one writes to a function, not to a person.
func TestOffice_is_one_conversation_of_a_person_with_everybody_in_it_004_12(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		anna, ben, cem, otto := k.person("Anna"), k.person("Ben"), k.person("Cem"), k.somebody("Otto", access.RoleAdmin)
		visitor := k.somebody("Gast", access.RoleGuest)
		office := k.office("Tiefbauamt", ben, cem, visitor)
		desk := k.tab(ben)
		desk.joinMe()
		room, err := k.chat.WriteToOffice(ctx, anna, office)
		require.NoError(t, err)
		require.Equal(t, []any{chat.OfficeRoom, "Tiefbauamt", (*chat.Person)(nil), 3}, []any{room.Kind, room.Name, room.Sender, room.Members})
		require.True(t, room.CanPost)
		require.False(t, room.CanManage || room.CanModerate || room.CanAdd)
		again, err := k.chat.WriteToOffice(ctx, anna, office)
		require.NoError(t, err)
		require.Equal(t, room.ID, again.ID)

		said := k.send(anna, room.ID, "Schlagloch in der Hauptstraße")
		desk.event("room_bumped", about(room.ID))
		require.Equal(t, []string{"Tiefbauamt"}, k.titles(anna))
		require.Equal(t, []string{"Tiefbauamt · Anna"}, k.titles(ben))
		answer := k.send(cem, room.ID, "Wird morgen gefüllt")
		page, err := k.chat.History(ctx, anna, room.ID, chat.Span{})
		require.NoError(t, err)
		require.Equal(t, []string{said.ID, answer.ID}, []string{page.Messages[0].ID, page.Messages[1].ID})
		title, err := k.chat.CallTitle(ctx, ben, room.ID)
		require.NoError(t, err)
		require.Equal(t, "Tiefbauamt · Anna", title)

		for _, p := range []access.Principal{otto, visitor, k.person("Fritz")} {
			require.Equal(t, "chat.room_not_found", k.call(p, "GET", "/rooms/"+room.ID, nil, nil).Code, p.Name)
			require.Empty(t, k.titles(p), p.Name)
		}
		for _, p := range []access.Principal{anna, ben} {
			require.Equal(t, "chat.direct_is_fixed", code(k.chat.Leave(ctx, p, room.ID)))
			require.Equal(t, "chat.direct_is_fixed", code(k.chat.Add(ctx, p, room.ID, chat.NewMembers{UserIDs: []string{otto.UserID}})))
			require.Equal(t, "chat.direct_is_fixed", code(k.chat.Remove(ctx, p, room.ID, cem.UserID)))
			require.Equal(t, "chat.direct_is_fixed", k.call(p, "POST", "/rooms/"+room.ID+"/delete", map[string]any{"name": "Tiefbauamt"}, nil).Code)
		}
		require.Equal(t, "not_allowed", k.call(visitor, "POST", "/offices/"+office, nil, nil).Code)
	})
}

func TestOffice_conversations_follow_the_office_004_12(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		k.works(t)
		anna, ben, cem, dora := k.person("Anna"), k.person("Ben"), k.person("Cem"), k.person("Dora")
		office := k.office("Tiefbauamt", ben, cem)
		room, err := k.chat.WriteToOffice(ctx, anna, office)
		require.NoError(t, err)
		said := k.send(anna, room.ID, "Schlagloch")
		gone, came := k.tab(cem), k.tab(dora)
		came.joinMe()
		require.Nil(t, gone.join(room.ID))

		k.changeGroup(office, func(g *group) { g.members = []string{ben.UserID, dora.UserID} })
		came.event("room_added", about(room.ID))
		gone.event("room_removed", about(room.ID, `"reason":"removed"`))
		gone.event("closed", about("access_ended"))
		require.Equal(t, "chat.room_not_found", k.call(cem, "GET", "/rooms/"+room.ID+"/messages", nil, nil).Code)
		page, err := k.chat.History(ctx, dora, room.ID, chat.Span{})
		require.NoError(t, err)
		require.Equal(t, said.ID, page.Messages[0].ID, "who comes later reads what was written before")
		require.Zero(t, k.unreadOf(dora, room.ID))

		k.changeGroup(office, func(g *group) { g.name = "Straßenbau"; g.members = []string{dora.UserID, anna.UserID} })
		k.soon("the new name", func() bool { return slices.Equal(k.titles(anna), []string{"Straßenbau"}) })
		require.Empty(t, k.titles(ben))
		k.changeGroup(office, func(g *group) { g.members = []string{dora.UserID} })
		k.soon("the sender stays", func() bool { return k.count(t, "SELECT count(*) FROM chat_members WHERE room_id = ?", room.ID) == 2 })
		require.Equal(t, []string{"Straßenbau"}, k.titles(anna))

		k.changeGroup(office, func(g *group) { g.office = false })
		k.soon("an office that takes nothing any more", func() bool { return len(k.titles(anna)) == 0 })
		require.Equal(t, "chat.room_archived", k.call(anna, "POST", "/rooms/"+room.ID+"/messages", chat.NewMessage{ClientID: id.New(), Text: "Hallo?"}, nil).Code)
		other := k.person("Emil")
		require.Equal(t, "chat.office_not_found", k.call(other, "POST", "/offices/"+office, nil, nil).Code)
		k.changeGroup(office, func(g *group) { *g = group{} })
		k.soon("of a group that is gone nobody stays", func() bool { return k.count(t, "SELECT count(*) FROM chat_members WHERE room_id = ?", room.ID) == 1 })
		_, err = k.chat.History(ctx, anna, room.ID, chat.Span{})
		require.NoError(t, err)
	})
}

// What changed while the program did not run is found at its start.
func TestOffice_is_followed_from_the_start_of_the_program(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		anna, ben, cem := k.person("Anna"), k.person("Ben"), k.person("Cem")
		office := k.office("Bürgerbüro", ben)
		room, err := k.chat.WriteToOffice(ctx, anna, office)
		require.NoError(t, err)
		k.town.mu.Lock()
		k.town.groups[office] = group{name: "Bürgerbüro", office: true, members: []string{cem.UserID}}
		k.town.mu.Unlock()
		k.works(t)
		k.soon("the people of now", func() bool {
			return k.call(cem, "GET", "/rooms/"+room.ID, nil, nil) == nil && k.call(ben, "GET", "/rooms/"+room.ID, nil, nil) != nil
		})
	})
}

func TestOffice_two_first_posts_at_once_make_one_conversation(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		anna, ben := k.person("Anna"), k.person("Ben")
		office := k.office("Tiefbauamt", ben)
		rooms := make([]string, 8)
		var all sync.WaitGroup
		for i := range rooms {
			all.Go(func() {
				room, err := k.chat.WriteToOffice(ctx, anna, office)
				if err == nil {
					rooms[i] = room.ID
				}
			})
		}
		all.Wait()
		require.NotEmpty(t, rooms[0])
		require.Len(t, slices.Compact(rooms), 1)
		require.Equal(t, 1, k.count(t, "SELECT count(*) FROM chat_rooms WHERE kind = 'office'"))
	})
}

func TestOffice_that_is_none_or_too_big_is_refused(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		anna := k.person("Anna")
		for _, no := range []string{k.group("Chor"), id.New(), "' OR 1=1; --                         ", "%"} {
			_, err := k.chat.WriteToOffice(ctx, anna, no)
			require.Equal(t, "chat.office_not_found", code(err), no)
		}
		var crowd []access.Principal
		for range 201 {
			crowd = append(crowd, k.person("Kollege"))
		}
		_, err := k.chat.WriteToOffice(ctx, anna, k.office("Alle", crowd...))
		require.Equal(t, "chat.office_too_big", code(err))
		_, err = k.chat.WriteToOffice(ctx, anna, k.office("Fast alle", crowd[1:]...))
		require.NoError(t, err)
	})
}
