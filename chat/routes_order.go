package chat

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

// orderRoutes registers what keeps order in rooms: links, silence, reports,
// blocks.
func (c *Chat) orderRoutes(h huma.API) {
	op := func(method, path, id string, level access.Level, summary string) huma.Operation {
		return api.Op(method, "/chat"+path, "chat-"+id, level, summary)
	}
	huma.Register(h, op("GET", "/rooms/{room}/links", "list-links", access.Member, "Links that lead into a room"), c.getLinks)
	huma.Register(h, op("POST", "/rooms/{room}/links", "make-link", access.Member, "Make a link that leads into a room"), c.postLink)
	huma.Register(h, op("DELETE", "/rooms/{room}/links/{link}", "end-link", access.Member, "End a link and the access of its guests"), c.deleteLink)
	huma.Register(h, op("POST", "/room-links/open", "open-link", access.Guest, "Join the room that a link leads to, with an account"), c.postOpenLink)
	huma.Register(h, op("PUT", "/rooms/{room}/members/{user}/silence", "silence-member", access.Member, "Keep somebody from writing until a time"), c.putSilence)
	huma.Register(h, op("POST", "/rooms/{room}/messages/{message}/reports", "report-message", access.Guest, "Ask for a message to be looked at"), c.postReport)
	huma.Register(h, op("GET", "/rooms/{room}/reports", "list-reports", access.Member, "What was reported in a room and waits"), c.getReports)
	huma.Register(h, op("GET", "/reports", "list-town-reports", access.Admin, "What was reported to the administration and waits"), c.getTownReports)
	huma.Register(h, op("POST", "/reports/{report}/close", "close-report", access.Member, "Deal with a report"), c.postCloseReport)
	huma.Register(h, op("GET", "/rooms/{room}/topics", "list-topics", access.Guest, "Topics of a forum room, the latest activity first"), c.getTopics)
	huma.Register(h, op("PUT", "/rooms/{room}/messages/{message}/solved", "solve-topic", access.Guest, "Mark a topic as solved, or open it again"), c.putSolved)
	set := op("PUT", "/rooms/{room}/picture", "set-room-picture", access.Member, "Give a room a picture")
	set.MaxBodyBytes = 2 * maxRoomPicture
	huma.Register(h, set, c.putPicture)
	huma.Register(h, op("DELETE", "/rooms/{room}/picture", "remove-room-picture", access.Member, "Take the picture of a room away"), c.deletePicture)
	huma.Register(h, op("GET", "/rooms/{room}/picture/{picture}", "read-room-picture", access.Guest, "The picture of a room"), c.getPicture)
	huma.Register(h, op("GET", "/blocks", "list-blocks", access.Member, "Whom I want no direct messages from"), c.getBlocks)
	huma.Register(h, op("PUT", "/blocks/{person}", "block-person", access.Member, "Want no direct messages from somebody"), c.putBlock)
	huma.Register(h, op("DELETE", "/blocks/{person}", "unblock-person", access.Member, "Let somebody write again"), c.deleteBlock)
}

