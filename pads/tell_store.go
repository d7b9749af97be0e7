package pads

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// grantRow is a right of somebody on a pad.
type grantRow struct {
	PadID     string
	Kind      string
	SubjectID string
	May       string
}

// grantsOn returns the rights on pads that hold now.
func grantsOn(db *gorm.DB, pads []string, now time.Time) ([]grantRow, error) {
	var rows []grantRow
	err := db.Raw(`SELECT pad_id, kind, subject_id, may FROM pad_access
		WHERE pad_id IN ? AND (expires_at IS NULL OR expires_at > ?)`, some(pads), now).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the rights on %d pads: %w", len(pads), err)
	}
	return rows, nil
}

// readShared reads a pad, and whether somebody but its owners may open it.
func readShared(db *gorm.DB, pad string) (Pad, bool, error) {
	found, err := readPad(db, pad)
	if err != nil {
		return Pad{}, false, err
	}
	var n int64
	if err := db.Table("pad_access").Where("pad_id = ? AND may <> 'own'", pad).Count(&n).Error; err != nil {
		return Pad{}, false, fmt.Errorf("count the shares of pad %s: %w", pad, err)
	}
	return found, n > 0, nil
}

// updatedAt returns when pads were last written in. Pads that are gone are left out.
func updatedAt(db *gorm.DB, pads []string) (map[string]time.Time, error) {
	var rows []padRow
	if err := db.Select("id", "updated_at").Where("id IN ?", some(pads)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read when %d pads were written in: %w", len(pads), err)
	}
	out := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		out[row.ID] = row.UpdatedAt.UTC()
	}
	return out, nil
}

// linkedShares returns the rights that came by a link.
func linkedShares(tx *gorm.DB, pad, link string) ([]Share, error) {
	var rows []shareRow
	err := tx.Raw("SELECT kind, subject_id, link_id, may FROM pad_access WHERE pad_id = ? AND link_id = ?", pad, link).
		Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the rights of a link of pad %s: %w", pad, err)
	}
	out := make([]Share, 0, len(rows))
	for _, r := range rows {
		out = append(out, Share{Kind: ShareKind(r.Kind), SubjectID: r.SubjectID})
	}
	return out, nil
}
