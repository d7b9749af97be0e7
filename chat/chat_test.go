package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

func TestMessage_reaches_the_others_and_counts_as_unread(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.room(ada, chat.Private, "Bauhof", bob, eva)
		reader, away := k.tab(bob), k.tab(eva)
		require.Nil(t, reader.join(room.ID))

		sent := k.send(ada, room.ID, "Guten Morgen, [@Eva](person:"+eva.UserID+")")

		got := decode(t, reader.event("message", nil), &chat.Message{})
		require.Equal(t, wire(t, sent), wire(t, *got))
		bump := decode(t, away.event("room_bumped", nil), &chat.Bump{})
		require.Equal(t, 1, bump.Mentions, "Eva is called")
		mine, err := k.chat.RoomsOf(context.Background(), eva)
		require.NoError(t, err)
		require.Equal(t, 1, mine.Rooms[0].Unread)
		require.Equal(t, 1, mine.Rooms[0].Mentions)
		own, err := k.chat.Room(context.Background(), ada, room.ID)
		require.NoError(t, err)
		require.Zero(t, own.Unread, "own messages are never unread")
	})
}

func TestMessage_sent_twice_is_stored_once(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room, other := k.room(ada, chat.Private, "Bauhof", bob), k.room(ada, chat.Private, "Kasse")
		tab := k.tab(ada)
		in := chat.NewMessage{ClientID: id.New(), Text: "einmal"}
		var first, again, overHTTP chat.Message
		require.Nil(t, tab.ask("send", "room:"+room.ID, nil, in, &first))
		require.Nil(t, tab.ask("send", "room:"+room.ID, nil, in, &again))
		require.Nil(t, k.call(ada, "POST", "/rooms/"+room.ID+"/messages", in, &overHTTP))
		require.Equal(t, first, again)
		require.Equal(t, first, overHTTP, "one answer, whichever way it was asked")
		state, err := k.chat.StateAfter(context.Background(), bob, room.ID, -1)
		require.NoError(t, err)
		require.Equal(t, first.Seq, state.Head, "a resend takes no number")

		f := tab.ask("send", "room:"+other.ID, nil, in, nil)
		require.Equal(t, "chat.client_id_used", f.Code)
	})
}

func TestMessage_deleted_leaves_nothing_behind(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		m := k.send(ada, room.ID, "geheimes Wort [@Bob](person:"+bob.UserID+")")
		gone, err := k.chat.Delete(context.Background(), ada, room.ID, m.ID)
		require.NoError(t, err)
		require.Empty(t, gone.Text)
		require.Empty(t, gone.People)
		require.NotEmpty(t, gone.DeletedAt)
		require.Equal(t, m.Seq+1, gone.Rev)

		var left int64
		require.NoError(t, k.db.Read(context.Background()).
			Raw("SELECT (SELECT count(*) FROM chat_messages WHERE text LIKE '%geheim%') + (SELECT count(*) FROM chat_mentions)").Row().Scan(&left))
		require.Zero(t, left)
		view, err := k.chat.Room(context.Background(), bob, room.ID)
		require.NoError(t, err)
		require.Zero(t, view.Unread+view.Mentions)

		again, err := k.chat.Delete(context.Background(), ada, room.ID, m.ID)
		require.NoError(t, err)
		require.Equal(t, gone.Rev, again.Rev, "deleting twice changes nothing")
		_, err = k.chat.Edit(context.Background(), ada, room.ID, m.ID, chat.NewText{Text: "doch nicht"})
		require.Equal(t, "chat.message_not_found", code(err))
	})
}

func TestPrivate_room_does_not_exist_for_others(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, admin := k.person("Ada"), k.person("Bob"), k.somebody("Chef", access.RoleAdmin)
		room := k.room(ada, chat.Private, "Personalsache")
		m := k.send(ada, room.ID, "vertraulich")
		for _, p := range []access.Principal{bob, admin} {
			tab := k.tab(p)
			require.Equal(t, "chat.room_not_found", tab.join(room.ID).Code)
			for op, data := range map[string]any{
				"send": chat.NewMessage{ClientID: id.New(), Text: "hallo"}, "edit": chat.EditMessage{ID: m.ID, NewText: chat.NewText{Text: "x"}},
				"delete": chat.MessageRef{ID: m.ID}, "read": chat.ReadUpTo{Seq: 1}, "typing": nil,
			} {
				require.Equal(t, "chat.room_not_found", tab.ask(op, "room:"+room.ID, nil, data, nil).Code, op)
			}
			for _, path := range []string{"", "/members", "/messages", "/changes"} {
				f := k.call(p, "GET", "/rooms/"+room.ID+path, nil, nil)
				require.Equal(t, "Not Found chat.room_not_found", f.RequestID+" "+f.Code, path)
			}
			require.Equal(t, "chat.room_not_found", k.call(p, "POST", "/rooms/"+room.ID+"/join", nil, nil).Code)
			require.Equal(t, "chat.room_not_found", k.call(p, "DELETE", "/rooms/"+room.ID, nil, nil).Code)
			require.Equal(t, "chat.room_not_found", k.call(p, "DELETE", "/rooms/"+room.ID+"/messages/"+m.ID, nil, nil).Code)
			var list chat.PublicRooms
			require.Nil(t, k.call(p, "GET", "/public-rooms?q=Personal", nil, &list))
			require.Empty(t, list.Items)
		}
	})
}

