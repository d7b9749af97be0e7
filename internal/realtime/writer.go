package realtime

import (
	"time"

	"github.com/gorilla/websocket"
)

// turn says whose it is to write to a connection. Only one may at a time.
type turn byte

const (
	nobodys  turn = iota // nothing waits
	postmans             // the connection stands in the hub's list, or a postman is there
	own                  // the connection's own goroutine, which may wait
)

// write serves the connection while it has to wait for the other side, sends
// signs of life, and in the end the close frame.
func (c *Conn) write() {
	ping := time.NewTicker(heartbeat)
	defer ping.Stop()
	defer c.ws.Close()
	for {
		select {
		case <-ping.C:
			c.enqueue(controlFrame(websocket.PingMessage, ""))
		case <-c.wake:
			if !c.catchUp() {
				return
			}
		}
	}
}

// catchUp writes what waits, blocking, and gives the turn back. It reports
// false when the connection has ended.
func (c *Conn) catchUp() bool {
	for {
		c.mu.Lock()
		wire, frames := c.rest, c.queue
		c.rest, c.queue, c.bytes = nil, nil, 0
		if len(wire) == 0 && len(frames) == 0 {
			ended, code, reason := c.ended, c.code, c.reason
			if !ended {
				c.turn = nobodys
			}
			c.mu.Unlock()
			if ended {
				closeSocket(c.ws, code, reason)
			}
			return !ended
		}
		c.mu.Unlock()
		if err := c.writeAll(wire, frames); err != nil {
			c.close(websocket.CloseAbnormalClosure, "")
			return false
		}
	}
}

// writeAll writes, waiting up to writeWait for each portion.
func (c *Conn) writeAll(rest []byte, frames []frame) error {
	out := c.ws.NetConn()
	defer func() { _ = out.SetWriteDeadline(time.Time{}) }()
	for len(rest) > 0 || len(frames) > 0 {
		before := len(frames)
		if len(rest) == 0 {
			rest, frames = portion(frames, nil)
		}
		if err := out.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
			return err
		}
		if _, err := out.Write(rest); err != nil {
			return err
		}
		c.hub.counters.delivered.Add(int64(max(before-len(frames), 1)))
		rest = nil
	}
	return nil
}

// portion returns the bytes of the first frame, or of several small ones joined
// in buffer, and the frames that remain.
func portion(frames []frame, buffer []byte) (wire []byte, remain []frame) {
	n, size := 1, len(frames[0].wire)
	for n < len(frames) && size+len(frames[n].wire) <= maxBatch {
		size += len(frames[n].wire)
		n++
	}
	if n == 1 {
		return frames[0].wire, frames[1:]
	}
	wire = buffer[:0]
	for _, f := range frames[:n] {
		wire = append(wire, f.wire...)
	}
	return wire, frames[n:]
}

func closeSocket(ws *websocket.Conn, code int, reason string) {
	if code == websocket.CloseAbnormalClosure || code == 0 {
		code = websocket.CloseGoingAway
	}
	message := websocket.FormatCloseMessage(code, reason)
	_ = ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
	_ = ws.Close()
}
