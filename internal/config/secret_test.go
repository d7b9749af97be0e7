package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"rathaus/internal/config"
)

const canary = "canary-7f3a91-canary"

func TestSecretShowsItselfToNobody(t *testing.T) {
	secret := config.Secret(canary)
	holder := struct {
		S config.Secret
		P *config.Secret
		L []config.Secret
		M map[string]config.Secret
	}{secret, &secret, []config.Secret{secret}, map[string]config.Secret{"k": secret}}

	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08.3f", "%T %v"} {
		requireHidden(t, verb, fmt.Sprintf(verb, secret))
		requireHidden(t, verb+" in a struct", fmt.Sprintf(verb, holder))
	}
	requireHidden(t, "error", fmt.Errorf("open %v: %w", secret, os.ErrNotExist).Error())

	asJSON, err := json.Marshal(holder)
	require.NoError(t, err)
	requireHidden(t, "JSON", string(asJSON))
	inYAML, err := yaml.Marshal(holder)
	require.NoError(t, err)
	requireHidden(t, "YAML", string(inYAML))

	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("sign in", "secret", secret, "holder", holder, slog.Group("g", "s", secret))
	}
	requireHidden(t, "slog", log.String())

	require.Equal(t, canary, secret.Reveal())
	require.True(t, secret.IsSet())
	require.Empty(t, config.Secret("").String())
}

func requireHidden(t *testing.T, where, output string) {
	t.Helper()
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary)} {
		require.NotContains(t, output, form, where)
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(canary+"\n"), 0o600))
	imprint := filepath.Join(t.TempDir(), "imprint.md")
	require.NoError(t, os.WriteFile(imprint, []byte("# Impressum\n"), 0o600))

	cfg, err := load(t, "database:\n  driver: postgres\n  dsn_file: "+file+"\ntown:\n  imprint_file: "+imprint+"\n"+
		provider("a", "g")+"      client_secret_file: "+file+"\n", "RATHAUS_MEET_TURN_SECRET_FILE="+file)
	require.NoError(t, err)
	require.Equal(t, canary, cfg.Database.DSN.Reveal())
	require.Equal(t, canary, cfg.Auth.OIDC[0].ClientSecret.Reveal())
	require.Equal(t, canary, cfg.Meet.TURN.Secret.Reveal())
	require.Equal(t, "# Impressum\n", cfg.Town.Imprint)

	requireHidden(t, "the whole configuration", fmt.Sprintf("%+v", *cfg))
	shown, err := cfg.YAML()
	require.NoError(t, err)
	requireHidden(t, "config show", string(shown))
	require.Contains(t, string(shown), "imprint_file: "+imprint)
	require.NotContains(t, string(shown), "# Impressum")
}

func TestShownConfigurationLoadsAgain(t *testing.T) {
	cfg, err := load(t, provider("a", "g"), "RATHAUS_AUTH_SESSION_IDLE=36h", "RATHAUS_TOWN_NAME=Musterstadt: \"Mitte\"")
	require.NoError(t, err)
	shown, err := cfg.YAML()
	require.NoError(t, err)
	again, err := load(t, string(shown))
	require.NoError(t, err, string(shown))
	reshown, err := again.YAML()
	require.NoError(t, err)
	require.Equal(t, string(shown), string(reshown))
	require.Contains(t, string(shown), "session_idle: 1d12h")
}

// A mistake in a value that is a secret must not put the secret on the screen.
func TestProblemsDoNotQuoteSecrets(t *testing.T) {
	for _, yaml := range []string{
		"database:\n  driver: sqlite\n  dsn: " + canary + "\n",
		"database:\n  dsn: [" + canary + "]\n",
		"meet:\n  turn:\n    enabled: true\n    secret: " + canary[:12] + "\n",
	} {
		found := strings.Join(mistakes(t, yaml), "\n")
		require.NotContains(t, found, canary[:12])
	}
}
