package chat

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// RoomCall names a call that a room believes to be running.
type RoomCall struct {
	RoomID    string
	MeetingID string
}

// MayEnterRoom says whether p may take part in what happens in a room.
func (c *Chat) MayEnterRoom(ctx context.Context, p access.Principal, roomID string) error {
	if !id.Valid(roomID) {
		return errNoRoom
	}
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return err
	}
	return canRead(p, ros.room, ros.role(p.UserID))
}

// RoomMembers returns the ids of the members of a room.
func (c *Chat) RoomMembers(ctx context.Context, roomID string) ([]string, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if isNoRoom(err) {
		return nil, nil // a deleted room has nobody
	}
	if err != nil {
		return nil, err
	}
	return append([]string(nil), ros.ids...), nil
}

// CallTitle returns what a call in the room is called for p: the name of the
// room, or of the partner.
func (c *Chat) CallTitle(ctx context.Context, p access.Principal, roomID string) (string, error) {
	r, err := c.Room(ctx, p, roomID)
	if err != nil {
		return "", err
	}
	if r.Partner != nil {
		return r.Partner.Name, nil
	}
	if r.Kind == Group {
		var names []string
		for _, who := range r.People {
			names = append(names, who.Name)
		}
		return strings.Join(names, ", "), nil
	}
	if r.Sender != nil {
		return r.Name + " · " + r.Sender.Name, nil
	}
	return r.Name, nil
}

// PostCall puts a card for a call that actor has started into a room. A second
// card for the same meeting is not made. Letting it ring is the meeting's part.
func (c *Chat) PostCall(ctx context.Context, roomID string, actor access.Principal, meetingID string) error {
	if !id.Valid(meetingID) || !id.Valid(roomID) {
		return fault.Invalid("invalid_input")
	}
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return err
	}
	if err := canSpeak(actor, ros, c.clock.Now()); err != nil {
		return err
	}
	s := stored{MessageData: MessageData{MeetingID: meetingID, State: CallRunning}}
	data, err := s.encode()
	if err != nil {
		return err
	}
	k := newKnown(asPerson(actor))
	m := message{ID: id.New(), RoomID: roomID, Kind: KindCall, AuthorID: actor.UserID, ClientID: meetingID, Data: data}
	known := false
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if _, known, err = callCard(tx, roomID, meetingID); err != nil || known {
			return err
		}
		if _, known, err = sentBefore(tx, m.AuthorID, m.ClientID); err != nil || known {
			return err
		}
		if err := c.number(tx, &m); err != nil {
			return err
		}
		if err := c.insert(tx, m, nil); err != nil {
			return err
		}
		return setCall(tx, roomID, meetingID)
	}, func() {
		if known {
			return
		}
		c.tellMessage(ros, k.view(m, s), nil)
		c.tellCall(ros, meetingID)
	})
}

// tellCall notes which call runs in a room and tells the members.
func (c *Chat) tellCall(ros *roster, meetingID string) {
	c.rosters.change(ros.room.ID, func(r room, _ map[string]Role) room {
		r.CallMeeting = meetingID
		return r
	})
	now := *c.rosters.latest(ros)
	now.room.CallMeeting = meetingID
	c.tellFacts(&now)
}

// EndCall marks a call's card as ended. It is harmless to call it twice.
func (c *Chat) EndCall(ctx context.Context, roomID, meetingID string) error {
	ros, err := c.rosters.get(ctx, roomID)
	if isNoRoom(err) {
		return nil // deleted with its cards
	}
	if err != nil {
		return err
	}
	card, ok, err := callCard(c.db.Read(ctx), roomID, meetingID)
	if err != nil || !ok {
		return err
	}
	var view Message
	var ended bool
	var still string
	return c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		card, ended, err = c.closeCard(tx, roomID, meetingID)
		if err != nil || !ended {
			return err
		}
		if view, err = c.render(ctx, tx, newKnown(), card); err != nil {
			return err
		}
		still, err = clearCall(tx, roomID, meetingID)
		return err
	}, func() {
		if !ended {
			return
		}
		c.tellChange(ros, view, 0, nil, nil)
		c.tellCall(ros, still)
	})
}

func (c *Chat) closeCard(tx *gorm.DB, roomID, meetingID string) (message, bool, error) {
	card, ok, err := callCard(tx, roomID, meetingID)
	if err != nil || !ok {
		return card, false, err
	}
	s, err := card.stored()
	if err != nil || s.State == CallEnded {
		return card, false, err
	}
	s.State, s.EndedAt = CallEnded, stamp(c.clock.Now())
	if card.Data, err = s.encode(); err != nil {
		return card, false, err
	}
	if card.Rev, err = forcedSeq(tx, roomID); err != nil {
		return card, false, err
	}
	return card, true, rewriteMessage(tx, card)
}

// RunningCalls lists the calls that rooms believe to be running, so that those
// which a restart has cut off can be ended.
func (c *Chat) RunningCalls(ctx context.Context) ([]RoomCall, error) {
	return runningCalls(c.db.Read(ctx))
}
