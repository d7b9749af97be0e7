package blob

import (
	"encoding/hex"
	"hash"
)

// Key names a blob: the SHA-256 of its content in lower-case hex.
type Key string

const keyLength = 64

// Valid reports whether k has the one spelling that keys have.
func (k Key) Valid() bool {
	if len(k) != keyLength {
		return false
	}
	for _, c := range []byte(k) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func keyOf(sum hash.Hash) Key { return Key(hex.EncodeToString(sum.Sum(nil))) }
