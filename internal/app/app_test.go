package app_test

import (
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
	"rathaus/internal/testkit"
)

func TestTheHouseOpensAndCloses(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		ada := town.Person("Ada Ahorn", access.RoleMember)
		tab := ada.Socket()
		tab.Join("me", -1)
		var me map[string]any
		ada.Must("GET", "/me", nil, &me)
		for _, path := range []string{"/healthz", "/readyz", "/", "/chat/deep/link"} {
			resp, err := http.Get(town.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("GET %s: got %d %v", path, resp.StatusCode, err)
			}
		}
		if status, code := town.Stranger().Do("GET", "/nowhere", nil, nil); status != http.StatusNotFound || code != "not_found" {
			t.Errorf("an unknown API path: got %d %s", status, code)
		}
		town.Stop()
		if code, reason := tab.Ended(); code != 1012 || !strings.Contains(reason, "retry_ms") {
			t.Errorf("the socket ended with %d %q, want 1012 and a hint", code, reason)
		}
	})
}

func TestDisablingActsOnTheSocketWithinASecond(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		ada := town.Person("Ada Ahorn", access.RoleMember)
		tab := ada.Socket()
		tab.Join("me", -1)
		if err := town.Program.Directory().Disable(t.Context(), ada.ID); err != nil {
			t.Fatal(err)
		}
		if status, _ := ada.Do("GET", "/me", nil, nil); status != http.StatusUnauthorized {
			t.Errorf("the API answered %d, want 401", status)
		}
		if code, reason := tab.Ended(); code != realtime.CloseSessionEnded {
			t.Errorf("the socket ended with %d %q, want %d", code, reason, realtime.CloseSessionEnded)
		}
	})
}

func TestASessionEndedByAnotherProcessLosesItsSocket(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		tab := town.Person("Ada Ahorn", access.RoleMember).Socket()
		tab.Join("me", -1)
		err := town.Program.Database().Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("DELETE FROM auth_sessions").Error // as the command line does, without this process's hooks
		})
		if err != nil {
			t.Fatal(err)
		}
		if code, _ := tab.Ended(); code != realtime.CloseSessionEnded {
			t.Errorf("the socket ended with %d, want %d", code, realtime.CloseSessionEnded)
		}
	})
}

// 000-03: everything rests on open source, and says so in the portal.
func TestThePortalListsTheSoftwareInside(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	var list struct {
		Items []struct{ Name, License, Text string }
	}
	town.Stranger().Must("GET", "/licenses", nil, &list)
	for _, p := range list.Items {
		if p.Name == "github.com/pion/webrtc/v4" && p.License == "MIT" && p.Text != "" {
			return
		}
	}
	t.Errorf("among %d entries there should be pion with its licence", len(list.Items))
}
