package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
)

const laterColumns = "id, user_id, room_id, client_id, message, send_at, created_at, problem"

func addLater(tx *gorm.DB, r laterRow) error {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_later WHERE user_id = ?", r.UserID).Row().Scan(&n); err != nil {
		return fmt.Errorf("count waiting messages: %w", err)
	}
	if n >= maxLater {
		return fault.Conflict("chat.too_many_later", "max", maxLater)
	}
	err := tx.Exec(`INSERT INTO chat_later (id, user_id, room_id, client_id, message, send_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.UserID, r.RoomID, r.ClientID, r.Message, r.SendAt, r.CreatedAt).Error
	if err != nil {
		return fmt.Errorf("store waiting message: %w", err)
	}
	return nil
}

func updateLater(tx *gorm.DB, r laterRow) error {
	err := tx.Exec("UPDATE chat_later SET message = ?, send_at = ?, problem = ? WHERE id = ?", r.Message, r.SendAt, r.Problem, r.ID).Error
	if err != nil {
		return fmt.Errorf("change waiting message %s: %w", r.ID, err)
	}
	return nil
}

// takeLater removes a waiting message, or returns errNoLater if it is gone.
func takeLater(tx *gorm.DB, laterID string) error {
	res := tx.Exec("DELETE FROM chat_later WHERE id = ?", laterID)
	if res.Error != nil {
		return fmt.Errorf("take waiting message %s: %w", laterID, res.Error)
	}
	if res.RowsAffected == 0 {
		return errNoLater
	}
	return nil
}

func laterIn(tx *gorm.DB, user, laterID string) (laterRow, error) {
	return oneLater(tx, "user_id = ? AND id = ?", user, laterID)
}

func laterByClient(tx *gorm.DB, user, clientID string) (laterRow, error) {
	return oneLater(tx, "user_id = ? AND client_id = ?", user, clientID)
}

func oneLater(tx *gorm.DB, where string, args ...any) (laterRow, error) {
	all, err := manyLater(tx, where, args...)
	if err == nil && len(all) == 0 {
		err = errNoLater
	}
	if err != nil {
		return laterRow{}, err
	}
	return all[0], nil
}

// latersOf lists what waits of a person, the next one first.
func latersOf(tx *gorm.DB, user string) ([]laterRow, error) {
	return manyLater(tx, "user_id = ? ORDER BY send_at, id LIMIT ?", user, maxLater)
}

func dueLater(tx *gorm.DB, now time.Time, limit int) ([]laterRow, error) {
	return manyLater(tx, "send_at <= ? AND problem = '' ORDER BY send_at, id LIMIT ?", now, limit)
}

func manyLater(tx *gorm.DB, where string, args ...any) ([]laterRow, error) {
	var all []laterRow
	if err := tx.Raw("SELECT "+laterColumns+" FROM chat_later WHERE "+where, args...).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("read waiting messages: %w", err)
	}
	return all, nil
}

// nextLater returns when the next one is due; the zero time if none waits.
func nextLater(tx *gorm.DB) (time.Time, error) {
	return nextTime(tx, "SELECT send_at FROM chat_later WHERE problem = '' ORDER BY send_at LIMIT 1")
}
