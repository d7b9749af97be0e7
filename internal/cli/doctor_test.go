package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/cli"
	"rathaus/internal/config"
	"rathaus/internal/store"
)

type diagnosis struct {
	Status cli.Status
	Checks []struct {
		Name string
		cli.Finding
	}
}

// doctor runs doctor and gives its findings by name.
func (s *shell) doctor() (int, map[string]cli.Finding) {
	s.t.Helper()
	r := s.run("doctor", "--json")
	var d diagnosis
	require.NoError(s.t, json.Unmarshal([]byte(r.out), &d), r.out+r.err)
	findings := map[string]cli.Finding{}
	for _, c := range d.Checks {
		findings[c.Name] = c.Finding
	}
	require.Equal(s.t, d.Status == cli.StatusFail, r.code == 1)
	return r.code, findings
}

// quiet is a configuration that touches no fixed port.
func (s *shell) quiet() {
	s.env = []string{"RATHAUS_SERVER_LISTEN=127.0.0.1:0", "RATHAUS_SERVER_METRICS_LISTEN=", "RATHAUS_MEET_UDP_PORT=0", "RATHAUS_MEET_TCP_PORT=" + freePort(s.t)}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

func TestDoctorOnAFreshMachine(t *testing.T) {
	s := newShell(t, cli.Deps{Checks: func(*config.Config) []cli.Check {
		return []cli.Check{{Name: "own", Run: func(context.Context) cli.Finding { return cli.Finding{Status: cli.StatusOK, Detail: "fine\x1b"} }}}
	}})
	s.quiet()
	code, findings := s.doctor()
	require.Equal(t, 0, code, findings)
	require.Contains(t, findings["database"].Detail, "the first start creates it")
	require.NoDirExists(t, "data", "doctor changes nothing")
	require.Equal(t, cli.StatusOK, findings["own"].Status)

	r := s.run("doctor")
	require.Equal(t, 0, r.code)
	require.Contains(t, r.out, `ok    own                fine\x1b`)
}

func TestDoctorReportsAWrongConfiguration(t *testing.T) {
	s := newShell(t, cli.Deps{})
	s.file("config.yaml", "lgo:\n  level: x\nlog:\n  level: loud\n")
	code, findings := s.doctor()
	require.Equal(t, 1, code)
	require.Len(t, findings, 1)
	require.Contains(t, findings["configuration"].Detail, "config.yaml:1: lgo: is unknown")
	require.Contains(t, findings["configuration"].Detail, "config.yaml:4: log.level")
}

func TestDoctorFilePermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other permissions")
	}
	for name, c := range map[string]struct {
		yaml string
		mode os.FileMode
		want cli.Status
	}{
		"a secret for the owner only":      {"database:\n  driver: postgres\n  dsn: postgres://127.0.0.1:1/x\n", 0o600, cli.StatusOK},
		"a secret for everybody":           {"database:\n  driver: postgres\n  dsn: postgres://127.0.0.1:1/x\n", 0o644, cli.StatusFail},
		"no secret, readable by everybody": {"log:\n  level: info\n", 0o644, cli.StatusOK},
		"writable by others":               {"log:\n  level: info\n", 0o666, cli.StatusFail},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t, cli.Deps{})
			s.quiet()
			require.NoError(t, os.Chmod(s.file("config.yaml", c.yaml), c.mode))
			_, findings := s.doctor()
			require.Equal(t, c.want, findings["file permissions"].Status, findings["file permissions"].Detail)
		})
	}
}

func TestDoctorDataDirectory(t *testing.T) {
	s := newShell(t, cli.Deps{})
	s.quiet()
	require.NoError(t, os.Mkdir("data", 0o700))
	_, findings := s.doctor()
	require.Equal(t, cli.StatusOK, findings["data directory"].Status)
	left, err := os.ReadDir("data")
	require.NoError(t, err)
	require.Empty(t, left)

	require.NoError(t, os.Chmod("data", 0o755))
	_, findings = s.doctor()
	require.Equal(t, cli.StatusWarn, findings["data directory"].Status)

	s.env = append(s.env, "RATHAUS_DATA_DIR="+s.file("file", ""))
	_, findings = s.doctor()
	require.Equal(t, cli.StatusFail, findings["data directory"].Status)
}

