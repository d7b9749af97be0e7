package chat

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

// RoomPath is what operations on a room have in their path.
type RoomPath struct {
	Room string `path:"room" minLength:"36" maxLength:"36"`
}

// MessagePath is what operations on a message have in their path.
type MessagePath struct {
	RoomPath
	Message string `path:"message" minLength:"36" maxLength:"36"`
}

// MemberPath is what operations on a member have in their path.
type MemberPath struct {
	RoomPath
	User string `path:"user" minLength:"36" maxLength:"42" doc:"A person, or a guest by link"`
}

type out[T any] struct{ Body T }

// routes registers all HTTP operations of chat, one line each.
func (c *Chat) routes(h huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return api.Op(method, "/chat"+path, "chat-"+id, access.Member, summary)
	}
	own := func(method, path, id, summary string) huma.Operation { // of whoever has an account
		return api.Op(method, "/chat"+path, "chat-"+id, access.Account, summary)
	}
	open := func(method, path, id, summary string) huma.Operation { // to guests as well
		return api.Op(method, "/chat"+path, "chat-"+id, access.Guest, summary)
	}
	huma.Register(h, open("GET", "/rooms", "list-rooms", "My rooms, with what is unread"), c.getRooms)
	huma.Register(h, op("POST", "/rooms", "open-room", "Open a public or private room"), c.postRoom)
	huma.Register(h, op("GET", "/public-rooms", "browse-rooms", "Public rooms that anybody of the town may join"), c.getPublicRooms)
	huma.Register(h, op("POST", "/direct", "open-direct", "The direct room with one or a few people; made if there is none"), c.postDirect)
	huma.Register(h, op("POST", "/offices/{office}", "open-office", "My conversation with an office of the town; made if there is none"), c.postOffice)
	huma.Register(h, op("PUT", "/rooms/{room}/hidden", "hide-room", "Take a conversation out of my list until the next message, or put it back"), c.putHidden)
	huma.Register(h, open("GET", "/rooms/{room}", "get-room", "One room"), c.getRoom)
	huma.Register(h, op("PATCH", "/rooms/{room}", "change-room", "Rename or describe a room, archive it or open it again"), c.patchRoom)
	huma.Register(h, op("DELETE", "/rooms/{room}", "archive-room", "Archive a room; its messages stay readable"), c.deleteRoom)
	huma.Register(h, op("POST", "/rooms/{room}/delete", "delete-room", "Delete a room with everything in it, for good"), c.postDeleteRoom)
	huma.Register(h, open("GET", "/rooms/{room}/members", "list-members", "The people of a room"), c.getMembers)
	huma.Register(h, op("POST", "/rooms/{room}/members", "add-members", "Bring people into a room"), c.postMembers)
	huma.Register(h, op("PATCH", "/rooms/{room}/members/{user}", "set-member-role", "Make somebody owner or member"), c.patchMember)
	huma.Register(h, op("DELETE", "/rooms/{room}/members/{user}", "remove-member", "Take somebody out of a room"), c.deleteMember)
	huma.Register(h, op("POST", "/rooms/{room}/join", "join-room", "Join a public room"), c.postJoin)
	huma.Register(h, open("POST", "/rooms/{room}/leave", "leave-room", "Leave a room"), c.postLeave)
	huma.Register(h, open("GET", "/rooms/{room}/messages", "read-messages", "A stretch of a room's history"), c.getMessages)
	huma.Register(h, open("POST", "/rooms/{room}/messages", "send-message", "Send a message"), c.postMessage)
	huma.Register(h, open("PATCH", "/rooms/{room}/messages/{message}", "edit-message", "Edit a message of one's own"), c.patchMessage)
	huma.Register(h, open("DELETE", "/rooms/{room}/messages/{message}", "delete-message", "Remove a message for everybody"), c.deleteMessage)
	huma.Register(h, open("GET", "/rooms/{room}/changes", "read-changes", "What happened after a change; the same as joining the topic"), c.getChanges)
	huma.Register(h, open("POST", "/rooms/{room}/read", "mark-read", "Move the reading cursor forward"), c.postRead)
	c.talkRoutes(h, op, own, open)
	huma.Register(h, open("GET", "/rooms/{room}/files", "list-files", "The files of a room, the latest first"), c.getAttachments)
	huma.Register(h, op("POST", "/self", "open-self", "The room for notes to oneself; made if there is none"), c.postSelf)
	c.orderRoutes(h)
	c.personalRoutes(h, op, own)
}

func answer[T any](v T, err error) (*out[T], error) {
	if err != nil {
		return nil, err
	}
	return &out[T]{v}, nil
}

func (c *Chat) getRooms(ctx context.Context, in *struct {
	Archived bool `query:"archived" doc:"Only those that are archived"`
},
) (*out[Mine], error) {
	if in.Archived {
		return answer(c.ArchivedRooms(ctx, access.From(ctx)))
	}
	return answer(c.RoomsOf(ctx, access.From(ctx)))
}

func (c *Chat) postRoom(ctx context.Context, in *struct{ Body NewRoom }) (*out[Room], error) {
	return answer(c.Open(ctx, access.From(ctx), in.Body))
}

