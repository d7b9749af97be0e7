package cli

import (
	"fmt"
	"io"
	"sync"
	"unicode"
	"unicode/utf8"
)

// cleanWriter escapes what could drive a terminal or disguise a line: control
// characters but line feed and tab, direction marks, and bytes that are no text.
// It may be used by several goroutines.
type cleanWriter struct {
	mu   sync.Mutex
	to   io.Writer
	rest []byte // beginning of a character whose end has not been written yet
}

func newCleanWriter(to io.Writer) *cleanWriter { return &cleanWriter{to: to} }

func (w *cleanWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := append(w.rest, p...)
	out := make([]byte, 0, len(in))
	for len(in) > 0 && utf8.FullRune(in) {
		r, size := utf8.DecodeRune(in)
		out = appendClean(out, r, in[:size])
		in = in[size:]
	}
	w.rest = append([]byte(nil), in...)
	if _, err := w.to.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func appendClean(out []byte, r rune, raw []byte) []byte {
	switch {
	case r == '\n' || r == '\t':
		return append(out, byte(r))
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Appendf(out, `\x%02x`, raw[0])
	case r < 0x80 && unicode.IsControl(r):
		return fmt.Appendf(out, `\x%02x`, r)
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
		return fmt.Appendf(out, `\u%04x`, r)
	}
	return append(out, raw...)
}
