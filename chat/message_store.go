package chat

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

const messageColumns = "id, room_id, seq, rev, kind, author_id, client_id, thread_id, text, data, created_at, edited_at, deleted_at, expires_at"

func insertMessage(tx *gorm.DB, m message) error {
	_, err := store.Exec(tx, "INSERT INTO chat_messages (id, room_id, seq, rev, kind, author_id, client_id, thread_id, text, data, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		m.ID, m.RoomID, m.Seq, m.Rev, m.Kind, m.AuthorID, m.ClientID, m.ThreadID, m.Text, m.Data, m.CreatedAt, m.ExpiresAt)
	if err != nil {
		return fmt.Errorf("store message in room %s: %w", m.RoomID, err)
	}
	return nil
}

// sentBefore returns the message that the author sent under this client id.
func sentBefore(tx *gorm.DB, author, clientID string) (message, bool, error) {
	return oneMessage(tx, "author_id = ? AND client_id = ?", author, clientID)
}

// messageIn returns a message of a room by its id, or errNoMessage.
func messageIn(tx *gorm.DB, roomID, messageID string) (message, error) {
	m, ok, err := oneMessage(tx, "id = ? AND room_id = ?", messageID, roomID)
	if err == nil && !ok {
		return m, errNoMessage
	}
	return m, err
}

func callCard(tx *gorm.DB, roomID, meetingID string) (message, bool, error) {
	return oneMessage(tx, "room_id = ? AND client_id = ? AND kind = 'call'", roomID, meetingID)
}

func oneMessage(tx *gorm.DB, where string, args ...any) (message, bool, error) {
	var all []message
	err := tx.Raw("SELECT "+messageColumns+" FROM chat_messages WHERE "+where, args...).Scan(&all).Error
	if err != nil {
		return message{}, false, fmt.Errorf("find message: %w", err)
	}
	if len(all) == 0 {
		return message{}, false, nil
	}
	return all[0], true, nil
}

// messagesBefore returns up to limit messages below seq, in order of place.
func messagesBefore(tx *gorm.DB, roomID string, seq int64, limit int) ([]message, error) {
	all, err := manyMessages(tx, "room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?", roomID, seq, limit)
	slices.Reverse(all)
	return all, err
}

// messagesAfter returns up to limit messages above seq, in order of place.
func messagesAfter(tx *gorm.DB, roomID string, seq int64, limit int) ([]message, error) {
	return manyMessages(tx, "room_id = ? AND seq > ? ORDER BY seq LIMIT ?", roomID, seq, limit)
}

// changesAfter returns what changed after rev, in order of change.
func changesAfter(tx *gorm.DB, roomID string, rev int64) ([]message, error) {
	return manyMessages(tx, "room_id = ? AND rev > ? ORDER BY rev LIMIT ?", roomID, rev, maxResume)
}

func messagesByID(tx *gorm.DB, ids []string) ([]message, error) {
	return manyMessages(tx, "id IN ?", ids)
}

func manyMessages(tx *gorm.DB, where string, args ...any) ([]message, error) {
	var all []message
	err := tx.Raw("SELECT "+messageColumns+" FROM chat_messages WHERE "+where, args...).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return all, nil
}

func rewriteMessage(tx *gorm.DB, m message) error {
	err := tx.Exec("UPDATE chat_messages SET text = ?, data = ?, rev = ?, edited_at = ?, deleted_at = ? WHERE id = ?",
		m.Text, m.Data, m.Rev, m.EditedAt, m.DeletedAt, m.ID).Error
	if err != nil {
		return fmt.Errorf("change message %s: %w", m.ID, err)
	}
	return nil
}

// moveCursor sets a member's cursor forward. It reports whether there is such a
// member and whether the cursor moved.
func moveCursor(tx *gorm.DB, roomID, user string, seq int64) (moved bool, err error) {
	rows, err := store.Exec(tx, "UPDATE chat_members SET read_seq = ? WHERE room_id = ? AND user_id = ? AND read_seq < ?", seq, roomID, user, seq)
	if err != nil {
		return false, fmt.Errorf("move reading cursor in room %s: %w", roomID, err)
	}
	return rows > 0, nil
}

func setCall(tx *gorm.DB, roomID, meetingID string) error {
	if err := tx.Exec("UPDATE chat_rooms SET call_meeting = ? WHERE id = ?", meetingID, roomID).Error; err != nil {
		return fmt.Errorf("note the call of room %s: %w", roomID, err)
	}
	return nil
}

// counts is a person's unread state in a room.
type counts struct {
	LastSeq  int64
	LastAt   time.Time
	ReadSeq  int64
	Unread   int
	Mentions int
	Hidden   bool

	Level      string
	MutedUntil *time.Time
}

// countSQL counts what is unread for the member m of room r.
const countSQL = `(SELECT count(*) FROM (SELECT 1 FROM chat_messages x WHERE x.room_id = m.room_id AND x.seq > m.read_seq
			AND x.author_id <> m.user_id AND x.deleted_at IS NULL AND x.kind IN ` + countedKinds + ` LIMIT 1000) AS few) AS unread,
		(SELECT count(*) FROM chat_mentions n WHERE n.user_id = m.user_id AND n.room_id = m.room_id AND n.seq > m.read_seq) AS mentions,
		` + hiddenSQL

// countsOf reads the unread state of one member; false if there is none.
func countsOf(tx *gorm.DB, roomID, user string) (counts, bool, error) {
	var all []counts
	err := tx.Raw(`SELECT r.last_seq, r.last_at, m.read_seq, m.level, m.muted_until, `+countSQL+`
		FROM chat_members m JOIN chat_rooms r ON r.id = m.room_id WHERE m.room_id = ? AND m.user_id = ?`, roomID, user).Scan(&all).Error
	if err != nil {
		return counts{}, false, fmt.Errorf("count unread in room %s: %w", roomID, err)
	}
	if len(all) == 0 {
		return counts{}, false, nil
	}
	return all[0], true, nil
}

// listed is a room of a person's list.
type listed struct {
	Room     room `gorm:"embedded"`
	Role     Role
	ReadSeq  int64
	Unread   int
	Mentions int
	Hidden   bool

	Level      string
	MutedUntil *time.Time
	// SilencedUntil is when the person may write again.
	SilencedUntil *time.Time
}

// roomsOf lists the rooms of a person, latest activity first. which is a
// condition on the room.
func roomsOf(tx *gorm.DB, user, which string) ([]listed, error) {
	var all []listed
	err := tx.Raw(`SELECT `+roomColumns+`, m.role, m.read_seq, m.level, m.muted_until, m.silenced_until, `+countSQL+`
		FROM chat_members m JOIN chat_rooms r ON r.id = m.room_id
		WHERE m.user_id = ? AND `+which+` ORDER BY r.last_at DESC, r.id LIMIT ?`, user, maxRoomsOfPerson).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list rooms: %w", err)
	}
	return all, nil
}
