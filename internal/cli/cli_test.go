package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/cli"
	"rathaus/internal/config"
)

const canary = "canary-7f3a91-canary"

// shell runs commands in an empty directory, without the variables of the machine.
type shell struct {
	t     *testing.T
	deps  cli.Deps
	stdin string
	env   []string
}

type result struct {
	code     int
	out, err string
}

func newShell(t *testing.T, deps cli.Deps) *shell {
	t.Helper()
	t.Chdir(t.TempDir())
	return &shell{t: t, deps: deps}
}

func (s *shell) run(args ...string) result {
	s.t.Helper()
	var out, errs bytes.Buffer
	streams := cli.Streams{In: strings.NewReader(s.stdin), Out: &out, Err: &errs}
	code := cli.Run(s.t.Context(), s.deps, streams, args, s.env)
	return result{code, out.String(), errs.String()}
}

func (s *shell) file(name, content string) string {
	s.t.Helper()
	path, err := filepath.Abs(name)
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestArguments(t *testing.T) {
	s := newShell(t, cli.Deps{})
	for _, args := range [][]string{{"nonsense"}, {"--nonsense"}, {"version", "more"}, {"config", "eat"}, {"config", "show", "--format", "toml"}, {"user", "create"}, {"licenses", "a", "b"}, {"licenses", "--format", "xml"}} {
		r := s.run(args...)
		require.Equal(t, 2, r.code, args)
		require.Contains(t, r.err, "See: rathaus help", args)
		require.Empty(t, r.out, args)
	}
	require.Equal(t, 0, s.run("help").code)
	require.Contains(t, s.run("user").out, "create")
}

func TestVersion(t *testing.T) {
	s := newShell(t, cli.Deps{})
	r := s.run("version")
	require.Equal(t, 0, r.code)
	require.Regexp(t, `^rathaus \S+\ncommit  .+\ngo      go1\.\d+.*\nsqlite  3\.\d+\.\d+\n$`, r.out)

	var v cli.Build
	require.NoError(t, json.Unmarshal([]byte(s.run("version", "--json").out), &v))
	require.Equal(t, cli.ThisBuild(), v)
}

func TestConfigCheck(t *testing.T) {
	s := newShell(t, cli.Deps{})
	t.Run("is content with nothing", func(t *testing.T) {
		require.Equal(t, result{0, "built-in defaults and environment: ok\n", ""}, s.run("config", "check"))
	})
	path := s.file("config.yaml", "server:\n  lisen: x\nlog:\n  level: loud\n")
	t.Run("finds config.yaml by itself and reports all mistakes", func(t *testing.T) {
		r := s.run("config", "check")
		require.Equal(t, 2, r.code)
		require.Equal(t, "config.yaml:2: server.lisen: is unknown, did you mean listen?\n"+
			"config.yaml:4: log.level: \"loud\" is not possible, choose one of: debug, info, warn, error\n", r.err)
	})
	t.Run("speaks German on a German terminal", func(t *testing.T) {
		s.env = []string{"LANG=de_DE.UTF-8"}
		require.Contains(t, s.run("config", "check").err, "config.yaml:2: server.lisen: ist unbekannt")
		s.env = []string{"LC_ALL=C", "LANG=de_DE.UTF-8"}
		require.Contains(t, s.run("config", "check").err, "is unknown")
		s.env = nil
	})
	t.Run("takes the file from flag or variable, the flag first", func(t *testing.T) {
		good := s.file("good.yaml", "server:\n  public_url: http://rathaus.example\n")
		s.env = []string{"RATHAUS_CONFIG=" + path}
		require.Contains(t, s.run("config", "check").err, path)
		r := s.run("config", "check", "-c", good)
		require.Equal(t, 0, r.code)
		require.Contains(t, r.out, "warning: "+good+":2: server.public_url: without https")
		require.Contains(t, r.out, good+": ok")
		s.env = nil
	})
	t.Run("names a file that is not there", func(t *testing.T) {
		r := s.run("config", "check", "-c", "none.yaml")
		require.Equal(t, 2, r.code)
		require.Contains(t, r.err, "none.yaml: cannot be read")
	})
}

func TestConfigShow(t *testing.T) {
	s := newShell(t, cli.Deps{})
	s.file("config.yaml", "database:\n  driver: postgres\n  dsn: "+canary+"\n")
	s.env = []string{"RATHAUS_SERVER_LISTEN=:1", "RATHAUS_MEET_TURN_SECRET=" + canary}
	r := s.run("config", "show")
	require.Equal(t, 0, r.code, r.err)
	require.Contains(t, r.out, "listen: :1")
	require.Contains(t, r.out, "dsn: '[redacted]'")
	require.NotContains(t, r.out, canary)

	var values struct {
		Database struct{ Driver, DSN string }
	}
	require.NoError(t, json.Unmarshal([]byte(s.run("config", "show", "--format", "json").out), &values))
	require.Equal(t, "postgres", values.Database.Driver)
	require.Equal(t, "[redacted]", values.Database.DSN)
}

func TestOpenAPI(t *testing.T) {
	s := newShell(t, cli.Deps{OpenAPI: func() ([]byte, error) { return []byte(`{"openapi":"3.1.0"}`), nil }})
	require.Equal(t, result{0, "{\"openapi\":\"3.1.0\"}\n", ""}, s.run("openapi"))
	require.NotContains(t, s.run("help").out, "openapi")
}

func TestServe(t *testing.T) {
	t.Run("is what happens without a command", func(t *testing.T) {
		var served *config.Config
		s := newShell(t, cli.Deps{Serve: func(_ context.Context, cfg *config.Config, call cli.ServeCall) error {
			served = cfg
			call.Ready(nil)
			call.Ready(nil)
			return nil
		}})
		require.Equal(t, result{}, s.run())
		require.Equal(t, ":8080", served.Server.Listen)
		require.Equal(t, result{}, s.run("serve"))
	})
	t.Run("starts nothing when the configuration is wrong", func(t *testing.T) {
		s := newShell(t, cli.Deps{Serve: func(context.Context, *config.Config, cli.ServeCall) error {
			t.Error("served")
			return nil
		}})
		s.env = []string{"RATHAUS_LOG_LEVEL=loud"}
		require.Equal(t, 2, s.run().code)
	})
	t.Run("says why it ended", func(t *testing.T) {
		s := newShell(t, cli.Deps{Serve: func(context.Context, *config.Config, cli.ServeCall) error { return errors.New("port is taken") }})
		require.Equal(t, result{1, "", "rathaus: port is taken\n"}, s.run())
	})
}
