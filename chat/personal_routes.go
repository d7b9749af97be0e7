package chat

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
)

// personalRoutes registers the operations on what is a person's alone. Guests
// with an account have all of it but what tells who has read.
func (c *Chat) personalRoutes(h huma.API, op, own func(method, path, id, summary string) huma.Operation) {
	huma.Register(h, own("GET", "/settings", "get-settings", "What I have set for chat"), c.getSettings)
	huma.Register(h, own("PUT", "/settings", "set-settings", "Set what holds for all my rooms and devices"), c.putSettings)
	huma.Register(h, own("GET", "/layout", "get-layout", "How I have arranged the list of rooms"), c.getLayout)
	huma.Register(h, own("PUT", "/layout", "set-layout", "Arrange the list of rooms"), c.putLayout)
	huma.Register(h, own("GET", "/status", "read-status", "What people say about themselves"), c.getStatus)
	huma.Register(h, own("PUT", "/status", "set-status", "Say where I am, in my own words"), c.putStatus)
	huma.Register(h, own("PATCH", "/rooms/{room}/wishes", "set-room-wishes", "Set notices of a room for me, or make it silent"), c.patchWishes)
	huma.Register(h, own("POST", "/rooms/{room}/unread", "mark-unread", "Mark a message and all after it as unread"), c.postUnread)
	huma.Register(h, own("GET", "/saved", "list-saved", "Messages that I keep for later"), c.getSaved)
	huma.Register(h, own("PUT", "/rooms/{room}/messages/{message}/saved", "save-message", "Keep a message for later, with or without a reminder"), c.putSaved)
	huma.Register(h, own("DELETE", "/rooms/{room}/messages/{message}/saved", "unsave-message", "Keep a message no longer"), c.deleteSaved)
	huma.Register(h, op("GET", "/rooms/{room}/messages/{message}/readers", "list-readers", "Who has read a message of mine, where that is allowed"), c.getReaders)
	huma.Register(h, op("GET", "/rooms/{room}/receipts", "list-receipts", "Up to where people have read what is announced, where that is allowed"), c.getReceipts)
	huma.Register(h, own("GET", "/drafts", "list-drafts", "What I have not sent yet"), c.getDrafts)
	huma.Register(h, own("PUT", "/rooms/{room}/draft", "save-draft", "Keep a draft for my other devices"), c.putDraft)
	huma.Register(h, own("GET", "/later", "list-later", "My messages that wait for their time"), c.getLater)
	huma.Register(h, own("POST", "/rooms/{room}/later", "send-later", "Send a message at a time"), c.postLater)
	huma.Register(h, own("PATCH", "/later/{later}", "change-later", "Change a message that waits, or its time"), c.patchLater)
	huma.Register(h, own("DELETE", "/later/{later}", "cancel-later", "Do not send a message that waits"), c.deleteLater)
}

// personalEvents declares what a person's devices tell each other through the house.
func (c *Chat) personalEvents(t *realtime.Topics) {
	realtime.Me(t, "chat_personal", c.PersonalOf)
	t.MeEvent("settings", Settings{})
	t.MeEvent("layout", Layout{})
	t.MeEvent("status", Status{})
	t.MeEvent("receipt", ReceiptEvent{})
	t.MeEvent("here", Here{})
	t.MeEvent("room_wishes", RoomWishes{})
	t.MeEvent("saved", SavedChange{})
	t.MeEvent("draft", Draft{})
	t.MeEvent("later", LaterEvent{})
}

func (c *Chat) getSettings(ctx context.Context, _ *struct{}) (*out[Settings], error) {
	return answer(c.SettingsOf(ctx, access.From(ctx)))
}

func (c *Chat) putSettings(ctx context.Context, in *struct{ Body Settings }) (*out[Settings], error) {
	return answer(c.Set(ctx, access.From(ctx), in.Body))
}

func (c *Chat) getLayout(ctx context.Context, _ *struct{}) (*out[Layout], error) {
	return answer(c.LayoutOf(ctx, access.From(ctx)))
}

func (c *Chat) putLayout(ctx context.Context, in *struct{ Body Layout }) (*out[Layout], error) {
	return answer(c.Arrange(ctx, access.From(ctx), in.Body))
}

// StatusList holds what people say about themselves.
type StatusList struct {
	Items []Status `json:"items" nullable:"false"`
}

