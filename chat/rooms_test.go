package chat_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Leave(ctx, bob, first.ID)))
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

func TestSlow_mode_spaces_the_messages_of_one_person(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.open(ada, chat.Talk, bob)
		seconds := 60
		_, err := k.chat.Change(ctx, ada, room.ID, chat.RoomChange{SlowSeconds: &seconds})
		require.NoError(t, err)
		k.send(ada, room.ID, "eins")
		k.send(ada, room.ID, "zwei, denn wer moderiert, wartet nicht")
		in := chat.NewMessage{ClientID: id.New(), Text: "eins"}
		first, err := k.chat.Send(ctx, bob, room.ID, in)
		require.NoError(t, err)
		again, err := k.chat.Send(ctx, bob, room.ID, in)
		require.NoError(t, err, "sending the same again is no second message")
		require.Equal(t, first.ID, again.ID)
		f := k.call(bob, "POST", "/rooms/"+room.ID+"/messages", chat.NewMessage{ClientID: id.New(), Text: "zwei"}, nil)
		require.Equal(t, []string{"chat.slow_mode", "Too Many Requests"}, []string{f.Code, f.RequestID})
		require.InDelta(t, 60, f.Params["seconds"], 2)
		own, err := k.chat.Room(ctx, bob, room.ID)
		require.NoError(t, err)
		require.InDelta(t, 60, own.WaitSeconds, 2)

		// Many at once: one gets through.
		seconds = 3600
		_, err = k.chat.Change(ctx, ada, room.ID, chat.RoomChange{SlowSeconds: &seconds})
		require.NoError(t, err)
		eva := k.person("Eva")
		require.NoError(t, k.chat.Add(ctx, ada, room.ID, chat.NewMembers{UserIDs: []string{eva.UserID}}))
		var sent atomic.Int32
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := k.say(eva, room.ID, chat.NewMessage{Text: "gleichzeitig"}); err == nil {
					sent.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, sent.Load())
	})
}

func TestSilenced_person_reads_but_does_not_write(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.open(ada, chat.Talk, bob, eva)
		said := k.send(bob, room.ID, "Davor")
		tab := k.tab(bob)
		require.Nil(t, tab.join(room.ID))
		require.Equal(t, "chat.moderators_only", code(k.chat.Silence(ctx, eva, room.ID, bob.UserID, time.Now().Add(time.Hour))))
		require.Equal(t, "chat.not_to_silence", code(k.chat.Silence(ctx, ada, room.ID, ada.UserID, time.Now().Add(time.Hour))))
		require.NoError(t, k.chat.Silence(ctx, ada, room.ID, bob.UserID, time.Now().Add(time.Hour)))
		tab.event("room_silenced", nil)
		for op, in := range map[string]any{
			"send": chat.NewMessage{ClientID: id.New(), Text: "Danach"}, "edit": map[string]any{"id": said.ID, "text": "Anders"}, "typing": nil,
		} {
			require.Equal(t, "chat.silenced", tab.ask(op, "room:"+room.ID, nil, in, nil).Code, op)
		}
		own, err := k.chat.Room(ctx, bob, room.ID)
		require.NoError(t, err)
		require.NotEmpty(t, own.Silenced)
		mine, err := k.chat.RoomsOf(ctx, bob)
		require.NoError(t, err)
		require.Equal(t, own.Silenced, mine.Rooms[0].Silenced)
		people, err := k.chat.Members(ctx, eva, room.ID)
		require.NoError(t, err)
		for _, m := range people {
			require.Empty(t, m.Silenced, "others do not see it")
		}
		require.NoError(t, k.chat.Silence(ctx, ada, room.ID, bob.UserID, time.Time{}))
		k.send(bob, room.ID, "Wieder da")

		require.NoError(t, k.chat.Silence(ctx, ada, room.ID, bob.UserID, time.Now().Add(50*time.Millisecond)))
		require.Eventually(t, func() bool {
			_, err := k.say(bob, room.ID, chat.NewMessage{Text: "Von selbst vorbei"})
			return err == nil
		}, 5*time.Second, 20*time.Millisecond)
	})
}

