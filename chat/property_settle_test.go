package chat_test

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/require"
)

// settle compares every tab with a fresh load and with the model.
func (l *life) settle() {
	for _, t := range l.tabs {
		for _, r := range l.rooms {
			if r.members[t.p.UserID] {
				l.compare(t, r)
			} else {
				l.compareGone(t, r)
			}
		}
	}
}

func (l *life) compare(t *tab, r *modelRoom) {
	tb := l.rt
	t.mu.Lock()
	defer t.mu.Unlock()
	what := fmt.Sprintf("change %d of the room", r.head)
	t.await(what, func() bool {
		n := t.rooms[r.id]
		return n != nil && n.counted == r.head && n.read == r.read[t.p.UserID]
	})
	n := t.rooms[r.id]
	unread, mentions := r.unread(t.p.UserID)
	fresh, err := l.k.chat.StateAfter(context.Background(), t.p, r.id, -1)
	require.NoError(tb, err)
	require.Equal(tb, r.head, fresh.Head)
	require.Equal(tb, [2]int{unread, mentions}, [2]int{fresh.Room.Unread, fresh.Room.Mentions}, "unread afresh equals the model")
	require.Equal(tb, [2]int{unread, mentions}, [2]int{n.unread, n.mentions}, "unread at the client equals the model")
	if !n.joined {
		return
	}
	t.await(what, func() bool { return n.head == r.head })
	for _, m := range fresh.Messages {
		require.Equal(tb, wire(tb, m), wire(tb, n.messages[m.ID]), "%s has what a fresh load has", t.p.Name)
	}
}

func (l *life) compareGone(t *tab, r *modelRoom) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.await("the loss of the room", func() bool { return t.rooms[r.id] == nil })
}
