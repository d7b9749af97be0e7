//go:build linux

package proof_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

// While the disk is full writing is refused with a clear answer and reading goes
// on; afterwards everything goes on by itself, and what was acknowledged is there.
func TestAFullDiskIsSaidAndHealed(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("a small disk can't be made here, which needs to be root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	h := &proof.House{Binary: binary(t), Dir: dir}
	all := people(t, h, 2)
	p := start(t, h)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	room, err := p.Room(ctx, "Raum", all)
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	say := func() error {
		err := p.Call(ctx, all[0], "POST", "/chat/rooms/"+room+"/messages",
			map[string]any{"client_id": id.New(), "text": strings.Repeat("viel ", 2000)}, nil)
		if err == nil {
			said++
		}
		return err
	}
	if err := say(); err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(dir, "filler")
	fill(t, filler)
	refused := 0
	for range 300 {
		if err := say(); err == nil {
			continue // what is in the log of the database already has room
		} else if r := new(proof.Refusal); !errors.As(err, &r) || r.Code != "storage_unavailable" && r.Code != "chat.too_fast" {
			t.Fatalf("with a full disk a message is answered %v, want storage_unavailable", err)
		} else if r.Code == "storage_unavailable" {
			if refused++; refused == 3 {
				break
			}
		} else {
			<-time.After(50 * time.Millisecond) // as the answer asks for
		}
	}
	if refused == 0 {
		t.Fatal("the disk should have been full")
	}
	if got := history(ctx, t, p, all[1], room); got == 0 {
		t.Error("reading should go on while the disk is full")
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, "a message after the disk has room again", func() bool { return say() == nil })
	if got := history(ctx, t, p, all[1], room); got != said {
		t.Errorf("%d messages are there, %d were acknowledged", got, said)
	}
}

// Another process holds the database longer than a write waits: that is said,
// reading goes on meanwhile, and sent again the message is there once.
func TestABusyDatabaseIsSaidAndHealed(t *testing.T) {
	h := &proof.House{Binary: binary(t), Dir: t.TempDir()}
	all := people(t, h, 2)
	p := start(t, h)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	room, err := p.Room(ctx, "Raum", all)
	if err != nil {
		t.Fatal(err)
	}
	release := hold(ctx, t, filepath.Join(h.Dir, "rathaus.db"))
	data := map[string]any{"client_id": id.New(), "text": "Guten Morgen"}
	say := func() error { return p.Call(ctx, all[0], "POST", "/chat/rooms/"+room+"/messages", data, nil) }
	answered := make(chan error, 1)
	began := time.Now()
	go func() { answered <- say() }()
	for waiting := true; waiting; {
		if got := history(ctx, t, p, all[1], room); got != 0 {
			t.Errorf("%d messages are there, which can't be", got)
		}
		select {
		case err := <-answered:
			if r := new(proof.Refusal); !errors.As(err, &r) || r.Code != "storage_unavailable" && r.Code != "storage_busy" {
				t.Errorf("after %s a message is answered %v, want a clear refusal", time.Since(began), err)
			}
			waiting = false
		case <-time.After(200 * time.Millisecond):
		}
	}
	if took := time.Since(began); took < 4*time.Second || took > 40*time.Second {
		t.Errorf("refused after %s: want some patience, but not endless", took)
	}
	release()
	for range 2 {
		if err := say(); err != nil {
			t.Errorf("sent again the message is answered %v", err)
		}
	}
	if got := history(ctx, t, p, all[1], room); got != 1 {
		t.Errorf("%d messages are there, want 1", got)
	}
}

// hold takes the writing lock of a database as another program would.
func hold(ctx context.Context, t *testing.T, file string) (release func()) {
	t.Helper()
	other, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := other.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := errors.Join(conn.Close(), other.Close()); err != nil {
			t.Error(err)
		}
	}
}

// fill writes a file until the disk is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size >= 512; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}
