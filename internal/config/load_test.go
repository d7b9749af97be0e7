package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/config"
)

func load(t *testing.T, yaml string, env ...string) (*config.Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.TrimLeft(yaml, "\n")), 0o600))
	return config.Load(config.Source{File: path, Env: env})
}

// mistakes loads a configuration that must not load, and gives the lines of its
// error without the directory of the file.
func mistakes(t *testing.T, yaml string, env ...string) []string {
	t.Helper()
	_, err := load(t, yaml, env...)
	var problems config.Problems
	require.True(t, errors.As(err, &problems), "expected problems, got %v", err)
	lines := problems.In("en")
	for i, line := range lines {
		if at := strings.Index(line, "config.yaml:"); at >= 0 {
			lines[i] = strings.TrimPrefix(line[at:], "config.yaml:")
		}
	}
	return lines
}

func TestLoad(t *testing.T) {
	t.Run("needs no file", func(t *testing.T) {
		cfg, err := config.Load(config.Source{})
		require.NoError(t, err)
		require.Equal(t, config.DriverSQLite, cfg.Database.Driver)
		require.Equal(t, "data/rathaus.db", cfg.SQLitePath())
		require.Equal(t, "http://localhost:8080", cfg.Server.PublicURL)
		require.Empty(t, cfg.Warnings)
	})

	t.Run("reads an empty file and empty sections", func(t *testing.T) {
		for _, yaml := range []string{"", "# nothing\n", "---\n", "town:\nserver:\n  listen:\n"} {
			cfg, err := load(t, yaml)
			require.NoError(t, err, yaml)
			require.Equal(t, ":8080", cfg.Server.Listen)
		}
	})

	t.Run("reports five mistakes at once with their lines", func(t *testing.T) {
		require.Equal(t, []string{
			`2: town.accent: "blue" is not a colour, write it as "#1f5f8b" (with quotes)`,
			`4: server.lisen: is unknown, did you mean listen?`,
			`5: server.public_url: "rathaus.example" is not an address such as https://rathaus.example`,
			`6: database.dsn: is missing, postgres needs it: postgres://user@host/name`,
			`9: meet.udp_port: has the wrong type, expected is a whole number`,
		}, mistakes(t, `
town:
  accent: blue
server:
  lisen: ":80"
  public_url: rathaus.example
database:
  driver: postgres
meet:
  udp_port: many
`))
	})
}

func TestTimes(t *testing.T) {
	cfg, err := load(t, "auth:\n  session_idle: 1d12h\n  session_max: 2d\n")
	require.NoError(t, err)
	require.Equal(t, 36*time.Hour, cfg.Auth.SessionIdle)
	require.Equal(t, 48*time.Hour, cfg.Auth.SessionMax)
}
