package cli_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/cli"
)

// scanner answers commands of clamd. It returns the address for the configuration.
func scanner(t *testing.T, network string, answers map[string]string) string {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "clamd.ctl")
	}
	l, err := net.Listen(network, address)
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			command := make([]byte, 64)
			n, _ := conn.Read(command)
			_, _ = io.WriteString(conn, answers[strings.TrimRight(string(command[:n]), "\x00")])
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return network + ":" + l.Addr().String()
}

func TestDoctorAsksTheVirusScanner(t *testing.T) {
	fresh := "ClamAV 1.4.3/27800/" + time.Now().Add(-24*time.Hour).Format(time.ANSIC) + "\x00"
	old := "ClamAV 1.4.3/27000/" + time.Now().Add(-30*24*time.Hour).Format(time.ANSIC) + "\x00"
	for name, c := range map[string]struct {
		network  string
		answers  map[string]string
		required bool
		want     cli.Status
		detail   string
		hint     string
	}{
		"it lives and is fresh":   {"tcp", map[string]string{"zPING": "PONG\x00", "zVERSION": fresh}, true, cli.StatusOK, "ClamAV 1.4.3, list of", ""},
		"the same on a socket":    {"unix", map[string]string{"zPING": "PONG\x00", "zVERSION": fresh}, true, cli.StatusOK, "answers", ""},
		"its list is old":         {"tcp", map[string]string{"zPING": "PONG\x00", "zVERSION": old}, true, cli.StatusWarn, "30 days old", "freshclam"},
		"it has no list":          {"tcp", map[string]string{"zPING": "PONG\x00", "zVERSION": "ClamAV 1.4.3\x00"}, true, cli.StatusWarn, "no list of viruses", "freshclam"},
		"something else is there": {"tcp", map[string]string{"zPING": strings.Repeat("HTTP ", 200)}, true, cli.StatusFail, "instead of PONG; until it answers no file is taken in", "clamav-daemon"},
		"it says nothing":         {"tcp", map[string]string{}, false, cli.StatusWarn, "files pass unscanned", "clamav-daemon"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t, cli.Deps{})
			s.quiet()
			s.env = append(s.env, "RATHAUS_FILES_CLAMD_ADDRESS="+scanner(t, c.network, c.answers), fmt.Sprintf("RATHAUS_FILES_CLAMD_REQUIRED=%t", c.required))
			_, findings := s.doctor()
			got := findings["virus scanner"]
			require.Equal(t, c.want, got.Status, got.Detail)
			require.Contains(t, got.Detail, c.detail)
			require.Contains(t, got.Hint, c.hint)
			require.Less(t, len(got.Detail), 400)
		})
	}
}

func TestDoctorSaysWhatAMissingScannerMeans(t *testing.T) {
	s := newShell(t, cli.Deps{})
	s.quiet()
	_, findings := s.doctor()
	require.Equal(t, cli.StatusOK, findings["virus scanner"].Status)
	require.Contains(t, findings["virus scanner"].Detail, "not configured")
	s.env = append(s.env, "RATHAUS_FILES_CLAMD_ADDRESS=unix:"+filepath.Join(t.TempDir(), "nobody.ctl"))
	code, findings := s.doctor()
	require.Equal(t, 1, code)
	require.Equal(t, cli.StatusFail, findings["virus scanner"].Status)
	require.Contains(t, findings["virus scanner"].Hint, "systemctl start clamav-daemon")
}

func TestDoctorLooksAtTheFilesFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other links and permissions")
	}
	outside := t.TempDir()
	require.NoError(t, os.Chmod(outside, 0o700))
	for name, c := range map[string]struct {
		make   func(t *testing.T)
		want   cli.Status
		detail string
	}{
		"there is none yet": {func(*testing.T) {}, cli.StatusOK, "the first start creates it"},
		"it is there":       {func(t *testing.T) { require.NoError(t, os.Mkdir("data/files", 0o700)) }, cli.StatusOK, "can be written"},
		"it is open to all": {func(t *testing.T) {
			require.NoError(t, os.Mkdir("data/files", 0o700))
			require.NoError(t, os.Chmod("data/files", 0o755))
		}, cli.StatusWarn, "open to everybody"},
		"it is a file":           {func(t *testing.T) { require.NoError(t, os.WriteFile("data/files", nil, 0o600)) }, cli.StatusFail, "is not a folder"},
		"it is on another disk":  {func(t *testing.T) { require.NoError(t, os.Symlink(outside, "data/files")) }, cli.StatusOK, "→ " + outside},
		"its disk is gone":       {func(t *testing.T) { require.NoError(t, os.Symlink("/nowhere/at/all", "data/files")) }, cli.StatusFail, "leads nowhere"},
		"it leads in a circle":   {func(t *testing.T) { require.NoError(t, os.Symlink("files", "data/files")) }, cli.StatusFail, "cannot be followed"},
		"it holds the data":      {func(t *testing.T) { require.NoError(t, os.Symlink(".", "data/files")) }, cli.StatusFail, "holds the data directory itself"},
		"it lies above the data": {func(t *testing.T) { require.NoError(t, os.Symlink("..", "data/files")) }, cli.StatusFail, "holds the data directory itself"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t, cli.Deps{})
			s.quiet()
			require.NoError(t, os.Mkdir("data", 0o700))
			c.make(t)
			_, findings := s.doctor()
			require.Equal(t, c.want, findings["files folder"].Status, findings["files folder"].Detail)
			require.Contains(t, findings["files folder"].Detail, c.detail)
		})
	}
}
