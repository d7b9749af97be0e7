package app_test

import (
	"strings"
	"testing"

	"rathaus/internal/testkit"
)

// Requirement rows 003-02, 004-09: somebody whose account is that of a guest may
// do in their rooms what guests by link may, and is refused the rest of chat
// and the directory alike.
func TestGuest_with_an_account_may_what_a_guest_by_link_may(t *testing.T) {
	t.Parallel()
	// Who has an account can follow a link with it.
	apart := map[string]string{"POST /chat/room-links/open": "auth.link_unknown"}
	const guestCell = 1
	town := testkit.Start(t)
	rows := 0
	for _, kind := range []struct {
		rules []rule
		ask   func(*scene, rule) string
	}{{httpRules(), (*scene).request}, {socketRules(), (*scene).operate}} {
		for _, r := range kind.rules {
			if !ofRooms(r.op) {
				continue
			}
			rows++
			want, ok := apart[r.op]
			if !ok {
				want = r.cells()[guestCell]
			}
			t.Run(r.op, func(t *testing.T) {
				t.Parallel()
				if got := kind.ask(newCast(t, town).scene(t, "visitor"), r); got != want {
					t.Errorf("a guest with an account is answered %s, want %s", got, want)
				}
			})
		}
	}
	if rows < 60 {
		t.Errorf("only %d operations were tried", rows)
	}
}

// ofRooms says whether an operation belongs to chat or to the directory.
func ofRooms(op string) bool {
	_, path, _ := strings.Cut(op, " ")
	return strings.HasPrefix(path, "/chat/") || strings.HasPrefix(path, "/people") || strings.HasPrefix(path, "/groups") || strings.HasPrefix(op, "room.")
}
