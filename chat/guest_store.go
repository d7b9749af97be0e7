package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// insertGuest notes who came into a room by a link. Who was sent away stays so.
func insertGuest(tx *gorm.DB, g guest, at time.Time) error {
	var removed []bool
	err := tx.Raw(`INSERT INTO chat_guests (guest_id, room_id, session_id, name, came_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (guest_id, room_id) DO UPDATE SET session_id = excluded.session_id
		RETURNING removed_at IS NOT NULL`, g.GuestID, g.RoomID, g.SessionID, g.Name, at).Scan(&removed).Error
	if err != nil {
		return fmt.Errorf("note a guest of room %s: %w", g.RoomID, err)
	}
	if len(removed) == 1 && removed[0] {
		return errNoRoom
	}
	return nil
}

// barGuest keeps a guest out of a room from now on.
func barGuest(tx *gorm.DB, roomID, guestID string, at time.Time) error {
	err := tx.Exec("UPDATE chat_guests SET removed_at = ? WHERE guest_id = ? AND room_id = ?", at, guestID, roomID).Error
	if err != nil {
		return fmt.Errorf("send a guest away from room %s: %w", roomID, err)
	}
	return nil
}

func setGuestName(tx *gorm.DB, guestID, name string) error {
	if err := tx.Exec("UPDATE chat_guests SET name = ? WHERE guest_id = ?", name, guestID).Error; err != nil {
		return fmt.Errorf("rename a guest: %w", err)
	}
	return nil
}

// guestNames returns what guests call themselves, by id.
func guestNames(tx *gorm.DB, ids []string) (map[string]string, error) {
	var rows []guest
	if err := tx.Raw("SELECT guest_id, name FROM chat_guests WHERE guest_id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read names of guests: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, g := range rows {
		out[g.GuestID] = g.Name
	}
	return out, nil
}

// guestsOfSessions lists who came by these sessions, into one room or into any.
func guestsOfSessions(tx *gorm.DB, roomID string, sessions []string) ([]guest, error) {
	if len(sessions) == 0 {
		return nil, nil
	}
	var rows []guest
	err := tx.Raw(`SELECT guest_id, room_id, session_id, name FROM chat_guests
		WHERE session_id IN ? AND (? = '' OR room_id = ?)`, sessions, roomID, roomID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find guests by their session: %w", err)
	}
	return rows, nil
}
