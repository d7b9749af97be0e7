package chat

import (
	"context"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// NewMessage is what a person sends. The client id makes a second sending of
// the same message harmless: it is answered with the first one.
type NewMessage struct {
	ClientID string   `json:"client_id" minLength:"36" maxLength:"36" doc:"UUID in lower case, made by the client"`
	Text     string   `json:"text,omitempty" maxLength:"65536" doc:"Markdown; [@Name](person:ID) calls a person. May be left out where something else is sent"`
	ThreadID string   `json:"thread_id,omitempty" maxLength:"36" doc:"The message that this one answers in a thread"`
	QuoteID  string   `json:"quote_id,omitempty" maxLength:"36" doc:"A message of the same room to which this one refers"`
	Title    string   `json:"title,omitempty" maxLength:"800" doc:"Of a topic in a forum room"`
	Files    []string `json:"files,omitempty" maxItems:"20" doc:"Ids of uploads that are complete"`
	Silent   bool     `json:"silent,omitempty" doc:"It counts as unread, but raises no notice"`
	// ExpiresIn may shorten what the room says, but not lengthen it.
	ExpiresIn   int      `json:"expires_in,omitempty" minimum:"0" maximum:"31622400" doc:"Seconds after which it removes itself; 0: as the room says"`
	Poll        *NewPoll `json:"poll,omitempty" doc:"A question to the room"`
	ConfirmMany bool     `json:"confirm_many,omitempty" doc:"The author knows that more than 20 people are called"`
}

// posting is a new message on its way into its room.
type posting struct {
	message message
	stored  stored
	calls   []called
	expires int // seconds
	// within does more in the same transaction, and may refuse.
	within func(tx *gorm.DB) error
	slow   int // seconds that the author has to leave between two messages
}

// posted is what became of it.
type posted struct {
	view  Message  // as everybody gets it
	root  *Message // what began the thread, changed by this reply
	calls []called
}

// Send stores a message and tells the room.
func (c *Chat) Send(ctx context.Context, p access.Principal, roomID string, in NewMessage) (Message, error) {
	if !id.Valid(in.ClientID) {
		return Message{}, fault.Invalid("chat.client_id_malformed")
	}
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	return c.deliver(ctx, p, roomID, in, nil)
}

// deliver is Send without a limit to its pace, with something that belongs
// into the same transaction.
func (c *Chat) deliver(ctx context.Context, p access.Principal, roomID string, in NewMessage, within func(*gorm.DB) error) (Message, error) {
	post, err := c.compose(p, roomID, in)
	if err != nil {
		return Message{}, err
	}
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Message{}, err
	}
	if err := canSpeak(p, ros, c.clock.Now()); err != nil {
		return Message{}, err
	}
	if post.stored.Title, err = cleanTitle(ros.room, in); err != nil {
		return Message{}, err
	}
	if err := c.prepareFiles(ctx, p, in.Files, &post); err != nil {
		return c.sentAlready(ctx, post.message, err)
	}
	post.within = within
	post.slow = slowFor(p, ros.room, ros.role(p.UserID))
	if post.calls, err = c.calls(ctx, ros, p.UserID, post.message.Text, in.ConfirmMany); err != nil {
		return Message{}, err
	}
	if poll := post.stored.Poll; poll != nil && !poll.Anonymous && len(ros.ids) > maxNamedVoters {
		return Message{}, fault.Conflict("chat.poll_room_too_large", "max", maxNamedVoters)
	}
	return c.store(ctx, p, ros, post)
}

// compose checks and tidies what a person sends. It is the one place that knows
// when a message is empty.
func (c *Chat) compose(p access.Principal, roomID string, in NewMessage) (posting, error) {
	post := posting{message: message{ID: id.New(), RoomID: roomID, Kind: KindText, AuthorID: p.UserID, ClientID: in.ClientID, ThreadID: in.ThreadID}}
	for _, ref := range []string{in.ThreadID, in.QuoteID} {
		if ref != "" && !id.Valid(ref) {
			return post, errNoMessage
		}
	}
	post.stored.Quote, post.stored.Silent = in.QuoteID, in.Silent
	var err error
	if post.stored.Poll, err = in.Poll.clean(c.clock.Now()); err != nil {
		return post, err
	}
	if post.expires, err = cleanExpiry(in.ExpiresIn, shortestExpiry); err != nil {
		return post, err
	}
	post.message.Text, err = cleanMessage(in.Text, c.limits.messageBytes)
	return post, allowEmpty(err, post.stored.Poll != nil || len(in.Files) > 0)
}

