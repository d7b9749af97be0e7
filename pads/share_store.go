package pads

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/store"
)

type shareRow struct {
	Kind      string
	SubjectID string
	LinkID    string
	May       string
}

func sharesOf(db *gorm.DB, pad string) ([]Share, error) {
	var rows []shareRow
	err := db.Raw(`SELECT kind, subject_id, link_id, may FROM pad_access WHERE pad_id = ?
		ORDER BY kind, subject_id, link_id LIMIT ?`, pad, 2*maxShares).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the shares of pad %s: %w", pad, err)
	}
	out := make([]Share, 0, len(rows))
	for _, r := range rows {
		out = append(out, Share{Kind: ShareKind(r.Kind), SubjectID: r.SubjectID, Right: Right(r.May), ByLink: r.LinkID != ""})
	}
	return out, nil
}

func putShare(tx *gorm.DB, pad string, s Share) error {
	return putLinkedShare(tx, pad, s, "", nil)
}

// putLinkedShare stores a share that ends with a link.
func putLinkedShare(tx *gorm.DB, pad string, s Share, link string, expires *time.Time) error {
	var n int64
	if err := tx.Table("pad_access").Where("pad_id = ?", pad).Count(&n).Error; err != nil {
		return fmt.Errorf("count the shares of pad %s: %w", pad, err)
	}
	if n >= maxShares {
		return fault.Conflict("pads.too_many_shares", "max", maxShares)
	}
	err := tx.Exec(`INSERT INTO pad_access (pad_id, kind, subject_id, link_id, may, expires_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (pad_id, kind, subject_id, link_id) DO UPDATE SET may = excluded.may, expires_at = excluded.expires_at`,
		pad, string(s.Kind), s.SubjectID, link, string(s.Right), expires).Error
	if store.IsForeignKey(err) {
		return notFound()
	}
	if err != nil {
		return fmt.Errorf("share pad %s: %w", pad, err)
	}
	return nil
}

// dropLinkedShares removes the rights that came by a link.
func dropLinkedShares(tx *gorm.DB, pad, link string) error {
	if err := tx.Exec("DELETE FROM pad_access WHERE pad_id = ? AND link_id = ?", pad, link).Error; err != nil {
		return fmt.Errorf("end the rights of a link of pad %s: %w", pad, err)
	}
	return nil
}

func dropShare(tx *gorm.DB, pad string, kind ShareKind, subject string) error {
	err := tx.Exec("DELETE FROM pad_access WHERE pad_id = ? AND kind = ? AND subject_id = ?", pad, string(kind), subject).Error
	if err != nil {
		return fmt.Errorf("end a share of pad %s: %w", pad, err)
	}
	return nil
}

// keepsOwner refuses changes after which nobody would own the pad.
func keepsOwner(tx *gorm.DB, pad string) error {
	var n int64
	if err := tx.Table("pad_access").Where("pad_id = ? AND may = 'own'", pad).Count(&n).Error; err != nil {
		return fmt.Errorf("count the owners of pad %s: %w", pad, err)
	}
	if n == 0 {
		return fault.Conflict("pads.last_owner")
	}
	return nil
}
