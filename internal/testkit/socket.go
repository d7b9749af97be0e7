package testkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"rathaus/internal/api"
	"rathaus/internal/fault"
	"rathaus/internal/realtime"
)

// Frame is anything that the server sent over the socket.
type Frame struct {
	Re    uint32          `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *fault.Body     `json:"error"`
	Event string          `json:"ev"`
	Topic string          `json:"topic"`
	Seq   int64           `json:"seq"`
	Data  json.RawMessage `json:"data"`

	Binary []byte `json:"-"` // set instead of all above
}

// Into reads the data of an event, or the answer to a question, into v.
func (f Frame) Into(s *Socket, v any) {
	s.who.town.T.Helper()
	raw := f.Data
	if f.Re != 0 {
		raw = f.OK
	}
	if err := json.Unmarshal(raw, v); err != nil {
		s.who.town.T.Fatalf("read %s into %T: %v", raw, v, err)
	}
}

// Socket is an open browser tab. A goroutine reads everything that comes; tests
// wait for frames among what has come.
type Socket struct {
	who *Person
	ws  *websocket.Conn

	mu     sync.Mutex
	next   uint32        // guarded by mu
	frames []Frame       // not yet waited for; guarded by mu
	closed error         // guarded by mu
	more   chan struct{} // closed and replaced whenever something came; guarded by mu
	ended  chan struct{}
}

// Dial tries to open the socket with the given headers on top of the person's.
func (p *Person) Dial(header http.Header) (*websocket.Conn, *http.Response, error) {
	h := http.Header{"Origin": {p.town.URL}}
	if p.Token != "" {
		h.Set("Cookie", p.town.Program.Auth().CookieName()+"="+p.Token)
	}
	for k, v := range header {
		h[k] = v
	}
	d := websocket.Dialer{Subprotocols: []string{realtime.Subprotocol}, HandshakeTimeout: Patience}
	return d.Dial("ws"+strings.TrimPrefix(p.town.URL, "http")+api.Base+"/socket", h)
}

// Socket opens a tab. It is closed at the end of the test.
func (p *Person) Socket() *Socket {
	p.town.T.Helper()
	ws, _, err := p.Dial(nil)
	if err != nil {
		p.town.T.Fatalf("%s should get a socket: %v", p.Name, err)
	}
	s := &Socket{who: p, ws: ws, more: make(chan struct{}), ended: make(chan struct{})}
	go s.read()
	p.town.T.Cleanup(s.Close)
	return s
}

// Close closes the tab as a browser would when it vanishes.
func (s *Socket) Close() {
	_ = s.ws.Close()
	<-s.ended
}

// Ask sends a question and waits for its answer.
func (s *Socket) Ask(op, topic string, data any) Frame {
	s.who.town.T.Helper()
	return s.AskAfter(op, topic, -1, data)
}

// Join subscribes after a seq (-1: afresh) and waits for the answer.
func (s *Socket) Join(topic string, after int64) Frame {
	s.who.town.T.Helper()
	f := s.AskAfter("join", topic, after, nil)
	if f.Error != nil {
		s.who.town.T.Fatalf("%s should be able to join %s, got %s", s.who.Name, topic, f.Error.Code)
	}
	return f
}

// AskAfter sends a question with a cursor and waits for its answer.
func (s *Socket) AskAfter(op, topic string, after int64, data any) Frame {
	s.who.town.T.Helper()
	n := s.Send(op, topic, after, data)
	return s.Until("the answer to "+op, func(f Frame) bool { return f.Re == n })
}

// Send sends a question and returns its number without waiting.
func (s *Socket) Send(op, topic string, after int64, data any) uint32 {
	s.who.town.T.Helper()
	s.mu.Lock()
	s.next++
	n := s.next
	s.mu.Unlock()
	b, err := json.Marshal(map[string]any{"id": n, "op": op, "topic": topic, "after": after, "data": data})
	if err != nil {
		s.who.town.T.Fatalf("marshal %T: %v", data, err)
	}
	s.Write(websocket.TextMessage, b)
	return n
}

// Write sends a message as it is.
func (s *Socket) Write(kind int, b []byte) {
	s.who.town.T.Helper()
	if err := s.ws.WriteMessage(kind, b); err != nil {
		s.who.town.T.Errorf("%s: send: %v", s.who.Name, err)
	}
}

// Event waits for the next event of that name.
func (s *Socket) Event(name string) Frame {
	s.who.town.T.Helper()
	return s.Until("the event "+name, func(f Frame) bool { return f.Event == name })
}

// Until waits for the first frame that fits and takes it out of what has come.
func (s *Socket) Until(what string, fits func(Frame) bool) Frame {
	s.who.town.T.Helper()
	timeout := time.NewTimer(Patience)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		for i, f := range s.frames {
			if fits(f) {
				s.frames = append(s.frames[:i:i], s.frames[i+1:]...)
				s.mu.Unlock()
				return f
			}
		}
		more, closed := s.more, s.closed
		s.mu.Unlock()
		if closed != nil {
			s.who.town.T.Fatalf("%s: the socket ended (%v) while waiting for %s", s.who.Name, closed, what)
		}
		select {
		case <-more:
		case <-timeout.C:
			s.who.town.T.Fatalf("%s: waited %s for %s; %d other frames have come", s.who.Name, Patience, what, len(s.Seen()))
		}
	}
}

// Seen returns what has come and nobody has waited for.
func (s *Socket) Seen() []Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Frame(nil), s.frames...)
}

// Ended waits until the server has closed the socket and returns the code and
// reason; code -1 means that it broke without a close frame.
func (s *Socket) Ended() (code int, reason string) {
	s.who.town.T.Helper()
	select {
	case <-s.ended:
	case <-time.After(Patience):
		s.who.town.T.Fatalf("%s: the socket should have been closed", s.who.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := errors.AsType[*websocket.CloseError](s.closed); ok {
		return e.Code, e.Text
	}
	return -1, ""
}

func (s *Socket) read() {
	defer close(s.ended)
	for {
		kind, b, err := s.ws.ReadMessage()
		s.mu.Lock()
		if err != nil {
			s.closed = err
		} else {
			s.frames = append(s.frames, split(kind, b)...)
		}
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func split(kind int, b []byte) []Frame {
	if kind == websocket.BinaryMessage {
		return []Frame{{Binary: b}}
	}
	var out []Frame
	for line := range bytes.SplitSeq(b, []byte{'\n'}) {
		var f Frame
		if err := json.Unmarshal(line, &f); err == nil {
			out = append(out, f)
		}
	}
	return out
}
