package chat_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

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

func TestReactions(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben := k.person("Ada"), k.person("Ben")
		room := k.room(ada, chat.Private, "Bauhof", ben)
		m := k.send(ada, room.ID, "Fertig")
		react := func(p access.Principal, emoji string, on bool) (chat.Message, error) {
			return k.chat.React(ctx, p, room.ID, m.ID, emoji, on)
		}
		tab := k.tab(ben)
		require.Nil(t, tab.join(room.ID))

		_, err := react(ada, "👍", true)
		require.NoError(t, err)
		got, err := react(ben, "👍", true)
		require.NoError(t, err)
		require.Equal(t, []chat.Reaction{{Emoji: "👍", People: got.Reactions[0].People}}, got.Reactions)
		require.Equal(t, []string{"Ada", "Ben"}, []string{got.Reactions[0].People[0].Name, got.Reactions[0].People[1].Name})
		again, err := react(ben, "👍", true)
		require.NoError(t, err)
		require.Equal(t, got.Rev, again.Rev, "twice does no harm")
		tab.event("changed", func(raw json.RawMessage) bool { return strings.Contains(string(raw), `"name":"Ben"`) })
		got, err = react(ada, "👍", false)
		require.NoError(t, err)
		require.Len(t, got.Reactions[0].People, 1)
		got, err = react(ben, "👍", false)
		require.NoError(t, err)
		require.Empty(t, got.Reactions)

		for _, emoji := range []string{"❤️", "👩🏽‍🚒", "🇩🇪", "1️⃣", "☑️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "©️"} {
			_, err := react(ada, emoji, true)
			require.NoError(t, err, emoji)
		}
		for _, bad := range []string{"x", "👍👍", "<b>", "\u200D", "👍\u200D", ":nirgends:", "🇩", "1", "{\"$ne\":1}", "' OR 1=1 --", strings.Repeat("👍", 20)} {
			_, err := react(ada, bad, true)
			require.Equal(t, "chat.emoji_unknown", code(err), "CVE class 25: %q is no emoji", bad)
		}
		for n := range 30 {
			if _, err = react(ada, string(rune(0x1F400+n)), true); err != nil {
				break
			}
		}
		require.Equal(t, "chat.too_many_reactions", code(err))
		_, err = k.chat.Delete(ctx, ada, room.ID, m.ID)
		require.NoError(t, err)
		require.Empty(t, k.message(ada, room.ID, m.Seq).Reactions)
		_, err = react(ben, "👍", true)
		require.Equal(t, "chat.message_not_found", code(err))
	})
}

func onePixel(tb testing.TB, side int) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, side, side))))
	return b.Bytes()
}

