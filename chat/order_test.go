package chat_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

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

// Who deals with reports hears how many wait, and of those to the town alone
// the administration does.
func TestReports_are_told_to_those_who_deal_with_them(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, chief := k.person("Ada"), k.person("Bob"), k.somebody("Chefin", access.RoleAdmin)
		room := k.room(ada, chat.Private, "Bauhof", bob)
		said := k.send(ada, room.ID, "Unschönes")
		moderator, office := k.tab(ada), k.tab(chief)
		require.NoError(t, k.chat.Report(ctx, bob, room.ID, said.ID, chat.NewReport{Reason: "other", Town: true}))
		office.event("town_reported", about(`"open":1`))
		other := k.send(ada, room.ID, "Noch etwas")
		require.NoError(t, k.chat.Report(ctx, bob, room.ID, other.ID, chat.NewReport{Reason: "spam"}))
		moderator.event("room_reported", about(room.ID, `"open":1`))
		mine, err := k.chat.RoomsOf(ctx, chief)
		require.NoError(t, err)
		require.Equal(t, 1, mine.Reports)
		mine, err = k.chat.RoomsOf(ctx, ada)
		require.NoError(t, err)
		require.Zero(t, mine.Reports, "who does not administer hears nothing of the town's")
		require.Equal(t, 1, mine.Rooms[0].Reports)
		waiting, err := k.chat.TownReports(ctx, chief)
		require.NoError(t, err)
		require.NoError(t, k.chat.CloseReport(ctx, chief, waiting[0].ID, "done"))
		office.event("town_reported", about(`"open":0`))
		require.False(t, moderator.heard("town_reported"))
	})
}
