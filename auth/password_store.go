package auth

import (
	"fmt"
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/store"
)

// credential is a password of a person.
type credential struct {
	UserID     string
	Login      string
	Hash       string
	DisabledAt *time.Time
}

// credentialByLogin finds who signs in under this name.
func credentialByLogin(db Tx, login string) (credential, bool, error) {
	return credentialWhere(db, "p.login = ?", login)
}

func credentialOf(db Tx, userID string) (credential, bool, error) {
	return credentialWhere(db, "p.user_id = ?", userID)
}

func credentialWhere(db Tx, where, value string) (credential, bool, error) {
	var found []credential
	err := db.Raw(`SELECT p.user_id, p.login, p.hash, u.disabled_at
		FROM auth_passwords p JOIN users u ON u.id = p.user_id WHERE `+where, value).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return credential{}, false, err
	}
	return found[0], true, nil
}

// putCredential sets a person's login and password hash.
func putCredential(tx Tx, userID, login, hash string, now time.Time) error {
	err := tx.Exec(`INSERT INTO auth_passwords (user_id, login, hash, changed_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET login = excluded.login, hash = excluded.hash, changed_at = excluded.changed_at`,
		userID, login, hash, now).Error
	if store.IsUnique(err) {
		return fault.Conflict("auth.login_taken")
	}
	if err != nil {
		return fmt.Errorf("store password of %s: %w", userID, err)
	}
	return nil
}

// upgradeHash replaces a hash by one of today's cost, unless the password was
// changed meanwhile.
func upgradeHash(tx Tx, userID, old, hash string) error {
	return tx.Exec("UPDATE auth_passwords SET hash = ? WHERE user_id = ? AND hash = ?", hash, userID, old).Error
}

func loginTaken(db Tx, login string) (bool, error) {
	_, found, err := credentialByLogin(db, login)
	return found, err
}
