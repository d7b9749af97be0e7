package outbox

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// maxPacket is the length in bytes up to which packets are copied; media is
// never longer. A longer one is sent at once.
const maxPacket = 2048

// Conn is a UDP socket for many writers. It has the methods of net.PacketConn
// and those that pion uses without allocating. All methods are safe for
// concurrent use. Lock order: sending, mu.
type Conn struct {
	udp    *net.UDPConn
	writer batchWriter // nil where the system takes single packets only

	refused atomic.Uint64

	mu      sync.Mutex
	bursts  int    // Begin without End so far
	filling *batch // waits; whoever ends the burst or finds it full sends it
	leaving bool   // spare is being sent

	sending sync.Mutex
	spare   *batch // empty, or being sent
	post    post
}

// batchWriter is the socket of either family; it returns how many messages
// the system took.
type batchWriter interface {
	WriteBatch(ms []ipv4.Message, flags int) (int, error)
}

// Wrap takes over udp; closing the Conn closes it.
func Wrap(udp *net.UDPConn) (*Conn, error) {
	c := &Conn{udp: udp, filling: newBatch(), spare: newBatch()}
	if runtime.GOOS != "linux" {
		return c, nil
	}
	at, err := netip.ParseAddrPort(udp.LocalAddr().String())
	if err != nil {
		return nil, fmt.Errorf("read the address of the socket: %w", err)
	}
	c.writer = ipv4.NewPacketConn(udp)
	if at.Addr().Is6() {
		c.writer = ipv6.NewPacketConn(udp)
	}
	c.post = newPost(canSegment(udp))
	return c, nil
}

// Begin lets packets wait for each other until End. Any number of bursts may
// be open at once; each Begin needs its End.
func (c *Conn) Begin() {
	if c.writer == nil {
		return
	}
	c.mu.Lock()
	c.bursts++
	c.mu.Unlock()
}

// End sends what waits, also what other open bursts have written so far.
func (c *Conn) End() {
	if c.writer == nil {
		return
	}
	c.mu.Lock()
	c.bursts--
	waiting := !c.filling.empty()
	c.mu.Unlock()
	if waiting {
		c.flush()
	}
}

// WriteToAddrPort sends b to an address, or copies it until the burst ends.
// What the system refuses later is counted in Refused.
func (c *Conn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if c.writer == nil || len(b) == 0 || len(b) > maxPacket {
		return c.udp.WriteToUDPAddrPort(b, to)
	}
	for {
		c.mu.Lock()
		alone := c.bursts == 0
		if alone && c.filling.empty() && !c.leaving {
			c.mu.Unlock()
			return c.udp.WriteToUDPAddrPort(b, to)
		}
		added := c.filling.add(b, to)
		c.mu.Unlock()
		if alone || !added { // alone, but behind what is about to leave
			c.flush()
		}
		if added {
			return len(b), nil
		}
	}
}

// flush sends what waits. Batches leave one after the other, so that the
// packets of one writer keep their order.
func (c *Conn) flush() {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.mu.Lock()
	c.filling, c.spare, c.leaving = c.spare, c.filling, true
	c.mu.Unlock()
	c.refused.Add(c.post.send(c.spare, c.writer, c.udp))
	c.spare.clear()
	c.mu.Lock()
	c.leaving = false
	c.mu.Unlock()
}

// Refused returns how many packets of bursts the system did not take.
func (c *Conn) Refused() uint64 { return c.refused.Load() }

// WriteTo implements net.PacketConn.
func (c *Conn) WriteTo(b []byte, to net.Addr) (int, error) {
	if a, ok := to.(*net.UDPAddr); ok {
		return c.WriteToAddrPort(b, a.AddrPort())
	}
	return c.udp.WriteTo(b, to)
}

// ReadFrom implements net.PacketConn.
func (c *Conn) ReadFrom(b []byte) (int, net.Addr, error) { return c.udp.ReadFrom(b) }

// ReadFromAddrPort is ReadFrom without allocating an address.
func (c *Conn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	return c.udp.ReadFromUDPAddrPort(b)
}

// Close closes the socket. What still waits is dropped.
func (c *Conn) Close() error { return c.udp.Close() }

// LocalAddr implements net.PacketConn.
func (c *Conn) LocalAddr() net.Addr { return c.udp.LocalAddr() }

// SetDeadline implements net.PacketConn for reading.
func (c *Conn) SetDeadline(t time.Time) error { return c.udp.SetReadDeadline(t) }

// SetReadDeadline implements net.PacketConn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.udp.SetReadDeadline(t) }

// SetWriteDeadline does nothing: a datagram waits for room in the kernel's
// queue at most, and a deadline that one connection sets would hit the
// waiting packets of all others.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }
