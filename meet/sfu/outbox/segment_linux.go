package outbox

import (
	"encoding/binary"
	"errors"
	"net"

	"golang.org/x/sys/unix"
)

// canSegment asks the kernel whether it knows UDP_SEGMENT (Linux 4.18).
func canSegment(udp *net.UDPConn) bool {
	raw, err := udp.SyscallConn()
	if err != nil {
		return false
	}
	known := false
	err = raw.Control(func(fd uintptr) {
		_, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_SEGMENT)
		known = err == nil
	})
	return known && err == nil
}

const (
	controlLength = 2 // bytes of what the control message says
	controlHeader = unix.SizeofCmsghdr
)

// newControl returns a control message that says into how long pieces the
// kernel shall cut (struct cmsghdr, then the value).
func newControl() []byte {
	c := make([]byte, unix.CmsgSpace(controlLength))
	length := unix.CmsgLen(controlLength)
	if controlHeader == 16 { // the length is a size_t
		binary.NativeEndian.PutUint64(c, uint64(length)) //nolint:gosec // a few bytes
	} else {
		binary.NativeEndian.PutUint32(c, uint32(length)) //nolint:gosec // a few bytes
	}
	binary.NativeEndian.PutUint32(c[controlHeader-8:], unix.IPPROTO_UDP)
	binary.NativeEndian.PutUint32(c[controlHeader-4:], unix.UDP_SEGMENT)
	return c
}

// setSegment writes the length of the pieces, in bytes.
func setSegment(control []byte, each int) {
	binary.NativeEndian.PutUint16(control[unix.CmsgLen(0):], uint16(each)) //nolint:gosec // at most maxPacket
}

// tooLong tells that a piece does not fit the path; it is said of one address.
func tooLong(err error) bool { return errors.Is(err, unix.EMSGSIZE) }

// cannotSegment tells that segmentation is not possible on this machine: EIO
// comes from a network card without checksums.
func cannotSegment(err error) bool {
	return errors.Is(err, unix.EIO) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EOPNOTSUPP)
}
