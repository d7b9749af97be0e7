package chat

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

// SetReaction says which reaction somebody sets or takes back.
type SetReaction struct {
	Emoji string `json:"emoji" minLength:"1" maxLength:"64"`
	On    bool   `json:"on" doc:"false takes it back"`
}

// NewVote says what somebody chooses in a poll.
type NewVote struct {
	Options []string `json:"options" maxItems:"20" doc:"Ids of options; none takes the vote back where it is not secret"`
}

// SetFollow says whether somebody follows a thread.
type SetFollow struct {
	Following bool `json:"following"`
}

// talkRoutes registers what can be done with a message beyond sending it, one
// line each.
func (c *Chat) talkRoutes(h huma.API, op, own, open func(method, path, id, summary string) huma.Operation) {
	const one = "/rooms/{room}/messages/{message}"
	huma.Register(h, own("GET", "/threads", "list-threads", "Threads that I follow, with what is unread"), c.getThreads)
	huma.Register(h, open("GET", one+"/thread", "read-thread", "The replies to a message"), c.getThread)
	huma.Register(h, open("PUT", one+"/following", "follow-thread", "Follow a thread, or not any more"), c.putFollowing)
	huma.Register(h, open("POST", one+"/reactions", "react", "Set or take back a reaction"), c.postReaction)
	huma.Register(h, open("PUT", one+"/pin", "pin-message", "Pin a message for the room"), c.putPin)
	huma.Register(h, open("DELETE", one+"/pin", "unpin-message", "Take a pin off"), c.deletePin)
	huma.Register(h, open("GET", "/rooms/{room}/pins", "list-pins", "What is pinned in a room"), c.getPins)
	huma.Register(h, open("GET", one+"/versions", "list-versions", "What a message said before"), c.getVersions)
	huma.Register(h, op("POST", one+"/forward", "forward-message", "Pass a message on to a room or a person"), c.postForward)
	huma.Register(h, open("GET", one+"/vote", "read-vote", "My own part in a poll"), c.getVote)
	huma.Register(h, open("PUT", one+"/vote", "vote", "Vote in a poll"), c.putVote)
	huma.Register(h, open("POST", one+"/close-poll", "close-poll", "End a poll"), c.postClosePoll)
	huma.Register(h, open("GET", "/emoji", "list-emoji", "The town's own emoji"), c.getEmoji)
	huma.Register(h, open("GET", "/emoji/{emoji}/picture", "read-emoji", "The picture of an emoji"), c.getEmojiPicture)
	huma.Register(h, api.Op("POST", "/chat/emoji", "chat-add-emoji", access.Admin, "Add an emoji of the town"), c.postEmoji)
	huma.Register(h, api.Op("DELETE", "/chat/emoji/{emoji}", "chat-remove-emoji", access.Admin, "Remove an emoji of the town"), c.deleteEmoji)
}

func (c *Chat) getThreads(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
},
) (*out[MyThreads], error) {
	return answer(c.ThreadsOf(ctx, access.From(ctx), in.Cursor, in.Limit))
}

func (c *Chat) getThread(ctx context.Context, in *struct {
	MessagePath
	Before int64 `query:"before" minimum:"0" doc:"Replies below this place"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
},
) (*out[ThreadPage], error) {
	return answer(c.Thread(ctx, access.From(ctx), in.Room, in.Message, in.Before, in.Limit))
}

func (c *Chat) putFollowing(ctx context.Context, in *struct {
	MessagePath
	Body SetFollow
},
) (*out[Following], error) {
	return answer(c.Follow(ctx, access.From(ctx), in.Room, in.Message, in.Body.Following))
}

func (c *Chat) postReaction(ctx context.Context, in *struct {
	MessagePath
	Body SetReaction
},
) (*out[Message], error) {
	return answer(c.React(ctx, access.From(ctx), in.Room, in.Message, in.Body.Emoji, in.Body.On))
}

func (c *Chat) putPin(ctx context.Context, in *MessagePath) (*out[Message], error) {
	return answer(c.SetPin(ctx, access.From(ctx), in.Room, in.Message, true))
}

func (c *Chat) deletePin(ctx context.Context, in *MessagePath) (*out[Message], error) {
	return answer(c.SetPin(ctx, access.From(ctx), in.Room, in.Message, false))
}

func (c *Chat) getPins(ctx context.Context, in *RoomPath) (*out[Pins], error) {
	return answer(c.PinsOf(ctx, access.From(ctx), in.Room))
}

func (c *Chat) getVersions(ctx context.Context, in *MessagePath) (*out[Versions], error) {
	return answer(c.VersionsOf(ctx, access.From(ctx), in.Room, in.Message))
}

func (c *Chat) postForward(ctx context.Context, in *struct {
	MessagePath
	Body PassOn
},
) (*out[Passed], error) {
	return answer(c.Pass(ctx, access.From(ctx), in.Room, in.Message, in.Body))
}

func (c *Chat) getVote(ctx context.Context, in *MessagePath) (*out[MyVote], error) {
	return answer(c.VoteOf(ctx, access.From(ctx), in.Room, in.Message))
}

func (c *Chat) putVote(ctx context.Context, in *struct {
	MessagePath
	Body NewVote
},
) (*out[Message], error) {
	return answer(c.Vote(ctx, access.From(ctx), in.Room, in.Message, in.Body.Options))
}

func (c *Chat) postClosePoll(ctx context.Context, in *MessagePath) (*out[Message], error) {
	return answer(c.ClosePoll(ctx, access.From(ctx), in.Room, in.Message))
}

// EmojiPath is what operations on an emoji have in their path.
type EmojiPath struct {
	Emoji string `path:"emoji" minLength:"36" maxLength:"36"`
}

func (c *Chat) getEmoji(ctx context.Context, _ *struct{}) (*out[EmojiList], error) {
	return answer(c.Emoji(ctx))
}

func (c *Chat) postEmoji(ctx context.Context, in *struct{ Body NewEmoji }) (*out[Emoji], error) {
	return answer(c.AddEmoji(ctx, access.From(ctx), in.Body))
}

func (c *Chat) deleteEmoji(ctx context.Context, in *EmojiPath) (*struct{}, error) {
	return nil, c.RemoveEmoji(ctx, access.From(ctx), in.Emoji)
}

// servedPicture is a picture as it goes out, so that nothing in it can run.
type servedPicture struct {
	Type   string `header:"Content-Type"`
	Policy string `header:"Content-Security-Policy"`
	Sniff  string `header:"X-Content-Type-Options"`
	Cache  string `header:"Cache-Control"`
	Body   []byte
}

func (c *Chat) getEmojiPicture(ctx context.Context, in *EmojiPath) (*servedPicture, error) {
	p, err := c.picture(ctx, in.Emoji)
	if err != nil {
		return nil, err
	}
	return served(p.Type, p.Picture), nil
}

// served is how pictures go out whose address changes with them.
func served(mediaType string, b []byte) *servedPicture {
	return &servedPicture{
		Type: mediaType, Policy: "default-src 'none'; sandbox", Sniff: "nosniff",
		Cache: "private, max-age=31536000, immutable", Body: b,
	}
}
