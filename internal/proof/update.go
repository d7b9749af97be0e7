//go:build linux

package proof

import (
	"crypto/rand"
	"encoding/hex"
)

const (
	// UpdateFrame is the kind of frame that is stored in a pad's log.
	UpdateFrame = 1

	frameHeader = 32
)

// Update builds an update frame of an organisation pad around any content. The
// server never looks into it, so it need not be a real change of a document.
func Update(content []byte) []byte {
	raw := make([]byte, frameHeader, frameHeader+len(content))
	raw[0], raw[1], raw[2], raw[7] = 1, 1, UpdateFrame, 1
	_, _ = rand.Read(raw[8:24]) // never fails
	return append(raw, content...)
}

// FrameID names a frame.
func FrameID(raw []byte) string { return hex.EncodeToString(raw[8:24]) }