func TestPublic_room_is_read_by_all_and_written_by_members(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Public, "Straßenfest")
		tab := k.tab(bob)
		require.Nil(t, tab.join(room.ID))
		in := chat.NewMessage{ClientID: id.New(), Text: "ich helfe"}
		require.Equal(t, "chat.not_a_member", tab.ask("send", "room:"+room.ID, nil, in, nil).Code)
		require.Nil(t, k.call(bob, "POST", "/rooms/"+room.ID+"/join", nil, nil))
		require.Nil(t, tab.ask("send", "room:"+room.ID, nil, in, nil))
		_, err := k.chat.Open(context.Background(), bob, chat.NewRoom{Kind: chat.Public, Name: "straßenFEST "})
		require.Equal(t, "chat.room_name_taken", code(err))
		var list chat.PublicRooms
		require.Nil(t, k.call(bob, "GET", "/public-rooms?q=STRASSE", nil, &list))
		require.Nil(t, k.call(bob, "GET", "/public-rooms?q=fest", nil, &list))
		require.Len(t, list.Items, 1)
		require.Equal(t, chat.PublicRoom{ID: room.ID, Form: chat.Talk, Name: "Straßenfest", Members: 2, Joined: true}, list.Items[0])
	})
}

func TestBrowse_goes_through_all_rooms_once(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		for n := range 25 {
			k.room(k.person("Ada"), chat.Public, fmt.Sprintf("Raum %02d", n%25))
		}
		bob := k.person("Bob")
		var names []string
		cursor := ""
		for range 10 {
			page, err := k.chat.Browse(context.Background(), bob, "raum", cursor, 10)
			require.NoError(t, err)
			for _, r := range page.Items {
				names = append(names, r.Name)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		require.Len(t, names, 25)
		require.IsIncreasing(t, names)
	})
}

func TestDirect_room_is_the_same_for_both(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		guest := k.somebody("Gast", access.RoleGuest)
		first, err := k.chat.Direct(context.Background(), ada, []string{bob.UserID})
		require.NoError(t, err)
		second, err := k.chat.Direct(context.Background(), bob, []string{ada.UserID})
		require.NoError(t, err)
		require.Equal(t, first.ID, second.ID)
		require.Equal(t, "Bob", first.Partner.Name)
		require.Equal(t, "Ada", second.Partner.Name)
		_, err = k.chat.Direct(context.Background(), ada, []string{ada.UserID})
		require.Equal(t, "chat.partner_unknown", code(err))
		_, err = k.chat.Direct(context.Background(), ada, []string{guest.UserID})
		require.Equal(t, "chat.partner_unknown", code(err))
		require.Equal(t, "chat.room_not_found", k.call(eva, "GET", "/rooms/"+first.ID, nil, nil).Code)
		require.Equal(t, "chat.direct_is_fixed", k.call(ada, "POST", "/rooms/"+first.ID+"/leave", nil, nil).Code)
		require.Equal(t, "chat.direct_is_fixed",
			k.call(ada, "POST", "/rooms/"+first.ID+"/members", map[string]any{"user_ids": []string{eva.UserID}}, nil).Code)
	})
}

// Requirement row 002-07: who is taken out is out with the next request, and the
// open socket hears no more of the room.
func TestRemoved_member_loses_the_room_at_once(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		tab := k.tab(bob)
		require.Nil(t, tab.join(room.ID))
		require.Nil(t, k.call(ada, "DELETE", "/rooms/"+room.ID+"/members/"+bob.UserID, nil, nil))
		k.send(ada, room.ID, "ohne Bob")
		tab.event("closed", nil)
		tab.event("room_removed", nil)
		in := chat.NewMessage{ClientID: id.New(), Text: "noch da?"}
		require.Equal(t, "chat.room_not_found", tab.ask("send", "room:"+room.ID, nil, in, nil).Code)
		require.Equal(t, "chat.room_not_found", tab.join(room.ID).Code)
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, f := range tab.events {
			require.NotContains(t, string(f.Data), "ohne Bob")
		}
	})
}

