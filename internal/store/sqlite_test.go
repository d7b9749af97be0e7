package store_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

func setting(t *testing.T, tx *gorm.DB, query string) string {
	t.Helper()
	var value string
	if err := tx.Raw(query).Scan(&value).Error; err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

func TestWriterIsDurable(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]string{
		store.SQLite: {
			"PRAGMA journal_mode":  "wal",
			"PRAGMA synchronous":   "2", // FULL
			"PRAGMA foreign_keys":  "1",
			"PRAGMA secure_delete": "1",
			"PRAGMA busy_timeout":  "5000",
		},
		store.Postgres: {
			"SHOW synchronous_commit": "on",
			"SHOW timezone":           "UTC",
		},
	}
	storetest.Each(t, nil, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			for query, value := range want[db.Dialect()] {
				if got := setting(t, tx, query); got != value {
					t.Errorf("%s is %s, want %s", query, got, value)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		if err := insert("1", "sneaky")(db.Read(t.Context())); err == nil {
			t.Error("the read pool accepted a write")
		}
	})
}

func TestAcknowledgedNotesAreThereAfterReopening(t *testing.T) {
	t.Parallel()
	sources := []store.Source{notes}
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			cfg := storetest.Fresh(t, dialect, sources)
			first := storetest.Connect(t, cfg, sources)
			if err := first.Write(t.Context(), insert("1", "kept")); err != nil {
				t.Fatal(err)
			}
			// The first one is still open: as after a crash, nothing was tidied up.
			second := storetest.Connect(t, cfg, sources)
			if n := count(t, second); n != 1 {
				t.Errorf("%d notes after reopening, want 1", n)
			}
		})
	}
}

func TestErrorsAreToldApart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		if err := db.Write(t.Context(), insert("1", "once")); err != nil {
			t.Fatal(err)
		}
		for name, fn := range map[string]func(*gorm.DB) error{"key": insert("1", "other"), "value": insert("2", "once")} {
			if err := db.Write(t.Context(), fn); !store.IsUnique(err) || store.IsForeignKey(err) {
				t.Errorf("duplicate %s is not recognised: %v", name, err)
			}
		}
		for _, table := range []string{"labels", "replies"} {
			err := db.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Exec("INSERT INTO " + table + " (id, note) VALUES ('x', 'nobody')").Error
			})
			if !store.IsForeignKey(err) || store.IsUnique(err) {
				t.Errorf("missing parent of %s is not recognised: %v", table, err)
			}
		}
		var body string
		err := db.Read(t.Context()).Table("notes").Select("body").Where("id = ?", "nobody").Take(&body).Error
		if !store.NotFound(err) {
			t.Errorf("missing row is not recognised: %v", err)
		}
	})
}

func TestTimesComeBackInUTC(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CEST", 2*60*60)
	at := time.Date(2026, 7, 1, 0, 30, 0, 123456000, berlin)
	storetest.Each(t, []store.Source{notes}, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO notes (id, body, at) VALUES ('1', 'now', ?)", at).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		var note struct{ At time.Time }
		if err := db.Read(t.Context()).Table("notes").Where("at < ?", at.Add(time.Microsecond)).Take(&note).Error; err != nil {
			t.Fatal(err)
		}
		if note.At != at.UTC() {
			t.Errorf("%v came back as %v", at, note.At)
		}
	})
}

func TestFullDiskIsAFaultAndHeals(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, store.SQLite, []store.Source{notes})
	pages := func(n string) {
		t.Helper()
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			setting(t, tx, "PRAGMA max_page_count = "+n)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	pages("1") // as small as it is
	big := strings.Repeat("x", 100_000)
	results := together(t, db, job{fn: insert("1", big)}, job{fn: insert("2", big+"2")})
	for _, err := range results {
		if f := fault.From(err); f.Code != "storage_unavailable" {
			t.Errorf("a full disk answered %v", err)
		}
	}
	pages("100000")
	if err := db.Write(t.Context(), insert("3", big)); err != nil {
		t.Errorf("with room again, the write answered %v", err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d notes are there, want the acknowledged one", n)
	}
}

func TestDatabaseIsItsOwnersOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a folder", "with ? and # and %20.db")
	db := storetest.Connect(t, store.Config{Driver: store.SQLite, Path: path}, []store.Source{notes})
	if err := db.Write(t.Context(), insert("1", "private")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(filepath.Dir(path), func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(name)
		if err == nil && info.Mode().Perm()&0o077 != 0 && !strings.HasSuffix(name, ".lock") {
			t.Errorf("%s may be read by others: %v", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestUnusableConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	for _, cfg := range []store.Config{
		{Driver: "oracle"},
		{Driver: store.SQLite},
		{Driver: store.SQLite, Path: t.TempDir()},
		{Driver: store.Postgres},
		{Driver: store.Postgres, DSN: "host=/nowhere password=hidden user=x sslmode=disable"},
		{Driver: store.Postgres, DSN: "postgres://x:hidden@%zz/"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		db, err := store.Open(ctx, cfg)
		cancel()
		if err == nil {
			err = errors.Join(errors.New("was opened"), db.Close())
			t.Errorf("%+v %v", cfg, err)
		}
		if strings.Contains(err.Error(), "hidden") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}
