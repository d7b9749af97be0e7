package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"rathaus/internal/config"
)

const examplePath = "../../config.example.yaml"

func TestExample(t *testing.T) {
	t.Run("holds exactly the defaults", func(t *testing.T) {
		cfg, err := config.Load(config.Source{File: examplePath})
		require.NoError(t, err)
		require.Empty(t, cfg.Warnings)
		require.Equal(t, asYAML(t, config.Default()), asYAML(t, cfg))
	})

	t.Run("has every key, with a line of why", func(t *testing.T) {
		example, err := os.ReadFile(examplePath)
		require.NoError(t, err)
		require.ElementsMatch(t, keys(t, withProvider(asYAML(t, config.Default()))), keys(t, withProvider(string(example))))
		for line := range strings.Lines(withProvider(string(example))) {
			if regexp.MustCompile(`^\s+(- )?[a-z_]+: .`).MatchString(line) {
				require.Contains(t, line, "# ", "why does this key exist?")
			}
		}
	})

	t.Run("loads with the provider and the tile in its comments", func(t *testing.T) {
		example, err := os.ReadFile(examplePath)
		require.NoError(t, err)
		path := filepath.Join(t.TempDir(), "config.yaml")
		require.NoError(t, os.WriteFile(path, []byte(withProvider(string(example))), 0o600))
		cfg, err := config.Load(config.Source{File: path})
		require.NoError(t, err)
		require.Len(t, cfg.Auth.OIDC, 1)
		p := cfg.Auth.OIDC[0]
		require.Equal(t, "verwaltung", p.Name)
		require.True(t, p.AllowSignup)
		require.Equal(t, []string{"openid", "profile", "email"}, p.Scopes)
		require.Len(t, cfg.Portal.Links, 1)
		require.Equal(t, "https://rat.stadt.example", cfg.Portal.Links[0].Address)
	})
}

// withProvider replaces the empty lists of providers and of tiles by one entry: the
// comment of the example, or for the struct a zero entry.
func withProvider(text string) string {
	var out []string
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "oidc: []"), strings.HasPrefix(strings.TrimSpace(line), "links: []"):
			inside = true
			zero := any([]config.OIDCProvider{{}})
			if strings.Contains(line, "links") {
				zero = []config.PortalLink{{}}
			}
			line = strings.Replace(line, "[]", "", 1)
			if !strings.Contains(text, "    # - name:") {
				line += "\n" + zeroItem(zero)
			}
		case inside && strings.HasPrefix(line, "    # "):
			line = strings.Replace(line, "# ", "", 1)
		default:
			inside = false
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}

func zeroItem(list any) string {
	out, err := yaml.Marshal(list)
	if err != nil {
		return err.Error()
	}
	return "      " + strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "\n      ")
}

func asYAML(t *testing.T, cfg *config.Config) string {
	t.Helper()
	out, err := cfg.YAML()
	require.NoError(t, err)
	return string(out)
}

// keys lists the path of every key in a YAML text.
func keys(t *testing.T, text string) []string {
	t.Helper()
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(text), &document), text)
	var paths []string
	var walk func(node *yaml.Node, path string)
	walk = func(node *yaml.Node, path string) {
		for i, child := range node.Content {
			switch {
			case node.Kind == yaml.MappingNode && i%2 == 1:
				at := path + "." + node.Content[i-1].Value
				paths = append(paths, at)
				walk(child, at)
			case node.Kind != yaml.MappingNode:
				walk(child, path)
			}
		}
	}
	walk(&document, "")
	return paths
}
