package chat

import (
	"fmt"

	"gorm.io/gorm"
)

const stillThere = " AND deleted_at IS NULL AND kind = 'text'"

func countReplies(tx *gorm.DB, rootID string) (int, error) {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_messages WHERE thread_id = ?"+stillThere, rootID).Row().Scan(&n); err != nil {
		return 0, fmt.Errorf("count the replies to message %s: %w", rootID, err)
	}
	return n, nil
}

// latestReplies returns the latest replies of a thread, the newest first.
func latestReplies(tx *gorm.DB, rootID string, limit int) ([]message, error) {
	return manyMessages(tx, "thread_id = ?"+stillThere+" ORDER BY seq DESC LIMIT ?", rootID, limit)
}
