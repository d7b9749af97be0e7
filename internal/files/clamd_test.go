package files_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/config"
	"rathaus/internal/testkit"
)

// eicar is the harmless text that every scanner takes for a virus. It is put
// together here so that no scanner takes this file for one.
var eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + "EICAR-STANDARD-" + `ANTIVIRUS-TEST-FILE!$H+H*`

// clamd speaks the part of the protocol that is used. say answers a content.
func clamd(t *testing.T, network string, say func(content []byte) string) string {
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
			serveScan(conn, say)
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return network + ":" + l.Addr().String()
}

func serveScan(conn net.Conn, say func([]byte) string) {
	defer conn.Close()
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		_, _ = io.WriteString(conn, "UNKNOWN COMMAND\x00")
		return
	}
	var content bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(conn, binary.BigEndian, &n); err != nil {
			return
		}
		if n == 0 {
			_, _ = io.WriteString(conn, say(content.Bytes())+"\x00")
			return
		}
		if _, err := io.CopyN(&content, conn, int64(n)); err != nil {
			return
		}
	}
}

func honest(content []byte) string {
	if strings.Contains(string(content), "EICAR-STANDARD-ANTIVIRUS") {
		return "stream: Win.Test.EICAR_HDB-1 FOUND"
	}
	return "stream: OK"
}

func scanned(address string, required bool) testkit.Option {
	return testkit.With(func(c *config.Config) { c.Files.Clamd = config.Clamd{Address: address, Required: required} })
}

// Requirement row 000-17: the hook for a virus scanner.
func TestTheScannerLooksAtEveryFile(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"unix", "tcp"} {
		d := newDesk(t, scanned(clamd(t, network, honest), true))
		clean := text(300_000)
		file := d.upload(d.ada, clean)
		require.Equal(t, string(clean), d.get(d.ada, "/files/"+file, nil).body)

		path := d.create(d.ada, len(eicar), "filename", "harmlos.txt")
		a := d.patch(d.ada, path, 0, []byte(eicar))
		require.Equal(t, http.StatusUnprocessableEntity, a.status)
		require.Equal(t, "files.malicious", a.code)
		require.Contains(t, a.body, "Win.Test.EICAR_HDB-1")
		require.Equal(t, "files.upload_not_found", d.head(d.ada, path).code)
		require.Len(t, d.blobs(), 1)
	}
}

func TestAScannerThatIsAwayRefusesOrLetsThrough(t *testing.T) {
	t.Parallel()
	for what, address := range map[string]string{
		"nobody listens":  "tcp:127.0.0.1:1",
		"it is at a loss": clamd(t, "unix", func([]byte) string { return "INSTREAM size limit exceeded. ERROR" }),
	} {
		strict := newDesk(t, scanned(address, true))
		path := strict.create(strict.ada, 10)
		a := strict.patch(strict.ada, path, 0, text(10))
		require.Equal(t, "files.scan_unavailable", a.code, what)
		require.Equal(t, "9", strict.head(strict.ada, path).offset(), "the sender may try again with the last byte")
		require.Empty(t, strict.blobs())

		lenient := newDesk(t, scanned(address, false))
		lenient.upload(lenient.ada, text(10))
		require.EqualValues(t, 1, lenient.Program.Files().Stats().Unscanned)
	}
}

func TestAnUploadGoesOnWhenTheScannerIsBack(t *testing.T) {
	t.Parallel()
	away := true
	d := newDesk(t, scanned(clamd(t, "unix", func(b []byte) string {
		if away {
			return "stream: out of memory ERROR"
		}
		return honest(b)
	}), true))
	path := d.create(d.ada, 10)
	require.Equal(t, http.StatusServiceUnavailable, d.patch(d.ada, path, 0, text(10)).status)
	away = false
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, 9, text(10)[9:]).status)
	require.Equal(t, "10", d.head(d.ada, path).offset())
}
