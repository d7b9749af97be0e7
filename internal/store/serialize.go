package store

import (
	"fmt"

	"gorm.io/gorm"
)

// Serialize makes transactions that give the same name follow one another, on
// all nodes: the second waits until the first has ended. It guards rules that
// look at more than one row, and sequences whose order is that of the commits.
// SQLite has one writer, so there is nothing to do.
func Serialize(tx *gorm.DB, name string) error {
	if tx.Name() != Postgres {
		return nil
	}
	if err := tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "rathaus/"+name).Error; err != nil {
		return fmt.Errorf("wait for other nodes that change the %s: %w", name, err)
	}
	return nil
}