// Requirement row 000-15: mute, block, report, and 429.
func TestBlocked_person_can_not_write_directly_000_15(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.open(ada, chat.Talk, bob)
		direct, err := k.chat.Direct(ctx, bob, []string{ada.UserID})
		require.NoError(t, err)
		k.send(bob, direct.ID, "Hallo")
		require.NoError(t, k.chat.Block(ctx, ada, bob.UserID))
		_, err = k.say(bob, direct.ID, chat.NewMessage{Text: "Hallo?"})
		require.Equal(t, "chat.not_wanted", code(err))
		_, err = k.say(ada, direct.ID, chat.NewMessage{Text: "Nein"})
		require.Equal(t, "chat.blocked_by_you", code(err))
		_, err = k.chat.Direct(ctx, bob, []string{ada.UserID, eva.UserID})
		require.Equal(t, "chat.not_wanted", code(err), "nor through a new group")
		k.send(bob, room.ID, "Im gemeinsamen Raum geht es weiter")
		own, err := k.chat.Room(ctx, ada, direct.ID)
		require.NoError(t, err)
		require.True(t, own.Blocked)
		other, err := k.chat.Room(ctx, bob, direct.ID)
		require.NoError(t, err)
		require.False(t, other.Blocked, "the other sees nothing of it")
		blocked, err := k.chat.Blocked(ctx, ada)
		require.NoError(t, err)
		require.Equal(t, "Bob", blocked[0].Name)
		blocked, err = k.chat.Blocked(ctx, bob)
		require.NoError(t, err)
		require.Empty(t, blocked)
		require.NoError(t, k.chat.Unblock(ctx, ada, bob.UserID))
		k.send(bob, direct.ID, "Danke")
		require.NoError(t, k.chat.Block(ctx, ada, eva.UserID))
		_, err = k.chat.Direct(ctx, eva, []string{ada.UserID})
		require.Equal(t, "chat.not_wanted", code(err), "before there is a room")
	})
}

func TestReport_goes_to_those_who_moderate_000_15(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva, admin := k.person("Ada"), k.person("Bob"), k.person("Eva"), k.somebody("Chef", access.RoleAdmin)
		room := k.open(ada, chat.Talk, bob, eva)
		said := k.send(bob, room.ID, "Beleidigung")
		tab := k.tab(ada)
		require.NoError(t, k.chat.Report(ctx, eva, room.ID, said.ID, chat.NewReport{Reason: "offensive", Note: "Bitte ansehen"}))
		require.NoError(t, k.chat.Report(ctx, eva, room.ID, said.ID, chat.NewReport{Reason: "spam"}), "a second time changes nothing")
		require.Equal(t, 1, decode(t, tab.event("room_reported", nil), &chat.Reported{}).Open)
		require.Equal(t, "chat.own_message", code(k.chat.Report(ctx, bob, room.ID, said.ID, chat.NewReport{Reason: "spam"})))
		_, err := k.chat.Reports(ctx, eva, room.ID)
		require.Equal(t, "chat.moderators_only", code(err))
		list, err := k.chat.Reports(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, []string{"Beleidigung", "Bob", "Eva", "Bitte ansehen"}, []string{list[0].Text, list[0].Author.Name, list[0].Reporter.Name, list[0].Note})
		mine, err := k.chat.RoomsOf(ctx, ada)
		require.NoError(t, err)
		require.Equal(t, 1, mine.Rooms[0].Reports)
		require.Equal(t, "chat.report_not_found", code(k.chat.CloseReport(ctx, admin, list[0].ID, "deleted")), "administrators have no right in a private room")
		require.NoError(t, k.chat.CloseReport(ctx, ada, list[0].ID, "deleted"))
		require.NotEmpty(t, k.message(eva, room.ID, said.Seq).DeletedAt)
		list, err = k.chat.Reports(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Empty(t, list)
	})
}

func TestReport_of_a_direct_message_shows_it_to_the_town(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, admin := k.person("Ada"), k.person("Bob"), k.somebody("Chef", access.RoleAdmin)
		direct, err := k.chat.Direct(ctx, bob, []string{ada.UserID})
		require.NoError(t, err)
		said := k.send(bob, direct.ID, "Drohung")
		_, err = k.chat.TownReports(ctx, bob)
		require.Equal(t, "not_allowed", code(err))
		require.NoError(t, k.chat.Report(ctx, ada, direct.ID, said.ID, chat.NewReport{Reason: "offensive"}))
		list, err := k.chat.TownReports(ctx, admin)
		require.NoError(t, err)
		require.Equal(t, "Drohung", list[0].Text)
		_, err = k.chat.Room(ctx, admin, direct.ID)
		require.Equal(t, "chat.room_not_found", code(err), "the report opens nothing else")
		require.Equal(t, "chat.report_not_found", code(k.chat.CloseReport(ctx, bob, list[0].ID, "dismissed")))
		require.NoError(t, k.chat.CloseReport(ctx, admin, list[0].ID, "deleted"))
		require.NotEmpty(t, k.message(ada, direct.ID, said.Seq).DeletedAt)

		second := k.send(bob, direct.ID, "Noch eine")
		require.NoError(t, k.chat.Report(ctx, ada, direct.ID, second.ID, chat.NewReport{Reason: "other"}))
		_, err = k.chat.Delete(ctx, bob, direct.ID, second.ID)
		require.NoError(t, err)
		list, err = k.chat.TownReports(ctx, admin)
		require.NoError(t, err)
		require.Empty(t, list, "deleting deletes what a report quotes, too")
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
