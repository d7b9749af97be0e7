//go:build unix

package realtime

import (
	"errors"
	"syscall"
)

// unixPlug holds what a write needs, so that none allocates.
type unixPlug struct {
	raw  syscall.RawConn
	wire []byte
	n    int
	err  error
	try  func(fd uintptr) bool
}

func newPlug(raw syscall.RawConn) plug {
	p := &unixPlug{raw: raw}
	p.try = func(fd uintptr) bool {
		for {
			p.n, p.err = syscall.Write(int(fd), p.wire)
			if !errors.Is(p.err, syscall.EINTR) {
				return true
			}
		}
	}
	return p
}

func (p *unixPlug) write(wire []byte) (int, error) {
	p.wire = wire
	err := p.raw.Write(p.try)
	p.wire = nil
	switch {
	case err != nil:
		return 0, err
	case errors.Is(p.err, syscall.EAGAIN):
		return 0, nil
	case p.err != nil:
		return 0, p.err
	}
	return p.n, nil
}
