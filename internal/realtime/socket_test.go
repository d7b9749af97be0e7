package realtime_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type nothing struct{}

// page is a join answer that reaches a seq.
type page struct {
	Head int64 `json:"head"`
}

func (p page) Seq() int64 { return p.Head }

func plainKind() realtime.Kind {
	return realtime.Kind{
		Needs: access.Member,
		Join:  func(context.Context, realtime.Join) (any, error) { return page{}, nil },
	}
}

func topicsWith(k realtime.Kind) *realtime.Topics {
	t := realtime.NewTopics()
	t.Kind("room", k)
	return t
}

func TestOnlyTheOwnOriginAndASessionMayConnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topicsWith(plainKind()))
	cases := []struct {
		name   string
		header http.Header
		want   int
	}{
		{"no origin", http.Header{"X-Who": {"ada"}}, http.StatusForbidden},
		{"foreign origin", http.Header{"X-Who": {"ada"}, "Origin": {"https://evil.example"}}, http.StatusForbidden},
		{"origin of the same name and another scheme", http.Header{"X-Who": {"ada"}, "Origin": {"ftp://portal.example"}}, http.StatusForbidden},
		{"origin that only begins like ours", http.Header{"X-Who": {"ada"}, "Origin": {"https://portal.example.evil.example"}}, http.StatusForbidden},
		{"null origin", http.Header{"X-Who": {"ada"}, "Origin": {"null"}}, http.StatusForbidden},
		{"no session", http.Header{"Origin": {"https://portal.example"}}, http.StatusUnauthorized},
		{"own origin", http.Header{"X-Who": {"ada"}, "Origin": {"https://portal.example"}}, http.StatusSwitchingProtocols},
		{"the host that was asked", http.Header{"X-Who": {"ada"}, "Origin": {w.server.URL}}, http.StatusSwitchingProtocols},
	}
	for _, c := range cases {
		ws, resp, err := w.dial(c.header)
		if resp == nil || resp.StatusCode != c.want {
			t.Errorf("%s: got %v (%v), want %d", c.name, resp, err, c.want)
		}
		if ws != nil {
			_ = ws.Close()
		}
	}
}

// A message that is committed while a join reads its snapshot comes exactly
// once: in the snapshot or right after it.
func TestSnapshotAndFollowingEventsAreOneAnswer(t *testing.T) {
	t.Parallel()
	room := "room:" + id.New()
	reading, goOn := make(chan struct{}), make(chan struct{})
	k := plainKind()
	k.Join = func(context.Context, realtime.Join) (any, error) {
		close(reading)
		<-goOn
		return page{Head: 2}, nil
	}
	w := newWorld(t, topicsWith(k))
	c := w.connect("ada")
	n := c.ask("join", room, 0, nil)
	<-reading
	for seq := int64(1); seq <= 4; seq++ {
		w.hub.Publish(room, seq, "message", seq)
	}
	close(goOn)
	first, _ := c.read()
	if first.Re != n {
		t.Fatalf("the answer should come before the events, got %+v", first)
	}
	for want := int64(3); want <= 4; want++ {
		if m, _ := c.read(); m.Seq != want {
			t.Errorf("got seq %d, want %d", m.Seq, want)
		}
	}
}

func TestOperationsOfOneTopicRunInOrderAndOthersDoNotWait(t *testing.T) {
	t.Parallel()
	slow, fast := "room:"+id.New(), "room:"+id.New()
	release := make(chan struct{})
	k := plainKind()
	k.Ops = map[string]realtime.Op{
		"wait": realtime.Handle(access.Member, func(_ context.Context, _ realtime.Call, _ nothing) (nothing, error) {
			<-release
			return nothing{}, nil
		}),
		"go": realtime.Handle(access.Member, func(_ context.Context, _ realtime.Call, _ nothing) (nothing, error) {
			return nothing{}, nil
		}),
	}
	w := newWorld(t, topicsWith(k))
	c := w.connect("ada")
	first := c.ask("wait", slow, -1, nil)
	second := c.ask("go", slow, -1, nil)
	other := c.ask("go", fast, -1, nil)
	if m, _ := c.read(); m.Re != other {
		t.Fatalf("the other topic should be answered first, got %d", m.Re)
	}
	close(release)
	for _, want := range []uint32{first, second} {
		if m, _ := c.read(); m.Re != want {
			t.Errorf("got the answer to %d, want %d", m.Re, want)
		}
	}
}

