package realtime_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
)

// CVE class 15 of the threat list: malformed frames must not kill the server.
func TestMalformedFramesEndTheConnectionWithAClearCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topicsWith(plainKind()))
	texts := []string{
		"{", "[]", `"text"`, `{"id":0,"op":"ping"}`, `{"id":-1,"op":"ping"}`, `{"id":1}`, "\xff\xfe",
		`{"id":1,"op":"` + strings.Repeat("x", 100) + `"}`,
		`{"id":99999999999,"op":"ping"}`, strings.Repeat(`{"id":1,"op":"ping"}`+"\n", 100),
		strings.Repeat("[", 100_000),
	}
	for _, text := range texts {
		c := w.connect("ada")
		c.raw(text)
		if end := c.ends(); end.Code != realtime.CloseMalformed {
			t.Errorf("%.40q: closed with %d, want %d", text, end.Code, realtime.CloseMalformed)
		}
	}
	binaries := [][]byte{{}, {1}, make([]byte, 28), append([]byte{1, 1, 1, 1}, make([]byte, 24)...), append([]byte{2, 1, 1, 0}, make([]byte, 24)...)}
	for _, b := range binaries {
		c := w.connect("ada")
		if err := c.ws.WriteMessage(websocket.BinaryMessage, b); err != nil {
			t.Fatal(err)
		}
		if end := c.ends(); end.Code != realtime.CloseMalformed {
			t.Errorf("%x: closed with %d, want %d", b, end.Code, realtime.CloseMalformed)
		}
	}
	if m := w.connect("ada").call("ping", "", nil); m.Error != nil {
		t.Error("the server should still answer")
	}
}

func TestAnOversizedFrameEndsTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topicsWith(plainKind()))
	c := w.connect("ada")
	big := `{"id":1,"op":"ping","data":"` + strings.Repeat("x", 3<<20) + `"}`
	_ = c.ws.WriteMessage(websocket.TextMessage, []byte(big))
	if end := c.ends(); end.Code != websocket.CloseMessageTooBig && end.Code != -1 {
		t.Errorf("closed with %d, want %d", end.Code, websocket.CloseMessageTooBig)
	}
}

func TestFloodsEndTheConnection(t *testing.T) {
	t.Parallel()
	k := plainKind()
	release := make(chan struct{})
	k.Ops = map[string]realtime.Op{
		"wait": realtime.Handle(access.Member, func(context.Context, realtime.Call, nothing) (nothing, error) {
			<-release
			return nothing{}, nil
		}),
	}
	w := newWorld(t, topicsWith(k))
	c := w.connect("ada")
	room := "room:" + id.New()
	question, err := json.Marshal(map[string]any{"id": 1, "op": "wait", "topic": room, "after": -1, "data": nil})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if c.ws.WriteMessage(websocket.TextMessage, question) != nil {
			break // the server has had enough already
		}
	}
	end := c.ends()
	close(release)
	if end.Code != realtime.CloseTooMany && end.Code != -1 {
		t.Errorf("closed with %d, want %d", end.Code, realtime.CloseTooMany)
	}
}

func TestAReceiverThatCannotKeepUpIsToldToResync(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topicsWith(plainKind()))
	room := "room:" + id.New()
	slow, quick := w.connect("slow"), w.connect("quick")
	slow.call("join", room, nil)
	quick.call("join", room, nil)
	payload := strings.Repeat("x", 64<<10)
	// By the length of its queue, or on a machine that is slow itself by the time it takes.
	for seq := int64(1); w.hub.Stats().Resyncs == 0 && w.hub.Stats().Open == 2; seq++ {
		if seq > 5000 {
			t.Fatal("a receiver that reads nothing should be cut off")
		}
		w.hub.Publish(room, seq, "message", payload)
		quick.until("the message", func(m message) bool { return m.Seq == seq })
	}
	if m := quick.call("ping", "", nil); m.Error != nil {
		t.Error("the others should not notice")
	}
	if end := slow.ends(); end.Code != realtime.CloseResync && end.Code != -1 && end.Code != websocket.CloseAbnormalClosure {
		t.Errorf("the slow one was closed with %d, want %d", end.Code, realtime.CloseResync)
	}
}
