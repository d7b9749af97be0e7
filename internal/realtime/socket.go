package realtime

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"

	"rathaus/internal/access"
)

// Subprotocol is the name that both sides agree on.
const Subprotocol = "rathaus.v1"

// Socket is the HTTP handler that upgrades to the websocket. The principal must
// already be in the request's context. publicURL is the portal's own address;
// its origin, or the host that was asked, is the only Origin let in. A missing
// Origin is refused, since the session travels in a cookie.
func (h *Hub) Socket(publicURL string) http.Handler {
	upgrader := websocket.Upgrader{
		HandshakeTimeout: writeWait,
		ReadBufferSize:   4096,
		WriteBufferSize:  256, // for the handshake and the farewell; all else goes past it
		Subprotocols:     []string{Subprotocol},
		CheckOrigin:      func(r *http.Request) bool { return sameOrigin(r, publicURL) },
		Error:            refuseUpgrade,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := access.From(r.Context())
		if !access.Guest.Allows(p) {
			refuse(w, http.StatusUnauthorized, "not_signed_in")
			return
		}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // the upgrader has answered
		}
		h.serve(r, ws, p)
	})
}

// refuseUpgrade answers whoever does not open a websocket as the protocol says.
func refuseUpgrade(w http.ResponseWriter, _ *http.Request, status int, _ error) {
	code := "websocket_needed"
	if status == http.StatusForbidden {
		code = "cross_site_request"
	}
	refuse(w, status, code)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Sec-Websocket-Version", "13")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"code":"` + code + `","params":{}}`))
}

func sameOrigin(r *http.Request, publicURL string) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || len(r.Header.Values("Origin")) != 1 {
		return false
	}
	o, err := url.Parse(origin)
	if err != nil || (o.Scheme != "http" && o.Scheme != "https") {
		return false
	}
	if p, err := url.Parse(publicURL); err == nil && o.Scheme == p.Scheme && o.Host == p.Host {
		return true
	}
	return o.Host == r.Host
}

// serve runs a connection until it ends. It returns when all of the
// connection's goroutines have ended.
func (h *Hub) serve(r *http.Request, ws *websocket.Conn, p access.Principal) {
	c := newConn(r.Context(), h, ws, p)
	if !h.add(c) {
		closeSocket(ws, CloseRestart, `{"retry_ms":1000}`)
		return
	}
	defer h.remove(c)
	if old := h.oldestBeyond(p.UserID, maxPerPerson); old != nil {
		old.close(CloseTooMany, "too many connections")
	}
	c.greet()
	done := make(chan struct{})
	go func() { defer close(done); c.write() }()
	c.read()
	<-done
	c.leaveAll()
	c.running.Wait()
}

func (c *Conn) greet() {
	b, err := json.Marshal(greeting{hello{c.id, c.hub.version, int(heartbeat.Seconds())}})
	if err == nil {
		c.enqueue(textFrame(b, 0))
	}
}

// read takes questions until the connection breaks or ends.
func (c *Conn) read() {
	defer c.close(websocket.CloseGoingAway, "")
	c.ws.SetReadLimit(maxInbound)
	alive := func() { _ = c.ws.SetReadDeadline(time.Now().Add(silence)) }
	alive()
	c.ws.SetPongHandler(func(string) error { alive(); return nil })
	c.ws.SetPingHandler(func(data string) error { c.enqueue(controlFrame(websocket.PongMessage, data)); return nil })
	c.ws.SetCloseHandler(func(code int, _ string) error { c.close(code, ""); return nil })
	for {
		kind, message, err := c.ws.ReadMessage()
		if err != nil {
			if errors.Is(err, websocket.ErrReadLimit) {
				c.close(websocket.CloseMessageTooBig, "message too large")
			}
			return
		}
		alive()
		if err := c.take1(kind, message); err != nil {
			c.hub.counters.malformed.Add(1)
			c.close(CloseMalformed, "malformed frame")
			return
		}
		if c.ctx.Err() != nil {
			return
		}
	}
}

// take1 decodes one message and hands its questions on.
func (c *Conn) take1(kind int, message []byte) error {
	if kind == websocket.BinaryMessage {
		code, topicID, number, f, err := decodeBinary(message)
		if err == nil {
			c.askBinary(code, topicID, number, f)
		}
		return err
	}
	questions, err := decodeQuestions(message)
	if err != nil {
		return err
	}
	for _, q := range questions {
		c.ask(q)
	}
	return nil
}
