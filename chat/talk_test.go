package chat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

func TestFollowing(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben, cem := k.person("Ada"), k.person("Ben"), k.person("Cem")
		room := k.room(ada, chat.Private, "Bauhof", ben, cem)
		root := k.send(ada, room.ID, "Wer streut?")
		mentions := func(p access.Principal) int {
			r, err := k.chat.Room(ctx, p, room.ID)
			require.NoError(t, err)
			return r.Mentions
		}
		threads := func(p access.Principal) []chat.MyThread {
			mine, err := k.chat.ThreadsOf(ctx, p, "", 0)
			require.NoError(t, err)
			return mine.Items
		}

		k.reply(ben, room.ID, root.ID, "Ich")
		require.Equal(t, [3]int{1, 0, 0}, [3]int{mentions(ada), mentions(ben), mentions(cem)}, "who began the thread is called, who is not in it is not")
		k.reply(cem, room.ID, root.ID, "Ich auch")
		require.Equal(t, [3]int{2, 1, 0}, [3]int{mentions(ada), mentions(ben), mentions(cem)}, "who answered follows")
		require.Equal(t, 2, threads(ada)[0].Unread)
		require.Equal(t, "Ich auch", threads(ada)[0].Last.Text)

		_, err := k.chat.Follow(ctx, ada, room.ID, root.ID, false)
		require.NoError(t, err)
		k.reply(ben, room.ID, root.ID, "Um sechs")
		require.Equal(t, 2, mentions(ada), "who does not follow any more is not called")
		require.Empty(t, threads(ada))
		page, err := k.chat.Thread(ctx, ada, room.ID, root.ID, 0, 2)
		require.NoError(t, err)
		require.False(t, page.Following)
		require.True(t, page.Before)
		require.Equal(t, []string{"Ich auch", "Um sechs"}, []string{page.Messages[0].Text, page.Messages[1].Text})
		k.reply(ada, room.ID, root.ID, "Danke")
		page, err = k.chat.Thread(ctx, ada, room.ID, root.ID, page.Messages[0].Seq, 2)
		require.NoError(t, err)
		require.True(t, page.Following, "who answers follows again")
		require.Len(t, page.Messages, 1)

		quiet := k.send(ben, room.ID, "Noch etwas")
		k.reply(ada, room.ID, quiet.ID, "Ja?")
		k.reply(ben, room.ID, root.ID, "Los")
		mine, err := k.chat.ThreadsOf(ctx, ada, "", 1)
		require.NoError(t, err)
		require.Equal(t, root.ID, mine.Items[0].Root.ID, "unread first")
		next, err := k.chat.ThreadsOf(ctx, ada, mine.Next, 1)
		require.NoError(t, err)
		require.Equal(t, quiet.ID, next.Items[0].Root.ID)
		require.Empty(t, next.Next)

		require.NoError(t, k.chat.Leave(ctx, cem, room.ID))
		require.Empty(t, threads(cem), "CVE class 9: a room that was left shows nothing in the list of threads")
	})
}

func TestWideCalls(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben, cem, far := k.person("Ada"), k.person("Ben"), k.person("Cem"), k.person("Fern")
		room := k.room(ada, chat.Private, "Bauhof", ben, cem)
		winter := k.group("Winterdienst", ben, far)
		mentions := func(p access.Principal) int {
			r, err := k.chat.Room(ctx, p, room.ID)
			require.NoError(t, err)
			return r.Mentions
		}
		state := func() [3]int { return [3]int{mentions(ada), mentions(ben), mentions(cem)} }
		tab := k.tab(cem)
		require.Nil(t, tab.join(room.ID))

		m := k.send(ada, room.ID, "[@Feuerwehr](group:"+winter+") raus")
		require.Equal(t, [3]int{0, 1, 0}, state(), "of a group those are called who are in the room")
		require.Equal(t, []chat.CalledGroup{{ID: winter, Name: "Winterdienst"}}, m.Groups, "the true name, not what the link says")
		k.send(ada, room.ID, "[@hier](here:"+room.ID+") jemand da?")
		require.Equal(t, [3]int{0, 1, 1}, state(), "of those who are here the connected are called")
		all := k.send(ada, room.ID, "[@alle](all:"+room.ID+") Essen")
		require.Equal(t, [3]int{0, 2, 2}, state())
		tab.mu.Lock()
		tab.await("both calls", func() bool { return tab.rooms[room.ID].mentions == 2 })
		tab.mu.Unlock()
		k.send(ada, room.ID, "[@alle](all:"+id.New()+") anderswo")
		require.Equal(t, [3]int{0, 2, 2}, state(), "words from another room call nobody here")

		_, err := k.chat.Edit(ctx, ada, room.ID, all.ID, chat.NewText{Text: "[@alle](all:" + room.ID + ") Mittagessen"})
		require.NoError(t, err)
		require.Equal(t, [3]int{0, 2, 2}, state(), "a corrected letter calls nobody again")
		_, err = k.chat.Edit(ctx, ada, room.ID, all.ID, chat.NewText{Text: "Mittagessen"})
		require.NoError(t, err)
		require.Equal(t, [3]int{0, 1, 1}, state())

		t.Run("more than twenty are called only on purpose", func(t *testing.T) {
			var many []access.Principal
			for n := range 21 {
				many = append(many, k.person(fmt.Sprint("P", n)))
			}
			big := k.room(ada, chat.Private, "Alle", many...)
			in := chat.NewMessage{ClientID: id.New(), Text: "[@alle](all:" + big.ID + ") Feierabend"}
			_, err := k.chat.Send(ctx, ada, big.ID, in)
			require.Equal(t, "chat.many_called", code(err))
			in.ConfirmMany = true
			_, err = k.chat.Send(ctx, ada, big.ID, in)
			require.NoError(t, err)
			r, err := k.chat.Room(ctx, many[20], big.ID)
			require.NoError(t, err)
			require.Equal(t, 1, r.Mentions)
			plain := k.send(ada, big.ID, "nichts")
			_, err = k.chat.Edit(ctx, ada, big.ID, plain.ID, chat.NewText{Text: in.Text})
			require.Equal(t, "chat.many_called", code(err))
		})
	})
}

