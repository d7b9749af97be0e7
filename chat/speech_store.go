package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

func setSilence(tx *gorm.DB, roomID, user string, until *time.Time) error {
	err := tx.Exec("UPDATE chat_members SET silenced_until = ? WHERE room_id = ? AND user_id = ?", until, roomID, user).Error
	if err != nil {
		return fmt.Errorf("silence a member of room %s: %w", roomID, err)
	}
	// What was kept of an earlier stay does not count any more.
	if err := tx.Exec("DELETE FROM chat_silences WHERE room_id = ? AND user_id = ?", roomID, user).Error; err != nil {
		return fmt.Errorf("forget an earlier silence in room %s: %w", roomID, err)
	}
	return nil
}

// silencesOf returns until when those of the people are silenced who are.
func silencesOf(tx *gorm.DB, roomID string, users []string) (map[string]time.Time, error) {
	var rows []member
	err := tx.Raw("SELECT user_id, silenced_until FROM chat_members WHERE room_id = ? AND user_id IN ? AND silenced_until IS NOT NULL", roomID, users).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read who is silenced in room %s: %w", roomID, err)
	}
	out := map[string]time.Time{}
	for _, m := range rows {
		out[m.UserID] = *m.SilencedUntil
	}
	return out, nil
}

// noteSlow stores when somebody writes in a slow room, unless they wrote after
// the given time. It reports whether it did.
func noteSlow(tx *gorm.DB, roomID, user string, now, notAfter time.Time) (bool, error) {
	done := tx.Exec(`INSERT INTO chat_slow (room_id, user_id, sent_at) VALUES (?, ?, ?)
		ON CONFLICT (room_id, user_id) DO UPDATE SET sent_at = excluded.sent_at WHERE chat_slow.sent_at <= ?`, roomID, user, now, notAfter)
	if done.Error != nil {
		return false, fmt.Errorf("note the pace in room %s: %w", roomID, done.Error)
	}
	return done.RowsAffected > 0, nil
}

// lastSlow returns when somebody last wrote in a slow room, or the beginning of time.
func lastSlow(tx *gorm.DB, roomID, user string) (time.Time, error) {
	var rows []struct{ SentAt time.Time }
	err := tx.Raw("SELECT sent_at FROM chat_slow WHERE room_id = ? AND user_id = ?", roomID, user).Scan(&rows).Error
	if err != nil {
		return time.Time{}, fmt.Errorf("read the pace in room %s: %w", roomID, err)
	}
	if len(rows) == 0 {
		return time.Time{}, nil
	}
	return rows[0].SentAt, nil
}

// blockersIn returns who of two people wants no messages from the other.
func blockersIn(tx *gorm.DB, ids []string) ([]string, error) {
	if len(ids) != 2 {
		return nil, nil
	}
	var out []string
	err := tx.Raw(`SELECT user_id FROM chat_blocks WHERE (user_id = ? AND blocked_id = ?) OR (user_id = ? AND blocked_id = ?)`,
		ids[0], ids[1], ids[1], ids[0]).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read who blocks whom: %w", err)
	}
	return out, nil
}

// blockersOf returns who of the people wants no messages from the user.
func blockersOf(tx *gorm.DB, user string, people []string) ([]string, error) {
	var out []string
	err := tx.Raw("SELECT user_id FROM chat_blocks WHERE blocked_id = ? AND user_id IN ?", user, people).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read who blocks a person: %w", err)
	}
	return out, nil
}

// blockedBy lists whom a person blocks, the latest first.
func blockedBy(tx *gorm.DB, user string) ([]string, error) {
	var out []string
	err := tx.Raw("SELECT blocked_id FROM chat_blocks WHERE user_id = ? ORDER BY created_at DESC LIMIT ?", user, maxBlocks).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list whom a person blocks: %w", err)
	}
	return out, nil
}

func insertBlock(tx *gorm.DB, user, blocked string, at time.Time) error {
	err := tx.Exec("INSERT INTO chat_blocks (user_id, blocked_id, created_at) VALUES (?, ?, ?) ON CONFLICT (user_id, blocked_id) DO NOTHING",
		user, blocked, at).Error
	if err != nil {
		return fmt.Errorf("block a person: %w", err)
	}
	return nil
}

func deleteBlock(tx *gorm.DB, user, blocked string) error {
	if err := tx.Exec("DELETE FROM chat_blocks WHERE user_id = ? AND blocked_id = ?", user, blocked).Error; err != nil {
		return fmt.Errorf("end a block: %w", err)
	}
	return nil
}
