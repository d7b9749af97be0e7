package pads

import (
	"fmt"

	"gorm.io/gorm"
)

// ownersOf returns who owns a pad, or everybody who owns any if pad is empty.
func ownersOf(db *gorm.DB, pad string) ([]string, error) {
	q := db.Table("pad_access").Where("may = 'own'")
	if pad != "" {
		q = q.Where("pad_id = ?", pad)
	}
	var ids []string
	if err := q.Distinct("subject_id").Order("subject_id").Pluck("subject_id", &ids).Error; err != nil {
		return nil, fmt.Errorf("read the owners of pads: %w", err)
	}
	return ids, nil
}

// withoutOwner returns pads that none of the people own, latest first.
func withoutOwner(db *gorm.DB, active []string, limit int) ([]Pad, error) {
	var rows []padRow
	err := db.Raw(`SELECT p.id, p.class, p.kind, p.title, p.created_at, p.updated_at FROM pads p WHERE NOT EXISTS
		(SELECT 1 FROM pad_access a WHERE a.pad_id = p.id AND a.may = 'own' AND a.subject_id IN ?)
		ORDER BY p.updated_at DESC, p.id DESC LIMIT ?`, some(active), limit).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list pads without an owner: %w", err)
	}
	out := make([]Pad, 0, len(rows))
	for _, row := range rows {
		out = append(out, row.pad())
	}
	return out, nil
}

// demoteOwners leaves those who owned a pad the right to write in it.
func demoteOwners(tx *gorm.DB, pad string, owners []string) error {
	err := tx.Exec("UPDATE pad_access SET may = 'write' WHERE pad_id = ? AND may = 'own' AND subject_id IN ?", pad, some(owners)).Error
	if err != nil {
		return fmt.Errorf("change the owners of pad %s: %w", pad, err)
	}
	return nil
}
