package chat_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// timed is a rig whose clock is turned by hand and whose background work runs.
type timed struct {
	*rig
	fake *clock.Fake
	stop func()
}

var noon = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// eachTimed runs fn on both databases with a clock that stands at noon.
func eachTimed(t *testing.T, fn func(t *testing.T, k *timed)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		k := newTimed(t, db, clock.NewFake(noon), nil)
		fn(t, k)
	})
}

// newTimed starts chat on a database; the directory of an earlier rig goes on.
func newTimed(t *testing.T, db *store.DB, fake *clock.Fake, before *timed) *timed {
	t.Helper()
	k := &timed{fake: fake}
	k.rig = newRigWith(t, db, func(d *chat.Deps) {
		d.Clock = fake
		d.Policies = chat.Policies{Presence: chat.PolicyOptional, ReadReceipts: chat.PolicyOptional}
	})
	if before != nil {
		k.town.people, k.principals = before.town.people, before.principals
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.chat.Run(ctx) }()
	k.stop = func() {
		cancel()
		require.NoError(t, <-done)
		done <- nil
	}
	t.Cleanup(k.stop)
	return k
}

// turn moves the clock and lets what is due happen.
func (k *timed) turn(d time.Duration) {
	k.fake.Advance(d)
	k.chat.Rouse()
}

func (k *timed) in(d time.Duration) string { return k.fake.Now().Add(d).Format(time.RFC3339Nano) }

// about returns a condition on the data of an event.
func about(parts ...string) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool {
		for _, part := range parts {
			if !strings.Contains(string(raw), part) {
				return false
			}
		}
		return true
	}
}

var background = context.Background()

func TestWishes_for_a_room_are_the_same_on_all_devices(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		phone := k.tab(bob)
		level, forGood := chat.LevelMentions, "9999-12-31T00:00:00Z"
		wishes, err := k.chat.Wish(background, bob, room.ID, chat.WishChange{Level: &level})
		require.NoError(t, err)
		require.Equal(t, chat.RoomWishes{RoomID: room.ID, Level: "mentions"}, wishes)
		_, err = k.chat.Wish(background, bob, room.ID, chat.WishChange{MutedUntil: &forGood})
		require.NoError(t, err)
		phone.event("room_wishes", about(`"mentions"`, "9999-12-31"))
		mine, err := k.chat.RoomsOf(background, bob)
		require.NoError(t, err)
		require.Equal(t, "mentions", mine.Rooms[0].Level)
		require.Equal(t, "9999-12-31T00:00:00Z", mine.Rooms[0].MutedUntil)
		own, err := k.chat.Room(background, ada, room.ID)
		require.NoError(t, err)
		require.Equal(t, "all", own.Level, "what Bob wants is Bob's alone")

		empty := ""
		wishes, err = k.chat.Wish(background, bob, room.ID, chat.WishChange{MutedUntil: &empty})
		require.NoError(t, err)
		require.Empty(t, wishes.MutedUntil)
		_, err = k.chat.Wish(background, eva, room.ID, chat.WishChange{Level: &level})
		require.Equal(t, "chat.room_not_found", code(err))
		for _, bad := range []string{"morgen", "0001-01-01T00:00:00Z", "2027-01-01"} {
			_, err = k.chat.Wish(background, bob, room.ID, chat.WishChange{MutedUntil: &bad})
			require.Equal(t, "chat.time_malformed", code(err), bad)
		}
	})
}

func TestMessage_marked_unread_waits_again_on_all_devices(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		phone := k.tab(bob)
		first := k.send(ada, room.ID, "eins [@Bob](person:"+bob.UserID+")")
		k.send(ada, room.ID, "zwei")
		_, err := k.chat.Read(background, bob, room.ID, first.Seq+1)
		require.NoError(t, err)
		mark, err := k.chat.Unread(background, bob, room.ID, first.Seq)
		require.NoError(t, err)
		require.Equal(t, chat.ReadMark{RoomID: room.ID, Seq: first.Seq + 1, ReadSeq: first.Seq - 1, Unread: 2, Mentions: 1}, mark)
		phone.event("room_read", about(`"unread":2`, `"mentions":1`))
	})
}

func TestLayout_of_the_list_goes_on_from_the_latest_one(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		phone := k.tab(ada)
		first := chat.Layout{Favourites: []string{room.ID}, Sections: []chat.Section{{ID: id.New(), Name: "  Projekte ", Rooms: nil}}}
		got, err := k.chat.Arrange(background, ada, first)
		require.NoError(t, err)
		require.Equal(t, int64(1), got.Version)
		require.Equal(t, "Projekte", got.Sections[0].Name)
		phone.event("layout", about(`"version":1`, room.ID))
		_, err = k.chat.Arrange(background, ada, first)
		require.Equal(t, "chat.layout_changed", code(err), "a change on another device was faster")
		same, err := k.chat.LayoutOf(background, ada)
		require.NoError(t, err)
		require.Equal(t, got, same)
		for what, bad := range map[string]chat.Layout{
			"twice":   {Version: 1, Favourites: []string{room.ID, room.ID}},
			"no id":   {Version: 1, Favourites: []string{"../etc"}},
			"no name": {Version: 1, Sections: []chat.Section{{ID: id.New(), Name: " "}}},
		} {
			_, err := k.chat.Arrange(background, ada, bad)
			require.Error(t, err, what)
		}
	})
}

