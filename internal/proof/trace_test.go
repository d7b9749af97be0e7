//go:build linux

package proof_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rathaus/internal/proof"
)

// call is one system call of the program, from a trace.
type call struct {
	name   string
	target string // what the first argument stands for: a path or socket:[…]
	text   string // the whole line as the trace shows it
	begun  int    // line in the trace
	ended  int    // line in the trace; -1 while it runs
}

func (c call) syncs() bool {
	return (c.name == "fsync" || c.name == "fdatasync") && strings.HasSuffix(c.target, "-wal") && c.ended >= 0
}

func (c call) writesTo(what string) bool {
	return (c.name == "write" || c.name == "writev" || c.name == "pwrite64" || c.name == "pwritev" || c.name == "sendto" || c.name == "sendmsg") &&
		strings.Contains(c.target, what)
}

// traced makes the house run under strace, and returns where the trace will be.
func traced(t *testing.T, h *proof.House, calls string) string {
	t.Helper()
	tracer, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("there is no strace; on Debian: apt-get install strace")
	}
	if out, err := exec.CommandContext(t.Context(), tracer, "-f", "-e", "trace=none", "true").CombinedOutput(); err != nil {
		t.Skipf("this system does not let programs be traced: %v %s", err, out)
	}
	file := filepath.Join(t.TempDir(), "trace")
	h.Prefix = []string{tracer, "-f", "-y", "-s", "20000", "-o", file, "-e", "trace=" + calls, "-e", "signal=none"}
	return file
}

var (
	wholeLine   = regexp.MustCompile(`^(\d+) +(\w+)\((?:\d+<([^>]*)>)?`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
)

// readTrace puts the two halves of interrupted lines together.
func readTrace(t *testing.T, file string) []call {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []call
	open := map[string]int{} // by thread: the call that has not ended
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for n := 0; lines.Scan(); n++ {
		line := lines.Text()
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			if i, ok := open[m[1]]; ok {
				all[i].ended = n
				delete(open, m[1])
			}
			continue
		}
		m := wholeLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		c := call{name: m[2], target: m[3], text: line, begun: n, ended: n}
		if strings.HasSuffix(line, "<unfinished ...>") {
			c.ended = -1
			open[m[1]] = len(all)
		}
		all = append(all, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
