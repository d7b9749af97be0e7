package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"rathaus/internal/id"
	"rathaus/internal/store"
)

// templateLock is the key of the advisory lock under which test processes make
// template databases, so that they do not make the same one twice.
const templateLock = 0x74657374

// freshPostgres creates a database and returns its connection string.
func freshPostgres(tb testing.TB, sources []store.Source) string {
	tb.Helper()
	ctx := context.Background()
	server := os.Getenv(PostgresEnv)
	if server == "" {
		tb.Skipf("no PostgreSQL: set %s or run under scripts/with-postgres", PostgresEnv)
	}
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		tb.Fatalf("connect to the test server: %v", err)
	}
	template, err := ensureTemplate(ctx, admin, sources)
	if err != nil {
		tb.Fatalf("make the template database: %v", err)
	}
	name := "t_" + strings.ReplaceAll(id.New(), "-", "")
	if err := exec(ctx, admin, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := exec(ctx, admin, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
		if err := admin.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
	return inDatabase(admin.Config(), name)
}

// ensureTemplate makes a migrated database for these sources once for each server.
func ensureTemplate(ctx context.Context, admin *pgx.Conn, sources []store.Source) (string, error) {
	if len(sources) == 0 {
		return "template1", nil
	}
	content, err := fingerprint(store.Postgres, sources)
	if err != nil {
		return "", err
	}
	name := "template_" + content
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(templateLock)); err != nil {
		return "", err
	}
	defer func() { _, _ = admin.Exec(ctx, "SELECT pg_advisory_unlock($1)", int64(templateLock)) }()

	var there bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		return "", err
	}
	if there {
		return name, nil
	}
	// The final name appears only when the migrations are through.
	raw := "raw_" + content
	if err := exec(ctx, admin, "DROP DATABASE IF EXISTS "+raw+" WITH (FORCE)"); err != nil {
		return "", err
	}
	if err := exec(ctx, admin, "CREATE DATABASE "+raw); err != nil {
		return "", err
	}
	if err := migrate(ctx, inDatabase(admin.Config(), raw), sources); err != nil {
		return "", err
	}
	return name, exec(ctx, admin, "ALTER DATABASE "+raw+" RENAME TO "+name)
}

func migrate(ctx context.Context, dsn string, sources []store.Source) (err error) {
	db, err := store.Open(ctx, store.Config{Driver: store.Postgres, DSN: dsn})
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx, sources); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}

// fingerprint names a set of migrations by its content.
func fingerprint(dialect string, sources []store.Source) (string, error) {
	sum := sha256.New()
	for _, source := range sources {
		folder, err := fs.Sub(source.FS, dialect)
		if err != nil {
			return "", err
		}
		err = fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(folder, path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(content), content)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("read the migrations of %s: %w", source.Name, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:24], nil
}

// inDatabase returns the connection string for another database of the same server.
func inDatabase(server *pgx.ConnConfig, name string) string {
	quote := func(s string) string {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
	}
	dsn := fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable",
		quote(server.Host), server.Port, quote(server.User), quote(name))
	if server.Password != "" {
		dsn += " password=" + quote(server.Password)
	}
	return dsn
}

func exec(ctx context.Context, conn *pgx.Conn, statement string) error {
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
