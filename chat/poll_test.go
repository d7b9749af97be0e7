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
)

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
