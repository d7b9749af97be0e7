package meet_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/meet"
	"rathaus/meet/sfu"
)

func TestTwoPeopleHearAndSeeEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{Title: "Bauamt Runde"})
	a, b := anna.device(), bert.device()
	a.enter(m.ID)
	b.enter(m.ID)
	a.receives()
	b.receives()
	a.waitFor("participant_joined", nil)
	a.waitFor("speaking", nil)
	a.waitFor("slots", func(data json.RawMessage) bool {
		var s meet.SlotsEvent
		return json.Unmarshal(data, &s) == nil && len(s.Slots) >= 2 && s.Slots[0].Participant == b.entered.ParticipantID
	})
	if j := anna.device().join(m.ID); len(j.Participants) != 2 || !j.Moderator {
		t.Errorf("whoever opens the meeting should see both in it, got %+v", j)
	}
}

func TestSwitchedOffSourcesAreNotForwarded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a, b := anna.device(), bert.device()
	a.enter(m.ID)
	b.enter(m.ID)
	b.receives()
	a.ask("source", meet.SourceState{Kind: sfu.Microphone}, nil)
	a.ask("source", meet.SourceState{Kind: sfu.Camera}, nil)
	b.fallsSilent()
	b.waitFor("participant_updated", func(data json.RawMessage) bool {
		var p meet.Person
		return json.Unmarshal(data, &p) == nil && p.ID == a.entered.ParticipantID && !p.Mic && !p.Camera
	})
	a.ask("source", meet.SourceState{Kind: sfu.Microphone, On: true}, nil)
	a.ask("source", meet.SourceState{Kind: sfu.Camera, On: true}, nil)
	b.receives()
}

func TestAModeratorMutesRemovesAndEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a, b := anna.device(), bert.device()
	a.enter(m.ID)
	b.enter(m.ID)
	a.receives()

	for op, in := range map[string]any{
		"mute":   meet.Mute{ParticipantID: a.entered.ParticipantID, Kind: sfu.Microphone},
		"remove": meet.Remove{ParticipantID: a.entered.ParticipantID},
		"end":    meet.Done{},
	} {
		if code := b.try(op, b.topic, in, nil); code != "meet.moderators_only" {
			t.Errorf("%s by somebody else should be refused, got %q", op, code)
		}
	}
	a.ask("mute", meet.Mute{ParticipantID: b.entered.ParticipantID, Kind: sfu.Microphone}, nil)
	b.waitFor("muted", nil)

	a.ask("remove", meet.Remove{ParticipantID: b.entered.ParticipantID}, nil)
	b.waitFor("closed", nil)
	a.waitFor("participant_left", nil)
	a.fallsSilent()
	if code := b.try("join", b.topic, nil, nil); code != "meet.removed" {
		t.Errorf("whoever was removed should not come back, got %q", code)
	}

	a.ask("end", nil, nil)
	a.waitFor("closed", nil)
	if code := a.try("join", a.topic, nil, nil); code != "meet.ended" {
		t.Errorf("an ended meeting should say so, got %q", code)
	}
}

func TestABrokenSocketKeepsThePlaceAndMedia(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a, b := anna.device(), bert.device()
	a.enter(m.ID)
	b.enter(m.ID)
	a.receives()

	b.drop()
	a.waitFor("participant_updated", func(data json.RawMessage) bool {
		var p meet.Person
		return json.Unmarshal(data, &p) == nil && p.ID == b.entered.ParticipantID && !p.Connected
	})
	a.receives()

	back := bert.device()
	back.join(m.ID)
	var again meet.Entered
	back.ask("enter", meet.Enter{Resume: b.entered.Token, Mic: true, Camera: true}, &again)
	if !again.Resumed || again.ParticipantID != b.entered.ParticipantID {
		t.Fatalf("the token should give the place back, got %+v", again)
	}
	b.mu.Lock()
	b.ws, b.closed = back.ws, false // the peer connections go on with the new socket
	b.mu.Unlock()
	back.up, back.down = b.up, b.down
	back.negotiateDown(true)
	b.receives()
	a.receives()
	back.up, back.down = nil, nil
	if a.heard("participant_left", nil) != 0 {
		t.Error("nobody should have left")
	}
}

func TestAReloadedPageReplacesItsOldPlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna := h.user("Anna", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a := anna.device()
	a.enter(m.ID)
	a.drop()
	again := anna.device()
	again.join(m.ID)
	again.ask("enter", meet.Enter{Replace: a.entered.Token}, &again.entered)
	if j := again.join(m.ID); len(j.Participants) != 1 || j.Participants[0].ID != again.entered.ParticipantID {
		t.Errorf("only the new place should be there: %+v", j.Participants)
	}
}

func TestAStolenTokenResumesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, eve := h.user("Anna", access.RoleMember), h.user("Eve", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a, e := anna.device(), eve.device()
	a.enter(m.ID)
	e.join(m.ID)
	var got meet.Entered
	e.ask("enter", meet.Enter{Resume: a.entered.Token}, &got)
	if got.Resumed || got.ParticipantID == a.entered.ParticipantID {
		t.Error("a token should work for its owner only")
	}
}

func TestWhoDoesNotComeBackIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
	m := anna.start(meet.StartInput{})
	a, b := anna.device(), bert.device()
	a.enter(m.ID)
	b.enter(m.ID)
	a.receives()
	b.drop()
	a.waitFor("participant_updated", nil)
	h.Clock.Advance(16 * time.Second)
	a.waitFor("participant_left", nil)
	a.fallsSilent()
}

func TestLosingTheRightEndsMediaAtOnce(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, bert *user, roomID string){
		"a disabled person": func(h *house, bert *user, _ string) { h.Meet.EndFor(bert.UserID) },
		"an ended session":  func(h *house, bert *user, _ string) { h.Meet.EndSession(bert.SessionID) },
		"a lost membership": func(h *house, bert *user, roomID string) {
			h.Rooms.expel(roomID, bert.UserID)
			h.Meet.Recheck(h.t.Context(), bert.UserID)
		},
		"a lost membership that nobody told of": func(h *house, bert *user, roomID string) { h.Rooms.expel(roomID, bert.UserID) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			anna, bert := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember)
			roomID := h.Rooms.room(anna, bert)
			m := anna.start(meet.StartInput{RoomID: roomID})
			a, b := anna.device(), bert.device()
			a.enter(m.ID)
			b.enter(m.ID)
			a.receives()
			b.receives()
			end(h, bert, roomID)
			a.fallsSilent()
			b.fallsSilent()
			b.waitFor("closed", nil)
			if code := b.try("source", b.topic, meet.SourceState{Kind: sfu.Microphone, On: true}, nil); code != "meet.not_entered" {
				t.Errorf("operations should be refused, got %q", code)
			}
			a.waitFor("participant_left", nil)
		})
	}
}

func TestOneClickFromARoomIsOneCall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna, bert, eve := h.user("Anna", access.RoleMember), h.user("Bert", access.RoleMember), h.user("Eve", access.RoleAdmin)
	roomID := h.Rooms.room(anna, bert)
	ears := bert.device()
	if code := ears.try("join", "me", nil, nil); code != "" {
		t.Fatal(code)
	}
	if status := eve.call("POST", "/meet/meetings", meet.StartInput{RoomID: roomID}, nil); status != http.StatusNotFound {
		t.Errorf("a room one may not enter should not be called, status %d", status)
	}

	var mu sync.Mutex
	ids := map[string]bool{}
	var clicks sync.WaitGroup
	for range 8 {
		clicks.Go(func() {
			m := anna.start(meet.StartInput{RoomID: roomID, Title: "Bauamt"})
			mu.Lock()
			defer mu.Unlock()
			ids[m.ID] = true
		})
	}
	clicks.Wait()
	if len(ids) != 1 {
		t.Fatalf("eight clicks should make one call, got %d", len(ids))
	}
	ears.waitFor("meet.ringing", nil)
	if n := ears.heard("meet.ringing", nil); n != 1 {
		t.Errorf("it should ring once, rang %d times", n)
	}
	if cards, _ := h.Rooms.posted(); cards != 1 {
		t.Errorf("the room should show one card, got %d", cards)
	}
	var list meet.List
	bert.call("GET", "/meet/meetings", nil, &list)
	if len(list.Running) != 1 || !ids[list.Running[0].ID] {
		t.Errorf("the call should be in the other's list, got %+v", list)
	}
	eve.call("GET", "/meet/meetings", nil, &list)
	if len(list.Running) != 0 {
		t.Errorf("the call should not be in an outsider's list, got %+v", list)
	}
}

func TestAnEmptyCallEndsAndTheNextClickStartsAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	anna := h.user("Anna", access.RoleMember)
	roomID := h.Rooms.room(anna)
	first := anna.start(meet.StartInput{RoomID: roomID})
	h.Clock.Advance(61 * time.Second)
	eventually(t, "the card is marked as ended", func() bool {
		_, ended := h.Rooms.posted()
		return len(ended) == 1 && ended[0] == first.ID
	})
	if second := anna.start(meet.StartInput{RoomID: roomID}); second.ID == first.ID {
		t.Error("an ended call should not be used again")
	}
}

func TestTheMeetingIsFull(t *testing.T) {
	t.Parallel()
	h := newHouse(t, smallMeetings)
	anna := h.user("Anna", access.RoleMember)
	m := anna.start(meet.StartInput{})
	for range 2 {
		d := h.user("Bert", access.RoleMember).device()
		d.join(m.ID)
		d.ask("enter", meet.Enter{}, nil)
	}
	late := anna.device()
	late.join(m.ID)
	if code := late.try("enter", late.topic, meet.Enter{}, nil); code != "meet.full" {
		t.Errorf("a full meeting should say so, got %q", code)
	}
}
