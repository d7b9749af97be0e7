package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/clock"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// columnsWith counts in how many text columns of the whole database a word stands.
func columnsWith(t *testing.T, db *store.DB, word string) []string {
	t.Helper()
	tx := db.Read(background)
	var found []string
	for table, columns := range map[string][]string{
		"chat_messages": {"text", "data"}, "chat_later": {"message"}, "chat_drafts": {"text"}, "chat_mentions": {"message_id"}, "chat_saved": {"message_id"},
	} {
		for _, column := range columns {
			var n int
			require.NoError(t, tx.Raw("SELECT count(*) FROM "+table+" WHERE "+column+" LIKE ?", "%"+word+"%").Row().Scan(&n))
			if n > 0 {
				found = append(found, table+"."+column)
			}
		}
	}
	return found
}

// Row 004-07: gone from the API and the database at its time, and clients are told.
func TestMessage_with_an_end_is_gone_at_its_time(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		reader, away := k.tab(bob), k.tab(bob)
		require.Nil(t, reader.join(room.ID))
		m, err := k.chat.Send(background, ada, room.ID, chat.NewMessage{ClientID: id.New(), Text: "Kennwort Zitrone [@Bob](person:" + bob.UserID + ")", ExpiresIn: 60})
		require.NoError(t, err)
		require.Equal(t, k.fake.Now().Add(time.Minute).Format(time.RFC3339Nano), m.ExpiresAt)
		quoted, err := k.chat.Send(background, bob, room.ID, chat.NewMessage{ClientID: id.New(), Text: "danke", QuoteID: m.ID})
		require.NoError(t, err)
		_, err = k.chat.Unread(background, bob, room.ID, m.Seq)
		require.NoError(t, err)
		_, err = k.chat.Keep(background, bob, room.ID, m.ID, chat.KeepMessage{})
		require.NoError(t, err)

		k.turn(59 * time.Second)
		view, err := k.chat.Room(background, bob, room.ID)
		require.NoError(t, err)
		require.Equal(t, [2]int{1, 1}, [2]int{view.Unread, view.Mentions})

		k.turn(time.Second)
		reader.event("changed", about(m.ID, "deleted_at"))
		away.event("room_bumped", about(`"unread":-1`, `"mentions":-1`))
		view, err = k.chat.Room(background, bob, room.ID)
		require.NoError(t, err)
		require.Zero(t, view.Unread+view.Mentions)
		for _, word := range []string{"Zitrone", m.ID} {
			for _, where := range columnsWith(t, k.db, word) {
				require.Equal(t, "chat_messages.data", where, "only the quote may still name the message")
			}
		}
		require.Empty(t, columnsWith(t, k.db, "Zitrone"))
		page, err := k.chat.History(background, bob, room.ID, chat.Span{})
		require.NoError(t, err)
		require.NotContains(t, fmt.Sprint(page), "Zitrone")
		require.Equal(t, quoted.Seq, page.Messages[len(page.Messages)-1].Seq)
	})
}

func TestMessage_whose_time_came_while_the_house_was_closed_is_gone_when_it_opens(t *testing.T) {
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		fake := clock.NewFake(noon)
		k := newTimed(t, db, fake, nil)
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		for n := range 30 {
			fake.Advance(time.Second)
			_, err := k.chat.Send(background, ada, room.ID, chat.NewMessage{ClientID: id.New(), Text: fmt.Sprint("Zitrone ", n), ExpiresIn: 3600})
			require.NoError(t, err)
		}
		archived := true
		_, err := k.chat.Change(background, ada, room.ID, chat.RoomChange{Archived: &archived})
		require.NoError(t, err)
		k.stop()
		fake.Advance(24 * time.Hour)
		// Nobody has come to remove them yet, and still nobody gets them.
		page, err := k.chat.History(background, ada, room.ID, chat.Span{})
		require.NoError(t, err)
		require.NotContains(t, fmt.Sprint(page), "Zitrone")
		require.NotEmpty(t, columnsWith(t, db, "Zitrone"))

		newTimed(t, db, fake, k)
		require.Eventually(t, func() bool { return len(columnsWith(t, db, "Zitrone")) == 0 }, patience, 5*time.Millisecond)
	})
}

func TestRoom_says_how_long_its_messages_stay_at_most(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		day, short := 86_400, 10
		_, err := k.chat.Change(background, bob, room.ID, chat.RoomChange{ExpireAfter: &day})
		require.Equal(t, "chat.owners_only", code(err))
		_, err = k.chat.Change(background, ada, room.ID, chat.RoomChange{ExpireAfter: &short})
		require.Equal(t, "chat.expiry_out_of_range", code(err))
		phone := k.tab(bob)
		view, err := k.chat.Change(background, ada, room.ID, chat.RoomChange{ExpireAfter: &day})
		require.NoError(t, err)
		require.Equal(t, day, view.ExpireAfter)
		phone.event("room_updated", about(`"expire_after":86400`))
		end := func(in int) string {
			m, err := k.chat.Send(background, bob, room.ID, chat.NewMessage{ClientID: id.New(), Text: "Zitrone", ExpiresIn: in})
			require.NoError(t, err)
			return strings.TrimSuffix(m.ExpiresAt, "Z")
		}
		at := func(d time.Duration) string { return strings.TrimSuffix(k.in(d), "Z") }
		require.Equal(t, at(24*time.Hour), end(0))
		require.Equal(t, at(time.Hour), end(3600), "shorter is allowed")
		require.Equal(t, at(24*time.Hour), end(7*86_400), "longer is not")
	})
}
