package realtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
)

// patience is how long a test waits for a condition before it gives up.
const patience = 30 * time.Second

// world is a hub behind a real HTTP server.
type world struct {
	t      testing.TB
	hub    *realtime.Hub
	server *httptest.Server
	log    *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newWorld serves the given topics. The header "X-Who" is the signed-in person.
func newWorld(t *testing.T, topics *realtime.Topics) *world {
	t.Helper()
	return newWorldOn(t, topics, httptest.NewServer)
}

func newWorldOn(t testing.TB, topics *realtime.Topics, start func(http.Handler) *httptest.Server) *world {
	t.Helper()
	log := &lockedBuffer{}
	hub := realtime.NewHub(topics, "test", slog.New(slog.NewTextHandler(log, nil)))
	w := &world{t: t, hub: hub, log: log}
	w.server = start(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if who := r.Header.Get("X-Who"); who != "" {
			p := access.Principal{UserID: who, Role: access.RoleMember, SessionID: "session of " + who}
			r = r.WithContext(access.With(r.Context(), p))
		}
		hub.Socket("https://portal.example").ServeHTTP(rw, r)
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := hub.Close(ctx); err != nil {
			t.Errorf("the hub should close: %v", err)
		}
		w.server.Close()
	})
	return w
}

func (w *world) dial(header http.Header) (*websocket.Conn, *http.Response, error) {
	return dialer.Dial("ws"+strings.TrimPrefix(w.server.URL, "http"), header)
}

// client is a person's browser tab.
type client struct {
	t      testing.TB
	ws     *websocket.Conn
	next   uint32
	waits  []message // read ahead
	closed *websocket.CloseError
}

type message struct {
	Re    uint32          `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *struct {
		Code      string `json:"code"`
		RequestID string `json:"request_id"`
	} `json:"error"`
	Event string          `json:"ev"`
	Topic string          `json:"topic"`
	Seq   int64           `json:"seq"`
	Data  json.RawMessage `json:"data"`
	Hello json.RawMessage `json:"hello"`

	binary []byte
}

func (w *world) connect(who string) *client {
	w.t.Helper()
	ws, _, err := w.dial(http.Header{"X-Who": {who}, "Origin": {"https://portal.example"}})
	if err != nil {
		w.t.Fatalf("%s should connect: %v", who, err)
	}
	w.t.Cleanup(func() { _ = ws.Close() })
	c := &client{t: w.t, ws: ws}
	c.until("the greeting", func(m message) bool { return m.Hello != nil })
	return c
}

// raw sends a text message as it is.
func (c *client) raw(text string) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatalf("send %q: %v", text, err)
	}
}

// ask sends a question and returns its number.
func (c *client) ask(op, topic string, after int64, data any) uint32 {
	c.t.Helper()
	c.next++
	b, err := json.Marshal(map[string]any{"id": c.next, "op": op, "topic": topic, "after": after, "data": data})
	if err != nil {
		c.t.Fatal(err)
	}
	c.raw(string(b))
	return c.next
}

// call asks and waits for the answer.
func (c *client) call(op, topic string, data any) message {
	c.t.Helper()
	n := c.ask(op, topic, -1, data)
	return c.until("the answer to "+op, func(m message) bool { return m.Re == n })
}

// until returns the next message that fits, and drops what came before.
func (c *client) until(what string, fits func(message) bool) message {
	c.t.Helper()
	for {
		m, ok := c.read()
		if !ok {
			c.t.Fatalf("the connection ended (%v) while waiting for %s", c.closed, what)
		}
		if fits(m) {
			return m
		}
	}
}

// ends waits for the close frame and returns its code.
func (c *client) ends() *websocket.CloseError {
	c.t.Helper()
	for {
		if _, ok := c.read(); !ok {
			return c.closed
		}
	}
}

func (c *client) read() (message, bool) {
	c.t.Helper()
	if len(c.waits) > 0 {
		m := c.waits[0]
		c.waits = c.waits[1:]
		return m, true
	}
	if err := c.ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		c.t.Fatal(err)
	}
	kind, b, err := c.ws.ReadMessage()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Fatalf("the server should have said or ended something within %v", patience)
	}
	if err != nil {
		closed, ok := err.(*websocket.CloseError) //nolint:errorlint // the library returns it bare
		if !ok {
			closed = &websocket.CloseError{Code: -1, Text: err.Error()}
		}
		c.closed = closed
		return message{}, false
	}
	if kind == websocket.BinaryMessage {
		return message{binary: b}, true
	}
	for line := range bytes.SplitSeq(b, []byte{'\n'}) {
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			c.t.Fatalf("the server sent %q: %v", line, err)
		}
		c.waits = append(c.waits, m)
	}
	return c.read()
}
