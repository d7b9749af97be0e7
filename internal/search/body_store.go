package search

import (
	"fmt"

	"gorm.io/gorm"
)

// Bodies returns the readable texts that are kept under these names.
func Bodies(tx *gorm.DB, refs []string) (map[string]string, error) {
	var rows []struct{ Ref, Body string }
	if err := tx.Raw("SELECT ref, body FROM search_bodies WHERE ref IN ?", refs).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read texts of files: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.Ref] = r.Body
	}
	return out, nil
}

// KeepBody keeps the readable text of something that has none in the portal itself.
func KeepBody(tx *gorm.DB, ref, body string) error {
	err := tx.Exec("INSERT INTO search_bodies (ref, body) VALUES (?, ?) ON CONFLICT (ref) DO UPDATE SET body = excluded.body", ref, body).Error
	if err != nil {
		return fmt.Errorf("keep the text of a file: %w", err)
	}
	return nil
}
