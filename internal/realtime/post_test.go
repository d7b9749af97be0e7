package realtime_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"rathaus/internal/id"
	"rathaus/internal/realtime"
)

// Every receiver gets every event once and in order, whether the postmen could
// hand it over at once, the receiver slept meanwhile, or the line is encrypted
// and so always served by the connection itself. Signs of life in both
// directions come between whole frames. The lengths are around those at which the header of a frame changes.
func TestFramesArriveWholeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	small, large := []int{1, 20, 122, 123, 124, 1000, 65_532, 65_533}, []int{70_000, 5, 300_000, 7, 600_000}
	for name, of := range map[string]struct {
		start     func(http.Handler) *httptest.Server
		receivers int
		lengths   []int
	}{
		"many":      {httptest.NewServer, 70, small},
		"asleep":    {httptest.NewServer, 3, slices.Repeat(large, 5)},
		"encrypted": {httptest.NewTLSServer, 5, slices.Concat(small, large)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldOn(t, topicsWith(plainKind()), of.start)
			room := "room:" + id.New()
			all := w.room(room, of.receivers)
			for i, n := range of.lengths { // nobody reads yet
				w.hub.Publish(room, int64(i+1), "message", strings.Repeat("x", n))
			}
			var readers sync.WaitGroup
			for _, c := range all {
				readers.Go(func() { c.readAll(room, of.lengths) })
			}
			readers.Wait()
			if s := w.hub.Stats(); s.Resyncs != 0 {
				t.Errorf("%d were cut off, though everything fits into their queues", s.Resyncs)
			}
		})
	}
}

// room returns n people in a room.
func (w *world) room(room string, n int) []*client {
	w.t.Helper()
	all := make([]*client, n)
	for i := range all {
		all[i] = w.connect("ada" + id.New())
		all[i].call("join", room, nil)
	}
	return all
}

// readAll expects events of these lengths in the room, then one round of ping and pong.
func (c *client) readAll(room string, lengths []int) {
	pong := make(chan string, 1)
	c.ws.SetPongHandler(func(data string) error { pong <- data; return nil })
	if err := c.ws.WriteMessage(websocket.PingMessage, []byte("alive?")); err != nil {
		c.t.Error(err)
		return
	}
	for i, n := range lengths {
		m, ok := c.read()
		if !ok || m.Topic != room || m.Seq != int64(i+1) || len(m.Data) != n+len(`""`) {
			c.t.Errorf("got event %d of %d bytes, want event %d of %d", m.Seq, len(m.Data), i+1, n+2)
			return
		}
	}
	c.call("ping", "", nil) // so that whatever came before has been read
	if data := <-pong; data != "alive?" {
		c.t.Errorf("the pong carries %q", data)
	}
}

func TestAFarewellIsAnsweredWithItsCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topicsWith(plainKind()))
	c := w.connect("ada")
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := c.ws.WriteMessage(websocket.CloseMessage, bye); err != nil {
		t.Fatal(err)
	}
	if end := c.ends(); end.Code != websocket.CloseNormalClosure {
		t.Errorf("closed with %d, want %d", end.Code, websocket.CloseNormalClosure)
	}
}

// BenchmarkPublish shows what an event to 20 receivers costs, up to the arrival at the last.
func BenchmarkPublish(b *testing.B) {
	w := newWorldOn(b, topicsWith(plainKind()), httptest.NewServer)
	room := "room:" + id.New()
	all := w.room(room, 20)
	payload := strings.Repeat("x", 600)
	seq := int64(0)
	for b.Loop() {
		seq++
		w.hub.Publish(room, seq, "message", payload)
		for _, c := range all {
			if m, ok := c.read(); !ok || m.Seq != seq {
				b.Fatalf("got event %d, want %d", m.Seq, seq)
			}
		}
	}
}

// narrow dials with so little room for what is not read yet that a receiver who
// sleeps is felt at once.
func narrow(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return conn, conn.(*net.TCPConn).SetReadBuffer(16 << 10)
}

// dialer trusts whatever certificate the test's own server has.
var dialer = websocket.Dialer{
	Subprotocols:    []string{realtime.Subprotocol},
	NetDialContext:  narrow,
	TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13},
}
