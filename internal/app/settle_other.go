//go:build !linux

package app

import "runtime/debug"

// settle gives back the garbage of building all parts.
func settle() error {
	debug.FreeOSMemory()
	return nil
}