func TestDoctorPorts(t *testing.T) {
	t.Run("taken by another program", func(t *testing.T) {
		s := newShell(t, cli.Deps{})
		s.quiet()
		l, err := net.ListenPacket("udp", ":0")
		require.NoError(t, err)
		defer func() { require.NoError(t, l.Close()) }()
		_, port, err := net.SplitHostPort(l.LocalAddr().String())
		require.NoError(t, err)
		s.env = append(s.env, "RATHAUS_MEET_UDP_PORT="+port)
		code, findings := s.doctor()
		require.Equal(t, 1, code)
		require.Contains(t, findings["ports"].Detail, "meet.udp_port: ")
	})
	t.Run("taken by the running server itself", func(t *testing.T) {
		var ready atomic.Bool
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/readyz" && !ready.Load() {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}))
		defer server.Close()
		media, err := net.Listen("tcp", ":0")
		require.NoError(t, err)
		defer func() { require.NoError(t, media.Close()) }()
		_, port, err := net.SplitHostPort(media.Addr().String())
		require.NoError(t, err)
		s := newShell(t, cli.Deps{})
		s.env = []string{
			"RATHAUS_SERVER_LISTEN=" + server.Listener.Addr().String(), "RATHAUS_SERVER_PUBLIC_URL=" + server.URL,
			"RATHAUS_SERVER_METRICS_LISTEN=", "RATHAUS_MEET_UDP_PORT=0", "RATHAUS_MEET_TCP_PORT=" + port,
		}
		_, findings := s.doctor()
		require.Equal(t, cli.StatusOK, findings["ports"].Status, findings["ports"].Detail)
		require.Contains(t, findings["ports"].Detail, "in use by the running server")
		require.Equal(t, cli.StatusOK, findings["public address"].Status)
		require.Contains(t, findings["public address"].Detail, "answers")

		require.Equal(t, result{1, "", "rathaus: the server is not ready: it answered 503\n"}, s.run("health"))
		ready.Store(true)
		s.env = append(s.env, "RATHAUS_SERVER_PUBLIC_URL=http://name-nobody-knows.invalid")
		require.Equal(t, result{}, s.run("health"))
	})
	t.Run("public address that nobody knows", func(t *testing.T) {
		s := newShell(t, cli.Deps{})
		s.quiet()
		s.env = append(s.env, "RATHAUS_SERVER_PUBLIC_URL=https://rathaus.invalid")
		_, findings := s.doctor()
		require.Equal(t, cli.StatusFail, findings["public address"].Status)
	})
}

func migrations(names ...string) []store.Source {
	files := fstest.MapFS{}
	for _, name := range names {
		body := &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE t" + name + " (id text);\n")}
		files["sqlite/"+name+"_x.sql"] = body
		files["postgres/"+name+"_x.sql"] = body
	}
	return []store.Source{{Name: "test", FS: fs.FS(files)}}
}

