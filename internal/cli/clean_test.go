package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCleanWriter(t *testing.T) {
	for in, want := range map[string]string{
		"Straße 😀\n\tx":         "Straße 😀\n\tx",
		"\x1b[31mred\x1b[0m":    `\x1b[31mred\x1b[0m`,
		"a\rb\bc\x00\x7f":       `a\x0db\x08c\x00\x7f`,
		"\u009b31m\u2028\u2066": `\u009b31m\u2028\u2066`,
		"bad \xc3( \xfe":        `bad \xc3( \xfe`,
	} {
		var out bytes.Buffer
		n, err := newCleanWriter(&out).Write([]byte(in))
		require.NoError(t, err)
		require.Equal(t, len(in), n)
		require.Equal(t, want, out.String())
	}
}

func FuzzCleanWriter(f *testing.F) {
	f.Add([]byte("Grüße 😀\x1b[2J"), 3)
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		cut = min(max(cut, 0), len(in))
		var whole, split bytes.Buffer
		w := newCleanWriter(&split)
		for _, part := range [][]byte{in[:cut], in[cut:]} {
			if _, err := w.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := newCleanWriter(&whole).Write(in); err != nil {
			t.Fatal(err)
		}
		if whole.String() != split.String() {
			t.Fatalf("written in two parts: %q, at once: %q", split.String(), whole.String())
		}
		unsafe := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
		if !utf8.Valid(whole.Bytes()) || strings.ContainsFunc(whole.String(), unsafe) {
			t.Fatalf("unsafe output %q", whole.String())
		}
	})
}
