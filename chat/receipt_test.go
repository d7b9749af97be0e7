package chat_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
)

// Who has read what is announced is told at once to those who moderate, but
// only of people who tell it and to people who tell it.
func TestReceipts_of_announcements_are_told_among_those_who_share_them(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob, eva, max := k.person("Ada"), k.person("Bob"), k.person("Eva"), k.person("Max")
		share := func(p access.Principal, on bool) {
			s, err := k.chat.SettingsOf(ctx, p)
			require.NoError(t, err)
			s.Receipts = on
			_, err = k.chat.Set(ctx, p, s)
			require.NoError(t, err)
		}
		share(ada, true)
		share(bob, true)
		room := k.open(ada, chat.Announcement, bob, eva, max)
		k.role(ada, room.ID, max, chat.Moderator)
		said := k.send(ada, room.ID, "Morgen ist geschlossen")
		desk, deputy := k.tab(ada), k.tab(max)

		_, err := k.chat.Read(ctx, eva, room.ID, said.Seq)
		require.NoError(t, err)
		_, err = k.chat.Read(ctx, bob, room.ID, said.Seq)
		require.NoError(t, err)
		desk.event("receipt", about(room.ID, bob.UserID))
		all, err := k.chat.ReceiptsOf(ctx, ada, room.ID)
		require.NoError(t, err)
		require.Contains(t, all, chat.Receipt{PersonID: bob.UserID, ReadSeq: said.Seq})
		require.Len(t, all, 2, "Eva does not tell")
		_, err = k.chat.Unread(ctx, bob, room.ID, said.Seq)
		require.NoError(t, err)
		desk.event("receipt", func(raw json.RawMessage) bool {
			return about(bob.UserID)(raw) && !about(`"read_seq":`+strconv.FormatInt(said.Seq, 10))(raw)
		})

		require.Equal(t, "chat.moderators_only", k.call(bob, "GET", "/rooms/"+room.ID+"/receipts", nil, nil).Code)
		require.Equal(t, "chat.receipts_not_shared", k.call(max, "GET", "/rooms/"+room.ID+"/receipts", nil, nil).Code)
		require.False(t, deputy.heard("receipt"), "who does not tell hears nothing")
		readers := "/rooms/" + room.ID + "/messages/" + said.ID + "/readers"
		require.Equal(t, "chat.not_your_message", k.call(bob, "GET", readers, nil, nil).Code)
		share(max, true)
		require.Nil(t, k.call(max, "GET", readers, nil, nil), "who moderates may ask for what another one said")
		talk := k.open(ada, chat.Talk, bob)
		require.Equal(t, "chat.receipts_off", k.call(ada, "GET", "/rooms/"+talk.ID+"/receipts", nil, nil).Code)
	})
}

// Presence is told live, among those who tell it, and only where the town allows it.
func TestPresence_is_told_live_among_those_who_share_it(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		share := func(p access.Principal, on bool) {
			_, err := k.chat.Set(ctx, p, chat.Settings{Announce: "all", Presence: on})
			require.NoError(t, err)
		}
		share(ada, true)
		share(bob, true)
		k.room(ada, chat.Private, "Bauhof", bob, eva)
		desk, curious := k.tab(ada), k.tab(eva)
		phone := k.tab(bob)
		k.turn(4 * time.Second)
		desk.event("here", about(bob.UserID, `"here":true`))
		phone.disconnect()
		k.soon("the phone is gone", func() bool { return !k.hub.Online(bob.UserID) })
		k.turn(4 * time.Second)
		desk.event("here", about(bob.UserID, `"here":false`))
		share(bob, false)
		desk.event("here", func(raw json.RawMessage) bool { return about(bob.UserID)(raw) && !about(`"here":`)(raw) })
		require.False(t, curious.heard("here"), "who does not tell hears nothing")
	})
}
