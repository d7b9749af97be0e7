package chat_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// frame is any text frame of the server.
type frame struct {
	Re    uint32          `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *fault.Body     `json:"error"`
	Event string          `json:"ev"`
	Topic string          `json:"topic"`
	Seq   int64           `json:"seq"`
	Data  json.RawMessage `json:"data"`
}

// known is what a tab knows of a room.
type known struct {
	messages map[string]chat.Message
	head     int64 // cursor of the topic
	counted  int64 // changes that the counts include
	read     int64
	unread   int
	mentions int
	joined   bool
	closed   string
}

// tab is a client as the protocol describes it: state plus events, no reload.
type tab struct {
	tb testing.TB
	k  *rig
	p  access.Principal

	mu      sync.Mutex
	changed *sync.Cond
	ws      *websocket.Conn
	next    uint32
	answers map[uint32]frame
	rooms   map[string]*known
	events  []frame
	gone    chan struct{}
}

func (k *rig) tab(p access.Principal) *tab {
	k.tb.Helper()
	t := &tab{tb: k.tb, k: k, p: p, rooms: map[string]*known{}}
	t.changed = sync.NewCond(&t.mu)
	t.connect()
	k.tb.Cleanup(t.disconnect)
	return t
}

// connect opens the socket and joins "me" and the rooms that were joined before.
func (t *tab) connect() {
	t.tb.Helper()
	url := "ws" + strings.TrimPrefix(t.k.server.URL, "http") + "/api/v1/socket"
	ws, _, err := websocket.DefaultDialer.Dial(url, http.Header{"Origin": {t.k.server.URL}, "X-Session": {t.p.SessionID}})
	require.NoError(t.tb, err)
	t.mu.Lock()
	t.ws, t.answers, t.gone = ws, map[uint32]frame{}, make(chan struct{})
	before := maps.Clone(t.rooms)
	t.mu.Unlock()
	go t.listen(ws, t.gone)
	t.joinMe()
	for room, n := range before {
		if n.joined {
			t.join(room)
		}
	}
}

func (t *tab) disconnect() {
	t.mu.Lock()
	ws, gone := t.ws, t.gone
	t.ws = nil
	t.mu.Unlock()
	if ws != nil {
		_ = ws.Close()
		<-gone
	}
}

func (t *tab) listen(ws *websocket.Conn, gone chan struct{}) {
	defer close(gone)
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			return
		}
		for line := range strings.SplitSeq(string(b), "\n") {
			var f frame
			if json.Unmarshal([]byte(line), &f) == nil {
				t.take(f)
			}
		}
	}
}

func (t *tab) take(f frame) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.changed.Broadcast()
	if f.Re != 0 {
		t.applyAnswer(f)
		t.answers[f.Re] = f
		return
	}
	t.events = append(t.events, f)
	t.applyEvent(f)
}

// applyAnswer takes in join answers at the moment they arrive: events follow.
func (t *tab) applyAnswer(f frame) {
	var state struct {
		Chat *chat.Mine
		chat.State
	}
	if json.Unmarshal(f.OK, &state) != nil {
		return
	}
	if state.Chat != nil {
		t.applyMine(*state.Chat)
	}
	if state.Room.ID == "" {
		return
	}
	n := t.know(state.Room.ID)
	if state.Reset {
		n.messages = map[string]chat.Message{}
	}
	for _, m := range state.Messages {
		n.put(m)
	}
	n.head, n.joined, n.closed = state.Head, true, ""
	n.count(state.Room)
}

func (t *tab) applyMine(mine chat.Mine) {
	listed := map[string]bool{}
	for _, r := range mine.Rooms {
		listed[r.ID] = true
		t.know(r.ID).count(r)
	}
	for id := range t.rooms {
		if !listed[id] && !t.rooms[id].joined {
			delete(t.rooms, id)
		}
	}
}

func (n *known) count(r chat.Room) {
	n.counted, n.read, n.unread, n.mentions = r.LastSeq, r.ReadSeq, r.Unread, r.Mentions
}

// put takes in a message, and applies it to those that refer to it.
func (n *known) put(m chat.Message) {
	if old, ok := n.messages[m.ID]; !ok || old.Rev < m.Rev {
		n.messages[m.ID] = m
	}
	for id, other := range n.messages {
		for _, ref := range []**chat.Reference{&other.Quote, &other.Root} {
			if *ref != nil && (*ref).ID == m.ID {
				*ref = chat.ReferenceTo(n.messages[m.ID])
			}
		}
		n.messages[id] = other
	}
}

func (t *tab) know(room string) *known {
	if t.rooms[room] == nil {
		t.rooms[room] = &known{messages: map[string]chat.Message{}}
	}
	return t.rooms[room]
}

func (t *tab) applyEvent(f frame) {
	if room, ok := strings.CutPrefix(f.Topic, "room:"); ok {
		t.applyRoomEvent(room, f)
		return
	}
	switch f.Event {
	case "room_bumped":
		var b chat.Bump
		if json.Unmarshal(f.Data, &b) == nil {
			t.applyBump(b)
		}
	case "room_read":
		var r chat.ReadMark
		if n := t.rooms[decode(t.tb, f.Data, &r).RoomID]; n != nil && r.Seq >= n.counted {
			n.counted, n.read, n.unread, n.mentions = r.Seq, r.ReadSeq, r.Unread, r.Mentions
		}
	case "room_added":
		var a chat.RoomAdded
		n := t.know(decode(t.tb, f.Data, &a).RoomID)
		if a.Seq > n.counted {
			n.counted, n.read = a.Seq, a.Seq
		}
	case "room_removed":
		var g chat.RoomGone
		delete(t.rooms, decode(t.tb, f.Data, &g).RoomID)
	}
}

func (t *tab) applyRoomEvent(room string, f frame) {
	n := t.rooms[room]
	if n == nil {
		return
	}
	switch f.Event {
	case "message", "changed":
		var m chat.Message
		decode(t.tb, f.Data, &m)
		if f.Seq != n.head+1 {
			t.tb.Errorf("%s: room event %d after %d", t.p.Name, f.Seq, n.head)
		}
		n.head = f.Seq
		n.put(m)
		if f.Event == "message" {
			b := chat.Bump{RoomID: room, Seq: m.Rev, MessageSeq: m.Seq, Author: m.Author}
			if m.Kind == chat.KindText || m.Kind == chat.KindCall {
				b.Unread = 1
			}
			t.applyBump(b)
		}
	case "closed":
		var c fault.Body
		n.closed, n.joined = decode(t.tb, f.Data, &c).Code, false
	}
}

// applyBump is the rule of counting of the package's documentation.
func (t *tab) applyBump(b chat.Bump) {
	n := t.rooms[b.RoomID]
	if n == nil || b.Seq <= n.counted {
		return
	}
	if b.Seq != n.counted+1 {
		t.tb.Errorf("%s: bump %d after %d", t.p.Name, b.Seq, n.counted)
	}
	n.counted = b.Seq
	if b.Author.ID == t.p.UserID {
		if b.Unread > 0 { // who writes has read; entries of the house are not writing
			n.read, n.unread, n.mentions = b.MessageSeq, 0, 0
		}
		return
	}
	if b.MessageSeq > n.read {
		n.unread += b.Unread
		n.mentions += b.Mentions
	}
}

// ask sends a question and waits for its answer.
func (t *tab) ask(op, topic string, after *int64, data, out any) *fault.Body {
	t.tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next++
	q := map[string]any{"id": t.next, "op": op, "topic": topic}
	if after != nil {
		q["after"] = *after
	}
	if data != nil {
		q["data"] = data
	}
	require.NoError(t.tb, t.ws.WriteJSON(q))
	number := t.next
	t.await("an answer to "+op, func() bool { _, ok := t.answers[number]; return ok })
	f := t.answers[number]
	delete(t.answers, number)
	if f.Error == nil && out != nil {
		require.NoError(t.tb, json.Unmarshal(f.OK, out))
	}
	return f.Error
}

// await waits until the condition holds. The caller holds mu.
func (t *tab) await(what string, holds func() bool) {
	t.tb.Helper()
	late := time.AfterFunc(patience, t.changed.Broadcast)
	defer late.Stop()
	for end := time.Now().Add(patience); !holds(); t.changed.Wait() {
		if time.Now().After(end) {
			t.tb.Fatalf("%s waited in vain for %s", t.p.Name, what)
		}
	}
}

// event waits for an event that fits and returns its data.
func (t *tab) event(name string, fits func(json.RawMessage) bool) json.RawMessage {
	t.tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	var found json.RawMessage
	t.await("the event "+name, func() bool {
		for _, f := range t.events {
			if f.Event == name && (fits == nil || fits(f.Data)) {
				found = f.Data
				return true
			}
		}
		return false
	})
	return found
}

// heard reports whether an event has come so far.
func (t *tab) heard(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.events, func(f frame) bool { return f.Event == name })
}

func (t *tab) joinMe() {
	t.tb.Helper()
	require.Nil(t.tb, t.ask("join", "me", nil, nil, nil))
}

// join joins a room with the cursor that the tab has.
func (t *tab) join(room string) *fault.Body {
	t.tb.Helper()
	after := int64(-1)
	t.mu.Lock()
	if n := t.rooms[room]; n != nil && len(n.messages) > 0 {
		after = n.head
	}
	t.mu.Unlock()
	return t.ask("join", "room:"+room, &after, nil, nil)
}

// leave stops listening to a room.
func (t *tab) leave(room string) {
	t.tb.Helper()
	require.Nil(t.tb, t.ask("leave", "room:"+room, nil, nil, nil))
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := t.rooms[room]; n != nil {
		n.joined = false
		n.messages, n.head = map[string]chat.Message{}, 0
	}
}

func decode[T any](tb testing.TB, raw json.RawMessage, out *T) *T {
	tb.Helper()
	require.NoError(tb, json.Unmarshal(raw, out))
	return out
}
