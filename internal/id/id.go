// Package id makes the identifiers and secrets of the house.
//
// Identifiers are UUIDv7 (RFC 9562): random, sortable by time of creation, and
// never a counter that tells how much there is. Secrets (session cookies,
// invitations, links) are 256 random bits; the database only ever sees their
// hash.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"
)

// tokenBytes is the length of a secret: 256 bits.
const tokenBytes = 32

// New returns a fresh UUIDv7 in canonical lower-case text.
func New() string {
	return uuid.Must(uuid.NewV7()).String()
}

// Valid reports whether s is an identifier in the one spelling that the house
// uses: 36 characters, lower case, with hyphens.
func Valid(s string) bool {
	if len(s) != 36 {
		return false
	}
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}

// Bytes returns the 16 bytes of a valid identifier, for binary frames.
func Bytes(s string) ([16]byte, error) {
	if !Valid(s) {
		return [16]byte{}, fmt.Errorf("id: %q is no identifier", s)
	}
	u, err := uuid.Parse(s)
	return u, err
}

// FromBytes is the inverse of Bytes.
func FromBytes(b [16]byte) string {
	return uuid.UUID(b).String()
}

// Token returns a new 256-bit secret as 43 characters of base64url.
func Token() string {
	b := make([]byte, tokenBytes)
	if _, err := rand.Read(b); err != nil {
		panic("id: the system has no randomness: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Hash returns the form of a secret that may be stored: SHA-256 in hex. A
// plain hash is enough because the secret has 256 bits of its own.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
