package chat

import (
	"fmt"
	"math"
	"time"

	"gorm.io/gorm"
)

// topicPlace is a topic's place in the list.
type topicPlace struct {
	MessageID string
	LastSeq   int64
}

func insertTopic(tx *gorm.DB, m message) error {
	err := tx.Exec("INSERT INTO chat_topics (message_id, room_id, last_seq) VALUES (?, ?, ?)", m.ID, m.RoomID, m.Seq).Error
	if err != nil {
		return fmt.Errorf("store topic %s: %w", m.ID, err)
	}
	return nil
}

// raiseTopic puts a topic to the top of the list.
func raiseTopic(tx *gorm.DB, rootID string, seq int64) error {
	if err := tx.Exec("UPDATE chat_topics SET last_seq = ? WHERE message_id = ?", seq, rootID).Error; err != nil {
		return fmt.Errorf("raise topic %s: %w", rootID, err)
	}
	return nil
}

func setSolved(tx *gorm.DB, messageID string, solved bool, now time.Time) error {
	var at *time.Time
	if solved {
		at = &now
	}
	if err := tx.Exec("UPDATE chat_topics SET solved_at = ? WHERE message_id = ?", at, messageID).Error; err != nil {
		return fmt.Errorf("mark topic %s: %w", messageID, err)
	}
	return nil
}

// topicsBefore lists places below one, the latest activity first; 0 is the top.
func topicsBefore(tx *gorm.DB, roomID string, before int64, open bool, limit int) ([]topicPlace, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	only := ""
	if open {
		only = " AND solved_at IS NULL"
	}
	var places []topicPlace
	err := tx.Raw("SELECT message_id, last_seq FROM chat_topics WHERE room_id = ? AND last_seq < ?"+only+" ORDER BY last_seq DESC LIMIT ?",
		roomID, before, limit).Scan(&places).Error
	if err != nil {
		return nil, fmt.Errorf("list topics of room %s: %w", roomID, err)
	}
	return places, nil
}

// topicMessages returns the messages of places, in their order.
func topicMessages(tx *gorm.DB, places []topicPlace) ([]message, error) {
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.MessageID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := messagesByID(tx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]message, len(found))
	for _, m := range found {
		byID[m.ID] = m
	}
	rows := make([]message, 0, len(ids))
	for _, id := range ids {
		if m, ok := byID[id]; ok {
			rows = append(rows, m)
		}
	}
	return rows, nil
}
