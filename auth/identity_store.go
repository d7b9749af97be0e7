package auth

import (
	"fmt"
	"time"
)

// personOf finds who an identity is. The comparison is exact, letter by letter.
func personOf(db Tx, issuer, subject string) (userID string, found bool, err error) {
	var ids []string
	err = db.Raw("SELECT user_id FROM auth_identities WHERE issuer = ? AND subject = ?", issuer, subject).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

func insertIdentity(tx Tx, issuer, subject, userID string, now time.Time) error {
	err := tx.Exec("INSERT INTO auth_identities (issuer, subject, user_id, created_at) VALUES (?, ?, ?, ?)",
		issuer, subject, userID, now).Error
	if err != nil {
		return fmt.Errorf("store identity of %s: %w", userID, err)
	}
	return nil
}

// noteLogout remembers the id of a logout token and reports whether it is new.
func noteLogout(tx Tx, issuer, tokenID string, until time.Time) (bool, error) {
	done := tx.Exec(`INSERT INTO auth_logouts (issuer, token_id, expires_at) VALUES (?, ?, ?)
		ON CONFLICT (issuer, token_id) DO NOTHING`, issuer, tokenID, until)
	return done.RowsAffected == 1, done.Error
}

// issuersOf lists the issuers that know a person.
func issuersOf(db Tx, userID string) ([]string, error) {
	var list []string
	err := db.Raw("SELECT issuer FROM auth_identities WHERE user_id = ? ORDER BY created_at, issuer LIMIT 20", userID).Scan(&list).Error
	return list, err
}
