package chat

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// NewMessage is what a person sends. The client id makes a second sending of
// the same message harmless: it is answered with the first one.
type NewMessage struct {
	ClientID string `json:"client_id" minLength:"36" maxLength:"36" doc:"UUID in lower case, made by the client"`
	Text     string `json:"text" minLength:"1" maxLength:"65536" doc:"Markdown; [@Name](person:ID) calls a person"`
}

// Send stores a message and tells the room.
func (c *Chat) Send(ctx context.Context, p access.Principal, roomID string, in NewMessage) (Message, error) {
	if !id.Valid(in.ClientID) {
		return Message{}, fault.Invalid("chat.client_id_malformed")
	}
	if err := c.sends.take(p.UserID); err != nil {
		return Message{}, err
	}
	text, err := cleanMessage(in.Text, c.limits.messageBytes)
	if err != nil {
		return Message{}, err
	}
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return Message{}, err
	}
	if err := canPost(p, ros.room, ros.role(p.UserID)); err != nil {
		return Message{}, err
	}
	m := message{ID: id.New(), RoomID: roomID, Kind: KindText, AuthorID: p.UserID, ClientID: in.ClientID, Text: text}
	return c.store(ctx, p, ros, m, stored{})
}

// store writes a new message by p and tells the room.
func (c *Chat) store(ctx context.Context, p access.Principal, ros *roster, m message, s stored) (Message, error) {
	called := m.concerns(s)
	people, err := c.names(ctx, called)
	if err != nil {
		return Message{}, err
	}
	people[p.UserID] = Person{ID: p.UserID, Name: p.Name, Active: true}
	var mentioned []string
	if m.Kind == KindText {
		mentioned = mayMention(ros, p.UserID, called)
	}
	var first message
	var known bool
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		first, known, err = c.place(tx, &m, mentioned)
		return err
	}, func() {
		if !known {
			c.tellMessage(ros, m.view(s, people), mentioned)
		}
	})
	if store.IsUnique(err) {
		first, known, err = sentBefore(c.db.Read(ctx), m.AuthorID, m.ClientID)
	}
	switch {
	case err != nil:
		return Message{}, err
	case known && first.RoomID != m.RoomID:
		return Message{}, fault.Conflict("chat.client_id_used")
	case known:
		return c.viewOne(ctx, first)
	}
	return m.view(s, people), nil
}

// place gives m its number and stores it, or returns what was sent before
// under the same client id.
func (c *Chat) place(tx *gorm.DB, m *message, mentioned []string) (message, bool, error) {
	first, known, err := sentBefore(tx, m.AuthorID, m.ClientID)
	if err != nil || known {
		return first, known, err
	}
	m.CreatedAt = c.clock.Now()
	if m.Seq, err = nextMessage(tx, m.RoomID, m.CreatedAt); err != nil {
		return first, false, err
	}
	m.Rev = m.Seq
	if err := insertMessage(tx, *m); err != nil {
		return first, false, err
	}
	if err := insertMentions(tx, *m, mentioned); err != nil {
		return first, false, err
	}
	// Who writes has read. This also finds out who was removed just now.
	moved, err := moveCursor(tx, m.RoomID, m.AuthorID, m.Seq)
	if err == nil && !moved {
		err = errNotMember
	}
	return first, false, err
}

// mayMention returns those of the called who are members, but not the author.
func mayMention(ros *roster, author string, called []string) []string {
	var out []string
	for _, u := range called {
		if u != author && ros.role(u) != "" {
			out = append(out, u)
		}
	}
	return out
}

// change is an edit or deletion being made.
type change struct {
	message message
	before  []string // mentioned so far
	after   []string // mentioned from now on
	unread  int      // what it does to counts of unread
	same    bool     // nothing to change
}

// Edit replaces the text of a message of one's own.
func (c *Chat) Edit(ctx context.Context, p access.Principal, roomID, messageID, newText string) (Message, error) {
	if err := c.sends.take(p.UserID); err != nil {
		return Message{}, err
	}
	text, err := cleanMessage(newText, c.limits.messageBytes)
	if err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canEdit(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		now := c.clock.Now()
		ch.same = ch.message.Text == text
		ch.message.Text, ch.message.EditedAt = text, &now
		ch.after = mayMention(ros, ch.message.AuthorID, mentionsIn(text))
		return nil
	})
}

