package chat_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// tooFast is what long runs meet: the model then stays as it is.
const tooFast = "chat.too_fast"

// said is a message of the model.
type said struct {
	id      string
	seq     int64
	author  string
	pinned  bool
	mention string // who is called by name, if a member at the time
	deleted bool
	ends    bool // removes itself when time passes

	root      *said           // what it answers in a thread
	followers map[string]bool // of the thread that it began: false is a no
	called    map[string]bool // by following the thread in which it is
	reactions map[string]bool // who has reacted
	votes     map[string]string
}

// modelRoom is a room as it should be.
type modelRoom struct {
	id      string
	members map[string]bool
	read    map[string]int64
	head    int64
	said    []*said
}

// life is one random run: people with one or two tabs each, rooms, and a model.
type life struct {
	rt     *rapid.T
	k      *rig
	people []access.Principal
	tabs   []*tab
	rooms  []*modelRoom
	barred map[string]bool // whose account is disabled
}

// TestState_plus_events_equals_a_fresh_load is the promise of the package: for
// every client, whatever people do and however connections break.
func TestState_plus_events_equals_a_fresh_load(t *testing.T) {
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		k := newRig(t, db)
		rapid.Check(t, func(rt *rapid.T) {
			l := newLife(rt, k)
			defer l.end()
			rt.Repeat(map[string]func(*rapid.T){
				"send": l.send, "edit": l.edit, "delete": l.delete, "read": l.read, "mark unread": l.markUnread,
				"leave": l.leave, "add": l.add, "remove": l.remove,
				"react": l.react, "pin": l.pin, "vote": l.vote, "follow": l.follow,
				"time passes": l.wait, "disable": l.disable, "enable": l.enable,
				"cut": l.cut, "watch": l.watch, "unwatch": l.unwatch,
				"": func(*rapid.T) {},
			})
			l.settle()
		})
	})
}

func newLife(rt *rapid.T, k *rig) *life {
	l := &life{rt: rt, k: k, barred: map[string]bool{}}
	for n := range 3 {
		p := k.person(fmt.Sprint("P", n))
		l.people = append(l.people, p)
		l.tabs = append(l.tabs, k.tab(p))
	}
	l.tabs = append(l.tabs, k.tab(l.people[0]))
	for n := range 2 {
		r := k.room(l.people[0], chat.Private, fmt.Sprint("R", n), l.people[1])
		m := &modelRoom{id: r.ID, head: 1, members: map[string]bool{}, read: map[string]int64{}}
		m.members[l.people[0].UserID], m.members[l.people[1].UserID] = true, true
		m.read[l.people[0].UserID], m.read[l.people[1].UserID] = 1, 1
		l.rooms = append(l.rooms, m)
	}
	return l
}

func (l *life) end() {
	for _, t := range l.tabs {
		t.disconnect()
	}
}

func (l *life) someRoom(rt *rapid.T) *modelRoom {
	return l.rooms[rapid.IntRange(0, len(l.rooms)-1).Draw(rt, "room")]
}

func (l *life) somebody(rt *rapid.T) access.Principal {
	return l.people[rapid.IntRange(0, len(l.people)-1).Draw(rt, "person")]
}

func (l *life) someTab(rt *rapid.T) *tab {
	return l.tabs[rapid.IntRange(0, len(l.tabs)-1).Draw(rt, "tab")]
}

func (l *life) send(rt *rapid.T) {
	r, p := l.someRoom(rt), l.somebody(rt)
	text, mention := "hallo", ""
	if rapid.Bool().Draw(rt, "mentions") {
		q := l.somebody(rt)
		text += " [@Name](person:" + q.UserID + ")"
		if r.members[q.UserID] && q.UserID != p.UserID {
			mention = q.UserID
		}
	}
	in := chat.NewMessage{ClientID: id.New(), Text: text}
	s := &said{author: p.UserID, mention: mention, followers: map[string]bool{}, reactions: map[string]bool{}, votes: map[string]string{}}
	l.refer(rt, r, s, &in)
	if s.ends = rapid.IntRange(0, 3).Draw(rt, "ends") == 0; s.ends {
		in.ExpiresIn = 5
	}
	m, err := l.k.chat.Send(context.Background(), p, r.id, in)
	if !r.members[p.UserID] {
		require.Equal(l.rt, "chat.room_not_found", code(err))
		return
	}
	if code(err) == tooFast {
		return
	}
	require.NoError(l.rt, err)
	if rapid.Bool().Draw(rt, "answer lost") {
		again, err := l.k.chat.Send(context.Background(), p, r.id, in)
		if code(err) != tooFast {
			require.NoError(l.rt, err)
			require.Equal(l.rt, m.Seq, again.Seq)
		}
	}
	r.head++
	require.Equal(l.rt, r.head, m.Seq, "numbers have no gap")
	s.id, s.seq = m.ID, m.Seq
	r.said = append(r.said, s)
	r.read[p.UserID] = m.Seq
	if s.root != nil {
		r.head++ // the message that began the thread counts one reply more
		s.answer(r)
	}
}

