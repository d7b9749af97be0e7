//go:build !unix

package realtime

import "syscall"

func newPlug(syscall.RawConn) plug { return nil }