func TestTownEmoji(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		admin, ada := k.somebody("Chef", access.RoleAdmin), k.person("Ada")
		_, err := k.chat.AddEmoji(ctx, ada, chat.NewEmoji{Code: "wappen", Picture: onePixel(t, 8)})
		require.Equal(t, "not_allowed", code(err))
		for name, in := range map[string]chat.NewEmoji{
			"a page":        {Code: "seite", Picture: []byte("<html><script>alert(1)</script>")},
			"a drawing":     {Code: "svg", Picture: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`)},
			"nothing":       {Code: "leer"},
			"half a image":  {Code: "halb", Picture: onePixel(t, 64)[:40]},
			"a huge canvas": {Code: "bombe", Picture: onePixel(t, 600)},
		} {
			_, err = k.chat.AddEmoji(ctx, admin, in)
			require.Equal(t, "chat.emoji_picture_invalid", code(err), "CVE classes 16 and 17: %s", name)
		}
		_, err = k.chat.AddEmoji(ctx, admin, chat.NewEmoji{Code: "a b", Picture: onePixel(t, 8)})
		require.Equal(t, "chat.emoji_code_invalid", code(err))

		var made chat.Emoji
		body := map[string]any{"code": ":Wappen:", "picture": base64.StdEncoding.EncodeToString(onePixel(t, 32))}
		require.Nil(t, k.call(admin, "POST", "/emoji", body, &made))
		require.Equal(t, "wappen", made.Code)
		require.Equal(t, "Conflict chat.emoji_code_taken", func() string { f := k.call(admin, "POST", "/emoji", body, nil); return f.RequestID + " " + f.Code }())

		r, err := http.NewRequestWithContext(ctx, http.MethodGet, k.server.URL+"/api/v1/chat/emoji/"+made.ID+"/picture", nil)
		require.NoError(t, err)
		r.Header.Set("X-Session", ada.SessionID)
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, onePixel(t, 32), b)
		require.Equal(t, "image/png", res.Header.Get("Content-Type"))
		require.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"))
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "sandbox", "CVE class 17: nothing in it can run")

		room := k.room(ada, chat.Private, "Bauhof")
		m := k.send(ada, room.ID, "Schön :wappen:")
		got, err := k.chat.React(ctx, ada, room.ID, m.ID, ":wappen:", true)
		require.NoError(t, err)
		require.Equal(t, ":wappen:", got.Reactions[0].Emoji)
		require.Nil(t, k.call(admin, "DELETE", "/emoji/"+made.ID, nil, nil))
		list, err := k.chat.Emoji(ctx)
		require.NoError(t, err)
		require.Empty(t, list.Items)
		_, err = k.chat.React(ctx, ada, room.ID, m.ID, ":wappen:", false)
		require.NoError(t, err, "what was set can be taken back")
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

// Requirement row 001-10.
func TestPolls(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben, cem := k.person("Ada"), k.person("Ben"), k.person("Cem")
		room := k.room(ada, chat.Private, "Bauhof", ben, cem)
		ask := func(in chat.NewPoll) (chat.Message, error) { return k.say(ada, room.ID, chat.NewMessage{Poll: &in}) }
		vote := func(p access.Principal, m chat.Message, options ...string) (chat.Message, error) {
			return k.chat.Vote(ctx, p, room.ID, m.ID, options)
		}
		votes := func(m chat.Message) []int {
			var out []int
			for _, o := range m.Poll.Options {
				out = append(out, o.Votes)
			}
			return out
		}

		t.Run("an open poll shows who chose what, and votes may change", func(t *testing.T) {
			m, err := ask(chat.NewPoll{Question: "Grillen?", Options: []string{"Freitag", "Samstag"}})
			require.NoError(t, err)
			_, err = vote(ada, m, "1")
			require.NoError(t, err)
			_, err = vote(ben, m, "1")
			require.NoError(t, err)
			got, err := vote(ben, m, "2")
			require.NoError(t, err)
			require.Equal(t, []int{1, 1}, votes(got))
			require.Equal(t, 2, got.Poll.Voters)
			require.Equal(t, "Ben", got.Poll.Options[1].People[0].Name)
			got, err = vote(ben, m)
			require.NoError(t, err)
			require.Equal(t, []int{1, 0}, votes(got))
			require.Equal(t, 1, got.Poll.Voters)
			for _, bad := range [][]string{{"1", "2"}, {"3"}, {"1", "1"}, {"$ne"}} {
				_, err = vote(cem, m, bad...)
				require.Equal(t, "chat.poll_option_unknown", code(err))
			}
			_, err = k.chat.ClosePoll(ctx, ben, room.ID, m.ID)
			require.Equal(t, "chat.not_your_message", code(err))
			got, err = k.chat.ClosePoll(ctx, ada, room.ID, m.ID)
			require.NoError(t, err)
			require.NotEmpty(t, got.Poll.ClosedAt)
			_, err = vote(cem, m, "1")
			require.Equal(t, "chat.poll_closed", code(err))
		})

		t.Run("of a secret poll the database knows who voted and what, but not together", func(t *testing.T) {
			m, err := ask(chat.NewPoll{Question: "Neuer Chef?", Options: []string{"Ja", "Nein", "Enthaltung"}, Multiple: true, Anonymous: true})
			require.NoError(t, err)
			got, err := vote(ada, m, "1", "2")
			require.NoError(t, err)
			require.True(t, got.Poll.Hidden, "one vote alone would tell whose it is")
			require.Equal(t, []int{0, 0, 0}, votes(got))
			_, err = vote(ben, m, "2")
			require.NoError(t, err)
			got, err = vote(cem, m, "2")
			require.NoError(t, err)
			require.Equal(t, []int{1, 3, 0}, votes(got))
			require.Equal(t, 3, got.Poll.Voters)
			_, err = vote(ben, m, "1")
			require.Equal(t, "chat.already_voted", code(err))
			_, err = vote(cem, m)
			require.Equal(t, "chat.poll_option_unknown", code(err))

			require.Equal(t, 3, k.count(t, "SELECT count(*) FROM chat_poll_voters WHERE message_id = ?", m.ID))
			for _, p := range []access.Principal{ben, cem} {
				require.Zero(t, k.count(t, "SELECT count(*) FROM chat_messages WHERE id = ? AND data LIKE ?", m.ID, "%"+p.UserID+"%"), "no person stands beside the numbers")
			}
			require.NotContains(t, wire(t, got), ben.UserID)
			var mine chat.MyVote
			require.Nil(t, k.call(ben, "GET", "/rooms/"+room.ID+"/messages/"+m.ID+"/vote", nil, &mine))
			require.Equal(t, chat.MyVote{RoomID: room.ID, MessageID: m.ID, Voted: true, Options: []string{}}, mine)
			_, err = k.chat.ClosePoll(ctx, ada, room.ID, m.ID)
			require.NoError(t, err)
			require.Zero(t, k.count(t, "SELECT count(*) FROM chat_poll_voters WHERE message_id = ?", m.ID), "when it is over nobody needs to know who took part")
		})

		t.Run("a poll ends by itself", func(t *testing.T) {
			m, err := ask(chat.NewPoll{Question: "Bis wann?", Options: []string{"a", "b"}, ClosesAt: k.clock.Now().Add(time.Hour)})
			require.NoError(t, err)
			live, stop := context.WithCancel(ctx)
			done := make(chan error, 1)
			tab := k.tab(ben)
			require.Nil(t, tab.join(room.ID))
			k.clock.forward(2 * time.Hour)
			_, err = vote(ben, m, "1")
			require.Equal(t, "chat.poll_closed", code(err), "also before the house has noticed")
			go func() { done <- k.chat.Run(live) }()
			tab.event("changed", func(raw json.RawMessage) bool {
				return strings.Contains(string(raw), m.ID) && strings.Contains(string(raw), "closed_at")
			})
			stop()
			require.NoError(t, <-done)
			require.Zero(t, k.count(t, "SELECT count(*) FROM chat_polls"))
		})

		t.Run("what is no question is refused", func(t *testing.T) {
			for want, in := range map[string]chat.NewPoll{
				"chat.poll_incomplete":  {Question: "?", Options: []string{"a", "A"}},
				"chat.poll_too_long":    {Question: strings.Repeat("x", 501), Options: []string{"a", "b"}},
				"chat.poll_end_invalid": {Question: "?", Options: []string{"a", "b"}, ClosesAt: time.Now().Add(-time.Hour)},
			} {
				_, err := ask(in)
				require.Equal(t, want, code(err))
			}
			_, err := k.say(ada, room.ID, chat.NewMessage{})
			require.Equal(t, "chat.message_empty", code(err))
		})
	})
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
