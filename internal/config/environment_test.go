package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/config"
)

// The traps of viper that once made configurations wrong without a word.
func TestViperTraps(t *testing.T) {
	t.Run("a variable reaches the struct without a file and without the key in it", func(t *testing.T) {
		cfg, err := config.Load(config.Source{Env: []string{"RATHAUS_SERVER_LISTEN=:1", "RATHAUS_MEET_TURN_ENABLED=true", "RATHAUS_AUTH_SESSION_IDLE=1h"}})
		require.NoError(t, err)
		require.Equal(t, ":1", cfg.Server.Listen)
		require.True(t, cfg.Meet.TURN.Enabled)
		require.Equal(t, time.Hour, cfg.Auth.SessionIdle)
	})
	t.Run("names of providers keep their case", func(t *testing.T) {
		cfg, err := load(t, provider("Stadt-A", "OrgUnit"))
		require.NoError(t, err)
		require.Equal(t, "Stadt-A", cfg.Auth.OIDC[0].Name)
		require.Equal(t, "OrgUnit", cfg.Auth.OIDC[0].GroupsClaim)
	})
	t.Run("a domain with dots arrives whole", func(t *testing.T) {
		cfg, err := load(t, provider("a", "g")+"      domains: [stadt-b.example]\n")
		require.NoError(t, err)
		require.Equal(t, []string{"stadt-b.example"}, cfg.Auth.OIDC[0].Domains)
	})
	t.Run("a typing mistake is an error", func(t *testing.T) {
		_, err := load(t, "meet:\n  udpport: 1\n")
		require.ErrorContains(t, err, "did you mean udp_port?")
	})
	t.Run("an empty variable clears its key", func(t *testing.T) {
		cfg, err := load(t, "server:\n  metrics_listen: \":1\"\n  trusted_proxies: [10.0.0.1]\n", "RATHAUS_SERVER_METRICS_LISTEN=", "RATHAUS_SERVER_TRUSTED_PROXIES=")
		require.NoError(t, err)
		require.Empty(t, cfg.Server.MetricsListen)
		require.Empty(t, cfg.Server.TrustedProxies)
	})
	t.Run("a list is written with commas", func(t *testing.T) {
		cfg, err := config.Load(config.Source{Env: []string{"RATHAUS_SERVER_TRUSTED_PROXIES=10.0.0.0/8, ::1"}})
		require.NoError(t, err)
		require.Equal(t, []string{"10.0.0.0/8", "::1"}, cfg.Server.TrustedProxies)
	})
}

func provider(name, claim string) string {
	return "auth:\n  oidc:\n    - name: " + name + "\n      issuer: https://a.example\n      client_id: x\n      groups_claim: " + claim + "\n"
}