func TestBadQuestionsAreAnsweredAndTheConnectionLives(t *testing.T) {
	t.Parallel()
	k := plainKind()
	k.Ops = map[string]realtime.Op{
		"panic": realtime.Handle(access.Member, func(context.Context, realtime.Call, nothing) (nothing, error) { panic("secret cause") }),
		"fail": realtime.Handle(access.Member, func(context.Context, realtime.Call, nothing) (nothing, error) {
			return nothing{}, errors.New("password=hunter2")
		}),
		"typed": realtime.Handle(access.Member, func(_ context.Context, _ realtime.Call, in page) (page, error) { return in, nil }),
		"admin": realtime.Handle(access.Admin, func(context.Context, realtime.Call, nothing) (nothing, error) { return nothing{}, nil }),
	}
	w := newWorld(t, topicsWith(k))
	c := w.connect("ada")
	room := "room:" + id.New()
	cases := []struct {
		op, topic string
		data      any
		want      string
	}{
		{"panic", room, nil, "internal"},
		{"fail", room, nil, "internal"},
		{"typed", room, map[string]any{"head": "three"}, "invalid_input"},
		{"typed", room, map[string]any{"head": 3, "tail": 4}, "invalid_input"},
		{"admin", room, nil, "not_allowed"},
		{"nonsense", room, nil, "unknown_operation"},
		{"typed", "room:1", nil, "unknown_topic"},
		{"typed", "cellar:" + id.New(), nil, "unknown_topic"},
		{"join", "room:../../etc", nil, "unknown_topic"},
	}
	for _, q := range cases {
		m := c.call(q.op, q.topic, q.data)
		if m.Error == nil || m.Error.Code != q.want {
			t.Errorf("%s on %s with %v: got %+v, want %s", q.op, q.topic, q.data, m.Error, q.want)
		}
		if q.want == "internal" && (m.Error.RequestID == "" || !strings.Contains(w.log.String(), m.Error.RequestID)) {
			t.Errorf("%s: an internal fault should be findable in the log", q.op)
		}
	}
	if m := c.call("typed", room, page{Head: 7}); string(m.OK) != `{"head":7}` {
		t.Errorf("after all that a good question should be answered, got %s", m.OK)
	}
}

func TestNoticesReachAPersonsTabsButThoseThatKnowAlready(t *testing.T) {
	t.Parallel()
	topics := topicsWith(plainKind())
	realtime.Me(topics, "greeting", func(_ context.Context, p access.Principal) (string, error) { return "hello " + p.UserID, nil })
	w := newWorld(t, topics)
	room := "room:" + id.New()
	inRoom, elsewhere, other := w.connect("ada"), w.connect("ada"), w.connect("bob")
	for _, c := range []*client{inRoom, elsewhere, other} {
		if m := c.call("join", "me", nil); !strings.Contains(string(m.OK), `"greeting":"hello `) {
			t.Errorf("me should answer with its parts, got %s", m.OK)
		}
	}
	inRoom.call("join", room, nil)
	w.hub.Notify([]string{"ada"}, room, "bumped", 1)
	w.hub.Notify([]string{"ada", "bob"}, "", "all", 2)
	elsewhere.until("the notice", func(m message) bool { return m.Event == "bumped" })
	for _, c := range []*client{inRoom, other} {
		if m, _ := c.read(); m.Event != "all" {
			t.Errorf("got %q, want only the notice to all", m.Event)
		}
	}
}

func TestEvictionEndsOneTopicAndDisconnectEndsAll(t *testing.T) {
	t.Parallel()
	var left atomic.Int32
	k := plainKind()
	k.Left = func(context.Context, realtime.Call) { left.Add(1) }
	w := newWorld(t, topicsWith(k))
	room := "room:" + id.New()
	c, stays := w.connect("ada"), w.connect("bob")
	c.call("join", room, nil)
	stays.call("join", room, nil)
	w.hub.Evict(room, "ada", "access_ended")
	if m := c.until("the end of the topic", func(m message) bool { return m.Event == "closed" }); !strings.Contains(string(m.Data), "access_ended") {
		t.Errorf("got %s", m.Data)
	}
	w.hub.Publish(room, 1, "message", "secret")
	stays.until("the message", func(m message) bool { return m.Event == "message" })
	if m := c.call("ping", "", nil); m.Re == 0 {
		t.Error("an evicted person should not get the message")
	}
	w.hub.Disconnect(realtime.Who{UserID: "ada"}, "disabled")
	if end := c.ends(); end.Code != realtime.CloseSessionEnded || end.Text != "disabled" {
		t.Errorf("got %v", end)
	}
	if m := stays.call("ping", "", nil); m.Error != nil {
		t.Error("others should stay connected")
	}
	stays.call("leave", room, nil)
	if got := left.Load(); got != 2 {
		t.Errorf("the kind heard of %d departures, want 2", got)
	}
}

