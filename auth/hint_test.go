package auth

import (
	"strings"
	"testing"
	"time"
)

func TestLogoutHintOpensOnlyWithItsSession(t *testing.T) {
	t.Parallel()
	one, other := newOpened(time.Hour), newOpened(time.Hour)
	sealed, err := sealHint(one, "token of ada")
	if err != nil || strings.Contains(string(sealed), "ada") {
		t.Fatalf("seal: %q %v", sealed, err)
	}
	if got, err := openHint(one.ID, one.Token, sealed); err != nil || got != "token of ada" {
		t.Errorf("the session's own secret should open it, got %q %v", got, err)
	}
	for name, try := range map[string][2]string{
		"another secret":  {one.ID, other.Token},
		"another session": {other.ID, one.Token},
		"no secret":       {one.ID, ""},
	} {
		if got, err := openHint(try[0], try[1], sealed); err == nil {
			t.Errorf("%s should not open it, got %q", name, got)
		}
	}
}

func TestLogoutHintIsLeftOutWhenItIsTooLongOrMissing(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", strings.Repeat("x", maxHint+1)} {
		sealed, err := sealHint(newOpened(time.Hour), token)
		if err != nil || sealed != nil {
			t.Errorf("a token of %d bytes should not be kept, got %d bytes and %v", len(token), len(sealed), err)
		}
	}
	if hint, err := openHint("s", "secret", nil); hint != "" || err != nil {
		t.Errorf("nothing sealed is no hint, got %q %v", hint, err)
	}
}