func TestEnvironment(t *testing.T) {
	t.Run("wins over the file", func(t *testing.T) {
		cfg, err := load(t, "log:\n  level: warn\n  format: json\n", "RATHAUS_LOG_LEVEL=debug")
		require.NoError(t, err)
		require.Equal(t, config.Log{Level: "debug", Format: "json"}, cfg.Log)
	})
	t.Run("makes providers of its own", func(t *testing.T) {
		cfg, err := config.Load(config.Source{Env: []string{
			"RATHAUS_AUTH_OIDC_1_NAME=b", "RATHAUS_AUTH_OIDC_1_ISSUER=https://b.example", "RATHAUS_AUTH_OIDC_1_CLIENT_ID=y",
			"RATHAUS_AUTH_OIDC_0_NAME=a", "RATHAUS_AUTH_OIDC_0_ISSUER=https://a.example", "RATHAUS_AUTH_OIDC_0_CLIENT_ID=x",
			"RATHAUS_AUTH_OIDC_1_ALLOW_SIGNUP=false",
		}})
		require.NoError(t, err)
		require.Len(t, cfg.Auth.OIDC, 2)
		require.Equal(t, "a", cfg.Auth.OIDC[0].Name)
		require.True(t, cfg.Auth.OIDC[0].AllowSignup)
		require.Equal(t, []string{"openid", "profile", "email"}, cfg.Auth.OIDC[1].Scopes)
		require.False(t, cfg.Auth.OIDC[1].AllowSignup)
	})
	t.Run("counts beyond nine", func(t *testing.T) {
		var env []string
		for i := range 12 {
			n := strconv.Itoa(i)
			env = append(env, "RATHAUS_AUTH_OIDC_"+n+"_NAME=p"+n, "RATHAUS_AUTH_OIDC_"+n+"_ISSUER=https://a.example", "RATHAUS_AUTH_OIDC_"+n+"_CLIENT_ID=x")
		}
		cfg, err := config.Load(config.Source{Env: env})
		require.NoError(t, err)
		require.Len(t, cfg.Auth.OIDC, 12)
		require.Equal(t, "p11", cfg.Auth.OIDC[11].Name)
	})
	t.Run("of two variables of one name takes the last", func(t *testing.T) {
		cfg, err := config.Load(config.Source{Env: []string{"RATHAUS_LOG_LEVEL=warn", "RATHAUS_LOG_LEVEL=debug"}})
		require.NoError(t, err)
		require.Equal(t, "debug", cfg.Log.Level)
	})
	t.Run("completes a provider of the file", func(t *testing.T) {
		cfg, err := load(t, provider("a", "g"), "RATHAUS_AUTH_OIDC_0_CLIENT_SECRET=s3cret")
		require.NoError(t, err)
		require.Equal(t, "a", cfg.Auth.OIDC[0].Name)
		require.Equal(t, "s3cret", cfg.Auth.OIDC[0].ClientSecret.Reveal())
	})
	t.Run("does not mind names that platforms make up", func(t *testing.T) {
		_, err := config.Load(config.Source{Env: []string{"RATHAUS_PORT=tcp://10.0.0.1:80", "RATHAUS_CONFIG=x", "RATHAUS_TEST_POSTGRES=y", "PATH=/bin"}})
		require.NoError(t, err)
	})
	for name, c := range map[string]struct{ env, want string }{
		"typing mistake":       {"RATHAUS_SERVER_LISTN=:1", "RATHAUS_SERVER_LISTN: no key of this name, did you mean RATHAUS_SERVER_LISTEN?"},
		"no such key":          {"RATHAUS_AUTH_LDAP_HOST=x", "RATHAUS_AUTH_LDAP_HOST: no key of this name"},
		"wrong type":           {"RATHAUS_MEET_UDP_PORT=many", "RATHAUS_MEET_UDP_PORT: meet.udp_port: expected is a whole number"},
		"empty number":         {"RATHAUS_MEET_UDP_PORT=", "RATHAUS_MEET_UDP_PORT: meet.udp_port: expected is a whole number"},
		"gap in the providers": {"RATHAUS_AUTH_OIDC_3_NAME=x", "RATHAUS_AUTH_OIDC_3_NAME: entry 0 is missing"},
		"list as a whole":      {"RATHAUS_AUTH_OIDC=[]", "RATHAUS_AUTH_OIDC: no key of this name"},
		"contradiction":        {"RATHAUS_DATABASE_DRIVER=mysql", `RATHAUS_DATABASE_DRIVER: database.driver: "mysql" is not possible`},
	} {
		t.Run("reports a "+name, func(t *testing.T) {
			_, err := config.Load(config.Source{Env: []string{c.env}})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// Every key has its variable, and every secret and long text its file.
func TestEveryKeyCanBeSetByAVariable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "value")
	require.NoError(t, os.WriteFile(file, []byte("from the file, long enough\n"), 0o600))
	for _, leaf := range leaves(reflect.ValueOf(*config.Default()), "RATHAUS") {
		value := map[reflect.Kind]string{reflect.String: "x", reflect.Bool: "true", reflect.Int: "77", reflect.Int64: "77", reflect.Slice: "x"}[leaf.kind]
		switch {
		case leaf.duration:
			value = "77h"
		case strings.HasSuffix(leaf.name, "_FILE"):
			value = file
		}
		_, err := config.Load(config.Source{Env: []string{leaf.name + "=" + value}})
		if err != nil {
			require.NotContains(t, err.Error(), "no key of this name", leaf.name)
			require.NotContains(t, err.Error(), "expected is", leaf.name)
		}
	}
}

type leafKey struct {
	name     string
	kind     reflect.Kind
	duration bool
}

func leaves(v reflect.Value, prefix string) []leafKey {
	var all []leafKey
	for f, value := range v.Fields() {
		key := f.Tag.Get("yaml")
		name := prefix + "_" + strings.ToUpper(key)
		switch {
		case key == "-":
		case value.Kind() == reflect.Struct:
			all = append(all, leaves(value, name)...)
		case value.Type() == reflect.TypeFor[[]config.OIDCProvider]():
			all = append(all, leaves(reflect.ValueOf(config.OIDCProvider{}), name+"_0")...)
		case value.Type() == reflect.TypeFor[[]config.PortalLink]():
			all = append(all, leaves(reflect.ValueOf(config.PortalLink{}), name+"_0")...)
		default:
			all = append(all, leafKey{name, value.Kind(), value.Type() == reflect.TypeFor[time.Duration]()})
		}
	}
	return all
}
