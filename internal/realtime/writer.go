package realtime

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

var writeBuffers sync.Pool

// write sends what is queued until the connection ends, then the close frame.
// Text frames that wait together share one message.
func (c *Conn) write() {
	ping := time.NewTicker(heartbeat)
	defer ping.Stop()
	defer c.ws.Close()
	for {
		frames, ended := c.take()
		if err := c.flush(frames); err != nil {
			c.close(websocket.CloseAbnormalClosure, "")
			return
		}
		if ended {
			c.mu.Lock()
			code, reason := c.code, c.reason
			c.mu.Unlock()
			closeSocket(c.ws, code, reason)
			return
		}
		select {
		case <-c.wake:
		case <-ping.C:
			if err := c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)); err != nil {
				c.close(websocket.CloseAbnormalClosure, "")
				return
			}
		}
	}
}

// flush writes frames in order.
func (c *Conn) flush(frames []frame) error {
	for len(frames) > 0 {
		n, err := c.writeSome(frames)
		if err != nil {
			return err
		}
		c.hub.counters.delivered.Add(int64(n))
		frames = frames[n:]
	}
	return nil
}

// writeSome writes one message made of the first frame or of several text
// frames, and returns how many.
func (c *Conn) writeSome(frames []frame) (int, error) {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return 0, err
	}
	if frames[0].binary {
		return 1, c.ws.WriteMessage(websocket.BinaryMessage, frames[0].bytes)
	}
	n, size := 1, len(frames[0].bytes)
	for n < len(frames) && !frames[n].binary && size+len(frames[n].bytes) < maxBatch {
		size += len(frames[n].bytes) + 1
		n++
	}
	if n == 1 {
		return 1, c.ws.WriteMessage(websocket.TextMessage, frames[0].bytes)
	}
	joined := make([]byte, 0, size)
	for i, f := range frames[:n] {
		if i > 0 {
			joined = append(joined, '\n')
		}
		joined = append(joined, f.bytes...)
	}
	return n, c.ws.WriteMessage(websocket.TextMessage, joined)
}

func closeSocket(ws *websocket.Conn, code int, reason string) {
	if code == websocket.CloseAbnormalClosure || code == 0 {
		code = websocket.CloseGoingAway
	}
	message := websocket.FormatCloseMessage(code, reason)
	_ = ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
	_ = ws.Close()
}
