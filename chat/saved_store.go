package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

func countSaved(tx *gorm.DB, user string) (int, error) {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_saved WHERE user_id = ?", user).Row().Scan(&n); err != nil {
		return 0, fmt.Errorf("count saved messages: %w", err)
	}
	return n, nil
}

// upsertSaved keeps a message, or changes when to be reminded of it.
func upsertSaved(tx *gorm.DB, r savedRow) error {
	err := tx.Exec(`INSERT INTO chat_saved (user_id, message_id, room_id, saved_at, remind_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (user_id, message_id) DO UPDATE SET remind_at = excluded.remind_at, reminded_at = NULL`,
		r.UserID, r.MessageID, r.RoomID, r.SavedAt, r.RemindAt).Error
	if err != nil {
		return fmt.Errorf("save message %s: %w", r.MessageID, err)
	}
	return nil
}

func deleteSaved(tx *gorm.DB, user, roomID, messageID string) error {
	err := tx.Exec("DELETE FROM chat_saved WHERE user_id = ? AND room_id = ? AND message_id = ?", user, roomID, messageID).Error
	if err != nil {
		return fmt.Errorf("drop saved message %s: %w", messageID, err)
	}
	return nil
}

const savedColumns = "s.user_id, s.room_id, s.message_id, m.seq, s.saved_at, s.remind_at, s.reminded_at"

// savedOf lists what a person keeps, latest first; dueOnly: of which to be reminded now.
func savedOf(tx *gorm.DB, user string, dueOnly bool) ([]savedRow, error) {
	only := ""
	if dueOnly {
		only = " AND s.reminded_at IS NOT NULL"
	}
	var all []savedRow
	err := tx.Raw(`SELECT `+savedColumns+` FROM chat_saved s JOIN chat_messages m ON m.id = s.message_id
		WHERE s.user_id = ? AND m.deleted_at IS NULL`+only+` ORDER BY s.saved_at DESC, s.message_id LIMIT ?`, user, maxSaved).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list saved messages: %w", err)
	}
	return all, nil
}

// takeDueReminders marks reminders whose time has come and returns those of
// messages that the person may still read.
func takeDueReminders(tx *gorm.DB, now time.Time, limit int) ([]savedRow, error) {
	var all []savedRow
	err := tx.Raw(`SELECT `+savedColumns+` FROM chat_saved s JOIN chat_messages m ON m.id = s.message_id JOIN chat_rooms r ON r.id = s.room_id
		WHERE s.remind_at <= ? AND s.reminded_at IS NULL AND (r.kind = 'public'
			OR EXISTS (SELECT 1 FROM chat_members c WHERE c.room_id = s.room_id AND c.user_id = s.user_id))
		ORDER BY s.remind_at LIMIT ?`, now, limit).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("find due reminders: %w", err)
	}
	for i := range all {
		all[i].RemindedAt = &now
		err := tx.Exec("UPDATE chat_saved SET reminded_at = ? WHERE user_id = ? AND message_id = ?", now, all[i].UserID, all[i].MessageID).Error
		if err != nil {
			return nil, fmt.Errorf("mark reminder of message %s: %w", all[i].MessageID, err)
		}
	}
	return all, nil
}

// nextReminder returns when the next one is due; the zero time if there is none.
func nextReminder(tx *gorm.DB) (time.Time, error) {
	return nextTime(tx, `SELECT s.remind_at FROM chat_saved s JOIN chat_rooms r ON r.id = s.room_id
		WHERE s.remind_at IS NOT NULL AND s.reminded_at IS NULL AND (r.kind = 'public'
			OR EXISTS (SELECT 1 FROM chat_members c WHERE c.room_id = s.room_id AND c.user_id = s.user_id))
		ORDER BY s.remind_at LIMIT 1`)
}

// nextTime returns the one time that a query finds, or the zero time.
func nextTime(tx *gorm.DB, query string) (time.Time, error) {
	var at []time.Time
	if err := tx.Raw(query).Scan(&at).Error; err != nil {
		return time.Time{}, fmt.Errorf("find what is due next: %w", err)
	}
	if len(at) == 0 {
		return time.Time{}, nil
	}
	return at[0], nil
}
