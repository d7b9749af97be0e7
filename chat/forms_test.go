package chat_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

// Requirement row 003-04: few write, all read.
func TestAnnouncement_room_is_written_by_few_and_read_by_all_003_04(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.open(ada, chat.Announcement, bob, eva)
		said := k.send(ada, room.ID, "Morgen fällt das Netz aus")
		reader := k.tab(bob)
		require.Nil(t, reader.join(room.ID))
		in := chat.NewMessage{ClientID: id.New(), Text: "Warum?"}
		require.Equal(t, "chat.few_write", reader.ask("send", "room:"+room.ID, nil, in, nil).Code, "the server refuses")
		require.Equal(t, "chat.few_write", k.call(bob, "POST", "/rooms/"+room.ID+"/messages", in, nil).Code)
		in.ThreadID = said.ID
		require.Equal(t, "chat.few_write", k.call(bob, "POST", "/rooms/"+room.ID+"/messages", in, nil).Code, "nor answers in a thread")
		own, err := k.chat.Room(ctx, bob, room.ID)
		require.NoError(t, err)
		require.False(t, own.CanPost)
		require.Equal(t, 1, own.Unread)

		k.role(ada, room.ID, eva, chat.Moderator)
		k.send(eva, room.ID, "Es geht wieder")
		k.role(ada, room.ID, eva, chat.Member)
		_, err = k.say(eva, room.ID, chat.NewMessage{Text: "Und jetzt?"})
		require.Equal(t, "chat.few_write", code(err), "a role that ended ends at once")
	})
}

// Requirement row 002-16.
func TestForum_002_16(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.open(ada, chat.Forum, bob, eva)
		topic := func(p access.Principal, title string) chat.Message {
			m, err := k.say(p, room.ID, chat.NewMessage{Title: title, Text: "Wer weiß Rat?"})
			require.NoError(t, err)
			return m
		}
		titles := func(open bool) []string {
			list, err := k.chat.Topics(ctx, eva, room.ID, "", open, 0)
			require.NoError(t, err)
			var out []string
			for _, m := range list.Items {
				out = append(out, m.Title)
			}
			return out
		}

		_, err := k.say(bob, room.ID, chat.NewMessage{Text: "Ohne Titel"})
		require.Equal(t, "chat.title_needed", code(err))
		first, second := topic(bob, "  Serverumzug \n am Freitag "), topic(eva, "Neue Drucker")
		require.Equal(t, "Serverumzug am Freitag", first.Title)
		require.Equal(t, []string{"Neue Drucker", "Serverumzug am Freitag"}, titles(false))
		_, err = k.say(ada, room.ID, chat.NewMessage{Text: "x", Title: "Noch einer", ThreadID: first.ID})
		require.Equal(t, "chat.title_not_here", code(err))

		k.reply(ada, room.ID, first.ID, "Ich helfe")
		list, err := k.chat.Topics(ctx, eva, room.ID, "", false, 1)
		require.NoError(t, err)
		require.Equal(t, "Serverumzug am Freitag", list.Items[0].Title, "an answer raises its topic")
		require.Equal(t, 1, list.Items[0].Thread.Replies)
		rest, err := k.chat.Topics(ctx, eva, room.ID, list.Next, false, 1)
		require.NoError(t, err)
		require.Equal(t, second.ID, rest.Items[0].ID)
		require.Empty(t, rest.Next)

		reader := k.tab(eva)
		require.Nil(t, reader.join(room.ID))
		_, err = k.chat.Solve(ctx, eva, room.ID, first.ID, true)
		require.Equal(t, "chat.moderators_only", code(err), "it is not Eva's question")
		solved, err := k.chat.Solve(ctx, bob, room.ID, first.ID, true)
		require.NoError(t, err)
		require.NotEmpty(t, solved.SolvedAt)
		heard := decode(t, reader.event("changed", nil), &chat.Message{})
		require.Equal(t, wire(t, solved), wire(t, *heard))
		require.Equal(t, []string{"Neue Drucker"}, titles(true))
		_, err = k.chat.Solve(ctx, ada, room.ID, first.ID, false)
		require.NoError(t, err, "who moderates may open it again")
		require.Len(t, titles(true), 2)

		_, err = k.chat.Delete(ctx, eva, room.ID, second.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"Serverumzug am Freitag"}, titles(false), "a deleted topic leaves the list")
		require.Empty(t, k.message(ada, room.ID, second.Seq).Title)

		talk := k.open(ada, chat.Talk, bob)
		_, err = k.say(ada, talk.ID, chat.NewMessage{Title: "Thema", Text: "x"})
		require.Equal(t, "chat.title_not_here", code(err))
		plain := k.send(ada, talk.ID, "x")
		_, err = k.chat.Solve(ctx, ada, talk.ID, plain.ID, true)
		require.Equal(t, "chat.not_a_topic", code(err))
	})
}

func TestGroup_of_the_same_people_is_the_same_room(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva, outsider := k.person("Ada"), k.person("Bob"), k.person("Eva"), k.person("Otto")
		first, err := k.chat.Direct(ctx, ada, []string{bob.UserID, eva.UserID})
		require.NoError(t, err)
		require.Equal(t, chat.Group, first.Kind)
		require.Equal(t, []chat.Person{{ID: bob.UserID, Name: "Bob"}, {ID: eva.UserID, Name: "Eva"}}, withoutActive(first.People))
		second, err := k.chat.Direct(ctx, eva, []string{ada.UserID, bob.UserID, ada.UserID})
		require.NoError(t, err)
		require.Equal(t, first.ID, second.ID)
		pair, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		require.NotEqual(t, first.ID, pair.ID)
		mine, err := k.chat.RoomsOf(ctx, bob)
		require.NoError(t, err)
		for _, r := range mine.Rooms {
			require.Equal(t, r.Kind == chat.Group, len(r.People) == 2)
		}

		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Add(ctx, ada, first.ID, chat.NewMembers{UserIDs: []string{outsider.UserID}})))
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Leave(ctx, bob, pair.ID)))
		_, err = k.chat.Room(ctx, outsider, first.ID)
		require.Equal(t, "chat.room_not_found", code(err))
		var many []string
		for range 8 {
			many = append(many, k.person("Wer").UserID)
		}
		_, err = k.chat.Direct(ctx, ada, many)
		require.Equal(t, "chat.group_too_big", code(err))
		_, err = k.chat.Direct(ctx, ada, many[:7])
		require.NoError(t, err)
	})
}

func withoutActive(people []chat.Person) []chat.Person {
	for i := range people {
		people[i].Active = false
	}
	return people
}

func TestGroup_opened_by_all_at_once_is_made_once(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		people := []access.Principal{k.person("A"), k.person("B"), k.person("C"), k.person("D")}
		var mu sync.Mutex
		rooms := map[string]bool{}
		var wg sync.WaitGroup
		for i, p := range people {
			wg.Go(func() {
				var others []string
				for j, o := range people {
					if i != j {
						others = append(others, o.UserID)
					}
				}
				r, err := k.chat.Direct(ctx, p, others)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				rooms[r.ID] = true
			})
		}
		wg.Wait()
		require.Len(t, rooms, 1)
	})
}
