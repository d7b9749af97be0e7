package pads

import (
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
)

// Class says who can read a pad.
type Class string

const (
	// Organisation pads hold plain Yjs updates; the town can search and restore them.
	Organisation Class = "organisation"
	// Confidential pads are sealed in the browser; the server cannot read them.
	Confidential Class = "confidential"
)

// FrameKind says what a frame carries.
type FrameKind byte

// The kinds of frames. A fifth kind exists on devices only and is refused here.
const (
	KindUpdate    FrameKind = 1
	KindSnapshot  FrameKind = 2
	KindAwareness FrameKind = 3
	KindTitle     FrameKind = 4
)

const (
	frameVersion    = 1
	headerLength    = 32
	frameIDLength   = 16
	sealOverhead    = 12 + 16 // nonce and tag
	signatureDomain = "rathaus/pad/v1/frame\x00"
)

// ErrFrame is the error of every frame that does not follow docs/pads.md.
var ErrFrame = errors.New("malformed pad frame")

// Frame is the readable outside of a frame. Its body stays closed: the server never decodes it.
type Frame struct {
	Class  Class
	Kind   FrameKind
	Epoch  uint32
	ID     [frameIDLength]byte
	Covers int64 // for snapshots the seq of the last update they contain, otherwise 0
	raw    []byte
	signed bool
}

// ParseFrame reads the outside of raw. The frame keeps raw and does not copy it.
func ParseFrame(raw []byte) (Frame, error) {
	if len(raw) < headerLength || raw[0] != frameVersion || raw[3] != 0 {
		return Frame{}, ErrFrame
	}
	f := Frame{Kind: FrameKind(raw[2]), Epoch: binary.BigEndian.Uint32(raw[4:8]), raw: raw}
	copy(f.ID[:], raw[8:24])
	covers := binary.BigEndian.Uint64(raw[24:32])
	if covers > math.MaxInt64 || (covers != 0 && f.Kind != KindSnapshot) {
		return Frame{}, ErrFrame
	}
	f.Covers = int64(covers)
	if f.Kind < KindUpdate || f.Kind > KindTitle {
		return Frame{}, ErrFrame
	}
	return f.withClass(raw[1])
}

func (f Frame) withClass(code byte) (Frame, error) {
	switch code {
	case 1:
		f.Class = Organisation
		return f, nil
	case 2:
		f.Class = Confidential
		f.signed = f.Kind != KindAwareness
	default:
		return Frame{}, ErrFrame
	}
	least := headerLength + sealOverhead
	if f.signed {
		least += ed25519.SignatureSize
	}
	if len(f.raw) < least {
		return Frame{}, ErrFrame
	}
	return f, nil
}

// Bytes is the whole frame as it came.
func (f Frame) Bytes() []byte { return f.raw }

// IDText is the frame id as the database keeps it.
func (f Frame) IDText() string { return hex.EncodeToString(f.ID[:]) }

// SignedBy reports whether the frame was signed for the pad by the holder of key's private half.
func (f Frame) SignedBy(key ed25519.PublicKey, pad [16]byte) bool {
	if !f.signed || len(key) != ed25519.PublicKeySize {
		return false
	}
	end := len(f.raw) - ed25519.SignatureSize
	message := make([]byte, 0, len(signatureDomain)+len(pad)+end)
	message = append(message, signatureDomain...)
	message = append(message, pad[:]...)
	message = append(message, f.raw[:end]...)
	return ed25519.Verify(key, message, f.raw[end:])
}
