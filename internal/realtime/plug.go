package realtime

import (
	"net"
	"syscall"
)

// plug writes to a connection without waiting: write returns how much of wire
// went out at once. Only one goroutine may use it at a time.
type plug interface {
	write(wire []byte) (n int, err error)
}

// plugInto returns nil where the connection or the system offers no such way,
// as with TLS.
func plugInto(conn net.Conn) plug {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return nil
	}
	return newPlug(raw)
}
