package chat_test

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rathaus/chat"
	"rathaus/internal/access"
)

func (l *life) leave(rt *rapid.T) {
	r, p := l.someRoom(rt), l.people[rapid.IntRange(1, len(l.people)-1).Draw(rt, "person")]
	err := l.k.chat.Leave(context.Background(), p, r.id)
	if !r.members[p.UserID] {
		require.Equal(l.rt, "chat.room_not_found", code(err))
		return
	}
	require.NoError(l.rt, err)
	l.gone(r, p)
}

func (l *life) remove(rt *rapid.T) {
	r, p := l.someRoom(rt), l.people[rapid.IntRange(1, len(l.people)-1).Draw(rt, "person")]
	if !r.members[p.UserID] {
		return
	}
	require.NoError(l.rt, l.k.chat.Remove(context.Background(), l.people[0], r.id, p.UserID))
	l.gone(r, p)
}

func (l *life) gone(r *modelRoom, p access.Principal) {
	r.head++
	delete(r.members, p.UserID)
}

func (l *life) add(rt *rapid.T) {
	r, p := l.someRoom(rt), l.people[rapid.IntRange(1, len(l.people)-1).Draw(rt, "person")]
	err := l.k.chat.Add(context.Background(), l.people[0], r.id, chat.NewMembers{UserIDs: []string{p.UserID}})
	if code(err) == tooFast {
		return
	}
	if l.barred[p.UserID] {
		require.Equal(l.rt, "chat.person_unknown", code(err), "nobody brings in who is disabled")
		return
	}
	require.NoError(l.rt, err)
	if r.members[p.UserID] {
		return
	}
	r.head++
	r.members[p.UserID], r.read[p.UserID] = true, r.head
}

// disable takes somebody's account: what they said and where they belong stays,
// and nobody brings them in anywhere.
func (l *life) disable(rt *rapid.T) { l.setActive(rt, false) }

func (l *life) enable(rt *rapid.T) { l.setActive(rt, true) }

func (l *life) setActive(rt *rapid.T, active bool) {
	p := l.people[rapid.IntRange(1, len(l.people)-1).Draw(rt, "person")]
	l.k.town.mu.Lock()
	defer l.k.town.mu.Unlock()
	who := l.k.town.people[p.UserID]
	who.Active = active
	l.k.town.people[p.UserID] = who
	l.barred[p.UserID] = !active
}

// wait lets so much time pass that all messages end which were to.
func (l *life) wait(*rapid.T) {
	l.k.clock.forward(6 * time.Second)
	require.NoError(l.rt, l.k.chat.EndDue(context.Background()))
	for _, r := range l.rooms {
		for _, s := range r.said {
			if !s.ends || s.deleted {
				continue
			}
			s.deleted, s.mention, s.called = true, "", nil
			r.head++
			if s.root != nil {
				r.head++ // the message that began the thread counts one reply less
			}
		}
	}
}