func TestEvictionDuringAJoinWins(t *testing.T) {
	t.Parallel()
	reading, goOn := make(chan struct{}), make(chan struct{})
	k := plainKind()
	k.Join = func(context.Context, realtime.Join) (any, error) {
		close(reading)
		<-goOn
		return page{}, nil
	}
	w := newWorld(t, topicsWith(k))
	room := "room:" + id.New()
	c := w.connect("ada")
	n := c.ask("join", room, -1, nil)
	<-reading
	w.hub.Evict(room, "ada", "access_ended")
	close(goOn)
	m := c.until("the answer", func(m message) bool { return m.Re == n })
	if m.Error == nil || m.Error.Code != "access_ended" {
		t.Errorf("got %+v, want access_ended", m)
	}
}

func TestBinaryFramesCarryTopicAndSeq(t *testing.T) {
	t.Parallel()
	k := plainKind()
	k.Code = 1
	pad := id.New()
	var w *world
	k.Binary = func(_ context.Context, c realtime.Call, f realtime.BinaryFrame) (any, error) {
		w.hub.PublishBinary(c.Topic, 9, f.Kind, f.Payload, c.Conn)
		return page{Head: 9}, nil
	}
	topics := realtime.NewTopics()
	topics.Kind("pad", k)
	w = newWorld(t, topics)
	writer, reader := w.connect("ada"), w.connect("bob")
	raw, err := id.Bytes(pad)
	if err != nil {
		t.Fatal(err)
	}
	question := append([]byte{1, 1, 3, 0}, raw[:]...)
	question = binary.BigEndian.AppendUint64(question, 77)
	question = append(question, "payload"...)
	send := func() message {
		if err := writer.ws.WriteMessage(websocket.BinaryMessage, question); err != nil {
			t.Fatal(err)
		}
		return writer.until("the answer", func(m message) bool { return m.Re == 77 })
	}
	if m := send(); m.Error == nil || m.Error.Code != "not_joined" {
		t.Fatalf("a frame before joining: got %+v, want not_joined", m)
	}
	writer.call("join", "pad:"+pad, nil)
	reader.call("join", "pad:"+pad, nil)
	if m := send(); string(m.OK) != `{"head":9}` {
		t.Errorf("got %s", m.OK)
	}
	got := reader.until("the frame", func(m message) bool { return m.binary != nil }).binary
	want := binary.BigEndian.AppendUint64(append([]byte{1, 1, 3, 0}, raw[:]...), 9)
	if string(got) != string(append(want, "payload"...)) {
		t.Errorf("got %x", got)
	}
}

func TestClosingTellsEveryClientToComeBackALittleLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topicsWith(plainKind()))
	var clients []*client
	for i := range 20 {
		clients = append(clients, w.connect(fmt.Sprint("person ", i)))
	}
	if err := w.hub.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		if end := c.ends(); end.Code != realtime.CloseRestart || !strings.Contains(end.Text, "retry_ms") {
			t.Errorf("got %v, want 1012 with a hint", end)
		}
	}
	if w.hub.Stats().Open != 0 {
		t.Error("no connection should be left")
	}
}

func TestFaultsOfJoinLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	k := plainKind()
	k.Join = func(context.Context, realtime.Join) (any, error) { return nil, fault.NotFound("chat.room_not_found") }
	w := newWorld(t, topicsWith(k))
	room := "room:" + id.New()
	c := w.connect("ada")
	if m := c.call("join", room, nil); m.Error == nil || m.Error.Code != "chat.room_not_found" {
		t.Fatalf("got %+v", m)
	}
	if n := len(w.hub.Listeners(room)); n != 0 {
		t.Errorf("%d listeners are left behind", n)
	}
}
