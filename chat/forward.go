package chat

import (
	"context"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Forward says where words come from that somebody passes on. Of a private or
// direct room it tells nothing.
type Forward struct {
	Author   Person `json:"author"`
	At       string `json:"at" format:"date-time" doc:"When it was written"`
	RoomID   string `json:"room_id,omitempty" doc:"Only of a public room"`
	RoomName string `json:"room_name,omitempty" doc:"Only of a public room, as it was called then"`
}

// storedForward is the same in the data of the message.
type storedForward struct {
	Author   string    `json:"author"`
	At       time.Time `json:"at"`
	RoomID   string    `json:"room_id,omitempty"`
	RoomName string    `json:"room_name,omitempty"`
}

// PassOn says where a message is passed on to: a room, or a person.
type PassOn struct {
	ClientID string `json:"client_id" minLength:"36" maxLength:"36" doc:"UUID in lower case, made by the client"`
	RoomID   string `json:"room_id,omitempty" maxLength:"36" doc:"The room that gets it"`
	UserID   string `json:"user_id,omitempty" maxLength:"36" doc:"Instead of a room: the person who gets it"`
}

func (f *storedForward) view(people map[string]Person) *Forward {
	if f == nil {
		return nil
	}
	return &Forward{Author: named(people, f.Author), At: stamp(f.At), RoomID: f.RoomID, RoomName: f.RoomName}
}

// Pass passes a message on and returns the new one. It calls nobody: those who
// are named in it were called where it was written.
func (c *Chat) Pass(ctx context.Context, p access.Principal, roomID, messageID string, in PassOn) (Passed, error) {
	if !id.Valid(in.ClientID) {
		return Passed{}, fault.Invalid("chat.client_id_malformed")
	}
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Passed{}, err
	}
	m, err := c.readable(ctx, p, roomID, messageID)
	if err != nil {
		return Passed{}, err
	}
	post, err := c.passing(ctx, p, m)
	if err != nil {
		return Passed{}, err
	}
	target, err := c.passTarget(ctx, p, in)
	if err != nil {
		return Passed{}, err
	}
	ros, err := c.rosterFor(ctx, p, target)
	if err != nil {
		return Passed{}, err
	}
	if err := canSpeak(p, ros, c.clock.Now()); err != nil {
		return Passed{}, err
	}
	post.slow = slowFor(p, ros.room, ros.role(p.UserID))
	post.message.RoomID, post.message.ClientID = target, in.ClientID
	sent, err := c.store(ctx, p, ros, post)
	return Passed{RoomID: target, Message: sent}, err
}

// Passed is what was passed on, and where to.
type Passed struct {
	RoomID  string  `json:"room_id"`
	Message Message `json:"message"`
}

// passing prepares the words with their source. What was passed on before keeps
// its first source.
func (c *Chat) passing(ctx context.Context, p access.Principal, m message) (posting, error) {
	s, err := m.stored()
	if err != nil {
		return posting{}, err
	}
	// What shall destroy itself must not live on as a copy.
	if m.Kind != KindText || m.Text == "" && len(s.Files) == 0 || m.ExpiresAt != nil {
		return posting{}, fault.Conflict("chat.cannot_pass_on")
	}
	from := s.Forward
	if from == nil {
		ros, err := c.rosters.get(ctx, m.RoomID)
		if err != nil {
			return posting{}, err
		}
		from = &storedForward{Author: m.AuthorID, At: m.CreatedAt}
		if ros.room.Kind == Public {
			from.RoomID, from.RoomName = ros.room.ID, ros.room.Name
		}
	}
	return posting{
		message: message{ID: id.New(), Kind: KindText, AuthorID: p.UserID, Text: m.Text},
		stored:  stored{Forward: from, Files: s.Files},
	}, nil
}

func (c *Chat) passTarget(ctx context.Context, p access.Principal, in PassOn) (string, error) {
	switch {
	case in.RoomID != "" && in.UserID == "":
		if !id.Valid(in.RoomID) {
			return "", errNoRoom
		}
		return in.RoomID, nil
	case in.UserID != "" && in.RoomID == "":
		r, err := c.Direct(ctx, p, []string{in.UserID})
		return r.ID, err
	}
	return "", fault.Invalid("invalid_input")
}
