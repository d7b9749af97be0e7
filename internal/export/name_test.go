package export_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"rathaus/internal/export"
)

// Vulnerability class 18: no name leads out of its folder, on any system.
func TestNamesAreSafe(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Protokoll.pdf": "Protokoll.pdf", "../../etc/passwd": "-..-etc-passwd", "/etc/passwd": "-etc-passwd", `C:\Windows\x`: "C--Windows-x", "..": "_", "": "_", ".bashrc": "bashrc",
		"CON": "_CON", "nul.txt": "_nul.txt", "LPT1.doc": "_LPT1.doc", "a\x00b": "ab", "bild.png ": "bild.png", "bild.png.": "bild.png", "gnp\u202e.exe": "gnp.exe", "a\nb": "ab",
		"Grüße.txt": "Grüße.txt", "\xff\xfe": "_", "   ": "_", "a<b>|?*\"": "a-b-----",
	} {
		if got := export.SafeName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
	long := export.SafeName(strings.Repeat("ü", 200) + ".odt")
	if len(long) > 80 || !strings.HasSuffix(long, ".odt") || !utf8.ValidString(long) {
		t.Errorf("a long name becomes %q", long)
	}
}
