package meet

import (
	"strings"
	"testing"
)

func TestNamesAreReadableAndNotGuessable(t *testing.T) {
	t.Parallel()
	for title, prefix := range map[string]string{
		"Bauamt Runde":             "bauamt-runde-",
		"  Größe & Maß  ":          "groesse-mass-",
		"Müßiggang: Übung 2":       "muessiggang-uebung-2-",
		"Café\u0301 Ñandú":         "cafe-nandu-",
		"":                         "treffen-",
		"会議":                       "treffen-",
		"../../etc/passwd":         "etc-passwd-",
		strings.Repeat("lang", 80): "langlang",
	} {
		name := makeName(title)
		if !strings.HasPrefix(name, prefix) || !validName(name) {
			t.Errorf("%q became %q", title, name)
		}
		if makeName(title) == name {
			t.Errorf("two meetings called %q got the same address", title)
		}
	}
}

func TestChosenNamesFollowOneForm(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"rat", "bauamt-runde", "a1b", "2026-haushalt"} {
		if !validName(good) {
			t.Errorf("%q should be a valid name", good)
		}
	}
	for _, bad := range []string{"", "ab", "Rat", "rat haus", "rat--haus", "-rat", "rat-", "räte", "rat/haus", "neu", strings.Repeat("a", 61)} {
		if validName(bad) {
			t.Errorf("%q should not be a valid name", bad)
		}
	}
}

func TestNetworksShareLimits(t *testing.T) {
	t.Parallel()
	if networkOf("192.0.2.7") != networkOf("192.0.2.200") || networkOf("192.0.2.7") == networkOf("192.0.3.7") {
		t.Error("a /24 should be one network")
	}
	if networkOf("2001:db8:1:2::1") != networkOf("2001:db8:1:2f::9") || networkOf("::ffff:192.0.2.7") != networkOf("192.0.2.9") {
		t.Error("a /56 should be one network, and mapped addresses are IPv4")
	}
}
