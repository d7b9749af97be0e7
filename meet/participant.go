package meet

import (
	"time"

	"golang.org/x/time/rate"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
	"rathaus/meet/sfu"
)

// participant is one device in a call. Its fields are guarded by the call's
// mutex, but for those marked constant.
type participant struct {
	id        string           // constant
	tokenHash string           // constant
	principal access.Principal // constant
	moderator bool             // constant
	enteredAt time.Time        // constant
	media     *sfu.Participant // constant
	talks     *rate.Limiter    // constant; descriptions it may send

	conn       *realtime.Conn // nil while detached
	detachedAt time.Time
	mic        bool
	camera     bool
	screen     bool
	version    int64
	slots      []sfu.Slot
	speaking   sfu.Speaking
}

// Person is what everybody in a meeting sees of a participant.
type Person struct {
	ID        string    `json:"id" doc:"Of this device in this call"`
	UserID    string    `json:"user_id"`
	Name      string    `json:"name"`
	Guest     bool      `json:"guest"`
	Moderator bool      `json:"moderator"`
	Mic       bool      `json:"mic" doc:"The microphone is on"`
	Camera    bool      `json:"camera"`
	Screen    bool      `json:"screen"`
	Connected bool      `json:"connected" doc:"False while the device has lost its connection and may come back"`
	EnteredAt time.Time `json:"entered_at"`
	Version   int64     `json:"version" doc:"Rises with every change; older states are to be ignored"`
}

// person is called with the call's mutex held.
func (p *participant) person() Person {
	return Person{
		ID: p.id, UserID: p.principal.UserID, Name: p.principal.Name,
		Guest: p.principal.IsGuest(), Moderator: p.moderator,
		Mic: p.mic, Camera: p.camera, Screen: p.screen, Connected: p.conn != nil,
		EnteredAt: p.enteredAt, Version: p.version,
	}
}

// set notes that a source went on or off. Called with the call's mutex held.
func (p *participant) set(kind sfu.Kind, on bool) {
	switch kind {
	case sfu.Microphone:
		p.mic = on
	case sfu.Camera:
		p.camera = on
	case sfu.Screen:
		p.screen = on
	case sfu.ScreenSound: // goes with the screen
	}
}

// hear returns what the forwarding unit tells this participant, passed on to
// whatever connection it has at the moment.
func (c *call) hear(p *participant) sfu.Events {
	topic := c.meeting.Topic()
	send := func(event string, data any, keep func()) {
		c.mu.Lock()
		keep()
		conn := p.conn
		c.mu.Unlock()
		if conn != nil {
			conn.Send(topic, event, data)
		}
	}
	return sfu.Events{
		Slots: func(s []sfu.Slot) {
			send(eventSlots, SlotsEvent{Slots: s}, func() { p.slots = s })
		},
		Speaking: func(s sfu.Speaking) {
			send(eventSpeaking, s, func() { p.speaking = s })
		},
		State: func(link sfu.Link, state sfu.State) {
			send(eventLink, LinkEvent{Link: link, State: state}, func() {})
		},
	}
}
