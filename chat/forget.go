package chat

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// belongings are the tables whose rows belong to one message, by message_id.
// Whatever is kept about a message in a table of its own stands here, so that
// deleting deletes it.
var belongings = []string{
	"chat_mentions", "chat_saved", "chat_reports", "chat_topics",
	"chat_versions", "chat_pins", "chat_polls", "chat_poll_voters", "chat_attachments",
}

// forget removes everything that belongs to messages but stands elsewhere. It
// is the one place that does: deletion by a person, by time, and of a whole
// room come here.
func forget(tx *gorm.DB, messageIDs ...string) error {
	for some := range slices.Chunk(messageIDs, rowsAtOnce) {
		if err := unindex(tx, some); err != nil {
			return err
		}
		if err := releaseFiles(tx, some); err != nil {
			return err
		}
		for _, table := range belongings {
			if err := tx.Exec("DELETE FROM "+table+" WHERE message_id IN ?", some).Error; err != nil {
				return fmt.Errorf("forget what belongs to %d messages in %s: %w", len(some), table, err)
			}
		}
		if err := forgetFollowers(tx, some); err != nil {
			return err
		}
	}
	return nil
}

// erase takes all content out of a message. What stays is an empty row that
// keeps the numbers whole, and, where others have answered, the thread below.
func (ch *change) erase(now time.Time) {
	ch.same = ch.message.DeletedAt != nil
	ch.message.Text, ch.message.EditedAt, ch.message.DeletedAt = "", nil, &now
	ch.stored = stored{Thread: ch.stored.Thread}
	ch.recall = func([]called) []called { return nil }
	if countable(ch.message.Kind) {
		ch.unread = -1
	}
}
