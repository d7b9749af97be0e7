package chat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCleanMessage_takes_out_what_deceives(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Guten\r\nMorgen":              "Guten\nMorgen",
		"\n\n  eingerückt\n\n":         "  eingerückt",
		"a\x00b\x1bc":                  "abc",
		"Rechnung\u202efdp.exe":        "Rechnungfdp.exe",
		"\u2067שלום\u2069 bleibt":      "\u2067שלום\u2069 bleibt",
		"Tab\tbleibt":                  "Tab\tbleibt",
		"👩‍🚒 mit Verbinder":            "👩‍🚒 mit Verbinder",
		"kaputt" + "\xff" + "es UTF-8": "kaputt\uFFFDes UTF-8",
	} {
		got, err := cleanMessage(in, defaultMessageBytes)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestCleanName_is_one_visible_line(t *testing.T) {
	t.Parallel()
	got, err := cleanName("  Bauhof \n\t und\u200b Wege\u202e ")
	require.NoError(t, err)
	require.Equal(t, "Bauhof und Wege", got)
	require.Equal(t, nameKey("STRASSE"), nameKey("strasse"))
	require.Equal(t, nameKey("A\u0308mter"), nameKey("ämter"))
}

func TestMentionsIn_finds_each_person_once(t *testing.T) {
	t.Parallel()
	ada, bob := "0199aaaa-0000-7000-8000-000000000001", "0199aaaa-0000-7000-8000-000000000002"
	text := "[@Ada](person:" + ada + ") und [@Bob](person:" + bob + "), noch einmal [@A](person:" + ada + ") [x](person:nix)"
	require.Equal(t, []string{ada, bob}, mentionsIn(text))
	require.Empty(t, mentionsIn("person:"+ada))
}

func FuzzCleanMessage(f *testing.F) {
	f.Add("Hallo\u202e\x00 [@A](person:0199aaaa-0000-7000-8000-000000000001)")
	f.Fuzz(func(t *testing.T, in string) {
		out, err := cleanMessage(in, defaultMessageBytes)
		if err != nil {
			return
		}
		again, err := cleanMessage(out, defaultMessageBytes*2)
		require.NoError(t, err)
		require.Equal(t, out, again, "cleaning twice changes nothing")
		require.False(t, strings.ContainsAny(out, "\x00\u202e"))
	})
}
