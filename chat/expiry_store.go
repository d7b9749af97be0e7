package chat

import (
	"time"

	"gorm.io/gorm"
)

// notOfDeleted leaves out messages of deleted rooms, which go anyway.
const notOfDeleted = " AND room_id NOT IN (SELECT id FROM chat_rooms WHERE deleted_at IS NOT NULL)"

// dueToEnd lists messages whose time is over and that are still there.
func dueToEnd(tx *gorm.DB, now time.Time, limit int) ([]message, error) {
	return manyMessages(tx, "expires_at <= ? AND deleted_at IS NULL"+notOfDeleted+" ORDER BY expires_at LIMIT ?", now, limit)
}

// nextEnd returns when the next message ends; the zero time if none will.
func nextEnd(tx *gorm.DB) (time.Time, error) {
	return nextTime(tx, "SELECT expires_at FROM chat_messages WHERE expires_at IS NOT NULL AND deleted_at IS NULL"+notOfDeleted+" ORDER BY expires_at LIMIT 1")
}