type items[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// LinkList holds the links of a room.
type LinkList items[Link]

func (c *Chat) getLinks(ctx context.Context, in *RoomPath) (*out[LinkList], error) {
	all, err := c.RoomLinks(ctx, access.From(ctx), in.Room)
	return answer(LinkList{Items: all}, err)
}

func (c *Chat) postLink(ctx context.Context, in *struct {
	RoomPath
	Body NewLink
},
) (*out[MadeLink], error) {
	return answer(c.MakeLink(ctx, access.From(ctx), in.Room, in.Body))
}

func (c *Chat) deleteLink(ctx context.Context, in *struct {
	RoomPath
	Link string `path:"link" minLength:"36" maxLength:"36"`
},
) (*struct{}, error) {
	return nil, c.EndLink(ctx, access.From(ctx), in.Room, in.Link)
}

func (c *Chat) postOpenLink(ctx context.Context, in *struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"64"`
	}
},
) (*out[Room], error) {
	return answer(c.JoinByLink(ctx, access.From(ctx), in.Body.Token))
}

func (c *Chat) putSilence(ctx context.Context, in *struct {
	MemberPath
	Body struct {
		Until time.Time `json:"until" doc:"A time that has passed lets them speak again"`
	}
},
) (*struct{}, error) {
	return nil, c.Silence(ctx, access.From(ctx), in.Room, in.User, in.Body.Until)
}

func (c *Chat) postReport(ctx context.Context, in *struct {
	MessagePath
	Body NewReport
},
) (*struct{}, error) {
	return nil, c.Report(ctx, access.From(ctx), in.Room, in.Message, in.Body)
}

// ReportList holds reports that wait.
type ReportList items[Report]

func (c *Chat) getReports(ctx context.Context, in *RoomPath) (*out[ReportList], error) {
	all, err := c.Reports(ctx, access.From(ctx), in.Room)
	return answer(ReportList{Items: all}, err)
}

func (c *Chat) getTownReports(ctx context.Context, _ *struct{}) (*out[ReportList], error) {
	all, err := c.TownReports(ctx, access.From(ctx))
	return answer(ReportList{Items: all}, err)
}

func (c *Chat) postCloseReport(ctx context.Context, in *struct {
	Report string `path:"report" minLength:"36" maxLength:"36"`
	Body   struct {
		Outcome string `json:"outcome" enum:"deleted,done,dismissed"`
	}
},
) (*struct{}, error) {
	return nil, c.CloseReport(ctx, access.From(ctx), in.Report, in.Body.Outcome)
}

func (c *Chat) getTopics(ctx context.Context, in *struct {
	RoomPath
	Cursor string `query:"cursor" maxLength:"20"`
	Open   bool   `query:"open" doc:"Only those that are not solved"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
},
) (*out[Topics], error) {
	return answer(c.Topics(ctx, access.From(ctx), in.Room, in.Cursor, in.Open, in.Limit))
}

func (c *Chat) putSolved(ctx context.Context, in *struct {
	MessagePath
	Body struct {
		Solved bool `json:"solved"`
	}
},
) (*out[Message], error) {
	return answer(c.Solve(ctx, access.From(ctx), in.Room, in.Message, in.Body.Solved))
}

// BlockPath names somebody in the path.
type BlockPath struct {
	Person string `path:"person" minLength:"36" maxLength:"36"`
}

// PersonList holds people.
type PersonList items[Person]

func (c *Chat) getBlocks(ctx context.Context, _ *struct{}) (*out[PersonList], error) {
	all, err := c.Blocked(ctx, access.From(ctx))
	return answer(PersonList{Items: all}, err)
}

func (c *Chat) putBlock(ctx context.Context, in *BlockPath) (*struct{}, error) {
	return nil, c.Block(ctx, access.From(ctx), in.Person)
}

func (c *Chat) deleteBlock(ctx context.Context, in *BlockPath) (*struct{}, error) {
	return nil, c.Unblock(ctx, access.From(ctx), in.Person)
}

func (c *Chat) putPicture(ctx context.Context, in *struct {
	RoomPath
	Body NewPicture
},
) (*out[Room], error) {
	return answer(c.SetPicture(ctx, access.From(ctx), in.Room, in.Body))
}

func (c *Chat) deletePicture(ctx context.Context, in *RoomPath) (*out[Room], error) {
	return answer(c.RemovePicture(ctx, access.From(ctx), in.Room))
}

func (c *Chat) getPicture(ctx context.Context, in *struct {
	RoomPath
	Picture string `path:"picture" minLength:"36" maxLength:"36"`
},
) (*servedPicture, error) {
	p, err := c.Picture(ctx, access.From(ctx), in.Room, in.Picture)
	if err != nil {
		return nil, err
	}
	return served(p.Type, p.Bytes), nil
}
