package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"rathaus/internal/fault"
)

// cost is what one hash demands.
type cost struct {
	memory uint32 // KiB
	time   uint32
	lanes  uint8
}

// defaultCost follows OWASP's second choice (19 MiB, two passes), which keeps
// a small machine small.
var defaultCost = cost{memory: 19 * 1024, time: 2, lanes: 1}

const (
	saltBytes = 16
	keyBytes  = 32

	// A stored hash that asks for more than this was not made here.
	maxHashMemory = 256 * 1024
	maxHashTime   = 16
)

// hasher makes and checks password hashes. It lets only few run at once,
// because each takes megabytes; the others wait, and beyond a bound are refused.
type hasher struct {
	cost    cost
	slots   chan struct{}
	waiting atomic.Int64
	// dummy is checked when there is no such account, so that the answer
	// takes as long as for one that exists.
	dummy string
}

func newHasher(c cost) *hasher {
	h := &hasher{cost: c, slots: make(chan struct{}, maxHashesAtOnce)}
	h.dummy = encodeHash(c, make([]byte, saltBytes), make([]byte, keyBytes))
	return h
}

// Make returns the PHC string of the password with a fresh salt.
func (h *hasher) Make(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key, err := h.derive(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return encodeHash(h.cost, salt, key), nil
}

// Check reports whether the password fits the PHC string, and whether that
// string was made with other parameters than today's.
func (h *hasher) Check(ctx context.Context, password, phc string) (ok, outdated bool, err error) {
	c, salt, want, err := decodeHash(phc)
	if err != nil {
		return false, false, err
	}
	got, err := h.derive(ctx, password, salt, c)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, c != h.cost || len(want) != keyBytes, nil
}

// Waste takes the time of a Check and answers nothing.
func (h *hasher) Waste(ctx context.Context, password string) error {
	_, _, err := h.Check(ctx, password, h.dummy)
	return err
}

func (h *hasher) derive(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > maxHashesWaiting {
		return nil, fault.Unavailable("auth.busy")
	}
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a hash: %w", ctx.Err())
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.lanes, keyBytes), nil
}

var rawBase64 = base64.RawStdEncoding.Strict()

func encodeHash(c cost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.lanes,
		rawBase64.EncodeToString(salt), rawBase64.EncodeToString(key))
}

func decodeHash(phc string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return cost{}, nil, nil, errors.New("password hash is not argon2id")
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return cost{}, nil, nil, errors.New("password hash has an unknown version")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.lanes); err != nil {
		return cost{}, nil, nil, fmt.Errorf("parameters of password hash: %w", err)
	}
	if c.memory > maxHashMemory || c.time == 0 || c.time > maxHashTime || c.lanes == 0 {
		return cost{}, nil, nil, errors.New("parameters of password hash are out of bounds")
	}
	if salt, err = rawBase64.DecodeString(parts[4]); err != nil {
		return cost{}, nil, nil, fmt.Errorf("salt of password hash: %w", err)
	}
	if key, err = rawBase64.DecodeString(parts[5]); err != nil || len(key) == 0 {
		return cost{}, nil, nil, errors.New("password hash has no key")
	}
	return c, salt, key, nil
}

// noPassword is the hash of somebody who has yet to choose a password: no
// password fits it.
const noPassword = "!"
