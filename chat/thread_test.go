package chat_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
)

// say sends anything and returns what came of it.
func (k *rig) say(p access.Principal, room string, in chat.NewMessage) (chat.Message, error) {
	in.ClientID = id.New()
	return k.chat.Send(context.Background(), p, room, in)
}

// reply answers a message in its thread.
func (k *rig) reply(p access.Principal, room, root, text string) chat.Message {
	k.tb.Helper()
	m, err := k.say(p, room, chat.NewMessage{Text: text, ThreadID: root})
	require.NoError(k.tb, err)
	return m
}

// message reads one message of a room afresh.
func (k *rig) message(p access.Principal, room string, seq int64) chat.Message {
	k.tb.Helper()
	page, err := k.chat.History(context.Background(), p, room, chat.Span{Around: seq, Limit: 1})
	require.NoError(k.tb, err)
	require.Len(k.tb, page.Messages, 1)
	return page.Messages[0]
}

func TestThreads(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, ben, cem := k.person("Ada"), k.person("Ben"), k.person("Cem")
		room := k.room(ada, chat.Private, "Bauhof", ben, cem)

		t.Run("a reply sums up at the message that began it, and raises the room", func(t *testing.T) {
			root := k.send(ada, room.ID, "Wer streut morgen?")
			one := k.reply(ben, room.ID, root.ID, "Ich")
			require.Equal(t, root.ID, one.ThreadID)
			require.Equal(t, &chat.Reference{ID: root.ID, Seq: root.Seq, Author: root.Author, Text: "Wer streut morgen?"}, one.Root)
			two := k.reply(cem, room.ID, root.ID, "Ich auch")
			again := k.message(ada, room.ID, root.Seq)
			require.Equal(t, 2, again.Thread.Replies)
			require.Equal(t, two.Seq, again.Thread.LastSeq)
			require.Equal(t, []string{"Cem", "Ben"}, []string{again.Thread.People[0].Name, again.Thread.People[1].Name})
			mine, err := k.chat.RoomsOf(context.Background(), ada)
			require.NoError(t, err)
			require.Equal(t, two.CreatedAt, mine.Rooms[0].LastAt)
			require.Equal(t, 2, mine.Rooms[0].Unread)
		})

		t.Run("a deleted reply is counted no more; a deleted beginning keeps its thread", func(t *testing.T) {
			root := k.send(ada, room.ID, "Schlüssel?")
			one, two := k.reply(ben, room.ID, root.ID, "Beim Hausmeister"), k.reply(cem, room.ID, root.ID, "Nein, bei mir")
			_, err := k.chat.Delete(context.Background(), cem, room.ID, two.ID)
			require.NoError(t, err)
			again := k.message(ada, room.ID, root.Seq)
			require.Equal(t, 1, again.Thread.Replies)
			require.Equal(t, one.Seq, again.Thread.LastSeq)
			_, err = k.chat.Delete(context.Background(), ada, room.ID, root.ID)
			require.NoError(t, err)
			again = k.message(ada, room.ID, root.Seq)
			require.Empty(t, again.Text)
			require.Equal(t, 1, again.Thread.Replies)
			reply := k.message(ada, room.ID, one.Seq)
			require.True(t, reply.Root.Deleted)
			require.Empty(t, reply.Root.Text, "what was deleted is nowhere")
			_, err = k.say(ben, room.ID, chat.NewMessage{Text: "Es geht weiter", ThreadID: root.ID})
			require.NoError(t, err)
		})

		t.Run("threads have one level, and begin in their own room", func(t *testing.T) {
			root := k.send(ada, room.ID, "Frage")
			one := k.reply(ben, room.ID, root.ID, "Antwort")
			_, err := k.say(ada, room.ID, chat.NewMessage{Text: "x", ThreadID: one.ID})
			require.Equal(t, "chat.thread_not_possible", code(err))
			other := k.room(ada, chat.Private, "Anderswo")
			for _, in := range []chat.NewMessage{{Text: "x", ThreadID: root.ID}, {Text: "x", QuoteID: root.ID}, {Text: "x", ThreadID: "' OR 1=1"}, {Text: "x", QuoteID: id.New()}} {
				_, err = k.say(ada, other.ID, in)
				require.Equal(t, "chat.message_not_found", code(err), "CVE class 9: nothing of another room is shown by naming it")
			}
		})

		t.Run("a quote shows its message as it is now", func(t *testing.T) {
			said := k.send(ada, room.ID, "Treffen um [@Böse](person:"+ben.UserID+") drei")
			q, err := k.say(cem, room.ID, chat.NewMessage{Text: "Geht nicht", QuoteID: said.ID})
			require.NoError(t, err)
			require.Equal(t, "Treffen um @Ben drei", q.Quote.Text)
			_, err = k.chat.Edit(context.Background(), ada, room.ID, said.ID, chat.NewText{Text: "Treffen um vier"})
			require.NoError(t, err)
			require.Equal(t, "Treffen um vier", k.message(ben, room.ID, q.Seq).Quote.Text)
			_, err = k.chat.Delete(context.Background(), ada, room.ID, said.ID)
			require.NoError(t, err)
			now := k.message(ben, room.ID, q.Seq)
			require.True(t, now.Quote.Deleted)
			require.Empty(t, now.Quote.Text)
			_, err = k.say(cem, room.ID, chat.NewMessage{Text: "Geht nicht", QuoteID: said.ID})
			require.Equal(t, "chat.message_not_found", code(err))
		})
	})
}
