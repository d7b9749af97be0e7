package turn

import (
	"net"
	"sync"
	"time"
)

// door is a listener that limits its connections, ends idle ones and closes
// all of them with itself.
type door struct {
	net.Listener

	mu     sync.Mutex
	open   map[*visitor]struct{}
	closed bool
	gone   sync.WaitGroup
}

func newDoor(l net.Listener) *door {
	return &door{Listener: l, open: map[*visitor]struct{}{}}
}

// Accept implements net.Listener; a connection beyond the limit is closed at once.
func (d *door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		v := &visitor{Conn: conn, door: d}
		if d.enter(v) {
			return v, nil
		}
		// The peer learns it by the closed connection; there is nobody else to tell.
		_ = conn.Close()
	}
}

func (d *door) enter(v *visitor) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || len(d.open) >= maxConnections {
		return false
	}
	d.open[v] = struct{}{}
	d.gone.Add(1)
	return true
}

// Close implements net.Listener and waits until every connection is closed.
func (d *door) Close() error {
	err := d.Listener.Close()
	d.mu.Lock()
	d.closed = true
	visitors := make([]*visitor, 0, len(d.open))
	for v := range d.open {
		visitors = append(visitors, v)
	}
	d.mu.Unlock()
	for _, v := range visitors {
		_ = v.Close() // it may have closed itself meanwhile
	}
	d.gone.Wait()
	return err
}

// visitor is one TCP or TLS connection.
type visitor struct {
	net.Conn
	door *door
	once sync.Once
}

// Read implements net.Conn with an idle limit.
func (v *visitor) Read(b []byte) (int, error) {
	if err := v.SetReadDeadline(time.Now().Add(idleTimeout)); err != nil {
		return 0, err
	}
	return v.Conn.Read(b)
}

// Write implements net.Conn; a client that takes nothing is cut off.
func (v *visitor) Write(b []byte) (int, error) {
	if err := v.SetWriteDeadline(time.Now().Add(handshakeTime)); err != nil {
		return 0, err
	}
	return v.Conn.Write(b)
}

// Close implements net.Conn.
func (v *visitor) Close() error {
	err := v.Conn.Close()
	v.once.Do(func() {
		v.door.mu.Lock()
		delete(v.door.open, v)
		v.door.mu.Unlock()
		v.door.gone.Done()
	})
	return err
}
