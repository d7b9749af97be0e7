package auth

import (
	"time"
)

// countTry adds a try under the name, up to a cap, and returns how many there
// are in the present window. A window that has ended begins anew.
func countTry(tx Tx, name string, limit int, now, endsAt time.Time) (int, error) {
	var tries int
	err := tx.Raw(`INSERT INTO auth_throttle (name, tries, ends_at) VALUES (?, 1, ?)
		ON CONFLICT (name) DO UPDATE SET
			tries = CASE WHEN auth_throttle.ends_at <= ? THEN 1
				WHEN auth_throttle.tries >= ? THEN auth_throttle.tries
				ELSE auth_throttle.tries + 1 END,
			ends_at = CASE WHEN auth_throttle.ends_at <= ? THEN excluded.ends_at ELSE auth_throttle.ends_at END
		RETURNING tries`, name, endsAt, now, limit, now).Scan(&tries).Error
	return tries, err
}

// triesEnd returns when the present window of the name ends.
func triesEnd(tx Tx, name string) (time.Time, error) {
	var row struct{ EndsAt time.Time }
	err := tx.Raw("SELECT ends_at FROM auth_throttle WHERE name = ?", name).Scan(&row).Error
	return row.EndsAt, err
}

// giveBack takes one try off each name.
func giveBack(tx Tx, names ...string) error {
	return tx.Exec("UPDATE auth_throttle SET tries = tries - 1 WHERE name IN ? AND tries > 0", names).Error
}

// clearTries forgets all tries under the name.
func clearTries(tx Tx, name string) error {
	return tx.Exec("DELETE FROM auth_throttle WHERE name = ?", name).Error
}

// markTry sets a mark that lasts until endsAt.
func markTry(tx Tx, name string, endsAt time.Time) error {
	return tx.Exec(`INSERT INTO auth_throttle (name, tries, ends_at) VALUES (?, 1, ?)
		ON CONFLICT (name) DO UPDATE SET ends_at = excluded.ends_at`, name, endsAt).Error
}

func isMarked(tx Tx, name string, now time.Time) (bool, error) {
	var n int64
	err := tx.Raw("SELECT count(*) FROM auth_throttle WHERE name = ? AND ends_at > ?", name, now).Scan(&n).Error
	return n > 0, err
}
