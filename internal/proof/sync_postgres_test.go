//go:build linux

package proof_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"rathaus/internal/proof"
)

// Requirement rows 000-03, 002-05, on PostgreSQL: the trace of the server and of
// the program together shows for each change the write to the log of the
// database, its sync, the server's answer COMMIT, and only then what the program
// tells its people.
func TestEveryAcknowledgementFollowsTheSyncOfPostgres(t *testing.T) {
	dsn := durablePostgres(t)
	h := &proof.House{Binary: binary(t), Dir: t.TempDir(), DSN: dsn}
	people := people(t, h, 2)
	file := traced(t, h, "fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg")
	h.Prefix = append(h.Prefix, "-yy", "-I", "1") // it may be interrupted
	for _, pid := range processesOf(t, dsn) {
		h.Prefix = append(h.Prefix, "-p", strconv.Itoa(pid))
	}
	p := start(t, h)
	all := oneByOne(t, p, people)
	endTrace(t, p)

	calls := readTrace(t, file)
	unseen := 0
	for _, s := range all {
		if !s.checkPostgres(t, calls) {
			unseen++
		}
	}
	// The log is made of pages of 8 kB, so now and then a mark is cut in two.
	if unseen > len(all)/8 {
		t.Errorf("%d of %d changes were not found in the log of the database", unseen, len(all))
	}
}

// checkPostgres looks at the order for one change, and reports whether it was found in the log.
func (s sending) checkPostgres(t *testing.T, calls []call) bool {
	t.Helper()
	wrote, left := false, 0
	synced, committed := -1, -1
	for _, c := range calls {
		switch {
		case !wrote && c.writesTo("/pg_wal/") && strings.Contains(c.text, s.mark):
			wrote = true
		case wrote && synced < 0 && (c.name == "fdatasync" || c.name == "fsync") && strings.Contains(c.target, "/pg_wal/") && c.ended >= 0:
			synced = c.ended
		case synced >= 0 && committed < 0 && c.begun > synced && c.writesTo("UNIX") && strings.Contains(c.text, "COMMIT\\0"):
			committed = c.begun
		case wrote && c.writesTo("TCP") && (strings.Contains(c.text, s.reply) || strings.Contains(c.text, s.mark)):
			left++
			if committed < 0 || c.begun < committed {
				t.Errorf("%s %s left the program before PostgreSQL had synced and committed it: %.120s", s.what, s.mark, c.text)
			}
		}
	}
	if wrote && left < 2 {
		t.Errorf("%s %s left the program %d times; want its acknowledgement and a delivery", s.what, s.mark, left)
	}
	return wrote
}

// durablePostgres starts a server of its own that syncs, on a socket in the file system.
func durablePostgres(t *testing.T) string {
	t.Helper()
	script, err := filepath.Abs("../../scripts/with-postgres")
	if err != nil {
		t.Fatal(err)
	}
	// It lives as long as its command, which lives as long as its input is open.
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), script, "sh", "-c", `echo "$RATHAUS_TEST_POSTGRES"; cat >/dev/null`)
	cmd.Env = append(os.Environ(), "RATHAUS_PG_FSYNC=on", "RATHAUS_PG_LISTEN=")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	opened := lines.Scan()
	dsn := lines.Text()
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil && opened {
			t.Errorf("end PostgreSQL: %v", err)
		}
	})
	if !opened {
		t.Skip("there is no PostgreSQL server here; on Debian: apt-get install postgresql")
	}
	return dsn
}

// processesOf returns the processes of a server that run already: it and its helpers.
func processesOf(t *testing.T, dsn string) []int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	var data, fsync string
	err = errors.Join(conn.QueryRow(t.Context(), "SHOW data_directory").Scan(&data),
		conn.QueryRow(t.Context(), "SHOW fsync").Scan(&fsync), conn.Close(t.Context()))
	if err != nil || fsync != "on" {
		t.Fatalf("ask the server: fsync is %q: %v", fsync, err)
	}
	file, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(file), "\n")
	server, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server, server))
	if err != nil {
		t.Fatal(err)
	}
	all := []int{server}
	for _, field := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pid)
	}
	return all
}

// endTrace ends the program and lets the tracer go away from the server, which lives on.
func endTrace(t *testing.T, p *proof.Process) {
	t.Helper()
	tracer, err := syscall.Getpgid(p.PID) // it leads the group
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(p.PID, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	until(ctx, t, "the end of the program", func() bool { return syscall.Kill(p.PID, 0) != nil })
	if err := p.Interrupt(ctx, tracer); err != nil {
		t.Fatal(err)
	}
}
