package chat

import (
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/store"
)

const roomColumns = "r.id, r.kind, r.form, r.name, r.topic, r.description, r.color, r.emoji, r.picture, r.slow_seconds, r.direct_key, r.last_seq, r.last_at, r.call_meeting, r.expire_after, r.created_by, r.created_at, r.archived_at"

// readRoom returns the row, or errNoRoom.
func readRoom(tx *gorm.DB, roomID string) (room, error) {
	var all []room
	if err := tx.Raw("SELECT "+roomColumns+" FROM chat_rooms r WHERE r.id = ? AND r.deleted_at IS NULL", roomID).Scan(&all).Error; err != nil {
		return room{}, fmt.Errorf("read room %s: %w", roomID, err)
	}
	if len(all) == 0 {
		return room{}, errNoRoom
	}
	return all[0], nil
}

func readRoster(tx *gorm.DB, roomID string) (*roster, error) {
	r, err := readRoom(tx, roomID)
	if err != nil {
		return nil, err
	}
	var members []member
	err = tx.Raw("SELECT room_id, user_id, role, read_seq, silenced_until FROM chat_members WHERE room_id = ?", roomID).Scan(&members).Error
	if err != nil {
		return nil, fmt.Errorf("read members of room %s: %w", roomID, err)
	}
	ros := rosterOf(r, members)
	if r.Kind == Direct {
		ros.blockers, err = blockersIn(tx, ros.ids)
	}
	return ros, err
}