// refer makes a message a reply, a quote or a poll.
func (l *life) refer(rt *rapid.T, r *modelRoom, s *said, in *chat.NewMessage) {
	what := rapid.IntRange(0, 3).Draw(rt, "what")
	if what == 1 {
		in.Poll = &chat.NewPoll{Question: "Wann?", Options: []string{"heute", "morgen"}}
	}
	if what < 2 || len(r.said) == 0 {
		return
	}
	other := r.said[rapid.IntRange(0, len(r.said)-1).Draw(rt, "other")]
	switch {
	case other.deleted:
	case what == 2:
		in.QuoteID = other.id
	case other.root == nil:
		s.root, in.ThreadID = other, other.id
	}
}

// answer notes who follows the thread from now on, and who is called.
func (s *said) answer(r *modelRoom) {
	if _, decided := s.root.followers[s.root.author]; !decided {
		s.root.followers[s.root.author] = true
	}
	s.root.followers[s.author] = true
	s.called = map[string]bool{}
	for u, follows := range s.root.followers {
		if follows && u != s.author && r.members[u] {
			s.called[u] = true
		}
	}
}

// any picks a message that is still there, and somebody.
func (l *life) any(rt *rapid.T) (*modelRoom, *said, access.Principal) {
	r, p := l.someRoom(rt), l.somebody(rt)
	if len(r.said) == 0 || !r.members[p.UserID] {
		return r, nil, p
	}
	s := r.said[rapid.IntRange(0, len(r.said)-1).Draw(rt, "message")]
	if s.deleted {
		return r, nil, p
	}
	return r, s, p
}

func (l *life) react(rt *rapid.T) {
	r, s, p := l.any(rt)
	if s == nil {
		return
	}
	on := rapid.Bool().Draw(rt, "on")
	_, err := l.k.chat.React(context.Background(), p, r.id, s.id, "👍", on)
	if code(err) == tooFast {
		return
	}
	require.NoError(l.rt, err)
	if s.reactions[p.UserID] != on {
		r.head++
	}
	s.reactions[p.UserID] = on
}

func (l *life) pin(rt *rapid.T) {
	r, s, p := l.any(rt)
	if s == nil {
		return
	}
	on := rapid.Bool().Draw(rt, "on")
	_, err := l.k.chat.SetPin(context.Background(), p, r.id, s.id, on)
	if code(err) == tooFast {
		return
	}
	require.NoError(l.rt, err)
	if s.pinned != on {
		r.head++
	}
	s.pinned = on
}

func (l *life) vote(rt *rapid.T) {
	r, s, p := l.any(rt)
	if s == nil {
		return
	}
	choice := rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "choice")
	m, err := l.k.chat.Vote(context.Background(), p, r.id, s.id, []string{choice})
	if code(err) == tooFast || code(err) == "chat.message_not_found" { // it is no poll
		return
	}
	require.NoError(l.rt, err)
	if s.votes[p.UserID] != choice {
		r.head++
	}
	s.votes[p.UserID] = choice
	require.Equal(l.rt, len(s.votes), m.Poll.Voters)
}

func (l *life) follow(rt *rapid.T) {
	r, s, p := l.any(rt)
	if s == nil || s.root != nil {
		return
	}
	on := rapid.Bool().Draw(rt, "on")
	_, err := l.k.chat.Follow(context.Background(), p, r.id, s.id, on)
	if code(err) == tooFast {
		return
	}
	require.NoError(l.rt, err)
	s.followers[p.UserID] = on
}

// some picks a message of a room that its author may still change.
func (l *life) some(rt *rapid.T) (*modelRoom, *said, access.Principal) {
	r := l.someRoom(rt)
	if len(r.said) == 0 {
		return r, nil, access.Principal{}
	}
	s := r.said[rapid.IntRange(0, len(r.said)-1).Draw(rt, "message")]
	for _, p := range l.people {
		if p.UserID == s.author && r.members[p.UserID] && !s.deleted {
			return r, s, p
		}
	}
	return r, nil, access.Principal{}
}