func TestDoctorDatabase(t *testing.T) {
	inside := migrations("00001", "00002")
	s := newShell(t, cli.Deps{Migrations: func() []store.Source { return inside }})
	s.quiet()
	require.NoError(t, os.Mkdir("data", 0o700))
	path := filepath.Join("data", "rathaus.db")
	migrate := func(sources []store.Source) {
		db, err := store.Open(t.Context(), store.Config{Driver: store.SQLite, Path: path})
		require.NoError(t, err)
		require.NoError(t, db.Migrate(t.Context(), sources))
		require.NoError(t, db.Close())
	}
	migrate(nil)
	_, findings := s.doctor()
	require.Equal(t, cli.StatusWarn, findings["database"].Status)
	require.Contains(t, findings["database"].Detail, "no tables yet")

	migrate(migrations("00001"))
	_, findings = s.doctor()
	require.Equal(t, cli.StatusWarn, findings["database"].Status)
	require.Contains(t, findings["database"].Detail, "1 migrations are pending")

	migrate(inside)
	_, findings = s.doctor()
	require.Equal(t, cli.StatusOK, findings["database"].Status, findings["database"].Detail)
	require.Regexp(t, `^sqlite 3\.\d+\.\d+, intact, wal, synchronous full, 2 migrations, none pending$`, findings["database"].Detail)

	inside = migrations("00001")
	_, findings = s.doctor()
	require.Equal(t, cli.StatusFail, findings["database"].Status)
	require.Contains(t, findings["database"].Detail, "written by a newer version (migration 2)")

	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 4096; i < len(content); i++ {
		content[i] ^= 0x5a
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	_, findings = s.doctor()
	require.Equal(t, cli.StatusFail, findings["database"].Status, findings["database"].Detail)
}

func TestDoctorDoesNotQuoteTheConnectionString(t *testing.T) {
	s := newShell(t, cli.Deps{})
	s.quiet()
	for _, dsn := range []string{"postgres://rathaus:" + canary + "@127.0.0.1:1/x?connect_timeout=2", "host=127.0.0.1 port=1 password=" + canary, "host=127.0.0.1 port=many password=" + canary, "postgres://" + canary + "@%zz"} {
		s.env = append(s.env, "RATHAUS_DATABASE_DRIVER=postgres", "RATHAUS_DATABASE_DSN="+dsn)
		r := s.run("doctor")
		require.Equal(t, 1, r.code, r.out)
		require.Contains(t, r.out, "fail  database")
		require.NotContains(t, r.out+r.err, canary)
	}
}

func TestDoctorSignIn(t *testing.T) {
	var document string
	date := time.Now()
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/openid-configuration" || document == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
		if _, err := w.Write([]byte(document)); err != nil {
			t.Error(err)
		}
	}))
	defer provider.Close()
	good := fmt.Sprintf(`{"issuer":%q,"authorization_endpoint":"a","token_endpoint":"t","jwks_uri":"j","code_challenge_methods_supported":["S256"],"backchannel_logout_supported":true}`, provider.URL)
	s := newShell(t, cli.Deps{})
	s.quiet()
	s.env = append(s.env, "RATHAUS_AUTH_OIDC_0_NAME=sso", "RATHAUS_AUTH_OIDC_0_ISSUER="+provider.URL, "RATHAUS_AUTH_OIDC_0_CLIENT_ID=x",
		"RATHAUS_AUTH_OIDC_1_NAME=down", "RATHAUS_AUTH_OIDC_1_ISSUER=http://127.0.0.1:1", "RATHAUS_AUTH_OIDC_1_CLIENT_ID=x")
	for _, c := range []struct {
		document string
		date     time.Time
		status   cli.Status
		detail   string
	}{
		{good, time.Now(), cli.StatusOK, "answers"},
		{"", time.Now(), cli.StatusFail, "answered 404"},
		{"<html>", time.Now(), cli.StatusFail, "did not answer with a description"},
		{`{"issuer":"https://other.example"}`, time.Now(), cli.StatusFail, `calls itself "https://other.example"`},
		{fmt.Sprintf(`{"issuer":%q}`, provider.URL), time.Now(), cli.StatusFail, "lacks an endpoint"},
		{good, time.Now().Add(time.Hour), cli.StatusFail, "apart"},
	} {
		document, date = c.document, c.date
		_, findings := s.doctor()
		require.Equal(t, c.status, findings["sign-in sso"].Status, findings["sign-in sso"].Detail)
		require.Contains(t, findings["sign-in sso"].Detail, c.detail)
		require.Equal(t, cli.StatusFail, findings["sign-in down"].Status)
	}
}
