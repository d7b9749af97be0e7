package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
)

// duePoll is a poll that ends by itself.
type duePoll struct {
	MessageID string
	RoomID    string
	ClosesAt  time.Time
}

func notePollEnd(tx *gorm.DB, m message, at time.Time) error {
	err := tx.Exec("INSERT INTO chat_polls (message_id, room_id, closes_at) VALUES (?, ?, ?)", m.ID, m.RoomID, at).Error
	if err != nil {
		return fmt.Errorf("note the end of poll %s: %w", m.ID, err)
	}
	return nil
}

func forgetPollEnd(tx *gorm.DB, messageID string) error {
	if err := tx.Exec("DELETE FROM chat_polls WHERE message_id = ?", messageID).Error; err != nil {
		return fmt.Errorf("forget the end of poll %s: %w", messageID, err)
	}
	return nil
}

// pollsDue lists some polls whose time has come.
func pollsDue(tx *gorm.DB, now time.Time) ([]duePoll, error) {
	var all []duePoll
	err := tx.Raw("SELECT message_id, room_id, closes_at FROM chat_polls WHERE closes_at <= ? ORDER BY closes_at LIMIT ?", now, maxPage).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("find polls that are over: %w", err)
	}
	return all, nil
}

// nextPollEnd returns when the next poll ends; zero if none does.
func nextPollEnd(tx *gorm.DB) (time.Time, error) {
	var all []duePoll
	if err := tx.Raw("SELECT message_id, room_id, closes_at FROM chat_polls ORDER BY closes_at LIMIT 1").Scan(&all).Error; err != nil {
		return time.Time{}, fmt.Errorf("find the next end of a poll: %w", err)
	}
	if len(all) == 0 {
		return time.Time{}, nil
	}
	return all[0].ClosesAt, nil
}

// noteVoter notes that somebody has voted in a secret poll, once.
func noteVoter(tx *gorm.DB, messageID, user string) error {
	res := tx.Exec("INSERT INTO chat_poll_voters (message_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", messageID, user)
	if res.Error != nil {
		return fmt.Errorf("note a voter of poll %s: %w", messageID, res.Error)
	}
	if res.RowsAffected == 0 {
		return fault.Conflict("chat.already_voted")
	}
	return nil
}

func hasVoted(tx *gorm.DB, messageID, user string) (bool, error) {
	var n int
	err := tx.Raw("SELECT count(*) FROM chat_poll_voters WHERE message_id = ? AND user_id = ?", messageID, user).Row().Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for a voter of poll %s: %w", messageID, err)
	}
	return n > 0, nil
}

func forgetVoters(tx *gorm.DB, messageID string) error {
	if err := tx.Exec("DELETE FROM chat_poll_voters WHERE message_id = ?", messageID).Error; err != nil {
		return fmt.Errorf("forget the voters of poll %s: %w", messageID, err)
	}
	return nil
}
