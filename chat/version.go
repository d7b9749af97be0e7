package chat

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/id"
)

// Version is what a message said before it was changed.
type Version struct {
	Text string `json:"text" doc:"Markdown"`
	At   string `json:"at" format:"date-time" doc:"When it was written"`
}

// Versions is the history of one message.
type Versions struct {
	Message  Message   `json:"message" doc:"As it is now"`
	Versions []Version `json:"versions" nullable:"false" doc:"Earlier wordings, the latest first"`
	People   []Person  `json:"people" nullable:"false" doc:"Whom the earlier wordings call, with current names"`
}

// version is the row.
type version struct {
	Number    int
	Text      string
	WrittenAt time.Time
}

// VersionsOf shows everybody who may read a room what a message said before.
func (c *Chat) VersionsOf(ctx context.Context, p access.Principal, roomID, messageID string) (Versions, error) {
	m, err := c.readable(ctx, p, roomID, messageID)
	if err != nil {
		return Versions{}, err
	}
	rows, err := versionsOf(c.db.Read(ctx), messageID)
	if err != nil {
		return Versions{}, err
	}
	var called []string
	out := Versions{Versions: []Version{}, People: []Person{}}
	for _, v := range rows {
		called = append(called, mentionsIn(v.Text)...)
		out.Versions = append(out.Versions, Version{Text: v.Text, At: stamp(v.WrittenAt)})
	}
	people, err := c.names(ctx, called)
	if err != nil {
		return Versions{}, err
	}
	for _, who := range people {
		out.People = append(out.People, who)
	}
	out.Message, err = c.viewOne(ctx, m)
	return out, err
}

// readable returns a message that p may read and that is still there.
func (c *Chat) readable(ctx context.Context, p access.Principal, roomID, messageID string) (message, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return message{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return message{}, err
	}
	if !id.Valid(messageID) {
		return message{}, errNoMessage
	}
	m, err := messageIn(c.db.Read(ctx), roomID, messageID)
	if err == nil && (m.DeletedAt != nil || m.ended(c.clock.Now())) {
		err = errNoMessage
	}
	return m, err
}

// keepVersion stores the wording that m had, as its version with the number n.
// Of very many the oldest go.
func keepVersion(tx *gorm.DB, m message, n int) error {
	at := m.CreatedAt
	if m.EditedAt != nil {
		at = *m.EditedAt
	}
	err := tx.Exec("INSERT INTO chat_versions (message_id, number, text, written_at) VALUES (?, ?, ?, ?)", m.ID, n, m.Text, at).Error
	if err == nil && n > maxVersions {
		err = tx.Exec("DELETE FROM chat_versions WHERE message_id = ? AND number <= ?", m.ID, n-maxVersions).Error
	}
	if err != nil {
		return fmt.Errorf("keep the wording of message %s: %w", m.ID, err)
	}
	return nil
}

func versionsOf(tx *gorm.DB, messageID string) ([]version, error) {
	var all []version
	err := tx.Raw("SELECT number, text, written_at FROM chat_versions WHERE message_id = ? ORDER BY number DESC", messageID).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read the wordings of message %s: %w", messageID, err)
	}
	return all, nil
}
