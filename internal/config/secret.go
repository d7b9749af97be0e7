package config

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a text that shows itself to nobody: fmt, slog, JSON and YAML get
// a placeholder. Reveal is the only way to its value.
type Secret string

// Reveal is the secret itself. Never hand the result to a log or an error.
func (s Secret) Reveal() string { return string(s) }

// IsSet tells whether there is a secret at all.
func (s Secret) IsSet() bool { return s != "" }

// String is the placeholder, or nothing if there is no secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format answers every verb with the placeholder, also those that would
// otherwise print the underlying text (%x, %q, %#v, %d).
func (s Secret) Format(f fmt.State, _ rune) {
	// The writer belongs to fmt and cannot fail in a way that we could report.
	_, _ = io.WriteString(f, s.String())
}

// LogValue keeps the secret out of slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the secret out of JSON and of every other encoder that knows
// text. (The key of a map would still be written as it is: never use it as one.)
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML keeps the secret out of YAML.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }
