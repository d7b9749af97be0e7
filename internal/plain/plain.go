// Package plain says what may come in as text: valid UTF-8 without the
// character NUL, which PostgreSQL can't store and C programs take for an end.
// The edges of the program, HTTP and the websocket, ask it once for everybody.
package plain

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Text reports whether s is text.
func Text(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// JSON reports whether no string in a JSON document holds NUL. Bytes that are
// no UTF-8 are left to the decoder, which replaces them.
func JSON(raw []byte) bool {
	for {
		at := bytes.Index(raw, []byte(`\u0000`))
		if at < 0 {
			return true
		}
		// After an odd number of backslashes this one is itself escaped.
		before := at - len(bytes.TrimRight(raw[:at], `\`))
		if before%2 == 0 {
			return false
		}
		raw = raw[at+len(`\u0000`):]
	}
}
