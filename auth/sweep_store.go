package auth

import "time"

const (
	usedTicketsKept = 30 * 24 * time.Hour // so that a second use is told "used", not "unknown"
	endedLinksKept  = 30 * 24 * time.Hour
)

// forget removes rows that serve nothing any more.
func forget(tx Tx, now time.Time) error {
	for _, old := range []struct {
		sql string
		at  time.Time
	}{
		{"DELETE FROM auth_flows WHERE expires_at <= ?", now},
		{"DELETE FROM auth_logouts WHERE expires_at <= ?", now},
		{"DELETE FROM auth_throttle WHERE ends_at <= ?", now},
		{"DELETE FROM auth_tickets WHERE expires_at <= ?", now.Add(-usedTicketsKept)},
		{"DELETE FROM guest_links WHERE revoked_at <= ?", now.Add(-endedLinksKept)},
	} {
		if err := tx.Exec(old.sql, old.at).Error; err != nil {
			return err
		}
	}
	return nil
}

// sessionIDsOf lists the ids of a person's sessions.
func sessionIDsOf(db Tx, userID string) ([]string, error) {
	var ids []string
	err := db.Raw("SELECT id FROM auth_sessions WHERE user_id = ?", userID).Scan(&ids).Error
	return ids, err
}
