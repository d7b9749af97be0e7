package pads_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"rathaus/internal/api"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/pads"
)

type message struct {
	Re    uint32          `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *struct {
		Code string `json:"code"`
	} `json:"error"`
	Event  string          `json:"ev"`
	Data   json.RawMessage `json:"data"`
	Hello  json.RawMessage `json:"hello"`
	binary []byte
}

func (m message) code() string {
	if m.Error == nil {
		return ""
	}
	return m.Error.Code
}

// enter opens the socket, joins the pad and returns the join's answer.
func (p *somebody) enter(pad string, after int64) message {
	p.t.Helper()
	return p.joins("pad:"+pad, after)
}

// joins opens the socket, joins a topic and returns the answer.
func (p *somebody) joins(topic string, after int64) message {
	p.t.Helper()
	if p.ws == nil {
		dialer := websocket.Dialer{Subprotocols: []string{realtime.Subprotocol}}
		ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(p.w.server.URL, "http")+api.Base+"/socket",
			http.Header{"X-Session": {p.session}, "Origin": {origin}})
		require.NoError(p.t, err)
		p.ws = ws
		p.t.Cleanup(func() { _ = ws.Close() })
	}
	p.next++
	number := p.next
	raw, err := json.Marshal(map[string]any{"id": number, "op": "join", "topic": topic, "after": after})
	require.NoError(p.t, err)
	require.NoError(p.t, p.ws.WriteMessage(websocket.TextMessage, raw))
	return p.until("the answer to join", func(m message) bool { return m.Re == number })
}

// send sends a binary frame and waits for its answer.
func (p *somebody) send(pad string, kind pads.FrameKind, frame []byte) message {
	p.t.Helper()
	number := p.throw(pad, kind, frame)
	return p.until("the answer to a frame", func(m message) bool { return m.Re == number })
}

func (p *somebody) throw(pad string, kind pads.FrameKind, frame []byte) uint32 {
	p.t.Helper()
	p.next++
	raw := make([]byte, 28, 28+len(frame))
	padID, err := id.Bytes(pad)
	require.NoError(p.t, err)
	raw[0], raw[1], raw[2] = 1, 1, byte(kind)
	copy(raw[4:], padID[:])
	binary.BigEndian.PutUint64(raw[20:], uint64(p.next))
	require.NoError(p.t, p.ws.WriteMessage(websocket.BinaryMessage, append(raw, frame...)))
	return p.next
}

// hears waits for an event.
func (p *somebody) hears(event string) message {
	p.t.Helper()
	return p.until("event "+event, func(m message) bool { return m.Event == event })
}

// receives waits for a binary frame of a kind and returns its seq and payload.
func (p *somebody) receives(kind pads.FrameKind) (int64, []byte) {
	p.t.Helper()
	m := p.until("a binary frame", func(m message) bool { return len(m.binary) > 28 && m.binary[2] == byte(kind) })
	return int64(binary.BigEndian.Uint64(m.binary[20:28])), m.binary[28:]
}

func (p *somebody) until(what string, fits func(message) bool) message {
	p.t.Helper()
	for {
		for len(p.queue) > 0 {
			m := p.queue[0]
			p.queue = p.queue[1:]
			if fits(m) {
				return m
			}
		}
		require.NoError(p.t, p.ws.SetReadDeadline(time.Now().Add(patience)))
		kind, raw, err := p.ws.ReadMessage()
		require.NoError(p.t, err, "%s waits for %s", p.who.Name, what)
		if kind == websocket.BinaryMessage {
			p.queue = append(p.queue, message{binary: raw})
			continue
		}
		for line := range bytes.SplitSeq(raw, []byte{'\n'}) {
			var m message
			require.NoError(p.t, json.Unmarshal(line, &m), "%s", line)
			p.queue = append(p.queue, m)
		}
	}
}
