package chat

import (
	"context"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/id"
)

// change is what happens to a message that is there. A decision alters message
// and stored to what they shall be, and says what else follows.
type change struct {
	message message
	stored  stored
	unread  int  // what it does to counts of unread
	same    bool // nothing to change
	forced  bool // happens in an archived room too
	// recall says whom the message calls from now on; nil: the same as before.
	recall func(before []called) []called
	// also changes further tables, once the number of the change is known.
	also func(tx *gorm.DB, m message) error
}

// changed is what a change led to.
type changed struct {
	message       message
	view          Message
	unread        int
	same          bool
	before, after []called
	root          *Message // what began the thread, changed because its reply was deleted
}

// NewText is what an author makes of a message.
type NewText struct {
	Text        string `json:"text" maxLength:"65536" doc:"Empty only where files are attached"`
	ConfirmMany bool   `json:"confirm_many,omitempty" doc:"The author knows that more than 20 people are called"`
}

// Edit replaces the text of a message of one's own. What it said before stays
// readable for the room.
func (c *Chat) Edit(ctx context.Context, p access.Principal, roomID, messageID string, in NewText) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	text, textErr := cleanMessage(in.Text, c.limits.messageBytes)
	if allowEmpty(textErr, true) != nil {
		return Message{}, textErr
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) (err error) {
		if err := canSpeak(p, ros, c.clock.Now()); err != nil {
			return err
		}
		if err := canEdit(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		if ch.stored.Forward != nil {
			return errNotYours
		}
		if err := allowEmpty(textErr, len(ch.stored.Files) > 0); err != nil {
			return err
		}
		if ch.same = ch.message.Text == text; ch.same {
			return nil
		}
		if ch.recall, err = c.callsAfterEdit(ctx, ros, ch.message, text, in.ConfirmMany); err != nil {
			return err
		}
		now, before := c.clock.Now(), ch.message
		ch.message.Text, ch.message.EditedAt = text, &now
		ch.stored.Versions++
		number := ch.stored.Versions
		ch.also = func(tx *gorm.DB, _ message) error { return keepVersion(tx, before, number) }
		return nil
	})
}

// Delete removes the content of a message for everybody.
func (c *Chat) Delete(ctx context.Context, p access.Principal, roomID, messageID string) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canDelete(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		ch.erase(c.clock.Now())
		return nil
	})
}

// alter changes one message in a transaction and tells the room. decide sees
// the message as it is now and says what shall become of it; it may be asked
// more than once. Whoever may read the room gets that far.
func (c *Chat) alter(ctx context.Context, p access.Principal, roomID, messageID string, decide func(*roster, *change) error) (Message, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Message{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return Message{}, err
	}
	return c.amend(ctx, ros, newKnown(asPerson(p)), messageID, decide)
}

// amend is alter for the house, which needs no right.
func (c *Chat) amend(ctx context.Context, ros *roster, k *known, messageID string, decide func(*roster, *change) error) (Message, error) {
	if !id.Valid(messageID) {
		return Message{}, errNoMessage
	}
	// Decide once outside, so that a refusal does not disturb the writer.
	ch, err := decided(c.db.Read(ctx), ros, messageID, decide)
	if err != nil {
		return Message{}, err
	}
	if err := c.learn(ctx, c.db.Read(ctx), k, []message{ch.message}, []stored{ch.stored}); err != nil {
		return Message{}, err
	}
	var out changed
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		out, err = c.rewrite(ctx, tx, ros, k.names(), messageID, decide)
		return err
	}, func() {
		if out.same {
			return
		}
		c.tellChange(ros, out.view, out.unread, peopleOf(out.before), peopleOf(out.after))
		c.collectFiles(out.message)
		if out.root != nil {
			c.tellChange(ros, *out.root, 0, nil, nil)
		}
	})
	if err == nil && out.same {
		return c.viewOne(ctx, out.message)
	}
	return out.view, err
}

// decided reads a message and asks what shall become of it.
func decided(tx *gorm.DB, ros *roster, messageID string, decide func(*roster, *change) error) (change, error) {
	m, err := messageIn(tx, ros.room.ID, messageID)
	if err != nil {
		return change{}, err
	}
	ch := change{message: m}
	if ch.stored, err = m.stored(); err != nil {
		return ch, err
	}
	if err := decide(ros, &ch); err != nil {
		return ch, err
	}
	if ch.same {
		ch.message = m
	}
	return ch, nil
}

// rewrite makes the change in a transaction.
func (c *Chat) rewrite(ctx context.Context, tx *gorm.DB, ros *roster, k *known, messageID string, decide func(*roster, *change) error) (changed, error) {
	ch, err := decided(tx, ros, messageID, decide)
	out := changed{message: ch.message, unread: ch.unread, same: ch.same}
	if err != nil || ch.same {
		return out, err
	}
	if out.message.Data, err = ch.stored.encode(); err != nil {
		return out, err
	}
	next := nextSeq
	if ch.forced {
		next = forcedSeq
	}
	if out.message.Rev, err = next(tx, ros.room.ID); err != nil {
		return out, err
	}
	if err := rewriteMessage(tx, out.message); err != nil {
		return out, err
	}
	if err := ch.callAgain(tx, &out); err != nil {
		return out, err
	}
	if ch.also != nil {
		if err := ch.also(tx, out.message); err != nil {
			return out, err
		}
	}
	if out.message.DeletedAt != nil {
		if out.root, err = c.afterDeletion(ctx, tx, k, out.message); err != nil {
			return out, err
		}
	}
	out.view, err = c.render(ctx, tx, k, out.message)
	return out, err
}

// callAgain stores whom the message calls from now on.
func (ch *change) callAgain(tx *gorm.DB, out *changed) (err error) {
	if ch.recall == nil {
		return nil
	}
	if out.before, err = mentionsOf(tx, out.message.ID); err != nil {
		return err
	}
	out.after = ch.recall(out.before)
	if sameCalls(out.before, out.after) {
		return nil
	}
	if err := deleteMentions(tx, out.message.ID); err != nil {
		return err
	}
	return insertMentions(tx, out.message, out.after)
}

// afterDeletion removes what belonged to a deleted message, and returns what
// began its thread, which counts one reply less.
func (c *Chat) afterDeletion(ctx context.Context, tx *gorm.DB, k *known, m message) (*Message, error) {
	if err := forget(tx, m.ID); err != nil || m.ThreadID == "" {
		return nil, err
	}
	root, err := shrinkThread(tx, m)
	if err != nil {
		return nil, err
	}
	view, err := c.render(ctx, tx, k, root)
	return &view, err
}