func (c *Chat) getPublicRooms(ctx context.Context, in *struct {
	Query  string `query:"q" maxLength:"100"`
	Cursor string `query:"cursor" maxLength:"1000"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
},
) (*out[PublicRooms], error) {
	return answer(c.Browse(ctx, access.From(ctx), in.Query, in.Cursor, in.Limit))
}

func (c *Chat) postDirect(ctx context.Context, in *struct {
	Body struct {
		UserID  string   `json:"user_id,omitempty" maxLength:"36"`
		UserIDs []string `json:"user_ids,omitempty" maxItems:"7" doc:"Several: the room of just these people"`
	}
},
) (*out[Room], error) {
	others := in.Body.UserIDs
	if in.Body.UserID != "" {
		others = append(others, in.Body.UserID)
	}
	return answer(c.Direct(ctx, access.From(ctx), others))
}

func (c *Chat) postOffice(ctx context.Context, in *struct {
	Office string `path:"office" minLength:"36" maxLength:"36" doc:"A group that takes messages"`
},
) (*out[Room], error) {
	return answer(c.WriteToOffice(ctx, access.From(ctx), in.Office))
}

func (c *Chat) putHidden(ctx context.Context, in *struct {
	RoomPath
	Body struct {
		Hidden bool `json:"hidden"`
	}
},
) (*struct{}, error) {
	return nil, c.Hide(ctx, access.From(ctx), in.Room, in.Body.Hidden)
}

func (c *Chat) getRoom(ctx context.Context, in *RoomPath) (*out[Room], error) {
	return answer(c.Room(ctx, access.From(ctx), in.Room))
}

func (c *Chat) patchRoom(ctx context.Context, in *struct {
	RoomPath
	Body RoomChange
},
) (*out[Room], error) {
	return answer(c.Change(ctx, access.From(ctx), in.Room, in.Body))
}

func (c *Chat) deleteRoom(ctx context.Context, in *RoomPath) (*struct{}, error) {
	archived := true
	_, err := c.Change(ctx, access.From(ctx), in.Room, RoomChange{Archived: &archived})
	return nil, err
}

func (c *Chat) postDeleteRoom(ctx context.Context, in *struct {
	RoomPath
	Body struct {
		Name string `json:"name" maxLength:"200" doc:"What the room is called, so that the right one goes"`
	}
},
) (*struct{}, error) {
	return nil, c.DeleteRoom(ctx, access.From(ctx), in.Room, in.Body.Name)
}

// MemberList holds the people of a room.
type MemberList struct {
	Items []RoomMember `json:"items" nullable:"false"`
}

func (c *Chat) getMembers(ctx context.Context, in *RoomPath) (*out[MemberList], error) {
	all, err := c.Members(ctx, access.From(ctx), in.Room)
	return answer(MemberList{Items: all}, err)
}

func (c *Chat) postMembers(ctx context.Context, in *struct {
	RoomPath
	Body NewMembers
},
) (*struct{}, error) {
	return nil, c.Add(ctx, access.From(ctx), in.Room, in.Body)
}

func (c *Chat) patchMember(ctx context.Context, in *struct {
	MemberPath
	Body struct {
		Role Role `json:"role" enum:"owner,moderator,member"`
	}
},
) (*struct{}, error) {
	return nil, c.SetRole(ctx, access.From(ctx), in.Room, in.User, in.Body.Role)
}

func (c *Chat) deleteMember(ctx context.Context, in *MemberPath) (*struct{}, error) {
	return nil, c.Remove(ctx, access.From(ctx), in.Room, in.User)
}

func (c *Chat) postJoin(ctx context.Context, in *RoomPath) (*out[Room], error) {
	return answer(c.Join(ctx, access.From(ctx), in.Room))
}

func (c *Chat) postLeave(ctx context.Context, in *RoomPath) (*struct{}, error) {
	return nil, c.Leave(ctx, access.From(ctx), in.Room)
}

func (c *Chat) getMessages(ctx context.Context, in *struct {
	RoomPath
	Before int64 `query:"before" minimum:"0" doc:"Messages below this place"`
	After  int64 `query:"after" minimum:"0" doc:"Messages above this place"`
	Around int64 `query:"around" minimum:"0" doc:"Messages on both sides of this place"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
},
) (*out[Page], error) {
	return answer(c.History(ctx, access.From(ctx), in.Room, Span{Before: in.Before, After: in.After, Around: in.Around, Limit: in.Limit}))
}

func (c *Chat) postMessage(ctx context.Context, in *struct {
	RoomPath
	Body NewMessage
},
) (*out[Message], error) {
	return answer(c.Send(ctx, access.From(ctx), in.Room, in.Body))
}

func (c *Chat) patchMessage(ctx context.Context, in *struct {
	MessagePath
	Body NewText
},
) (*out[Message], error) {
	return answer(c.Edit(ctx, access.From(ctx), in.Room, in.Message, in.Body))
}

func (c *Chat) deleteMessage(ctx context.Context, in *MessagePath) (*out[Message], error) {
	return answer(c.Delete(ctx, access.From(ctx), in.Room, in.Message))
}

func (c *Chat) getChanges(ctx context.Context, in *struct {
	RoomPath
	After int64 `query:"after" minimum:"-1" default:"-1" doc:"Number of the last change known; -1 for a fresh start"`
},
) (*out[State], error) {
	return answer(c.StateAfter(ctx, access.From(ctx), in.Room, in.After))
}

func (c *Chat) postRead(ctx context.Context, in *struct {
	RoomPath
	Body ReadUpTo
},
) (*out[ReadMark], error) {
	return answer(c.Read(ctx, access.From(ctx), in.Room, in.Body.Seq))
}

func (c *Chat) getAttachments(ctx context.Context, in *struct {
	RoomPath
	Kind   string `query:"kind" enum:"image,video,audio,voice,pdf,other" doc:"Only those of a kind"`
	Before int64  `query:"before" minimum:"0" doc:"Messages below this place"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
},
) (*out[Attachments], error) {
	return answer(c.Attachments(ctx, access.From(ctx), in.Room, in.Kind, in.Before, in.Limit))
}

func (c *Chat) postSelf(ctx context.Context, _ *struct{}) (*out[Room], error) {
	return answer(c.OneselfRoom(ctx, access.From(ctx)))
}
