package chat

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
)

// EditMessage is the data of the operation "edit".
type EditMessage struct {
	ID string `json:"id"`
	NewText
}

// ReactTo is the data of the operation "react".
type ReactTo struct {
	ID string `json:"id"`
	SetReaction
}

// PinMessage is the data of the operation "pin".
type PinMessage struct {
	ID string `json:"id"`
	On bool   `json:"on" doc:"false takes the pin off"`
}

// VoteIn is the data of the operation "vote".
type VoteIn struct {
	ID string `json:"id"`
	NewVote
}

// MessageRef is the data of the operations "delete" and "close_poll".
type MessageRef struct {
	ID string `json:"id"`
}

// ReadUpTo is the data of the operation "read".
type ReadUpTo struct {
	Seq int64 `json:"seq" minimum:"0"`
}

// Nothing is the data of operations that need none, and their answer.
type Nothing struct{}

// topics registers all socket messages of chat.
func (c *Chat) topics(t *realtime.Topics) {
	t.Kind("room", realtime.Kind{
		Needs: access.Guest,
		Join: func(ctx context.Context, j realtime.Join) (any, error) {
			return c.StateAfter(ctx, j.Principal, j.ID, j.After)
		},
		Ops: map[string]realtime.Op{
			"send": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in NewMessage) (Message, error) {
				return c.Send(ctx, call.Principal, call.ID, in)
			}),
			"edit": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in EditMessage) (Message, error) {
				return c.Edit(ctx, call.Principal, call.ID, in.ID, in.NewText)
			}),
			"delete": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in MessageRef) (Message, error) {
				return c.Delete(ctx, call.Principal, call.ID, in.ID)
			}),
			"react": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in ReactTo) (Message, error) {
				return c.React(ctx, call.Principal, call.ID, in.ID, in.Emoji, in.On)
			}),
			"pin": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in PinMessage) (Message, error) {
				return c.SetPin(ctx, call.Principal, call.ID, in.ID, in.On)
			}),
			"vote": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in VoteIn) (Message, error) {
				return c.Vote(ctx, call.Principal, call.ID, in.ID, in.Options)
			}),
			"close_poll": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in MessageRef) (Message, error) {
				return c.ClosePoll(ctx, call.Principal, call.ID, in.ID)
			}),
			"read": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, in ReadUpTo) (ReadMark, error) {
				return c.Read(ctx, call.Principal, call.ID, in.Seq)
			}),
			"typing": realtime.Handle(access.Guest, func(ctx context.Context, call realtime.Call, _ Nothing) (Nothing, error) {
				return Nothing{}, c.Typing(ctx, call.Principal, call.ID)
			}),
		},
		Events: map[string]any{"message": Message{}, "changed": Message{}, "room": RoomFacts{}, "typing": Typing{}},
	})
	realtime.Me(t, "chat", c.RoomsOf)
	t.MeEvent("room_added", RoomAdded{})
	t.MeEvent("room_updated", RoomFacts{})
	t.MeEvent("room_removed", RoomGone{})
	t.MeEvent("room_bumped", Bump{})
	t.MeEvent("room_read", ReadMark{})
	t.MeEvent("room_hidden", Hidden{})
	t.MeEvent("room_silenced", Silenced{})
	t.MeEvent("room_blocked", RoomRef{})
	t.MeEvent("room_reported", Reported{})
	t.MeEvent("town_reported", TownReported{})
	c.personalEvents(t)
	t.MeEvent("following", Following{})
	t.MeEvent("voted", MyVote{})
}

// Typing tells the room that p is writing. Nothing is stored.
func (c *Chat) Typing(ctx context.Context, p access.Principal, roomID string) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canSpeak(p, ros, c.clock.Now()); err != nil {
		return err
	}
	c.hub.Publish(topicOf(roomID), 0, "typing", Typing{Person: asPerson(p)})
	return nil
}