func (l *life) edit(rt *rapid.T) {
	r, s, p := l.some(rt)
	if s == nil {
		return
	}
	q := l.somebody(rt)
	text := fmt.Sprintf("neu %d [@Name](person:%s)", r.head, q.UserID)
	m, err := l.k.chat.Edit(context.Background(), p, r.id, s.id, chat.NewText{Text: text})
	if code(err) == tooFast {
		return
	}
	require.NoError(l.rt, err)
	s.mention = ""
	if r.members[q.UserID] && q.UserID != s.author {
		s.mention = q.UserID
	}
	r.head++
	require.Equal(l.rt, r.head, m.Rev)
	require.Equal(l.rt, s.seq, m.Seq, "an edit does not move a message")
}

func (l *life) delete(rt *rapid.T) {
	r, s, p := l.some(rt)
	if s == nil {
		return
	}
	m, err := l.k.chat.Delete(context.Background(), p, r.id, s.id)
	if code(err) == tooFast {
		return
	}
	require.NoError(l.rt, err)
	r.head++
	require.Equal(l.rt, r.head, m.Rev)
	s.deleted, s.mention, s.called = true, "", nil
	if s.root != nil {
		r.head++ // the message that began the thread counts one reply less
	}
}

func (l *life) read(rt *rapid.T) {
	r, p := l.someRoom(rt), l.somebody(rt)
	if !r.members[p.UserID] {
		return
	}
	seq := rapid.Int64Range(0, r.head+2).Draw(rt, "seq")
	mark, err := l.k.chat.Read(context.Background(), p, r.id, seq)
	require.NoError(l.rt, err)
	r.read[p.UserID] = max(r.read[p.UserID], min(seq, r.head))
	require.Equal(l.rt, r.read[p.UserID], mark.ReadSeq)
	unread, mentions := r.unread(p.UserID)
	require.Equal(l.rt, [2]int{unread, mentions}, [2]int{mark.Unread, mark.Mentions})
}

func (l *life) markUnread(rt *rapid.T) {
	r, p := l.someRoom(rt), l.somebody(rt)
	seq := rapid.Int64Range(1, r.head+2).Draw(rt, "seq")
	mark, err := l.k.chat.Unread(context.Background(), p, r.id, seq)
	if !r.members[p.UserID] {
		require.Equal(l.rt, "chat.room_not_found", code(err))
		return
	}
	require.NoError(l.rt, err)
	r.read[p.UserID] = min(seq-1, r.head)
	unread, mentions := r.unread(p.UserID)
	require.Equal(l.rt, [3]int64{r.read[p.UserID], int64(unread), int64(mentions)}, [3]int64{mark.ReadSeq, int64(mark.Unread), int64(mark.Mentions)})
}

func (r *modelRoom) unread(user string) (unread, mentions int) {
	for _, s := range r.said {
		if s.seq <= r.read[user] || s.author == user || s.deleted {
			continue
		}
		unread++
		if s.mention == user || s.called[user] {
			mentions++
		}
	}
	return unread, mentions
}

// cut breaks a connection in the middle of everything and comes back by cursors.
func (l *life) cut(rt *rapid.T) {
	t := l.someTab(rt)
	t.disconnect()
	l.send(rt)
	l.delete(rt)
	// A private room that was lost meanwhile is forgotten by the tab as well.
	t.mu.Lock()
	for _, r := range l.rooms {
		if !r.members[t.p.UserID] {
			delete(t.rooms, r.id)
		}
	}
	t.mu.Unlock()
	t.connect()
}

func (l *life) watch(rt *rapid.T) {
	t, r := l.someTab(rt), l.someRoom(rt)
	f := t.join(r.id)
	if r.members[t.p.UserID] {
		require.Nil(l.rt, f)
		return
	}
	require.Equal(l.rt, "chat.room_not_found", f.Code)
}

func (l *life) unwatch(rt *rapid.T) {
	t, r := l.someTab(rt), l.someRoom(rt)
	t.mu.Lock()
	n := t.rooms[r.id]
	joined := n != nil && n.joined
	t.mu.Unlock()
	if joined && r.members[t.p.UserID] {
		t.leave(r.id)
	}
}