func TestSettings_are_checked_and_kept(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		in := chat.Settings{HideContent: true, Announce: "mentions", Presence: true, Receipts: true, Quiet: chat.Quiet{
			Until: "2027-03-01T15:00:00+01:00", Zone: "Europe/Berlin",
			Times: []chat.QuietTime{{Days: []int{1, 2, 3, 4, 5}, From: "18:00", To: "07:30"}},
		}}
		phone := k.tab(ada)
		got, err := k.chat.Set(background, ada, in)
		require.NoError(t, err)
		require.Equal(t, "2027-03-01T14:00:00Z", got.Quiet.Until)
		require.False(t, got.Presence || got.Receipts, "the town does not allow them")
		phone.event("settings", about(`"hide_content":true`))
		kept, err := k.chat.SettingsOf(background, ada)
		require.NoError(t, err)
		require.Equal(t, got, kept)
		for _, bad := range []chat.QuietTime{
			{Days: []int{8}, From: "18:00", To: "07:00"}, {Days: []int{1, 1}, From: "18:00", To: "07:00"},
			{Days: []int{1}, From: "24:00", To: "07:00"}, {From: "18:00", To: "07:00"}, {Days: []int{1}, From: "18:00\n", To: "7"},
		} {
			in.Quiet.Times = []chat.QuietTime{bad}
			_, err := k.chat.Set(background, ada, in)
			require.Equal(t, "chat.quiet_time_malformed", code(err))
		}
	})
}

// Class 12: behaviour of people does not leak, whoever asks and however.
func TestCVE_class_12_nothing_tells_what_people_do_unless_all_want_it(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		m := k.send(ada, room.ID, "gelesen?")
		_, err := k.chat.Read(background, bob, room.ID, m.Seq)
		require.NoError(t, err)
		k.tab(bob)
		require.Equal(t, "chat.receipts_off", k.call(ada, "GET", "/rooms/"+room.ID+"/messages/"+m.ID+"/readers", nil, nil).Code)
		var list chat.StatusList
		require.Nil(t, k.call(ada, "GET", "/status?people="+bob.UserID, nil, &list))
		require.Empty(t, list.Items, "with the policy off nothing says that Bob is here")
		for _, path := range []string{"/rooms/" + room.ID, "/rooms/" + room.ID + "/members", "/rooms/" + room.ID + "/messages", "/rooms/" + room.ID + "/changes"} {
			var raw json.RawMessage
			require.Nil(t, k.call(ada, "GET", path, nil, &raw))
			for _, word := range []string{"seen", "online", "last_active", "read_at", `"here"`} {
				require.NotContains(t, string(raw), word, path)
			}
		}
	})
}

func TestReceipts_and_presence_are_told_among_those_who_tell(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.room(ada, chat.Private, "Bauhof", bob, eva)
		m := k.send(ada, room.ID, "gelesen?")
		for _, p := range []access.Principal{bob, eva} {
			_, err := k.chat.Read(background, p, room.ID, m.Seq)
			require.NoError(t, err)
			k.tab(p)
		}
		readers := func(p access.Principal) ([]chat.Person, string) {
			all, err := k.chat.Readers(background, p, room.ID, m.ID)
			return all, code(err)
		}
		_, refused := readers(ada)
		require.Equal(t, "chat.receipts_not_shared", refused, "who tells nothing is told nothing")
		on := chat.Settings{Announce: "all", Presence: true, Receipts: true}
		for _, p := range []access.Principal{ada, bob} {
			_, err := k.chat.Set(background, p, on)
			require.NoError(t, err)
		}
		all, _ := readers(ada)
		require.Equal(t, []chat.Person{{ID: bob.UserID, Name: "Bob", Active: true}}, all, "Eva does not tell")
		_, refused = readers(bob)
		require.Equal(t, "chat.not_your_message", refused)

		here, err := k.chat.StatusOf(background, ada, []string{bob.UserID, eva.UserID})
		require.NoError(t, err)
		require.Len(t, here, 1)
		require.Equal(t, bob.UserID, here[0].PersonID)
		require.True(t, *here[0].Here)
		unseen, err := k.chat.StatusOf(background, eva, []string{bob.UserID})
		require.NoError(t, err)
		require.Empty(t, unseen)
	})
}

func TestStatus_is_said_by_hand_and_ends_by_itself(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		k.room(ada, chat.Private, "Bauhof", bob)
		other := k.tab(bob)
		_, err := k.chat.SaySomething(background, ada, chat.NewStatus{Text: "im Außendienst", Until: k.in(time.Hour)})
		require.NoError(t, err)
		other.event("status", about("im Außendienst", ada.UserID))
		said, err := k.chat.StatusOf(background, bob, []string{ada.UserID})
		require.NoError(t, err)
		require.Equal(t, "im Außendienst", said[0].Text)
		k.fake.Advance(time.Hour)
		said, err = k.chat.StatusOf(background, bob, []string{ada.UserID})
		require.NoError(t, err)
		require.Empty(t, said)
		_, err = k.chat.SaySomething(background, ada, chat.NewStatus{Text: "weg", Until: k.in(-time.Second)})
		require.Equal(t, "chat.time_is_past", code(err))
	})
}
