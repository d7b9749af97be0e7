package chat_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/clock"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

func TestSaved_message_reminds_at_its_time_and_goes_with_the_message(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		m, other := k.send(ada, room.ID, "Rechnung prüfen"), k.send(ada, room.ID, "anderes")
		phone := k.tab(bob)
		_, err := k.chat.Keep(background, bob, room.ID, other.ID, chat.KeepMessage{})
		require.NoError(t, err)
		_, err = k.chat.Keep(background, bob, room.ID, m.ID, chat.KeepMessage{RemindAt: k.in(20 * time.Minute)})
		require.NoError(t, err)
		phone.event("saved", about(m.ID, `"saved":true`, `"due":false`))
		k.turn(20 * time.Minute)
		phone.event("saved", about(m.ID, `"due":true`))
		due, err := k.chat.Saved(background, bob, true)
		require.NoError(t, err)
		require.Len(t, due, 1)
		require.Equal(t, "Rechnung prüfen", due[0].Message.Text)
		require.Equal(t, "Bauhof", due[0].RoomName)
		mine, err := k.chat.PersonalOf(background, bob)
		require.NoError(t, err)
		require.Len(t, mine.Saved, 2)
		none, err := k.chat.Saved(background, ada, false)
		require.NoError(t, err)
		require.Empty(t, none, "what Bob keeps is Bob's alone")

		_, err = k.chat.Delete(background, ada, room.ID, m.ID)
		require.NoError(t, err)
		left, err := k.chat.Saved(background, bob, false)
		require.NoError(t, err)
		require.Len(t, left, 1)
		require.NoError(t, k.chat.Drop(background, bob, room.ID, other.ID))
		phone.event("saved", about(other.ID, `"saved":false`))
	})
}

// Class 11: who has lost a room gets nothing of it any more, no reminder either.
func TestCVE_class_11_saved_messages_and_drafts_go_with_the_right_to_read(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		m := k.send(ada, room.ID, "vertraulich")
		_, err := k.chat.Keep(background, bob, room.ID, m.ID, chat.KeepMessage{RemindAt: k.in(time.Minute)})
		require.NoError(t, err)
		_, err = k.chat.KeepDraft(background, bob, room.ID, chat.NewDraft{Text: "Entwurf", WrittenAt: k.in(0)})
		require.NoError(t, err)
		phone := k.tab(bob)
		require.NoError(t, k.chat.Remove(background, ada, room.ID, bob.UserID))
		k.turn(time.Hour)
		mine, err := k.chat.PersonalOf(background, bob)
		require.NoError(t, err)
		require.Empty(t, mine.Saved)
		require.Empty(t, mine.Drafts)
		for _, f := range phone.events {
			require.NotEqual(t, "saved", f.Event)
		}
		_, err = k.chat.Keep(background, bob, room.ID, m.ID, chat.KeepMessage{})
		require.Equal(t, "chat.room_not_found", code(err))
	})
}

// Row 004-17: a draft follows to the other device; what was written last counts.
func TestDraft_written_last_counts(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		phone := k.tab(bob)
		keep := func(text string, at time.Duration) chat.Draft {
			d, err := k.chat.KeepDraft(background, bob, room.ID, chat.NewDraft{Text: text, WrittenAt: k.in(at)})
			require.NoError(t, err)
			return d
		}
		k.fake.Advance(time.Hour)
		keep("am Tisch", -time.Minute)
		phone.event("draft", about("am Tisch"))
		require.Equal(t, "am Tisch", keep("im Zug, lange offline", -time.Hour).Text, "older words do not win")
		require.Equal(t, k.in(0)[:19], keep("Uhr geht vor", 24*time.Hour).WrittenAt[:19], "a clock ahead is not believed")
		k.fake.Advance(time.Second)
		require.Empty(t, keep("", 0).Text)
		require.Empty(t, keep("von gestern", -time.Minute).Text, "what was sent does not come back")
		mine, err := k.chat.Drafts(background, bob)
		require.NoError(t, err)
		require.Empty(t, mine)
		_, err = k.chat.KeepDraft(background, k.person("Eva"), room.ID, chat.NewDraft{Text: "x", WrittenAt: k.in(0)})
		require.Equal(t, "chat.room_not_found", code(err))
	})
}

