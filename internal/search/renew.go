package search

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

// Epoch counts how often the index was emptied in this process: feeds that see it
// change start again.
func (x *Index) Epoch() int64 { return x.epoch.Load() }

// renew empties the index if it is not of this version.
func (x *Index) renew(ctx context.Context) error {
	version, err := readState(x.db.Read(ctx), "version")
	if err != nil || version == Version {
		return err
	}
	err = x.db.Write(ctx, func(tx *gorm.DB) error {
		for _, table := range []string{"search_docs", "search_grams", "search_scopes", "search_authors", "search_marks"} {
			if err := tx.Exec("DELETE FROM " + table).Error; err != nil {
				return fmt.Errorf("empty %s: %w", table, err)
			}
		}
		return writeState(tx, "version", Version)
	}, func() { x.epoch.Add(1) })
	return err
}

// AskForRebuild makes the running portal, or its next start, build the index anew.
func AskForRebuild(ctx context.Context, db *store.DB) error {
	return db.Write(ctx, func(tx *gorm.DB) error { return writeState(tx, "version", "") })
}

func readState(tx *gorm.DB, name string) (string, error) {
	var values []string
	if err := tx.Raw("SELECT value FROM search_state WHERE name = ?", name).Scan(&values).Error; err != nil {
		return "", fmt.Errorf("read the state of the index: %w", err)
	}
	if len(values) == 0 {
		return "", nil
	}
	return values[0], nil
}

func writeState(tx *gorm.DB, name, value string) error {
	err := tx.Exec("INSERT INTO search_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value).Error
	if err != nil {
		return fmt.Errorf("write the state of the index: %w", err)
	}
	return nil
}

// Mark returns how far a part of a feed has been taken in.
func (x *Index) Mark(tx *gorm.DB, feed, part string) (int64, error) {
	var marks []int64
	if err := tx.Raw("SELECT mark FROM search_marks WHERE feed = ? AND part = ?", feed, part).Scan(&marks).Error; err != nil {
		return 0, fmt.Errorf("read the mark of feed %s: %w", feed, err)
	}
	if len(marks) == 0 {
		return 0, nil
	}
	return marks[0], nil
}

// SetMark notes in tx how far a part of a feed has been taken in.
func (x *Index) SetMark(tx *gorm.DB, feed, part string, mark int64) error {
	err := tx.Exec(`INSERT INTO search_marks (feed, part, mark) VALUES (?, ?, ?)
		ON CONFLICT (feed, part) DO UPDATE SET mark = excluded.mark`, feed, part, mark).Error
	if err != nil {
		return fmt.Errorf("note how far feed %s is: %w", feed, err)
	}
	return nil
}