// Delete removes the content of a message for everybody.
func (c *Chat) Delete(ctx context.Context, p access.Principal, roomID, messageID string) (Message, error) {
	if err := c.sends.take(p.UserID); err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canDelete(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		now := c.clock.Now()
		ch.same = ch.message.DeletedAt != nil
		ch.message.Text, ch.message.Data, ch.message.EditedAt, ch.message.DeletedAt = "", "", nil, &now
		ch.unread = -1
		return nil
	})
}

// alter changes one message in a transaction and tells the room. decide sees
// the message as it is now and says what shall become of it.
func (c *Chat) alter(ctx context.Context, p access.Principal, roomID, messageID string, decide func(*roster, *change) error) (Message, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return Message{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return Message{}, err
	}
	if !id.Valid(messageID) {
		return Message{}, errNoMessage
	}
	// Decide once outside, so that a refusal does not disturb the writer.
	m, err := messageIn(c.db.Read(ctx), roomID, messageID)
	if err != nil {
		return Message{}, err
	}
	draft := change{message: m}
	if err := decide(ros, &draft); err != nil {
		return Message{}, err
	}
	people, err := c.names(ctx, append(mentionsIn(draft.message.Text), m.AuthorID))
	if err != nil {
		return Message{}, err
	}
	var ch change
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		ch, err = rewrite(tx, ros, messageID, decide)
		return err
	}, func() {
		if !ch.same {
			c.tellChange(ros, ch.message.view(stored{}, people), ch.unread, ch.before, ch.after)
		}
	})
	if err != nil {
		return Message{}, err
	}
	return c.viewOne(ctx, ch.message)
}

func rewrite(tx *gorm.DB, ros *roster, messageID string, decide func(*roster, *change) error) (change, error) {
	m, err := messageIn(tx, ros.room.ID, messageID)
	if err != nil {
		return change{}, err
	}
	ch := change{message: m}
	if err := decide(ros, &ch); err != nil {
		return ch, err
	}
	if ch.same {
		ch.message = m
		return ch, nil
	}
	if ch.before, err = mentionsOf(tx, m.ID); err != nil {
		return ch, err
	}
	if ch.message.Rev, err = nextSeq(tx, m.RoomID); err != nil {
		return ch, err
	}
	if err := rewriteMessage(tx, ch.message); err != nil {
		return ch, err
	}
	if slices.Equal(ch.before, ch.after) {
		return ch, nil
	}
	if err := deleteMentions(tx, m.ID); err != nil {
		return ch, err
	}
	return ch, insertMentions(tx, ch.message, ch.after)
}

// viewOne renders one row.
func (c *Chat) viewOne(ctx context.Context, m message) (Message, error) {
	all, err := c.viewAll(ctx, []message{m})
	if err != nil {
		return Message{}, err
	}
	return all[0], nil
}

// viewAll renders rows with one question to the directory.
func (c *Chat) viewAll(ctx context.Context, rows []message) ([]Message, error) {
	data := make([]stored, len(rows))
	var ids []string
	for i, m := range rows {
		var err error
		if data[i], err = m.stored(); err != nil {
			return nil, err
		}
		ids = append(append(ids, m.AuthorID), m.concerns(data[i])...)
	}
	people, err := c.names(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Message, len(rows))
	for i, m := range rows {
		out[i] = m.view(data[i], people)
	}
	return out, nil
}

// names asks the directory for people, each once. The answer is the caller's own.
func (c *Chat) names(ctx context.Context, ids []string) (map[string]Person, error) {
	out := map[string]Person{}
	if len(ids) == 0 {
		return out, nil
	}
	known, err := c.people.People(ctx, slices.Compact(slices.Sorted(slices.Values(ids))))
	maps.Copy(out, known)
	return out, err
}
