package chat

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

const stillThere = " AND deleted_at IS NULL AND kind = 'text'"

func countReplies(tx *gorm.DB, rootID string) (int, error) {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_messages WHERE thread_id = ?"+stillThere, rootID).Row().Scan(&n); err != nil {
		return 0, fmt.Errorf("count the replies to message %s: %w", rootID, err)
	}
	return n, nil
}

// latestReplies returns the latest replies of a thread, the newest first.
func latestReplies(tx *gorm.DB, rootID string, limit int) ([]message, error) {
	return manyMessages(tx, "thread_id = ?"+stillThere+" ORDER BY seq DESC LIMIT ?", rootID, limit)
}

// threadPage returns up to limit replies below seq, in order of place.
func threadPage(tx *gorm.DB, rootID string, seq int64, limit int) ([]message, error) {
	all, err := manyMessages(tx, "thread_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?", rootID, seq, limit)
	slices.Reverse(all)
	return all, err
}

// follow makes somebody follow a thread, or not any more.
func follow(tx *gorm.DB, rootID, user string, on bool) error {
	err := tx.Exec(`INSERT INTO chat_thread_followers (message_id, user_id, following) VALUES (?, ?, ?)
		ON CONFLICT (message_id, user_id) DO UPDATE SET following = excluded.following`, rootID, user, on).Error
	if err != nil {
		return fmt.Errorf("follow thread %s: %w", rootID, err)
	}
	return nil
}

// followUnasked makes somebody follow a thread who has not decided otherwise.
func followUnasked(tx *gorm.DB, rootID, user string) error {
	err := tx.Exec(`INSERT INTO chat_thread_followers (message_id, user_id, following) VALUES (?, ?, ?)
		ON CONFLICT (message_id, user_id) DO NOTHING`, rootID, user, true).Error
	if err != nil {
		return fmt.Errorf("follow thread %s: %w", rootID, err)
	}
	return nil
}

func followersOf(tx *gorm.DB, rootID string) ([]string, error) {
	var users []string
	err := tx.Raw("SELECT user_id FROM chat_thread_followers WHERE message_id = ? AND following = ?", rootID, true).Scan(&users).Error
	if err != nil {
		return nil, fmt.Errorf("read the followers of thread %s: %w", rootID, err)
	}
	return users, nil
}

func isFollowing(tx *gorm.DB, rootID, user string) (bool, error) {
	var on []bool
	err := tx.Raw("SELECT following FROM chat_thread_followers WHERE message_id = ? AND user_id = ?", rootID, user).Scan(&on).Error
	if err != nil {
		return false, fmt.Errorf("look who follows thread %s: %w", rootID, err)
	}
	return len(on) > 0 && on[0], nil
}

// followed is a row of the list of a person's threads.
type followed struct {
	MessageID string
	Unread    int
	Fresh     int
	LastID    string
}

// threadsOf lists the threads that a person follows in rooms of theirs: those
// with unread replies first, then by the latest reply. after is the place of
// the last row of the stretch before.
func threadsOf(tx *gorm.DB, user string, after *followed, limit int) ([]followed, error) {
	where, args := "", []any{user, user, true}
	if after != nil {
		where = " AND (fresh < ? OR (fresh = ? AND last_id < ?))"
		args = append(args, after.Fresh, after.Fresh, after.LastID)
	}
	var all []followed
	err := tx.Raw(strings.ReplaceAll(`SELECT message_id, unread, fresh, last_id FROM (
		SELECT message_id, unread, CASE WHEN unread > 0 THEN 1 ELSE 0 END AS fresh, last_id FROM (
			SELECT f.message_id,
				(SELECT count(*) FROM (SELECT 1 FROM chat_messages x WHERE x.thread_id = f.message_id AND x.seq > m.read_seq
					AND x.author_id <> ? LIVE LIMIT 100) AS few) AS unread,
				(SELECT x.id FROM chat_messages x WHERE x.thread_id = f.message_id LIVE ORDER BY x.seq DESC LIMIT 1) AS last_id
			FROM chat_thread_followers f
			JOIN chat_messages root ON root.id = f.message_id
			JOIN chat_members m ON m.room_id = root.room_id AND m.user_id = f.user_id
			JOIN chat_rooms r ON r.id = root.room_id AND r.archived_at IS NULL
			WHERE f.user_id = ? AND f.following = ?) AS mine
		) AS counted WHERE last_id IS NOT NULL`, "LIVE", "AND x.deleted_at IS NULL AND x.kind = 'text'")+where+
		" ORDER BY fresh DESC, last_id DESC LIMIT ?", append(args, limit)...).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list threads: %w", err)
	}
	return all, nil
}

// forgetFollowers removes the followers of deleted messages below which nothing is left.
func forgetFollowers(tx *gorm.DB, messageIDs []string) error {
	err := tx.Exec(`DELETE FROM chat_thread_followers WHERE message_id IN ?
		AND NOT EXISTS (SELECT 1 FROM chat_messages x WHERE x.thread_id = chat_thread_followers.message_id)`, messageIDs).Error
	if err != nil {
		return fmt.Errorf("forget the followers of %d threads: %w", len(messageIDs), err)
	}
	return nil
}
