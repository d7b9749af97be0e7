package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

var (
	topics = source("topics", "00300_topics.sql", "CREATE TABLE topics (id text PRIMARY KEY);")
	early  = source("early", "00100_early.sql", "CREATE TABLE early (id text PRIMARY KEY); INSERT INTO early VALUES ('1');")
	broken = source("broken", "00400_broken.sql", "CREATE TABLE half (id text PRIMARY KEY); INSERT INTO missing VALUES (1);")
)

func openFresh(t *testing.T, dialect string) (*store.DB, store.Config) {
	t.Helper()
	cfg := storetest.Fresh(t, dialect, nil)
	return storetest.Connect(t, cfg, nil), cfg
}

func eachFresh(t *testing.T, fn func(t *testing.T, db *store.DB, cfg store.Config)) {
	t.Helper()
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			db, cfg := openFresh(t, dialect)
			fn(t, db, cfg)
		})
	}
}

func rows(t *testing.T, db *store.DB, table string) int64 {
	t.Helper()
	var n int64
	if err := db.Read(t.Context()).Table(table).Count(&n).Error; err != nil {
		return -1
	}
	return n
}

func TestModulesMigrateInOneSequence(t *testing.T) {
	t.Parallel()
	eachFresh(t, func(t *testing.T, db *store.DB, _ store.Config) {
		if err := db.Migrate(t.Context(), []store.Source{topics}); err != nil {
			t.Fatal(err)
		}
		// A module with a lower number comes later; running again changes nothing.
		for range 2 {
			if err := db.Migrate(t.Context(), []store.Source{topics, early}); err != nil {
				t.Fatal(err)
			}
		}
		if n := rows(t, db, "early"); n != 1 {
			t.Errorf("the migration ran %d times", n)
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	eachFresh(t, func(t *testing.T, db *store.DB, _ store.Config) {
		if err := db.Migrate(t.Context(), []store.Source{topics, early}); err != nil {
			t.Fatal(err)
		}
		err := db.Migrate(t.Context(), []store.Source{early, notes})
		if !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "300") {
			t.Errorf("a program that does not know migration 300 was let in: %v", err)
		}
		if n := rows(t, db, "notes"); n != -1 {
			t.Error("the refused program changed the schema")
		}
	})
}

func TestBrokenMigrationLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	eachFresh(t, func(t *testing.T, db *store.DB, _ store.Config) {
		if err := db.Migrate(t.Context(), []store.Source{topics, broken}); err == nil {
			t.Fatal("a broken migration was called a success")
		}
		if rows(t, db, "half") != -1 {
			t.Error("half of a migration is there")
		}
		if rows(t, db, "topics") != 0 {
			t.Error("the migration before the broken one is gone")
		}
	})
}

func TestNumbersAreUniqueAcrossModules(t *testing.T) {
	t.Parallel()
	db, _ := openFresh(t, store.SQLite)
	twin := source("twin", "00300_twin.sql", "SELECT 1;")
	err := db.Migrate(t.Context(), []store.Source{topics, twin})
	if err == nil || !strings.Contains(err.Error(), "twin") || !strings.Contains(err.Error(), "topics") {
		t.Errorf("two modules with the same number: %v", err)
	}
}

func TestProcessesMigrateOneAfterTheOther(t *testing.T) {
	t.Parallel()
	eachFresh(t, func(t *testing.T, db *store.DB, cfg store.Config) {
		var wg sync.WaitGroup
		for range 6 {
			other := storetest.Connect(t, cfg, nil)
			wg.Go(func() {
				if err := other.Migrate(t.Context(), []store.Source{early, topics, notes}); err != nil {
					t.Errorf("migrate at the same time: %v", err)
				}
			})
		}
		wg.Wait()
		if n := rows(t, db, "early"); n != 1 {
			t.Errorf("the migration ran %d times", n)
		}
	})
}

func TestFilledDatabaseIsCopiedBeforeMigration(t *testing.T) {
	t.Parallel()
	db, cfg := openFresh(t, store.SQLite)
	folder := filepath.Join(filepath.Dir(cfg.Path), "backups")
	if err := db.Migrate(t.Context(), []store.Source{notes}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("an empty database needs no copy")
	}
	if err := db.Write(t.Context(), insert("1", "precious")); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), []store.Source{notes, topics}); err != nil {
		t.Fatal(err)
	}
	copies, err := filepath.Glob(filepath.Join(folder, "pre-00001-*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("copies before the migration: %v %v", copies, err)
	}
	old := storetest.Connect(t, store.Config{Driver: store.SQLite, Path: copies[0]}, []store.Source{notes})
	if n := count(t, old); n != 1 {
		t.Errorf("the copy holds %d notes, want 1", n)
	}
}

func TestRebuildingATableKeepsWhatRefersToIt(t *testing.T) {
	t.Parallel()
	db, _ := openFresh(t, store.SQLite)
	cascade := source("cascade", "00010_cascade.sql", `
CREATE TABLE parents (id text PRIMARY KEY, old text);
CREATE TABLE children (id text PRIMARY KEY, parent text NOT NULL REFERENCES parents (id) ON DELETE CASCADE);`)
	rebuild := source("rebuild", "00011_rebuild.sql", `
CREATE TABLE parents_new (id text PRIMARY KEY);
INSERT INTO parents_new SELECT id FROM parents;
DROP TABLE parents;
ALTER TABLE parents_new RENAME TO parents;`)
	if err := db.Migrate(t.Context(), []store.Source{cascade}); err != nil {
		t.Fatal(err)
	}
	err := db.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Exec("INSERT INTO parents VALUES ('p', 'x')").Error; err != nil {
			return err
		}
		return tx.Exec("INSERT INTO children VALUES ('c', 'p')").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), []store.Source{cascade, rebuild}); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, db, "children"); n != 1 {
		t.Errorf("%d children survive the rebuilding of their parents, want 1", n)
	}
	orphan := source("orphan", "00012_orphan.sql", "DELETE FROM parents;")
	if err := db.Migrate(t.Context(), []store.Source{cascade, rebuild, orphan}); err == nil {
		t.Error("a migration that leaves orphans was called a success")
	}
}