func TestPassingOn(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben, cem := k.person("Ada"), k.person("Ben"), k.person("Cem")
		secret := k.room(ada, chat.Private, "Personalrat", ben)
		market := k.room(ada, chat.Public, "Marktplatz")
		yard := k.room(ben, chat.Private, "Bauhof", cem)
		said := k.send(ada, secret.ID, "[@Ben](person:"+ben.UserID+") Schlagloch am Rathaus")

		passed, err := k.chat.Pass(ctx, ben, secret.ID, said.ID, chat.PassOn{ClientID: id.New(), RoomID: yard.ID})
		require.NoError(t, err)
		require.Equal(t, yard.ID, passed.RoomID)
		require.Equal(t, &chat.Forward{Author: said.Author, At: said.CreatedAt}, passed.Message.Forward, "a private room is not named")
		seen := k.message(cem, yard.ID, passed.Message.Seq)
		require.NotContains(t, wire(t, seen), secret.ID)
		require.NotContains(t, wire(t, seen), "Personalrat")

		further, err := k.chat.Pass(ctx, cem, yard.ID, seen.ID, chat.PassOn{ClientID: id.New(), UserID: ada.UserID})
		require.NoError(t, err)
		require.Equal(t, "Ada", further.Message.Forward.Author.Name, "the first source counts")
		_, err = k.chat.Edit(ctx, cem, further.RoomID, further.Message.ID, chat.NewText{Text: "Falsch zitiert"})
		require.Equal(t, "chat.not_your_message", code(err), "nobody alters what somebody else said")

		open := k.send(ada, market.ID, "Markt fällt aus")
		shown, err := k.chat.Pass(ctx, ada, market.ID, open.ID, chat.PassOn{ClientID: id.New(), RoomID: secret.ID})
		require.NoError(t, err)
		require.Equal(t, "Marktplatz", shown.Message.Forward.RoomName)

		short, err := k.say(ada, market.ID, chat.NewMessage{Text: "Türcode 4711", ExpiresIn: 3600})
		require.NoError(t, err)
		_, err = k.chat.Pass(ctx, ada, market.ID, short.ID, chat.PassOn{ClientID: id.New(), RoomID: secret.ID})
		require.Equal(t, "chat.cannot_pass_on", code(err), "what destroys itself does not live on elsewhere")

		_, err = k.chat.Pass(ctx, cem, secret.ID, said.ID, chat.PassOn{ClientID: id.New(), RoomID: yard.ID})
		require.Equal(t, "chat.room_not_found", code(err), "CVE class 9: nobody passes on what they may not read")
		_, err = k.chat.Pass(ctx, ada, secret.ID, said.ID, chat.PassOn{ClientID: id.New(), RoomID: yard.ID})
		require.Equal(t, "chat.room_not_found", code(err))
		_, err = k.chat.Pass(ctx, ben, yard.ID, said.ID, chat.PassOn{ClientID: id.New(), RoomID: yard.ID})
		require.Equal(t, "chat.message_not_found", code(err), "CVE class 22: a message of another room under this room's address")
		_, err = k.chat.Pass(ctx, ben, secret.ID, said.ID, chat.PassOn{ClientID: id.New()})
		require.Equal(t, "invalid_input", code(err))
	})
}

