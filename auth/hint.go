package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// maxHint is the length of the longest identity token, in bytes, that is kept
// as a hint for signing out at the provider: it travels in an address, and
// servers refuse long ones.
const maxHint = 4 << 10

// sealHint makes an identity token unreadable for everybody without the secret
// of its session. The database has that secret only as a hash, so what it
// holds opens nothing; the browser brings the key when it signs out. A token
// that is too long, or none, gives nil.
func sealHint(o opened, token string) ([]byte, error) {
	if token == "" || len(token) > maxHint {
		return nil, nil
	}
	box, err := hintBox(o.Token)
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, []byte(token), []byte(o.ID)), nil //nolint:gosec // this AEAD makes a random nonce itself
}

// openHint gives back what sealHint has sealed. Without anything sealed there
// is no hint, and that is no error.
func openHint(sessionID, secret string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	box, err := hintBox(secret)
	if err != nil {
		return "", err
	}
	token, err := box.Open(nil, nil, sealed, []byte(sessionID))
	if err != nil {
		return "", fmt.Errorf("open logout hint: %w", err)
	}
	return string(token), nil
}

func hintBox(secret string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "rathaus logout hint", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key of logout hint: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of logout hint: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("box of logout hint: %w", err)
	}
	return box, nil
}
