package auth

import (
	"fmt"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/id"
)

// sessionRow is a row of auth_sessions.
type sessionRow struct {
	ID        string
	TokenHash string
	UserID    *string
	GuestID   string
	GuestName string
	Provider  string
	Issuer    string
	Subject   string
	SID       string `gorm:"column:sid"`
	Device    string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	// LogoutHint is sealed, see sealHint.
	LogoutHint []byte
}

// TableName names the table for gorm.
func (sessionRow) TableName() string { return "auth_sessions" }

// insertSession stores a new session, ends the one that it replaces and the
// oldest beyond the limit, and returns the ids of those that ended.
func insertSession(tx Tx, o opened, s signIn, now time.Time) (ended []string, err error) {
	if s.Replaces != "" {
		if ended, err = deleteSessions(tx, "id = ?", s.Replaces); err != nil {
			return nil, err
		}
	}
	hint, err := sealHint(o, s.IDToken)
	if err != nil {
		return nil, err
	}
	row := sessionRow{
		ID: o.ID, TokenHash: id.Hash(o.Token), GuestID: s.GuestID, GuestName: s.GuestName,
		Provider: s.Provider, Issuer: s.Issuer, Subject: s.Subject, SID: s.SID,
		Device: s.Device, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(o.Lasts), LogoutHint: hint,
	}
	if s.UserID != "" {
		row.UserID = &s.UserID
	}
	if err := tx.Create(&row).Error; err != nil {
		return nil, fmt.Errorf("store session of %s%s: %w", s.UserID, s.GuestID, err)
	}
	if s.UserID == "" {
		return ended, nil
	}
	over, err := deleteSessions(tx, `id IN (SELECT id FROM auth_sessions WHERE user_id = ?
		ORDER BY seen_at DESC, id DESC LIMIT 1000 OFFSET ?)`, s.UserID, maxSessions)
	return append(ended, over...), err
}

// deleteSessions ends the sessions that match and returns their ids.
func deleteSessions(tx Tx, where string, args ...any) ([]string, error) {
	var ids []string
	err := tx.Raw("DELETE FROM auth_sessions WHERE "+where+" RETURNING id", args...).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("end sessions: %w", err)
	}
	return ids, nil
}

// holderOf finds who bears the cookie, in one look-up by index.
func holderOf(db Tx, token string) (holder, bool, error) {
	var found []holder
	err := db.Raw(`SELECT s.id, s.user_id, s.guest_id, s.guest_name, s.seen_at, s.expires_at,
			u.name, u.role, u.disabled_at
		FROM auth_sessions s LEFT JOIN users u ON u.id = s.user_id
		WHERE s.token_hash = ?`, id.Hash(token)).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return holder{}, false, err
	}
	return found[0], true, nil
}

// grantsOf lists what the links of a guest's session open at the moment.
func grantsOf(db Tx, sessionID string, now time.Time) ([]access.Grant, error) {
	var grants []access.Grant
	err := db.Raw(`SELECT l.kind AS kind, l.object_id AS id, l.right_name AS "right"
		FROM auth_guest_grants g JOIN guest_links l ON l.id = g.link_id
		WHERE g.session_id = ? AND l.revoked_at IS NULL AND l.not_before <= ? AND l.expires_at > ?
		ORDER BY l.id LIMIT ?`, sessionID, now, now, maxGuestGrants).Scan(&grants).Error
	return grants, err
}

// touchSession notes that the session is in use.
func touchSession(tx Tx, sessionID string, now time.Time) error {
	return tx.Exec("UPDATE auth_sessions SET seen_at = ? WHERE id = ? AND seen_at < ?", now, sessionID, now).Error
}

// sessionsOf lists a person's sessions, the latest first.
func sessionsOf(db Tx, userID string, now time.Time, idle time.Duration) ([]Session, error) {
	list := []Session{}
	err := db.Raw(`SELECT id, device, provider, created_at, expires_at FROM auth_sessions
		WHERE user_id = ? AND expires_at > ? AND seen_at >= ? ORDER BY created_at DESC, id DESC LIMIT ?`,
		userID, now, now.Add(-idle), maxSessions).Scan(&list).Error
	return list, err
}

// allSessions lists who is signed in, the latest first.
func allSessions(db Tx, now time.Time, idle time.Duration, before string, limit int) ([]Presence, error) {
	list := []Presence{}
	err := db.Raw(`SELECT s.id, coalesce(s.user_id, '') AS person_id, coalesce(u.name, s.guest_name) AS name,
			s.guest_id <> '' AS guest, s.device, s.provider, s.created_at, s.expires_at
		FROM auth_sessions s LEFT JOIN users u ON u.id = s.user_id
		WHERE s.expires_at > ? AND s.seen_at >= ? AND (? = '' OR s.id < ?) ORDER BY s.id DESC LIMIT ?`,
		now, now.Add(-idle), before, before, limit).Scan(&list).Error
	return list, err
}