func insertRoom(tx *gorm.DB, r room) error {
	if r.Form == "" {
		r.Form = Talk
	}
	err := tx.Exec(`INSERT INTO chat_rooms (id, kind, form, name, name_key, topic, description, color, emoji, direct_key, last_at, created_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Kind, r.Form, r.Name, nameKey(r.Name), r.Topic, r.Description, r.Color, r.Emoji, r.DirectKey, r.LastAt, r.CreatedBy, r.CreatedAt).Error
	return nameTaken(r, err)
}

func updateRoom(tx *gorm.DB, r room) error {
	err := tx.Exec(`UPDATE chat_rooms SET name = ?, name_key = ?, topic = ?, description = ?, color = ?, emoji = ?, slow_seconds = ?, expire_after = ?, archived_at = ? WHERE id = ?`,
		r.Name, nameKey(r.Name), r.Topic, r.Description, r.Color, r.Emoji, r.SlowSeconds, r.ExpireAfter, r.ArchivedAt, r.ID).Error
	return nameTaken(r, err)
}

func nameTaken(r room, err error) error {
	switch {
	case err == nil:
		return nil
	case store.IsUnique(err):
		return fault.Conflict("chat.room_name_taken", "name", r.Name).Because(err)
	}
	return fmt.Errorf("store room %s: %w", r.ID, err)
}

// nextSeq takes the room's next number. It refuses archived rooms.
func nextSeq(tx *gorm.DB, roomID string) (int64, error) {
	var seq int64
	err := tx.Raw("UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE id = ? AND archived_at IS NULL RETURNING last_seq", roomID).Row().Scan(&seq)
	return seq, roomOpen(err, roomID)
}

// nextMessage is nextSeq for what counts as activity of the room.
func nextMessage(tx *gorm.DB, roomID string, at time.Time) (int64, error) {
	var seq int64
	err := store.Row(tx, "UPDATE chat_rooms SET last_seq = last_seq + 1, last_at = ? WHERE id = ? AND archived_at IS NULL RETURNING last_seq", at, roomID).Scan(&seq)
	return seq, roomOpen(err, roomID)
}

func roomOpen(err error, roomID string) error {
	switch {
	case err == nil:
		return nil
	case store.NotFound(err):
		return errArchived
	}
	return fmt.Errorf("take the next number of room %s: %w", roomID, err)
}

// addMembers adds those who are not members yet and returns them. They start
// with everything read.
func addMembers(tx *gorm.DB, roomID string, users []string, role Role, seq int64, at time.Time) ([]string, error) {
	var added []string
	for _, u := range users {
		res := tx.Exec(`INSERT INTO chat_members (room_id, user_id, role, read_seq, joined_at, silenced_until) VALUES (?, ?, ?, ?, ?,
			(SELECT s.until FROM chat_silences s WHERE s.room_id = ? AND s.user_id = ?)) ON CONFLICT (room_id, user_id) DO NOTHING`,
			roomID, u, role, seq, at, roomID, u)
		if res.Error != nil {
			return nil, fmt.Errorf("add a member to room %s: %w", roomID, res.Error)
		}
		if res.RowsAffected > 0 {
			added = append(added, u)
		}
	}
	return added, nil
}

// deleteMember takes somebody out of a room. That they are silenced is kept, so
// that going and coming back does not end it.
func deleteMember(tx *gorm.DB, roomID, user string) error {
	err := tx.Exec(`INSERT INTO chat_silences (room_id, user_id, until)
		SELECT room_id, user_id, silenced_until FROM chat_members WHERE room_id = ? AND user_id = ? AND silenced_until IS NOT NULL
		ON CONFLICT (room_id, user_id) DO UPDATE SET until = excluded.until`, roomID, user).Error
	if err != nil {
		return fmt.Errorf("keep the silence of a member of room %s: %w", roomID, err)
	}
	if err := tx.Exec("DELETE FROM chat_members WHERE room_id = ? AND user_id = ?", roomID, user).Error; err != nil {
		return fmt.Errorf("remove a member from room %s: %w", roomID, err)
	}
	return nil
}

func setRole(tx *gorm.DB, roomID, user string, role Role) error {
	// Who keeps order is not silenced.
	err := tx.Exec(`UPDATE chat_members SET role = ?, silenced_until = CASE WHEN ? = 'member' THEN silenced_until END
		WHERE room_id = ? AND user_id = ?`, role, role, roomID, user).Error
	if err != nil {
		return fmt.Errorf("set a role in room %s: %w", roomID, err)
	}
	return nil
}

func countRoomsOf(tx *gorm.DB, user string) (int, error) {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_members WHERE user_id = ?", user).Row().Scan(&n); err != nil {
		return 0, fmt.Errorf("count rooms: %w", err)
	}
	return n, nil
}

// directRoom returns the id of the room of two people, or "".
func directRoom(tx *gorm.DB, key string) (string, error) {
	var ids []string
	if err := tx.Raw("SELECT id FROM chat_rooms WHERE direct_key = ?", key).Scan(&ids).Error; err != nil {
		return "", fmt.Errorf("find direct room: %w", err)
	}
	if len(ids) == 0 {
		return "", nil
	}
	return ids[0], nil
}

// freeDirectKey makes a room be one among others, not that of just these people.
func freeDirectKey(tx *gorm.DB, roomID string) error {
	if err := tx.Exec("UPDATE chat_rooms SET direct_key = NULL WHERE id = ?", roomID).Error; err != nil {
		return fmt.Errorf("free the key of room %s: %w", roomID, err)
	}
	return nil
}

// groupPeople returns the members of all groups of a person, by room.
func groupPeople(tx *gorm.DB, user string) (map[string][]string, error) {
	var rows []member
	err := tx.Raw(`SELECT o.room_id, o.user_id FROM chat_members m
		JOIN chat_rooms r ON r.id = m.room_id AND r.kind = 'group'
		JOIN chat_members o ON o.room_id = m.room_id WHERE m.user_id = ? LIMIT ?`, user, maxRoomsOfPerson*maxGroup).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read people of groups: %w", err)
	}
	out := map[string][]string{}
	for _, m := range rows {
		out[m.RoomID] = append(out[m.RoomID], m.UserID)
	}
	return out, nil
}

// publicRoom is a row of the list in which people look for rooms.
type publicRoom struct {
	ID      string
	Form    Form
	Name    string
	Topic   string
	Color   string
	Emoji   string
	Picture string
	Members int
	Joined  bool
}

// publicRooms lists open public rooms by name, after a cursor (name key, id).
func publicRooms(tx *gorm.DB, user, query string, after [2]string, limit int) ([]publicRoom, error) {
	pattern := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(nameKey(query)) + "%"
	var out []publicRoom
	err := tx.Raw(`SELECT r.id, r.form, r.name, r.topic, r.color, r.emoji, r.picture,
			(SELECT count(*) FROM chat_members c WHERE c.room_id = r.id) AS members,
			EXISTS (SELECT 1 FROM chat_members c WHERE c.room_id = r.id AND c.user_id = ?) AS joined
		FROM chat_rooms r
		WHERE r.kind = 'public' AND r.archived_at IS NULL AND r.name_key LIKE ? ESCAPE '!'
			AND (r.name_key > ? OR (r.name_key = ? AND r.id > ?))
		ORDER BY r.name_key, r.id LIMIT ?`, user, pattern, after[0], after[0], after[1], limit).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list public rooms: %w", err)
	}
	return out, nil
}

// clearCall forgets the room's call if it is this one, and returns which runs.
func clearCall(tx *gorm.DB, roomID, meetingID string) (string, error) {
	err := tx.Exec("UPDATE chat_rooms SET call_meeting = '' WHERE id = ? AND call_meeting = ?", roomID, meetingID).Error
	if err != nil {
		return "", fmt.Errorf("forget the call of room %s: %w", roomID, err)
	}
	r, err := readRoom(tx, roomID)
	return r.CallMeeting, err
}

func runningCalls(tx *gorm.DB) ([]RoomCall, error) {
	var out []RoomCall
	if err := tx.Raw("SELECT id AS room_id, call_meeting AS meeting_id FROM chat_rooms WHERE call_meeting <> ''").Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("list running calls: %w", err)
	}
	return out, nil
}

// forcedSeq takes the next number even in an archived room, for what ends there.
func forcedSeq(tx *gorm.DB, roomID string) (int64, error) {
	var seq int64
	err := tx.Raw("UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq", roomID).Row().Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("take the next number of room %s: %w", roomID, err)
	}
	return seq, nil
}