func TestOwner_may_not_leave_others_behind(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		require.Equal(t, "chat.last_owner", k.call(ada, "POST", "/rooms/"+room.ID+"/leave", nil, nil).Code)
		member := map[string]any{"role": "member"}
		require.Equal(t, "chat.last_owner", k.call(ada, "PATCH", "/rooms/"+room.ID+"/members/"+ada.UserID, member, nil).Code)
		require.Equal(t, "chat.owners_only", k.call(bob, "PATCH", "/rooms/"+room.ID+"/members/"+bob.UserID, map[string]any{"role": "owner"}, nil).Code)
		require.Nil(t, k.call(ada, "PATCH", "/rooms/"+room.ID+"/members/"+bob.UserID, map[string]any{"role": "owner"}, nil))
		require.Nil(t, k.call(ada, "POST", "/rooms/"+room.ID+"/leave", nil, nil))
		var list chat.MemberList
		require.Nil(t, k.call(bob, "GET", "/rooms/"+room.ID+"/members", nil, &list))
		require.Len(t, list.Items, 1)
		require.True(t, list.Items[0].Active)
	})
}

func TestArchived_room_is_read_only_and_opens_again(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		require.Equal(t, "chat.owners_only", k.call(bob, "DELETE", "/rooms/"+room.ID, nil, nil).Code)
		require.Nil(t, k.call(ada, "DELETE", "/rooms/"+room.ID, nil, nil))
		_, err := k.chat.Send(context.Background(), bob, room.ID, chat.NewMessage{ClientID: id.New(), Text: "zu spät"})
		require.Equal(t, "chat.room_archived", code(err))
		mine, err := k.chat.RoomsOf(context.Background(), bob)
		require.NoError(t, err)
		require.Empty(t, mine.Rooms)
		require.Nil(t, k.call(bob, "GET", "/rooms/"+room.ID+"/messages", nil, nil))
		require.Nil(t, k.call(ada, "PATCH", "/rooms/"+room.ID, map[string]any{"archived": false, "name": "Bauhof neu"}, nil))
		k.send(bob, room.ID, "wieder offen")
	})
}

func TestCursor_moves_forward_on_all_devices(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		desk, phone := k.tab(bob), k.tab(bob)
		var last chat.Message
		for n := range 5 {
			last = k.send(ada, room.ID, fmt.Sprint(n))
		}
		var mark chat.ReadMark
		require.Nil(t, desk.ask("read", "room:"+room.ID, nil, chat.ReadUpTo{Seq: last.Seq - 2}, &mark))
		require.Equal(t, 2, mark.Unread)
		require.Nil(t, desk.ask("read", "room:"+room.ID, nil, chat.ReadUpTo{Seq: 1}, &mark))
		require.Equal(t, last.Seq-2, mark.ReadSeq, "never back")
		require.Nil(t, k.call(bob, "POST", "/rooms/"+room.ID+"/read", chat.ReadUpTo{Seq: 99999}, &mark))
		require.Equal(t, last.Seq, mark.ReadSeq, "never beyond the head")
		phone.event("room_read", func(d json.RawMessage) bool { return decode(t, d, &chat.ReadMark{}).ReadSeq == last.Seq })
	})
}

func TestHistory_pages_both_ways(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		for n := range 30 {
			k.send(ada, room.ID, fmt.Sprint("Nachricht ", n))
		}
		seqs := func(span chat.Span) (out []int64, page chat.Page) {
			page, err := k.chat.History(context.Background(), ada, room.ID, span)
			require.NoError(t, err)
			for _, m := range page.Messages {
				out = append(out, m.Seq)
			}
			return out, page
		}
		got, page := seqs(chat.Span{Limit: 5})
		require.Equal(t, []int64{27, 28, 29, 30, 31}, got)
		require.True(t, page.Before)
		require.False(t, page.After)
		got, page = seqs(chat.Span{Before: 4, Limit: 5})
		require.Equal(t, []int64{1, 2, 3}, got)
		require.False(t, page.Before)
		require.True(t, page.After)
		got, _ = seqs(chat.Span{After: 29, Limit: 5})
		require.Equal(t, []int64{30, 31}, got)
		got, _ = seqs(chat.Span{Around: 10, Limit: 5})
		require.Equal(t, []int64{8, 9, 10, 11, 12}, got)
	})
}