// store writes a new message by p and tells the room.
func (c *Chat) store(ctx context.Context, p access.Principal, ros *roster, post posting) (Message, error) {
	k := newKnown(asPerson(p))
	if err := c.prepare(ctx, k, post); err != nil {
		return Message{}, err
	}
	var out posted
	err := c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if post.within != nil {
			if err = post.within(tx); err != nil {
				return err
			}
		}
		out, err = c.place(ctx, tx, ros, k.names(), post)
		return err
	}, func() {
		c.tellMessage(ros, out.view, peopleOf(out.calls))
		if out.view.ExpiresAt != "" {
			c.endings.rouse()
		}
		if out.view.Poll != nil {
			c.polls.rouse()
		}
		if out.root != nil {
			c.tellChange(ros, *out.root, 0, nil, nil)
		}
	})
	if err != nil {
		return c.sentAlready(ctx, post.message, err)
	}
	return out.view, nil
}

// sentAlready answers a message that could not be stored with the one that was
// sent before under the same client id, or with refusal if there is none.
func (c *Chat) sentAlready(ctx context.Context, m message, refusal error) (Message, error) {
	first, known, err := sentBefore(c.db.Read(ctx), m.AuthorID, m.ClientID)
	switch {
	case err != nil || !known:
		return Message{}, refusal
	case first.RoomID != m.RoomID:
		return Message{}, fault.Conflict("chat.client_id_used")
	}
	return c.viewOne(ctx, first)
}

// prepare looks at what a message refers to, so that a refusal does not disturb
// the writer, and learns the names that will be needed.
func (c *Chat) prepare(ctx context.Context, k *known, post posting) error {
	rows, data := []message{post.message}, []stored{post.stored}
	for _, ref := range post.message.refersTo(post.stored) {
		m, s, err := c.referred(ctx, post.message, ref)
		if err != nil {
			return err
		}
		k.messages[m.ID] = m
		rows, data = append(rows, m), append(data, s)
	}
	return c.learn(ctx, c.db.Read(ctx), k, rows, data)
}

// referred reads a message that m names and checks that it may be named.
func (c *Chat) referred(ctx context.Context, m message, ref string) (message, stored, error) {
	found, err := messageIn(c.db.Read(ctx), m.RoomID, ref)
	if err != nil {
		return found, stored{}, err
	}
	s, err := found.stored()
	if err != nil {
		return found, s, err
	}
	if ref == m.ThreadID {
		return found, s, canBegin(found, s)
	}
	return found, s, canQuote(found)
}

// place stores a new message, with what it does to its thread. Whether it was
// sent before is not asked: the database refuses the same client id.
func (c *Chat) place(ctx context.Context, tx *gorm.DB, ros *roster, k *known, post posting) (out posted, err error) {
	m := post.message
	if err := c.bringFiles(tx, m, &post.stored); err != nil {
		return out, err
	}
	if m.Data, err = post.stored.encode(); err != nil {
		return out, err
	}
	if err := c.number(tx, &m); err != nil {
		return out, err
	}
	if err := keepSlow(tx, m.RoomID, m.AuthorID, post.slow, m.CreatedAt); err != nil {
		return out, err
	}
	if m.Kind == KindText {
		m.ExpiresAt = c.rosters.latest(ros).room.endOf(post.expires, m.CreatedAt)
	}
	out.calls = post.calls
	if m.ThreadID != "" {
		followers, err := callsOfFollowers(tx, ros, m)
		if err != nil {
			return out, err
		}
		out.calls = joinCalls(followers, out.calls)
	}
	if err := c.insert(tx, m, out.calls); err != nil {
		return out, err
	}
	if err := insertAttachments(tx, m, post.stored.Files); err != nil {
		return out, err
	}
	if post.stored.Title != "" {
		if err := insertTopic(tx, m); err != nil {
			return out, err
		}
	}
	if poll := post.stored.Poll; poll != nil && poll.ClosesAt != nil {
		if err := notePollEnd(tx, m, *poll.ClosesAt); err != nil {
			return out, err
		}
	}
	if m.ThreadID != "" {
		if ros.room.Form == Forum {
			if err := raiseTopic(tx, m.ThreadID, m.Seq); err != nil {
				return out, err
			}
		}
		root, err := growThread(tx, m)
		if err != nil {
			return out, err
		}
		view, err := c.render(ctx, tx, k, root)
		if err != nil {
			return out, err
		}
		out.root = &view
	}
	out.view, err = c.render(ctx, tx, k, m)
	return out, err
}

// number gives m its place in the room.
func (c *Chat) number(tx *gorm.DB, m *message) (err error) {
	m.CreatedAt = c.clock.Now()
	m.Seq, err = nextMessage(tx, m.RoomID, m.CreatedAt)
	m.Rev = m.Seq
	return err
}

// insert stores a numbered message.
func (c *Chat) insert(tx *gorm.DB, m message, calls []called) error {
	if err := insertMessage(tx, m); err != nil {
		return err
	}
	if err := insertMentions(tx, m, calls); err != nil {
		return err
	}
	// Who writes has read. This also finds out who was removed just now.
	moved, err := moveCursor(tx, m.RoomID, m.AuthorID, m.Seq)
	if err == nil && !moved {
		err = errNotMember
	}
	return err
}
