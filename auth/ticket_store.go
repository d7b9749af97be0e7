package auth

import (
	"fmt"
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// TableName names the table for gorm.
func (ticket) TableName() string { return "auth_tickets" }

// issueTicket stores a new ticket and returns its secret.
func issueTicket(tx Tx, t *ticket, now time.Time, valid time.Duration) (token string, err error) {
	token = id.Token()
	t.ID, t.TokenHash, t.CreatedAt, t.ExpiresAt = id.New(), id.Hash(token), now, now.Add(valid)
	if t.GroupIDs == nil {
		t.GroupIDs = []string{}
	}
	if err := tx.Create(t).Error; err != nil {
		return "", fmt.Errorf("store ticket for %s: %w", t.Kind, err)
	}
	return token, nil
}

// openTicket finds a ticket that still works.
func openTicket(tx Tx, kind, token string, now time.Time) (ticket, error) {
	var found []ticket
	if err := tx.Where("token_hash = ? AND kind = ?", id.Hash(token), kind).Limit(1).Find(&found).Error; err != nil {
		return ticket{}, fmt.Errorf("look up ticket: %w", err)
	}
	switch {
	case len(found) == 0:
		return ticket{}, fault.Gone("auth.link_unknown")
	case found[0].UsedAt != nil:
		return ticket{}, fault.Gone("auth.link_used")
	case !now.Before(found[0].ExpiresAt):
		return ticket{}, fault.Gone("auth.link_expired")
	}
	return found[0], nil
}

// useTicket marks a ticket as used. Of many who try, one gets it.
func useTicket(tx Tx, kind, token string, now time.Time) error {
	t, err := openTicket(tx, kind, token, now)
	if err != nil {
		return err
	}
	done := tx.Exec("UPDATE auth_tickets SET used_at = ? WHERE id = ? AND used_at IS NULL", now, t.ID)
	if done.Error != nil {
		return fmt.Errorf("use ticket: %w", done.Error)
	}
	if done.RowsAffected != 1 {
		return fault.Gone("auth.link_used")
	}
	return nil
}

// dropTickets withdraws the open tickets that match and says how many there were.
func dropTickets(tx Tx, where string, args ...any) (int64, error) {
	done := tx.Exec("DELETE FROM auth_tickets WHERE used_at IS NULL AND "+where, args...)
	return done.RowsAffected, done.Error
}

// openInvitations lists the invitations that nobody has taken yet, the latest first.
func openInvitations(db Tx, now time.Time, before string, limit int) ([]ticket, error) {
	q := db.Where("kind = ? AND used_at IS NULL AND expires_at > ?", ticketInvitation, now)
	if before != "" {
		q = q.Where("id < ?", before)
	}
	var list []ticket
	err := q.Order("id DESC").Limit(limit).Find(&list).Error
	return list, err
}

func countInvitations(tx Tx, now time.Time) (int64, error) {
	var n int64
	err := tx.Model(&ticket{}).Where("kind = ? AND used_at IS NULL AND expires_at > ?", ticketInvitation, now).Count(&n).Error
	return n, err
}
