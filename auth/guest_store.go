package auth

import (
	"fmt"
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// guestLinkRow is a row of guest_links.
type guestLinkRow struct {
	ID        string
	TokenHash string
	Kind      string
	ObjectID  string
	RightName string
	Name      string
	CreatedBy string
	CreatedAt time.Time
	NotBefore time.Time
	ExpiresAt time.Time
	MaxUses   int
	Uses      int
	RevokedAt *time.Time
}

// TableName names the table for gorm.
func (guestLinkRow) TableName() string { return "guest_links" }

func (r guestLinkRow) link() GuestLink {
	return GuestLink{
		ID: r.ID, Kind: r.Kind, ObjectID: r.ObjectID, Right: r.RightName, Name: r.Name, CreatedBy: r.CreatedBy,
		CreatedAt: r.CreatedAt, NotBefore: r.NotBefore, ExpiresAt: r.ExpiresAt, MaxUses: r.MaxUses, Uses: r.Uses, RevokedAt: r.RevokedAt,
	}
}

func links(rows []guestLinkRow) []GuestLink {
	list := make([]GuestLink, len(rows))
	for i, r := range rows {
		list[i] = r.link()
	}
	return list
}

func insertGuestLink(tx Tx, l GuestLink, token string) error {
	row := guestLinkRow{
		ID: l.ID, TokenHash: id.Hash(token), Kind: l.Kind, ObjectID: l.ObjectID, RightName: l.Right, Name: l.Name,
		CreatedBy: l.CreatedBy, CreatedAt: l.CreatedAt, NotBefore: l.NotBefore, ExpiresAt: l.ExpiresAt, MaxUses: l.MaxUses,
	}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("store guest link: %w", err)
	}
	return nil
}

// openGuestLink finds a link that works now.
func openGuestLink(db Tx, token string, now time.Time) (GuestLink, error) {
	var found []guestLinkRow
	if err := db.Where("token_hash = ?", id.Hash(token)).Limit(1).Find(&found).Error; err != nil {
		return GuestLink{}, fmt.Errorf("look up guest link: %w", err)
	}
	switch {
	case len(found) == 0:
		return GuestLink{}, fault.Gone("auth.link_unknown")
	case found[0].RevokedAt != nil:
		return GuestLink{}, fault.Gone("auth.link_withdrawn")
	case !now.Before(found[0].ExpiresAt):
		return GuestLink{}, fault.Gone("auth.link_expired")
	case now.Before(found[0].NotBefore):
		return GuestLink{}, fault.Conflict("auth.link_too_early", "from", found[0].NotBefore.Format(time.RFC3339))
	}
	return found[0].link(), nil
}

// spendGuestLink takes one use of a link. Of many who try, as many get in as
// there are uses.
func spendGuestLink(tx Tx, linkID string) error {
	done := tx.Exec(`UPDATE guest_links SET uses = uses + 1
		WHERE id = ? AND revoked_at IS NULL AND (max_uses = 0 OR uses < max_uses)`, linkID)
	if done.Error != nil {
		return fmt.Errorf("use guest link: %w", done.Error)
	}
	if done.RowsAffected != 1 {
		return fault.Gone("auth.link_used")
	}
	return nil
}

// grantGuest lets a session use a link. It reports whether it is new to it.
func grantGuest(tx Tx, sessionID, linkID string) (bool, error) {
	done := tx.Exec(`INSERT INTO auth_guest_grants (session_id, link_id) VALUES (?, ?)
		ON CONFLICT (session_id, link_id) DO NOTHING`, sessionID, linkID)
	if done.Error != nil {
		return false, fmt.Errorf("grant guest link: %w", done.Error)
	}
	return done.RowsAffected == 1, nil
}

func countGrants(tx Tx, sessionID string) (int64, error) {
	var n int64
	err := tx.Raw("SELECT count(*) FROM auth_guest_grants WHERE session_id = ?", sessionID).Scan(&n).Error
	return n, err
}

// sessionsByLink lists the sessions that a link has let in.
func sessionsByLink(tx Tx, linkID string) ([]string, error) {
	var ids []string
	err := tx.Raw("SELECT session_id FROM auth_guest_grants WHERE link_id = ?", linkID).Scan(&ids).Error
	return ids, err
}

// endGuestLinks revokes the links that match and returns them.
func endGuestLinks(tx Tx, now time.Time, where string, args ...any) ([]GuestLink, error) {
	var rows []guestLinkRow
	if err := tx.Where("revoked_at IS NULL AND "+where, args...).Limit(pageLimit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("look up guest links: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if err := tx.Exec("UPDATE guest_links SET revoked_at = ? WHERE id IN ?", now, ids).Error; err != nil {
		return nil, fmt.Errorf("revoke guest links: %w", err)
	}
	return links(rows), nil
}

// dropEmptyGuests ends guests' sessions among those named to which no link that
// still works belongs.
func dropEmptyGuests(tx Tx, sessionIDs []string) ([]string, error) {
	if len(sessionIDs) == 0 {
		return nil, nil
	}
	return deleteSessions(tx, `id IN ? AND user_id IS NULL AND NOT EXISTS (
		SELECT 1 FROM auth_guest_grants g JOIN guest_links l ON l.id = g.link_id
		WHERE g.session_id = auth_sessions.id AND l.revoked_at IS NULL)`, sessionIDs)
}

func guestLinksFor(db Tx, kind, objectID string) ([]GuestLink, error) {
	var rows []guestLinkRow
	err := db.Where("kind = ? AND object_id = ? AND revoked_at IS NULL", kind, objectID).
		Order("created_at DESC, id DESC").Limit(pageLimit).Find(&rows).Error
	return links(rows), err
}

func hasExpiredLinks(db Tx, now time.Time) (bool, error) {
	var n int64
	err := db.Raw("SELECT count(*) FROM guest_links WHERE revoked_at IS NULL AND expires_at <= ?", now).Scan(&n).Error
	return n > 0, err
}

func renameGuest(tx Tx, sessionID, name string) error {
	return tx.Exec("UPDATE auth_sessions SET guest_name = ? WHERE id = ? AND user_id IS NULL", name, sessionID).Error
}
