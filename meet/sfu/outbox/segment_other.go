//go:build !linux

package outbox

import "net"

func canSegment(*net.UDPConn) bool { return false }

func newControl() []byte { return nil }

func setSegment([]byte, int) {}

func tooLong(error) bool { return false }

func cannotSegment(error) bool { return false }