func (c *Chat) getStatus(ctx context.Context, in *struct {
	People []string `query:"people" minItems:"1" maxItems:"100"`
},
) (*out[StatusList], error) {
	all, err := c.StatusOf(ctx, access.From(ctx), in.People)
	return answer(StatusList{Items: all}, err)
}

func (c *Chat) putStatus(ctx context.Context, in *struct{ Body NewStatus }) (*out[Status], error) {
	return answer(c.SaySomething(ctx, access.From(ctx), in.Body))
}

func (c *Chat) patchWishes(ctx context.Context, in *struct {
	RoomPath
	Body WishChange
},
) (*out[RoomWishes], error) {
	return answer(c.Wish(ctx, access.From(ctx), in.Room, in.Body))
}

func (c *Chat) postUnread(ctx context.Context, in *struct {
	RoomPath
	Body ReadUpTo
},
) (*out[ReadMark], error) {
	return answer(c.Unread(ctx, access.From(ctx), in.Room, in.Body.Seq))
}

// SavedList holds the messages that a person keeps.
type SavedList struct {
	Items []SavedMessage `json:"items" nullable:"false"`
}

func (c *Chat) getSaved(ctx context.Context, in *struct {
	Due bool `query:"due" doc:"Only those of which to be reminded now"`
},
) (*out[SavedList], error) {
	all, err := c.Saved(ctx, access.From(ctx), in.Due)
	return answer(SavedList{Items: all}, err)
}

func (c *Chat) putSaved(ctx context.Context, in *struct {
	MessagePath
	Body KeepMessage
},
) (*out[SavedRef], error) {
	return answer(c.Keep(ctx, access.From(ctx), in.Room, in.Message, in.Body))
}

func (c *Chat) deleteSaved(ctx context.Context, in *MessagePath) (*struct{}, error) {
	return nil, c.Drop(ctx, access.From(ctx), in.Room, in.Message)
}

// ReaderList holds who has read a message. There is no time in it.
type ReaderList struct {
	Items []Person `json:"items" nullable:"false"`
}

func (c *Chat) getReaders(ctx context.Context, in *MessagePath) (*out[ReaderList], error) {
	all, err := c.Readers(ctx, access.From(ctx), in.Room, in.Message)
	return answer(ReaderList{Items: all}, err)
}

// ReceiptList says up to where people have read.
type ReceiptList struct {
	Items []Receipt `json:"items" nullable:"false"`
}

func (c *Chat) getReceipts(ctx context.Context, in *RoomPath) (*out[ReceiptList], error) {
	all, err := c.ReceiptsOf(ctx, access.From(ctx), in.Room)
	return answer(ReceiptList{Items: all}, err)
}

// DraftList holds what a person has not sent yet.
type DraftList struct {
	Items []Draft `json:"items" nullable:"false"`
}

func (c *Chat) getDrafts(ctx context.Context, _ *struct{}) (*out[DraftList], error) {
	all, err := c.Drafts(ctx, access.From(ctx))
	return answer(DraftList{Items: all}, err)
}

func (c *Chat) putDraft(ctx context.Context, in *struct {
	RoomPath
	Body NewDraft
},
) (*out[Draft], error) {
	return answer(c.KeepDraft(ctx, access.From(ctx), in.Room, in.Body))
}

// LaterList holds messages that wait for their time.
type LaterList struct {
	Items []Later `json:"items" nullable:"false"`
}

// LaterPath is what operations on a waiting message have in their path.
type LaterPath struct {
	Later string `path:"later" minLength:"36" maxLength:"36"`
}

func (c *Chat) getLater(ctx context.Context, _ *struct{}) (*out[LaterList], error) {
	all, err := c.Laters(ctx, access.From(ctx))
	return answer(LaterList{Items: all}, err)
}

func (c *Chat) postLater(ctx context.Context, in *struct {
	RoomPath
	Body NewLater
},
) (*out[Later], error) {
	return answer(c.SendLater(ctx, access.From(ctx), in.Room, in.Body))
}

func (c *Chat) patchLater(ctx context.Context, in *struct {
	LaterPath
	Body LaterChange
},
) (*out[Later], error) {
	return answer(c.ChangeLater(ctx, access.From(ctx), in.Later, in.Body))
}

func (c *Chat) deleteLater(ctx context.Context, in *LaterPath) (*struct{}, error) {
	return nil, c.CancelLater(ctx, access.From(ctx), in.Later)
}