func TestPinsAndVersions(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben := k.person("Ada"), k.person("Ben")
		room := k.room(ada, chat.Private, "Bauhof", ben)
		m := k.send(ada, room.ID, "Dienstplan eins")
		for _, text := range []string{"Dienstplan zwei", "Dienstplan drei [@x](person:" + ben.UserID + ")"} {
			_, err := k.chat.Edit(ctx, ada, room.ID, m.ID, chat.NewText{Text: text})
			require.NoError(t, err)
		}
		var past chat.Versions
		require.Nil(t, k.call(ben, "GET", "/rooms/"+room.ID+"/messages/"+m.ID+"/versions", nil, &past))
		require.Equal(t, []string{"Dienstplan zwei", "Dienstplan eins"}, []string{past.Versions[0].Text, past.Versions[1].Text})
		require.Equal(t, m.CreatedAt, past.Versions[1].At)
		require.Equal(t, 2, past.Message.Versions)

		pinned, err := k.chat.SetPin(ctx, ben, room.ID, m.ID, true)
		require.NoError(t, err)
		require.Equal(t, "Ben", pinned.Pinned.By.Name)
		pins, err := k.chat.PinsOf(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Equal(t, m.ID, pins.Messages[0].ID)
		_, err = k.chat.SetPin(ctx, ada, room.ID, m.ID, false)
		require.NoError(t, err)
		_, err = k.chat.SetPin(ctx, ada, room.ID, m.ID, true)
		require.NoError(t, err)

		_, err = k.chat.Delete(ctx, ada, room.ID, m.ID)
		require.NoError(t, err)
		pins, err = k.chat.PinsOf(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Empty(t, pins.Messages)
		require.Equal(t, "chat.message_not_found", k.call(ben, "GET", "/rooms/"+room.ID+"/messages/"+m.ID+"/versions", nil, nil).Code)
		require.Zero(t, k.count(t, "SELECT count(*) FROM chat_versions"))
		require.Zero(t, k.count(t, "SELECT count(*) FROM chat_pins"))
	})
}

// count asks the database itself.
func (k *rig) count(tb testing.TB, query string, args ...any) int {
	tb.Helper()
	var n int
	require.NoError(tb, k.db.Read(context.Background()).Raw(query, args...).Row().Scan(&n))
	return n
}

// CVE class 9: who may not read a room gets nothing of it by any of these ways.
// CVE class 22: nor does naming a message under another room's address help.
func TestTalkIsForTheRoomOnly(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, eve := k.person("Ada"), k.person("Eve")
		room := k.room(ada, chat.Private, "Personalsache")
		own := k.room(eve, chat.Private, "Eigenes")
		m, err := k.say(ada, room.ID, chat.NewMessage{Poll: &chat.NewPoll{Question: "Vertraulich?", Options: []string{"Ja", "Nein"}}})
		require.NoError(t, err)
		for _, try := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/thread", nil},
			{"GET", "/versions", nil},
			{"GET", "/vote", nil},
			{"PUT", "/vote", chat.NewVote{Options: []string{"1"}}},
			{"PUT", "/pin", nil},
			{"DELETE", "/pin", nil},
			{"PUT", "/following", chat.SetFollow{Following: true}},
			{"POST", "/reactions", chat.SetReaction{Emoji: "👍", On: true}},
			{"POST", "/close-poll", nil},
			{"POST", "/forward", chat.PassOn{ClientID: id.New(), RoomID: own.ID}},
		} {
			f := k.call(eve, try.method, "/rooms/"+room.ID+"/messages/"+m.ID+try.path, try.body, nil)
			require.Equal(t, "Not Found chat.room_not_found", f.RequestID+" "+f.Code, try.path)
			f = k.call(eve, try.method, "/rooms/"+own.ID+"/messages/"+m.ID+try.path, try.body, nil)
			require.Equal(t, "Not Found chat.message_not_found", f.RequestID+" "+f.Code, try.path)
			f = k.call(eve, try.method, "/rooms/"+own.ID+"/messages/"+strings.ToUpper(m.ID)+try.path, try.body, nil)
			require.Equal(t, "Not Found chat.message_not_found", f.RequestID+" "+f.Code, try.path)
		}
		require.Equal(t, "chat.room_not_found", k.call(eve, "GET", "/rooms/"+room.ID+"/pins", nil, nil).Code)
		tab := k.tab(eve)
		require.Nil(t, tab.join(own.ID))
		for op, data := range map[string]any{
			"react": chat.ReactTo{ID: m.ID, SetReaction: chat.SetReaction{Emoji: "👍", On: true}}, "pin": chat.PinMessage{ID: m.ID, On: true},
			"vote": chat.VoteIn{ID: m.ID, NewVote: chat.NewVote{Options: []string{"1"}}}, "close_poll": chat.MessageRef{ID: m.ID},
		} {
			require.Equal(t, "chat.message_not_found", tab.ask(op, "room:"+own.ID, nil, data, nil).Code, op)
		}
	})
}
