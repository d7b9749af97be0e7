package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// readOneself returns the person's row, or an empty one.
func readOneself(tx *gorm.DB, user string) (oneself, error) {
	all, err := readPeople(tx, []string{user})
	if err != nil || len(all) == 0 {
		return oneself{UserID: user}, err
	}
	return all[0], nil
}

// readPeople returns the rows of those who have one.
func readPeople(tx *gorm.DB, users []string) ([]oneself, error) {
	var all []oneself
	err := tx.Raw(`SELECT user_id, settings, presence, receipts, layout, layout_version, status, status_until
		FROM chat_people WHERE user_id IN ?`, users).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read personal settings: %w", err)
	}
	return all, nil
}

func writeSettings(tx *gorm.DB, user, settings string, presence, receipts bool) error {
	err := tx.Exec(`INSERT INTO chat_people (user_id, settings, presence, receipts) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET settings = excluded.settings, presence = excluded.presence, receipts = excluded.receipts`,
		user, settings, presence, receipts).Error
	if err != nil {
		return fmt.Errorf("store personal settings: %w", err)
	}
	return nil
}

// writeLayout stores what follows the version. It reports false if another
// change was faster.
func writeLayout(tx *gorm.DB, user, layout string, version int64) (bool, error) {
	res := tx.Exec(`INSERT INTO chat_people (user_id, layout, layout_version) VALUES (?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET layout = excluded.layout, layout_version = excluded.layout_version
		WHERE chat_people.layout_version = excluded.layout_version - 1`, user, layout, version+1)
	if res.Error != nil {
		return false, fmt.Errorf("store layout: %w", res.Error)
	}
	return res.RowsAffected > 0, nil
}

func writeStatus(tx *gorm.DB, user, text string, until *time.Time) error {
	err := tx.Exec(`INSERT INTO chat_people (user_id, status, status_until) VALUES (?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, status_until = excluded.status_until`,
		user, text, until).Error
	if err != nil {
		return fmt.Errorf("store status: %w", err)
	}
	return nil
}

// companions returns who shares a room with the person, up to a limit.
func companions(tx *gorm.DB, user string, limit int) ([]string, error) {
	var ids []string
	err := tx.Raw(`SELECT DISTINCT o.user_id FROM chat_members m JOIN chat_members o ON o.room_id = m.room_id
		WHERE m.user_id = ? LIMIT ?`, user, limit).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find companions: %w", err)
	}
	return ids, nil
}

// companionsAmong returns those of some people who share a room with the person.
func companionsAmong(tx *gorm.DB, user string, some []string) ([]string, error) {
	var ids []string
	err := tx.Raw(`SELECT DISTINCT o.user_id FROM chat_members m JOIN chat_members o ON o.room_id = m.room_id
		WHERE m.user_id = ? AND o.user_id IN ?`, user, some).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find companions: %w", err)
	}
	return ids, nil
}

// tellNothing ends what a person tells others about themselves by being here.
func tellNothing(tx *gorm.DB, user string) error {
	if err := tx.Exec("UPDATE chat_people SET presence = ?, receipts = ? WHERE user_id = ?", false, false, user).Error; err != nil {
		return fmt.Errorf("end presence and receipts: %w", err)
	}
	return nil
}

// writePrefs sets what a member wants of a room; false if there is no such member.
func writePrefs(tx *gorm.DB, roomID, user, level string, mutedUntil *time.Time) (bool, error) {
	res := tx.Exec("UPDATE chat_members SET level = ?, muted_until = ? WHERE room_id = ? AND user_id = ?", level, mutedUntil, roomID, user)
	if res.Error != nil {
		return false, fmt.Errorf("store wishes for room %s: %w", roomID, res.Error)
	}
	return res.RowsAffected > 0, nil
}

func readPrefs(tx *gorm.DB, roomID, user string) (level string, mutedUntil *time.Time, ok bool, err error) {
	var all []struct {
		Level      string
		MutedUntil *time.Time
	}
	err = tx.Raw("SELECT level, muted_until FROM chat_members WHERE room_id = ? AND user_id = ?", roomID, user).Scan(&all).Error
	if err != nil {
		return "", nil, false, fmt.Errorf("read wishes for room %s: %w", roomID, err)
	}
	if len(all) == 0 {
		return "", nil, false, nil
	}
	return all[0].Level, all[0].MutedUntil, true, nil
}

// setCursor puts a member's cursor where it is wanted, forward or back. What is
// to wait for them is in their list.
func setCursor(tx *gorm.DB, roomID, user string, seq int64) error {
	if err := tx.Exec("UPDATE chat_members SET read_seq = ?, hidden_seq = NULL WHERE room_id = ? AND user_id = ?", seq, roomID, user).Error; err != nil {
		return fmt.Errorf("set reading cursor in room %s: %w", roomID, err)
	}
	return nil
}

// forgetPersonal removes what a person keeps about a room that they have left.
// What people of the town saved of a public room can still be read.
func forgetPersonal(tx *gorm.DB, r room, user string, isGuest bool) error {
	tables := []string{"chat_drafts"}
	if r.Kind != Public || isGuest {
		tables = append(tables, "chat_saved")
	}
	for _, table := range tables {
		if err := tx.Exec("DELETE FROM "+table+" WHERE room_id = ? AND user_id = ?", r.ID, user).Error; err != nil {
			return fmt.Errorf("remove what is personal in room %s: %w", r.ID, err)
		}
	}
	return nil
}

// readersOf returns the members who have read up to a place and tell so.
func readersOf(tx *gorm.DB, roomID, author string, seq int64, limit int) ([]string, error) {
	var ids []string
	err := tx.Raw(`SELECT m.user_id FROM chat_members m JOIN chat_people o ON o.user_id = m.user_id AND o.receipts
		WHERE m.room_id = ? AND m.user_id <> ? AND m.read_seq >= ? ORDER BY m.user_id LIMIT ?`, roomID, author, seq, limit).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find readers in room %s: %w", roomID, err)
	}
	return ids, nil
}

// arrangementsWith returns the rows of those whose arrangement names a room:
// among the given people, or of all if none are given.
func arrangementsWith(tx *gorm.DB, roomID string, users []string) ([]oneself, error) {
	sql, args := "SELECT user_id, layout, layout_version FROM chat_people WHERE layout LIKE ?", []any{"%" + roomID + "%"}
	if len(users) > 0 {
		sql, args = sql+" AND user_id IN ?", append(args, users)
	}
	var all []oneself
	if err := tx.Raw(sql, args...).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("find arrangements with room %s: %w", roomID, err)
	}
	return all, nil
}
