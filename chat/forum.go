package chat

import (
	"context"
	"strconv"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Topics is a stretch of the list of a forum's topics, the latest activity first.
type Topics struct {
	Items []Message `json:"items" nullable:"false" doc:"The messages that began the topics"`
	Next  string    `json:"next" doc:"Cursor of the next stretch, or empty"`
	Head  int64     `json:"head" doc:"Number of the latest change that is included"`
}

// cleanTitle checks the title of a message: topics of a forum need one, and
// nothing else has one.
func cleanTitle(r room, in NewMessage) (string, error) {
	title, err := cleanLine(in.Title, maxTitle, "chat.title_too_long")
	if err != nil {
		return "", err
	}
	topic := r.Form == Forum && in.ThreadID == ""
	switch {
	case topic && title == "":
		return "", fault.Invalid("chat.title_needed")
	case !topic && title != "":
		return "", fault.Invalid("chat.title_not_here")
	}
	return title, nil
}

// Topics lists the topics of a forum. The cursor is empty or a stretch's Next.
func (c *Chat) Topics(ctx context.Context, p access.Principal, roomID, cursor string, open bool, limit int) (Topics, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Topics{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return Topics{}, err
	}
	before, err := parsePlace(cursor)
	if err != nil {
		return Topics{}, err
	}
	if limit <= 0 || limit > maxPage {
		limit = defaultPage
	}
	tx := c.db.Read(ctx)
	r, err := readRoom(tx, roomID)
	if err != nil {
		return Topics{}, err
	}
	places, err := topicsBefore(tx, roomID, before, open, limit+1)
	if err != nil {
		return Topics{}, err
	}
	out := Topics{Items: []Message{}, Head: r.LastSeq}
	if len(places) > limit {
		places = places[:limit]
		out.Next = strconv.FormatInt(places[limit-1].LastSeq, 10)
	}
	rows, err := topicMessages(tx, places)
	if err != nil || len(rows) == 0 {
		return out, err
	}
	out.Items, err = c.viewAll(ctx, rows)
	return out, err
}

func parsePlace(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.Invalid("invalid_input")
	}
	return n, nil
}

// canSolve lets the author of a topic and those who moderate mark it as solved.
func canSolve(p access.Principal, r room, role Role, m message, s stored) error {
	if err := canTakePart(p, r, role); err != nil {
		return err
	}
	if s.Title == "" || m.DeletedAt != nil {
		return fault.Conflict("chat.not_a_topic")
	}
	if m.AuthorID == p.UserID {
		return nil
	}
	return canModerate(p, r, role)
}

// Solve marks a topic as solved, or opens it again.
func (c *Chat) Solve(ctx context.Context, p access.Principal, roomID, messageID string, solved bool) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canSolve(p, ros.room, ros.role(p.UserID), ch.message, ch.stored); err != nil {
			return err
		}
		if err := canBeHeard(p, ros, c.clock.Now()); err != nil {
			return err
		}
		ch.same = (ch.stored.SolvedAt != "") == solved
		ch.stored.SolvedAt = ""
		if solved {
			ch.stored.SolvedAt = stamp(c.clock.Now())
		}
		ch.also = func(tx *gorm.DB, m message) error { return setSolved(tx, m.ID, solved, c.clock.Now()) }
		return nil
	})
}
