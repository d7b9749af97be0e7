package auth

import (
	"rathaus/internal/access"
	"rathaus/internal/directory"
)

// hasAdmin reports whether anybody administers the town.
func hasAdmin(db Tx) (bool, error) {
	var n int64
	err := db.Raw("SELECT count(*) FROM users WHERE role = ? AND disabled_at IS NULL", string(access.RoleAdmin)).Scan(&n).Error
	return n > 0, err
}

// isActive reports whether there is such a person and they are not disabled.
func isActive(db Tx, userID string) (bool, error) {
	var n int64
	err := db.Raw("SELECT count(*) FROM users WHERE id = ? AND disabled_at IS NULL", userID).Scan(&n).Error
	return n > 0, err
}

// preferredDensity returns how tightly a person wants things set.
func preferredDensity(db Tx, userID string) (string, error) {
	var density string
	err := db.Raw("SELECT density FROM auth_preferences WHERE user_id = ?", userID).Scan(&density).Error
	return density, err
}

func preferDensity(tx Tx, userID, density string) error {
	return tx.Exec(`INSERT INTO auth_preferences (user_id, density) VALUES (?, ?)
		ON CONFLICT (user_id) DO UPDATE SET density = excluded.density`, userID, density).Error
}

// providerOfSession returns the name of the provider that vouched for a session.
func providerOfSession(db Tx, sessionID string) (name string, hint []byte, err error) {
	var row sessionRow
	err = db.Raw("SELECT provider, logout_hint FROM auth_sessions WHERE id = ?", sessionID).Scan(&row).Error
	return row.Provider, row.LogoutHint, err
}

// localGroupNamed finds a group of the town by its name.
func localGroupNamed(db Tx, name string) (groupID string, found bool, err error) {
	var ids []string
	err = db.Raw("SELECT id FROM groups WHERE origin = ? AND name = ?", directory.Local, name).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}
