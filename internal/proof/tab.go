//go:build linux

package proof

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

const (
	subprotocol  = "rathaus.v1"
	binaryHeader = 28
	padCode      = 1
)

// ErrGone is what questions get whose answer never came because the socket broke.
var ErrGone = errors.New("the socket is gone")

// Answer is what the server says to one question.
type Answer struct {
	Re    uint32          `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *fault.Body     `json:"error"`
}

// Event is what happened on a topic.
type Event struct {
	Name  string          `json:"ev"`
	Topic string          `json:"topic"`
	Seq   int64           `json:"seq"`
	Data  json.RawMessage `json:"data"`
}

// Binary is a frame that somebody else has sent to a pad.
type Binary struct {
	Kind    byte
	Seq     int64
	Payload []byte
}

// Ears hear what nobody asked for, on the goroutine that reads the socket.
// Each may be nil. Line sees every piece of text first and says whether that
// was enough: measurements do without decoding.
type Ears struct {
	Line   func([]byte) bool
	Event  func(Event)
	Binary func(Binary)
}

// Tab is an open socket. It is safe for concurrent use.
type Tab struct {
	ws    *websocket.Conn
	ears  Ears
	write sync.Mutex // held while a message is written

	mu    sync.Mutex
	next  uint32                 // guarded by mu
	asked map[uint32]chan Answer // guarded by mu
	ended bool                   // guarded by mu

	done chan struct{} // closed when the socket has ended
	err  error         // how; set before done is closed
}

// Open connects a person to the program at url.
func Open(ctx context.Context, url string, who Person, ears Ears) (*Tab, error) {
	d := websocket.Dialer{Subprotocols: []string{subprotocol}}
	ws, resp, err := d.DialContext(ctx, "ws"+strings.TrimPrefix(url, "http")+"/api/v1/socket",
		http.Header{"Origin": {url}, "Cookie": {who.Cookie}})
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("open a socket (answered %d): %w", resp.StatusCode, err)
		}
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	t := &Tab{ws: ws, ears: ears, asked: map[uint32]chan Answer{}, done: make(chan struct{})}
	go t.read()
	return t, nil
}

// Close vanishes without a farewell and waits for the reader to end.
func (t *Tab) Close() {
	_ = t.ws.Close() // it may be broken already
	<-t.done
}

// Done is closed when the socket has ended.
func (t *Tab) Done() <-chan struct{} { return t.done }

// Farewell waits for the end and returns the server's close code and reason;
// -1 if it broke without one.
func (t *Tab) Farewell() (code int, reason string) {
	<-t.done
	if e, ok := errors.AsType[*websocket.CloseError](t.err); ok && e.Code != websocket.CloseAbnormalClosure {
		return e.Code, e.Text
	}
	return -1, ""
}

// Ask sends a question and waits for its answer. A refusal is a *Refusal.
func (t *Tab) Ask(ctx context.Context, op, topic string, after int64, data, out any) error {
	n, answer := t.number()
	b, err := json.Marshal(map[string]any{"id": n, "op": op, "topic": topic, "after": after, "data": data})
	if err != nil {
		return err
	}
	return t.exchange(ctx, websocket.TextMessage, b, n, answer, out)
}

// Frame sends a frame to a pad and waits until it is stored.
func (t *Tab) Frame(ctx context.Context, pad string, kind byte, payload []byte, out any) error {
	raw, err := id.Bytes(pad)
	if err != nil {
		return err
	}
	n, answer := t.number()
	b := make([]byte, binaryHeader, binaryHeader+len(payload))
	b[0], b[1], b[2] = 1, padCode, kind
	copy(b[4:20], raw[:])
	binary.BigEndian.PutUint64(b[20:28], uint64(n))
	return t.exchange(ctx, websocket.BinaryMessage, append(b, payload...), n, answer, out)
}

// Refusal is an answer that is a fault.
type Refusal struct{ fault.Body }

// Error implements error.
func (r *Refusal) Error() string { return "refused: " + r.Code }

func (t *Tab) number() (uint32, chan Answer) {
	answer := make(chan Answer, 1)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next++
	if t.ended {
		close(answer)
	} else {
		t.asked[t.next] = answer
	}
	return t.next, answer
}

func (t *Tab) exchange(ctx context.Context, kind int, b []byte, n uint32, answer <-chan Answer, out any) error {
	t.write.Lock()
	err := t.ws.WriteMessage(kind, b)
	t.write.Unlock()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGone, err)
	}
	select {
	case a, ok := <-answer:
		switch {
		case !ok:
			return ErrGone
		case a.Error != nil:
			return &Refusal{*a.Error}
		case out == nil:
			return nil
		}
		return json.Unmarshal(a.OK, out)
	case <-ctx.Done():
		t.mu.Lock()
		delete(t.asked, n)
		t.mu.Unlock()
		return ctx.Err()
	}
}

func (t *Tab) read() {
	var err error
	for {
		var kind int
		var b []byte
		if kind, b, err = t.ws.ReadMessage(); err != nil {
			break
		}
		if kind == websocket.BinaryMessage {
			t.hearBinary(b)
			continue
		}
		for line := range bytes.SplitSeq(b, []byte{'\n'}) {
			t.hear(line)
		}
	}
	t.mu.Lock()
	t.ended, t.err = true, err
	for _, answer := range t.asked {
		close(answer)
	}
	t.mu.Unlock()
	_ = t.ws.Close() // broken or closed by the other side
	close(t.done)
}

func (t *Tab) hear(line []byte) {
	if t.ears.Line != nil && t.ears.Line(line) {
		return
	}
	if bytes.HasPrefix(line, []byte(`{"re":`)) {
		var a Answer
		if json.Unmarshal(line, &a) == nil {
			t.answered(a)
		}
		return
	}
	var e Event
	if t.ears.Event != nil && json.Unmarshal(line, &e) == nil && e.Name != "" {
		t.ears.Event(e)
	}
}

func (t *Tab) answered(a Answer) {
	t.mu.Lock()
	answer := t.asked[a.Re]
	delete(t.asked, a.Re)
	t.mu.Unlock()
	if answer != nil {
		answer <- a
	}
}

func (t *Tab) hearBinary(b []byte) {
	if t.ears.Binary == nil || len(b) < binaryHeader {
		return
	}
	seq := int64(binary.BigEndian.Uint64(b[20:28]))
	t.ears.Binary(Binary{Kind: b[2], Seq: seq, Payload: b[binaryHeader:]})
}
