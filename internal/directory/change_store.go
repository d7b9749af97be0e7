package directory

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// changeRow is a Change as the table directory_changes holds it.
type changeRow struct {
	Seq     int64
	Kind    string
	UserID  string
	GroupID string
	At      time.Time
}

// TableName implements gorm's Tabler.
func (changeRow) TableName() string { return "directory_changes" }

// lastChange returns the number of the newest change, 0 when there is none.
func (d *Directory) lastChange(ctx context.Context) (int64, error) {
	var last int64
	err := d.db.Read(ctx).Raw("SELECT COALESCE(MAX(seq), 0) FROM directory_changes").Scan(&last).Error
	if err != nil {
		return 0, fmt.Errorf("read the last change: %w", err)
	}
	return last, nil
}

// changesAfter returns the next changes in order.
func (d *Directory) changesAfter(ctx context.Context, seq int64) ([]changeRow, error) {
	var rows []changeRow
	if err := d.db.Read(ctx).Where("seq > ?", seq).Order("seq").Limit(changesAtOnce).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	return rows, nil
}

// forgetChanges deletes what every process has seen long ago.
func (d *Directory) forgetChanges(ctx context.Context, before time.Time) error {
	return d.db.Write(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("at < ?", before).Delete(&changeRow{}).Error; err != nil {
			return fmt.Errorf("delete old changes: %w", err)
		}
		return nil
	})
}
