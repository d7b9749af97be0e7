package export_test

import (
	"strings"
	"testing"

	"rathaus/internal/export"
)

// A position that somebody attached stays a link in the archive (004-12); what
// could run there does not (CVE class 19).
func TestProse_keeps_positions_and_drops_what_could_run(t *testing.T) {
	t.Parallel()
	place := string(export.Prose("Standort: [50.11092, 8.68213](geo:50.11092,8.68213;u=12)"))
	if !strings.Contains(place, `href="geo:50.11092,8.68213;u=12"`) {
		t.Errorf("the position is gone: %s", place)
	}
	for _, bad := range []string{"[x](javascript:alert(1))", "[x](geo:1,2\" onclick=\"alert(1))", "<a href='geo:1,2' onclick='alert(1)'>x</a>"} {
		if got := string(export.Prose(bad)); strings.Contains(got, "javascript:") || strings.Contains(got, "<a href='geo") || strings.Contains(got, ` onclick="`) {
			t.Errorf("%s became %s", bad, got)
		}
	}
}