func TestState_after_a_long_absence_starts_afresh(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		people := make([]access.Principal, 30)
		for n := range people {
			people[n] = k.person(fmt.Sprint("P", n))
		}
		room := k.room(people[0], chat.Private, "Viel", people[1:]...)
		for n := range 510 {
			k.send(people[n%len(people)], room.ID, "x")
		}
		state, err := k.chat.StateAfter(context.Background(), people[0], room.ID, 1)
		require.NoError(t, err)
		require.True(t, state.Reset)
		require.True(t, state.More)
		require.Len(t, state.Messages, 50)
		state, err = k.chat.StateAfter(context.Background(), people[0], room.ID, 500)
		require.NoError(t, err)
		require.False(t, state.Reset)
		require.Len(t, state.Messages, 11)
		state, err = k.chat.StateAfter(context.Background(), people[0], room.ID, 99999)
		require.NoError(t, err)
		require.True(t, state.Reset, "a cursor from the future is of another database")
	})
}

func TestCall_begins_and_ends_with_one_card(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		tab := k.tab(bob)
		require.Nil(t, tab.join(room.ID))
		meeting := id.New()
		require.Equal(t, "chat.room_not_found", code(k.chat.PostCall(ctx, room.ID, eva, meeting)))
		require.NoError(t, k.chat.PostCall(ctx, room.ID, ada, meeting))
		require.NoError(t, k.chat.PostCall(ctx, room.ID, ada, meeting))
		card := decode(t, tab.event("message", nil), &chat.Message{})
		require.Equal(t, chat.MessageData{MeetingID: meeting, State: chat.CallRunning}, card.Data)
		require.Equal(t, "Ada", card.Author.Name)
		facts := decode(t, tab.event("room", nil), &chat.RoomFacts{})
		require.Equal(t, meeting, facts.Call)
		running, err := k.chat.RunningCalls(ctx)
		require.NoError(t, err)
		require.Equal(t, []chat.RoomCall{{RoomID: room.ID, MeetingID: meeting}}, running)
		require.NoError(t, k.chat.EndCall(ctx, room.ID, meeting))
		require.NoError(t, k.chat.EndCall(ctx, room.ID, meeting))
		changed := decode(t, tab.event("changed", nil), &chat.Message{})
		require.Equal(t, chat.CallEnded, changed.Data.State)
		view, err := k.chat.Room(ctx, bob, room.ID)
		require.NoError(t, err)
		require.Empty(t, view.Call)
		require.Equal(t, int64(3), view.LastSeq, "created, card, card ended")
		require.Equal(t, 1, view.Unread, "a missed call is unread")
	})
}

func TestMember_who_sends_too_fast_is_slowed_down(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		var refused error
		for n := 0; n < 1000 && refused == nil; n++ {
			_, refused = k.chat.Send(context.Background(), ada, room.ID, chat.NewMessage{ClientID: id.New(), Text: "x"})
		}
		require.Equal(t, "chat.too_fast", code(refused))
	})
}

func TestInput_that_breaks_the_rules_is_refused(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		tab := k.tab(ada)
		big := strings.Repeat("ä", 16_001)
		for want, in := range map[string]any{
			"chat.message_empty":       chat.NewMessage{ClientID: id.New(), Text: " \n\u0007\u202e "},
			"chat.message_too_long":    chat.NewMessage{ClientID: id.New(), Text: big},
			"chat.client_id_malformed": chat.NewMessage{ClientID: strings.ToUpper(id.New()), Text: "x"},
			"invalid_input":            map[string]any{"text": 7},
		} {
			require.Equal(t, want, tab.ask("send", "room:"+room.ID, nil, in, nil).Code)
		}
		require.Equal(t, "chat.message_not_found", tab.ask("edit", "room:"+room.ID, nil, chat.EditMessage{ID: "x", NewText: chat.NewText{Text: "y"}}, nil).Code)
		require.Equal(t, "invalid_input", tab.ask("read", "room:"+room.ID, nil, chat.ReadUpTo{Seq: -1}, nil).Code)
		for _, name := range []string{"", "   ", strings.Repeat("x", 81), "\u202e\u200b"} {
			_, err := k.chat.Open(context.Background(), ada, chat.NewRoom{Kind: chat.Public, Name: name})
			require.Contains(t, code(err), "chat.room_name_", "%q", name)
		}
		require.Equal(t, "Unprocessable Entity invalid_input", func() string {
			f := k.call(ada, "GET", "/public-rooms?cursor=AAAA", nil, nil)
			return f.RequestID + " " + f.Code
		}())
	})
}

// wire is v as it goes out.
func wire(t require.TestingT, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}
