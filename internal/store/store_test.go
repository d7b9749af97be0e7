package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// notes is a small schema: a parent, children, and a rule checked at commit.
var notes = source("notes", "00001_notes.sql", `
CREATE TABLE notes (id text PRIMARY KEY, body text NOT NULL UNIQUE, at %s);
CREATE TABLE replies (id text PRIMARY KEY, note text NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE labels (id text PRIMARY KEY, note text NOT NULL REFERENCES notes (id));
`)

func source(name, file, sql string) store.Source {
	files := fstest.MapFS{}
	for dialect, timestamp := range map[string]string{store.SQLite: "timestamp", store.Postgres: "timestamptz"} {
		text := sql
		if name == "notes" {
			text = fmt.Sprintf(sql, timestamp)
		}
		files[dialect+"/"+file] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return store.Source{Name: name, FS: files}
}

func insert(id, body string) func(*gorm.DB) error {
	return func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO notes (id, body) VALUES (?, ?)", id, body).Error
	}
}

func count(t *testing.T, db *store.DB) int {
	t.Helper()
	var n int64
	if err := db.Read(t.Context()).Table("notes").Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func TestManyWritersShareFewCommits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		for w := range 100 {
			wg.Go(func() {
				for n := range 10 {
					id := fmt.Sprintf("%d-%d", w, n)
					if err := db.Write(context.Background(), insert(id, id)); err != nil {
						t.Errorf("write %s: %v", id, err)
					}
				}
			})
		}
		wg.Wait()
		if got := count(t, db); got != 1000 {
			t.Errorf("1000 notes were acknowledged, %d are there", got)
		}
		s := db.Stats()
		if s.Items != 1000 || s.Commits > 300 {
			t.Errorf("1000 writes of 100 callers took %d commits for %d items, expected few", s.Commits, s.Items)
		}
	})
}

func TestErrorOfOneCallerStaysWithIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		mine := errors.New("mine alone")
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			if err := insert("a", "a")(tx); err != nil {
				return err
			}
			return mine
		})
		if !errors.Is(err, mine) {
			t.Errorf("the caller got %v instead of its own error", err)
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d notes of a failed write are there", n)
		}
	})
}
