package chat

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// MyVote is what a person alone may know of their part in a poll.
type MyVote struct {
	RoomID    string   `json:"room_id"`
	MessageID string   `json:"message_id"`
	Voted     bool     `json:"voted"`
	Options   []string `json:"options" nullable:"false" doc:"What was chosen; always empty in a secret poll"`
}

// Vote notes what p chooses in a poll. In an open poll it replaces what p chose
// before, and nothing chosen takes the vote back; in a secret one it is final,
// because nobody knows any more what to replace.
func (c *Chat) Vote(ctx context.Context, p access.Principal, roomID, messageID string, options []string) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	secret := false
	m, err := c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) (err error) {
		if err := canAnswer(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		if err := canBeHeard(p, ros, c.clock.Now()); err != nil {
			return err
		}
		poll := ch.stored.Poll
		if poll == nil {
			return errNoMessage
		}
		if poll.over(c.clock.Now()) {
			return errPollClosed
		}
		if secret = poll.Anonymous; secret {
			ch.also = func(tx *gorm.DB, m message) error { return noteVoter(tx, m.ID, p.UserID) }
		} else if poll.Voters >= maxNamedVoters && len(poll.choices(p.UserID)) == 0 {
			return fault.Conflict("chat.poll_room_too_large", "max", maxNamedVoters)
		}
		ch.stored.Poll, err = poll.with(p.UserID, options)
		ch.same = !secret && slices.Equal(poll.choices(p.UserID), ch.stored.Poll.choices(p.UserID))
		return err
	})
	if err == nil && secret {
		c.hub.Notify([]string{p.UserID}, "", "voted", MyVote{RoomID: roomID, MessageID: messageID, Voted: true, Options: []string{}})
	}
	return m, err
}

// VoteOf tells p about p's own part in a poll, and nobody else's.
func (c *Chat) VoteOf(ctx context.Context, p access.Principal, roomID, messageID string) (MyVote, error) {
	mine := MyVote{RoomID: roomID, MessageID: messageID, Options: []string{}}
	m, err := c.readable(ctx, p, roomID, messageID)
	if err != nil {
		return mine, err
	}
	s, err := m.stored()
	if err != nil {
		return mine, err
	}
	if s.Poll == nil {
		return mine, errNoMessage
	}
	if s.Poll.Anonymous {
		mine.Voted, err = hasVoted(c.db.Read(ctx), messageID, p.UserID)
		return mine, err
	}
	mine.Options = append(mine.Options, s.Poll.choices(p.UserID)...)
	mine.Voted = len(mine.Options) > 0
	return mine, nil
}

// ClosePoll ends a poll before its time.
func (c *Chat) ClosePoll(ctx context.Context, p access.Principal, roomID, messageID string) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canDelete(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		if err := canBeHeard(p, ros, c.clock.Now()); err != nil {
			return err
		}
		return ch.endPoll(c.clock.Now())
	})
}

// endPoll ends the poll of a message, and forgets who has voted in secret: from
// now on nobody needs to know.
func (ch *change) endPoll(now time.Time) error {
	poll := ch.stored.Poll
	if poll == nil || ch.message.DeletedAt != nil {
		return errNoMessage
	}
	if poll.ClosedAt != nil {
		ch.same = true
		return nil
	}
	next := *poll
	next.ClosedAt = &now
	if next.ClosesAt != nil && next.ClosesAt.Before(now) {
		next.ClosedAt = next.ClosesAt
	}
	ch.stored.Poll = &next
	ch.also = func(tx *gorm.DB, m message) error {
		if err := forgetPollEnd(tx, m.ID); err != nil {
			return err
		}
		return forgetVoters(tx, m.ID)
	}
	return nil
}

// closePolls ends the polls whose time has come and returns when the next is due.
func (c *Chat) closePolls(ctx context.Context) (time.Time, error) {
	due, err := pollsDue(c.db.Read(ctx), c.clock.Now())
	if err != nil {
		return time.Time{}, err
	}
	var failed []error
	for _, d := range due {
		failed = append(failed, c.closeDue(ctx, d)) // one that can't be ended does not keep the others open
	}
	if err := errors.Join(failed...); err != nil {
		return time.Time{}, err
	}
	return nextPollEnd(c.db.Read(ctx))
}

func (c *Chat) closeDue(ctx context.Context, d duePoll) error {
	ros, err := c.rosters.get(ctx, d.RoomID)
	if err == nil {
		_, err = c.amend(ctx, ros, newKnown(), d.MessageID, func(_ *roster, ch *change) error {
			ch.forced = true
			return ch.endPoll(c.clock.Now())
		})
	}
	if errors.Is(err, errNoMessage) || errors.Is(err, errNoRoom) {
		return c.db.Write(ctx, func(tx *gorm.DB) error { return forgetPollEnd(tx, d.MessageID) })
	}
	return err
}
