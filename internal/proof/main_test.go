//go:build linux

package proof_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"rathaus/internal/app"
	"rathaus/internal/proof"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// patience is how long anything here waits for a condition.
const patience = 60 * time.Second

// binaryEnv names a binary that is built already.
const binaryEnv = "RATHAUS_TEST_BINARY"

// program is the binary under test, built once.
var program struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if program.dir != "" {
		if err := os.RemoveAll(program.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

func binary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv(binaryEnv); path != "" {
		return path
	}
	program.once.Do(func() {
		if program.dir, program.err = os.MkdirTemp("", "rathaus-proof-"); program.err == nil {
			program.path, program.err = proof.Build(context.Background(), program.dir)
		}
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return program.path
}

// each runs fn in a fresh house on SQLite and, where RATHAUS_TEST_POSTGRES
// offers one, on PostgreSQL.
func each(t *testing.T, fn func(t *testing.T, h *proof.House)) {
	t.Helper()
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			h := &proof.House{Binary: binary(t), Dir: t.TempDir()}
			if dialect == store.Postgres {
				h.DSN = storetest.Fresh(t, dialect, app.Migrations()).DSN
			}
			fn(t, h)
		})
	}
}

func people(t *testing.T, h *proof.House, n int) []proof.Person {
	t.Helper()
	all, err := h.People(t.Context(), n)
	if err != nil {
		t.Fatalf("make %d people: %v", n, err)
	}
	return all
}

// start runs the house and kills it at the end of the test if it still lives.
func start(t *testing.T, h *proof.House) *proof.Process {
	t.Helper()
	p, err := h.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}