// Row 004-09: sent at its time, once.
func TestLater_message_is_sent_once_at_its_time(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		desk, reader := k.tab(ada), k.tab(bob)
		in := chat.NewLater{SendAt: k.in(time.Hour), Message: chat.NewMessage{ClientID: id.New(), Text: "Guten Morgen"}}
		first, err := k.chat.SendLater(background, ada, room.ID, in)
		require.NoError(t, err)
		again, err := k.chat.SendLater(background, ada, room.ID, in)
		require.NoError(t, err)
		require.Equal(t, first.ID, again.ID, "the same client id waits once")
		cancelled, err := k.chat.SendLater(background, ada, room.ID, chat.NewLater{SendAt: k.in(time.Hour), Message: chat.NewMessage{ClientID: id.New(), Text: "doch nicht"}})
		require.NoError(t, err)
		require.NoError(t, k.chat.CancelLater(background, ada, cancelled.ID))
		require.Equal(t, "chat.later_not_found", code(k.chat.CancelLater(background, bob, first.ID)), "others can't")
		text, sooner := "Guten Morgen zusammen", k.in(30*time.Minute)
		changed, err := k.chat.ChangeLater(background, ada, first.ID, chat.LaterChange{Text: &text, SendAt: &sooner})
		require.NoError(t, err)
		require.Equal(t, text, changed.Message.Text)

		k.turn(31 * time.Minute)
		reader.event("room_bumped", about(`"unread":1`))
		desk.event("later", about(first.ID, `"gone":true`))
		k.turn(time.Hour)
		page, err := k.chat.History(background, bob, room.ID, chat.Span{})
		require.NoError(t, err)
		var said []string
		for _, m := range page.Messages {
			if m.Kind == chat.KindText {
				said = append(said, m.Text)
			}
		}
		require.Equal(t, []string{text}, said)
		list, err := k.chat.Laters(background, ada)
		require.NoError(t, err)
		require.Empty(t, list)
		_, err = k.chat.SendLater(background, ada, room.ID, chat.NewLater{SendAt: k.in(-1), Message: chat.NewMessage{ClientID: id.New(), Text: "x"}})
		require.Equal(t, "chat.time_is_past", code(err))
	})
}

func TestLater_message_stays_with_a_reason_when_the_right_has_ended(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		phone := k.tab(bob)
		later, err := k.chat.SendLater(background, bob, room.ID, chat.NewLater{SendAt: k.in(time.Hour), Message: chat.NewMessage{ClientID: id.New(), Text: "zu spät"}})
		require.NoError(t, err)
		require.NoError(t, k.chat.Remove(background, ada, room.ID, bob.UserID))
		k.turn(2 * time.Hour)
		phone.event("later", about(later.ID, "chat.room_not_found"))
		list, err := k.chat.Laters(background, bob)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, "zu spät", list[0].Message.Text, "the words are not lost")
		require.Empty(t, list[0].RoomName, "but the name of the room is not told any more")
	})
}

// Who has become a guest writes as a guest what waited: announcements no more.
func TestLater_message_of_somebody_who_became_a_guest_has_the_rights_of_one(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		bob := k.person("Bob")
		room, err := k.chat.Open(background, bob, chat.NewRoom{Kind: chat.Private, Name: "Aushang", Form: chat.Announcement})
		require.NoError(t, err)
		phone := k.tab(bob)
		later, err := k.chat.SendLater(background, bob, room.ID, chat.NewLater{SendAt: k.in(time.Hour), Message: chat.NewMessage{ClientID: id.New(), Text: "Alle mal herhören"}})
		require.NoError(t, err)
		k.town.mu.Lock()
		k.town.people[bob.UserID] = chat.Person{ID: bob.UserID, Name: bob.Name, Guest: true, Active: true}
		k.town.mu.Unlock()
		k.turn(2 * time.Hour)
		phone.event("later", about(later.ID, "chat.few_write"))
	})
}

func TestLater_message_is_sent_once_however_often_it_is_tried(t *testing.T) {
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		fake := clock.NewFake(noon)
		k := newTimed(t, db, fake, nil)
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		for n := range 5 {
			_, err := k.chat.SendLater(background, ada, room.ID, chat.NewLater{SendAt: k.in(time.Hour), Message: chat.NewMessage{ClientID: id.New(), Text: fmt.Sprint("Nummer ", n)}})
			require.NoError(t, err)
		}
		k.stop()
		fake.Advance(2 * time.Hour)
		// The house comes back, and three of it at once.
		var houses []*timed
		for range 3 {
			houses = append(houses, newTimed(t, db, fake, k))
		}
		var all sync.WaitGroup
		for _, h := range houses {
			all.Go(h.chat.Rouse)
		}
		all.Wait()
		require.Eventually(t, func() bool {
			list, err := houses[0].chat.Laters(background, ada)
			return err == nil && len(list) == 0
		}, patience, 5*time.Millisecond)
		view, err := houses[0].chat.Room(background, ada, room.ID)
		require.NoError(t, err)
		require.Equal(t, int64(6), view.LastSeq, "the founding and five messages")
	})
}

func TestSilent_message_counts_but_says_that_it_is_silent(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		phone := k.tab(bob)
		m, err := k.chat.Send(background, ada, room.ID, chat.NewMessage{ClientID: id.New(), Text: "nicht dringend", Silent: true})
		require.NoError(t, err)
		require.True(t, m.Silent)
		phone.event("room_bumped", about(`"unread":1`, `"silent":true`))
		view, err := k.chat.Room(background, bob, room.ID)
		require.NoError(t, err)
		require.Equal(t, 1, view.Unread)
	})
}
