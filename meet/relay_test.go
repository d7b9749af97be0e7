package meet_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"rathaus/internal/access"
	"rathaus/internal/config"
	"rathaus/meet"
)

func withRelay(m *config.Meet) {
	m.TURN.Enabled, m.TURN.UDPPort, m.TURN.TCPPort = true, meet.AnyPort, meet.AnyPort
}

func TestMediaFlowsThroughTheRelayAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withRelay)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a, b := anna.device(), bert.device()
	a.enter(m.ID)
	b.relayOnly = true
	b.enter(m.ID)
	a.receives()
	b.receives()
	for _, pc := range []*webrtc.PeerConnection{b.up, b.down} {
		pair, err := pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
		if err == nil && pair != nil && pair.Local.Typ != webrtc.ICECandidateTypeRelay {
			t.Errorf("the path should be relayed, is %s", pair.Local.Typ)
		}
	}
}

func TestRelayPasswordsAreForThoseWhoMayEnter(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withRelay)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{RoomID: h.Rooms.room(anna)})
	var got meet.ICEServers
	if status := anna.call("GET", "/meet/ice?meeting="+m.ID, nil, &got); status != http.StatusOK || len(got.Servers) != 1 {
		t.Fatalf("status %d, %+v", status, got)
	}
	s := got.Servers[0]
	if len(s.URLs) < 2 || !strings.HasPrefix(s.URLs[0], "turn:") || s.Username == "" || s.Credential == "" {
		t.Errorf("got %+v", s)
	}
	if status := bert.call("GET", "/meet/ice?meeting="+m.ID, nil, nil); status != http.StatusNotFound {
		t.Errorf("who may not enter should get no password, status %d", status)
	}
}
