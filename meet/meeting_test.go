package meet_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/config"
	"rathaus/internal/fault"
	"rathaus/internal/store/storetest"
	"rathaus/meet"
)

func smallMeetings(m *config.Meet) { m.MaxParticipants = 2 }

func publicStart(m *config.Meet) { m.PublicStart = true }

func TestMeetingsHaveStableAddresses(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t, dialect)
			anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
			m := anna.start(meet.StartInput{Title: "Rat & Bürger", Name: "ratssitzung"})
			var found meet.Summary
			if status := bert.call("GET", "/meet/meetings/ratssitzung", nil, &found); status != http.StatusOK || found.ID != m.ID || found.Title != "Rat & Bürger" {
				t.Errorf("a colleague should find it by its address: %d %+v", status, found)
			}
			var f fault.Body
			if status := bert.call("POST", "/meet/meetings", meet.StartInput{Name: "ratssitzung"}, &f); status != http.StatusConflict || f.Code != "meet.name_taken" {
				t.Errorf("a taken address should be refused: %d %+v", status, f)
			}
			var list meet.List
			bert.call("GET", "/meet/meetings", nil, &list)
			if len(list.Running) != 0 || len(list.Mine) != 0 {
				t.Errorf("a meeting by link should be in its maker's list only: %+v", list)
			}
			if status := bert.call("DELETE", "/meet/meetings/ratssitzung", nil, nil); status != http.StatusForbidden {
				t.Errorf("somebody else should not end it: %d", status)
			}
			if status := anna.call("DELETE", "/meet/meetings/ratssitzung", nil, nil); status != http.StatusNoContent {
				t.Errorf("its maker should end it: %d", status)
			}
			bert.call("GET", "/meet/meetings/ratssitzung", nil, &found)
			if found.Running {
				t.Error("an ended meeting should say so")
			}
			var again meet.Summary
			if status := bert.call("POST", "/meet/meetings/ratssitzung/reopen", nil, &again); status != http.StatusOK || again.ID != m.ID || !again.Running {
				t.Errorf("the address should work again: %d %+v", status, again)
			}
			anna.call("GET", "/meet/meetings", nil, &list)
			if len(list.Running) != 1 || len(list.Mine) != 1 {
				t.Errorf("it should be in its maker's lists: %+v", list)
			}
		})
	}
}

func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, nobody := h.user("Anna", access.RoleMember), h.nobody()
	closed := anna.start(meet.StartInput{Title: "Intern"})
	open := anna.start(meet.StartInput{Title: "Sprechstunde", Guests: true})
	guest := h.user("Gast", access.RoleGuest, access.Grant{Kind: "meeting", ID: open.ID, Right: "join"})

	var found meet.Summary
	if status := nobody.call("GET", "/meet/meetings/"+closed.Name, nil, nil); status != http.StatusNotFound {
		t.Errorf("a meeting without guests should not be found: %d", status)
	}
	if status := nobody.call("GET", "/meet/meetings/"+open.Name, nil, &found); status != http.StatusOK || found.CreatedBy != "" || len(found.People) != 0 {
		t.Errorf("an open meeting should be found without names: %d %+v", status, found)
	}
	if status := guest.call("GET", "/meet/meetings/"+closed.Name, nil, nil); status != http.StatusNotFound {
		t.Errorf("a guest should find their own meeting only: %d", status)
	}
	if status := guest.call("GET", "/meet/meetings", nil, nil); status != http.StatusForbidden {
		t.Errorf("a guest should not list meetings: %d", status)
	}
	d := guest.device()
	if code := d.try("join", "meeting:"+closed.ID, nil, nil); code != "meet.not_found" {
		t.Errorf("a guest should not join another meeting: %q", code)
	}
	if j := d.join(open.ID); j.Moderator {
		t.Error("a guest should not moderate")
	}
	if status := guest.call("POST", "/meet/meetings/"+open.Name+"/links", struct{}{}, nil); status != http.StatusForbidden {
		t.Errorf("a guest should not invite: %d", status)
	}
}

func TestGuestsComeByLinkOrByAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, nobody := h.user("Anna", access.RoleMember), h.nobody()
	m := anna.start(meet.StartInput{Title: "Sprechstunde", Guests: true})
	inner := anna.start(meet.StartInput{Title: "Intern"})
	var invitation meet.Invitation
	if status := anna.call("POST", "/meet/meetings/"+inner.Name+"/links", map[string]any{"hours": 2}, &invitation); status != http.StatusOK || len(invitation.Token) != 43 {
		t.Fatalf("a member should invite: %d", status)
	}
	var pass meet.Pass
	if status := nobody.call("POST", "/meet/meetings/"+m.Name+"/knock", nil, &pass); status != http.StatusOK || pass.Token == "" {
		t.Errorf("an open meeting should let in by its address: %d", status)
	}
	if status := nobody.call("POST", "/meet/meetings/"+inner.Name+"/knock", nil, nil); status != http.StatusNotFound {
		t.Errorf("a meeting without guests should not open: %d", status)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	link, byAddress := h.links[0], h.links[1]
	if link.ID != inner.ID || link.Right != "join" || link.Expires.Sub(h.Clock.Now()) != 2*time.Hour {
		t.Errorf("the link should open its meeting for two hours: %+v", link)
	}
	if byAddress.ID != m.ID || byAddress.MaxUses != 1 || byAddress.Right != "join" {
		t.Errorf("the pass should work once: %+v", byAddress)
	}
}

func TestGuessingAddressesIsStopped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	nobody := h.nobody()
	for range 100 {
		if nobody.call("POST", "/meet/meetings/treffen-aaaa-aaaa/knock", nil, nil) == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("a hundred tries should have been too many")
}

func TestAnyoneStartsWhereTheTownAllowsIt(t *testing.T) {
	t.Parallel()
	if status := newHouse(t).nobody().call("POST", "/meet/public", struct{}{}, nil); status != http.StatusNotFound {
		t.Errorf("without leave of the town there should be nothing: %d", status)
	}
	h := newHouse(t, publicStart)
	nobody := h.nobody()
	var pass meet.Pass
	if status := nobody.call("POST", "/meet/public", map[string]any{"title": "Elternabend"}, &pass); status != http.StatusOK {
		t.Fatalf("anybody should start a meeting: %d", status)
	}
	if !strings.HasPrefix(pass.Name, "elternabend-") {
		t.Errorf("address %q", pass.Name)
	}
	h.mu.Lock()
	link := h.links[0]
	h.mu.Unlock()
	if link.Right != "host" || link.MaxUses != 1 {
		t.Errorf("whoever starts should moderate, once: %+v", link)
	}
	host := h.user("Erika", access.RoleGuest, access.Grant{Kind: link.Kind, ID: link.ID, Right: link.Right}).device()
	if j := host.join(link.ID); !j.Moderator {
		t.Error("whoever started should moderate")
	}
	refused := false
	for range 10 {
		refused = refused || nobody.call("POST", "/meet/public", struct{}{}, nil) == http.StatusTooManyRequests
	}
	if !refused {
		t.Error("ten meetings from one network should have been too many")
	}
	h.Clock.Advance(121 * time.Minute)
	host.waitFor("closed", nil)
}

func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna := h.user("Anna", access.RoleMember)
	for _, in := range []map[string]any{
		{"title": strings.Repeat("x", 121)},
		{"title": "a\x00b"},
		{"name": "../admin"},
		{"name": "Groß"},
		{"access": "everybody"},
		{"room_id": "not-a-room"},
		{"unknown": true},
		{"title": 7},
	} {
		var f fault.Body
		if status := anna.call("POST", "/meet/meetings", in, &f); status < 400 || status >= 500 || f.Code == "" {
			t.Errorf("%v: status %d %+v", in, status, f)
		}
	}
	m := anna.start(meet.StartInput{})
	d := anna.device()
	d.join(m.ID)
	if code := d.try("publish", d.topic, meet.Description{SDP: "v=0"}, nil); code != "meet.not_entered" {
		t.Errorf("publishing without entering: %q", code)
	}
	d.ask("enter", meet.Enter{}, nil)
	for _, c := range []struct {
		op   string
		in   any
		code string
	}{
		{"publish", meet.Description{SDP: "v=0"}, "meet.description_invalid"},
		{"publish", meet.Description{SDP: strings.Repeat("x", 65<<10)}, "meet.description_too_large"},
		{"answer", meet.Description{SDP: "v=0"}, "meet.no_offer"},
		{"source", map[string]any{"kind": "xray", "on": true}, "meet.source_unknown"},
		{"view", map[string]any{"tiles": []map[string]any{{"participant": "x", "kind": "mic"}}}, "meet.source_unknown"},
		{"view", map[string]any{"tiles": make([]map[string]any, 65)}, "meet.too_many_tiles"},
		{"mute", map[string]any{"participant_id": "x", "kind": "mic"}, "meet.participant_not_found"},
		{"enter", meet.Enter{}, "meet.already_entered"},
		{"enter", map[string]any{"mic": "yes"}, "invalid_input"},
		{"dance", nil, "unknown_operation"},
	} {
		if code := d.try(c.op, d.topic, c.in, nil); code != c.code {
			t.Errorf("%s: got %q, want %q", c.op, code, c.code)
		}
	}
}
