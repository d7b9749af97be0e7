package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/config"
)

func TestMistakesInTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		want []string
	}{
		"unknown key, nothing near": {"servre_and_more: 1\n", []string{"1: servre_and_more: is unknown"}},
		"unknown section":           {"sever:\n  listen: \":1\"\n", []string{"1: sever: is unknown, did you mean server?"}},
		"key in the wrong section":  {"server:\n  session_idle: 1h\n", []string{"2: server.session_idle: is unknown, did you mean auth.session_idle?"}},
		"wrong case":                {"log:\n  Level: info\n", []string{"2: log.Level: is unknown, did you mean level?"}},
		"key twice":                 {"log:\n  level: info\n  level: warn\n", []string{"3: log.level: is already set in line 2"}},
		"section twice":             {"log:\n  level: info\nlog:\n  level: warn\n", []string{"3: log: is already set in line 1"}},
		"text for a section":        {"server: here\n", []string{"1: server: has the wrong type, expected is keys below it"}},
		"list for a text":           {"town:\n  name: [a]\n", []string{"2: town.name: has the wrong type, expected is a text"}},
		"text for a list":           {"server:\n  trusted_proxies: 10.0.0.1\n", []string{"2: server.trusted_proxies: has the wrong type, expected is a list of texts"}},
		"yes for a boolean":         {"auth:\n  local: \"yes\"\n", []string{"2: auth.local: has the wrong type, expected is true or false"}},
		"boolean for a text":        {"town:\n  name: true\n", []string{"2: town.name: has the wrong type, expected is a text"}},
		"number for a duration":     {"auth:\n  session_idle: 30\n", []string{"2: auth.session_idle: has the wrong type, expected is a duration such as 90s, 12h or 30d"}},
		"map for the providers":     {"auth:\n  oidc:\n    a: {}\n", []string{"3: auth.oidc: has the wrong type, expected is a list of entries (each beginning with \"- \")"}},
		"a missing key because of a typo is one mistake": {
			"auth:\n  oidc:\n    - name: a\n      isuer: https://a.example\n      client_id: x\n",
			[]string{"4: auth.oidc[0].isuer: is unknown, did you mean issuer?"},
		},
		"a list item of the wrong type": {"meet:\n  public_ips:\n    - 192.0.2.1\n    - {}\n", []string{"4: meet.public_ips[1]: has the wrong type, expected is a text"}},
		"no YAML":                       {"town:\n\tname: x\n", []string{"2: is not valid YAML: found character that cannot start any token"}},
		"two documents":                 {"town:\n  name: x\n---\nlog:\n  level: x\n", []string{"3: a second document begins; only one is read"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, mistakes(t, c.yaml))
		})
	}
}

func TestContradictions(t *testing.T) {
	provider := "auth:\n  oidc:\n    - name: a\n      issuer: https://a.example\n      client_id: x\n"
	for name, c := range map[string]struct{ yaml, want string }{
		"a provider called local":        {strings.Replace(provider, "name: a", "name: Local", 1), `3: auth.oidc[0].name: "Local" is what the portal's own groups are called`},
		"locale":                         {"town:\n  locale: fr\n", `2: town.locale: "fr" is not possible, choose one of: de, en`},
		"formality":                      {"town:\n  formality: Sie\n", `2: town.formality: "Sie" is not possible`},
		"coat of arms missing":           {"town:\n  coat_of_arms: /none/arms.svg\n", `2: town.coat_of_arms: /none/arms.svg does not exist`},
		"coat of arms of another kind":   {"town:\n  coat_of_arms: arms.gif\n", `2: town.coat_of_arms: must be an SVG`},
		"imprint file missing":           {"town:\n  imprint_file: /none/i.md\n", `2: town.imprint_file: /none/i.md does not exist`},
		"listen without a port":          {"server:\n  listen: 8080\n", `2: server.listen: "8080" is not an address`},
		"public url of another scheme":   {"server:\n  public_url: ftp://a.example\n", `2: server.public_url: "ftp://a.example" is not an address`},
		"public url with a path":         {"server:\n  public_url: https://a.example/rathaus\n", `2: server.public_url: must be scheme and host only`},
		"proxy":                          {"server:\n  trusted_proxies: [127.0.0.1, 10.0.0.0/33]\n", `2: server.trusted_proxies[1]: "10.0.0.0/33" is not an address or network`},
		"tls without files":              {"server:\n  public_url: https://a.example\n  tls:\n    mode: files\n", `3: server.tls.cert: is missing`},
		"tls file not there":             {"server:\n  public_url: https://a.example\n  tls:\n    mode: files\n    cert: /none/c\n    key: /none/k\n", `5: server.tls.cert: /none/c does not exist`},
		"tls with an http address":       {"server:\n  tls:\n    mode: files\n", `1: server.public_url: begins with http:// although server.tls.mode is files`},
		"certificate without a mode":     {"server:\n  tls:\n    cert: c.pem\n", `2: server.tls.mode: is off although a certificate is given`},
		"no time to stop":                {"server:\n  shutdown_timeout: 0s\n", `2: server.shutdown_timeout: must be longer than nothing`},
		"driver":                         {"database:\n  driver: mysql\n", `2: database.driver: "mysql" is not possible, choose one of: sqlite, postgres`},
		"postgres without dsn":           {"database:\n  driver: postgres\n", `1: database.dsn: is missing`},
		"dsn for sqlite":                 {"database:\n  dsn: x\n", `1: database.driver: is sqlite although database.dsn is set`},
		"log level":                      {"log:\n  level: loud\n", `2: log.level: "loud" is not possible`},
		"nobody can sign in":             {"auth:\n  local: false\n", `2: auth.local: is false and there is no provider`},
		"negative duration":              {"auth:\n  invitation_valid: -1h\n", `2: auth.invitation_valid: must be longer than nothing`},
		"idle longer than the session":   {"auth:\n  session_idle: 40d\n  session_max: 30d\n", `2: auth.session_idle: must not be longer than auth.session_max`},
		"short passwords":                {"auth:\n  min_password_length: 4\n", `2: auth.min_password_length: 4 is out of range, allowed is 8 to 64`},
		"provider without issuer":        {"auth:\n  oidc:\n    - name: a\n      client_id: x\n", `3: auth.oidc[0].issuer: is missing`},
		"provider without client":        {"auth:\n  oidc:\n    - name: a\n      issuer: https://a.example\n", `3: auth.oidc[0].client_id: is missing`},
		"provider without name":          {"auth:\n  oidc:\n    - issuer: https://a.example\n      client_id: x\n", `3: auth.oidc[0].name: is missing`},
		"empty provider":                 {"auth:\n  oidc:\n    -\n", `3: auth.oidc[0].name: is missing`},
		"provider name for an address":   {strings.Replace(provider, "name: a", "name: a/b", 1), `3: auth.oidc[0].name: "a/b" may hold letters`},
		"two providers of one name":      {provider + "    - name: A\n      issuer: https://b.example\n      client_id: x\n", `6: auth.oidc[1].name: "A" is already the name of auth.oidc[0]`},
		"issuer without https":           {strings.Replace(provider, "https:", "http:", 1), `4: auth.oidc[0].issuer: "http://a.example" is not an address that begins with https://`},
		"scopes without openid":          {provider + "      scopes: [email]\n", `6: auth.oidc[0].scopes: must contain openid`},
		"admin group without claim":      {provider + "      admin_group: x\n", `6: auth.oidc[0].admin_group: has no effect without groups_claim`},
		"mail address for a domain":      {provider + "      domains: [a@b.example]\n", `6: auth.oidc[0].domains[0]: "a@b.example" is not a mail domain`},
		"secret twice":                   {provider + "      client_secret: s\n      client_secret_file: f\n", `7: auth.oidc[0].client_secret_file: and auth.oidc[0].client_secret are both set`},
		"secret file missing":            {"meet:\n  turn:\n    secret_file: /none/s\n", `3: meet.turn.secret_file: /none/s does not exist`},
		"message limit":                  {"chat:\n  max_message_bytes: 0\n", `2: chat.max_message_bytes: 0 is out of range`},
		"snapshot smaller than update":   {"pads:\n  max_update_bytes: 1048576\n  max_snapshot_bytes: 65536\n", `3: pads.max_snapshot_bytes: must not be smaller`},
		"no way for media":               {"meet:\n  udp_port: 0\n  tcp_port: 0\n", `2: meet.udp_port: and meet.tcp_port are both 0`},
		"public ip":                      {"meet:\n  public_ips: [rathaus.example]\n", `2: meet.public_ips[0]: "rathaus.example" is not an IP address`},
		"port that does not exist":       {"meet:\n  udp_port: 70000\n", `2: meet.udp_port: 70000 is out of range`},
		"turn without ports":             {"meet:\n  turn:\n    enabled: true\n    udp_port: 0\n    tcp_port: 0\n", `3: meet.turn.enabled: is true but all its ports are 0`},
		"turn over tls without a cert":   {"meet:\n  turn:\n    enabled: true\n    tls_port: 443\n", `4: meet.turn.tls_port: needs a certificate`},
		"short turn secret":              {"meet:\n  turn:\n    enabled: true\n    secret: short\n", `4: meet.turn.secret: must have at least 16 characters`},
		"portal and metrics on one port": {"server:\n  listen: \":9090\"\n", `1: server.metrics_listen: port 9090 is already taken by server.listen`},
		"tile without a name":            {"portal:\n  links:\n    - address: https://a.example\n", `3: portal.links[0].name: is missing`},
		"tile without an address":        {"portal:\n  links:\n    - name: a\n", `3: portal.links[0].address: is missing`},
		"tile that runs a script":        {"portal:\n  links:\n    - name: a\n      address: javascript:alert(1)\n", `4: portal.links[0].address: "javascript:alert(1)" is not an address`},
		"tile with a password":           {"portal:\n  links:\n    - name: a\n      address: https://a:b@c.example\n", `4: portal.links[0].address: "https://a:b@c.example" is not an address`},
		"tile without a host":            {"portal:\n  links:\n    - name: a\n      address: https:///x\n", `4: portal.links[0].address: "https:///x" is not an address`},
		"second tile of another icon":    {"portal:\n  links:\n    - name: a\n      address: https://a.example\n    - name: b\n      address: https://b.example\n      icon: skull\n", `7: portal.links[1].icon: "skull" is not possible, choose one of: book, calendar`},
		"tile of two lines":              {"portal:\n  links:\n    - name: \"a\\nb\"\n      address: https://a.example\n", `3: portal.links[0].name: must be one line of at most 60 characters`},
		"unknown key of a tile":          {"portal:\n  links:\n    - name: a\n      adress: https://a.example\n", `4: portal.links[0].adress: is unknown, did you mean address?`}, //nolint:misspell // a mistake that people make
		"too many tiles":                 {"portal:\n  links:\n" + strings.Repeat("    - {name: a, address: \"https://a.example\"}\n", 25), `27: portal.links[24]: is one too many, there can be 24`},
		"media on the port of turn":      {"meet:\n  udp_port: 3478\n  turn:\n    enabled: true\n", `3: meet.turn.udp_port: port 3478 is already taken by meet.udp_port`},
	} {
		t.Run(name, func(t *testing.T) {
			found := mistakes(t, c.yaml)
			require.Contains(t, "\n"+strings.Join(found, "\n"), "\n"+c.want)
		})
	}
}

func TestWarningsDoNotStopTheStart(t *testing.T) {
	cfg, err := load(t, "server:\n  public_url: http://rathaus.example\n")
	require.NoError(t, err)
	require.Len(t, cfg.Warnings, 1)
	require.Contains(t, cfg.Warnings.Error(), "config.yaml:2: server.public_url: without https browsers refuse camera")

	cfg, err = load(t, "server:\n  public_url: https://rathaus.example/\n")
	require.NoError(t, err)
	require.Equal(t, "https://rathaus.example", cfg.Server.PublicURL)
	require.Contains(t, cfg.Warnings.Error(), "config.yaml:1: server.trusted_proxies: is empty")
}

func TestProblemsSpeakGerman(t *testing.T) {
	_, err := load(t, "server:\n  lisen: x\n")
	var problems config.Problems
	require.ErrorAs(t, err, &problems)
	require.Contains(t, problems.In("de")[0], "config.yaml:2: server.lisen: ist unbekannt, gemeint ist vielleicht listen")
}

func TestAFileThatCannotBeRead(t *testing.T) {
	_, err := config.Load(config.Source{File: filepath.Join(t.TempDir(), "none.yaml")})
	require.ErrorContains(t, err, "none.yaml: cannot be read")

	big := filepath.Join(t.TempDir(), "big.yaml")
	require.NoError(t, os.WriteFile(big, make([]byte, 2<<20), 0o600))
	_, err = config.Load(config.Source{File: big})
	require.ErrorContains(t, err, "larger than")
}

func FuzzLoad(f *testing.F) {
	example, err := os.ReadFile(examplePath)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	f.Add("auth:\n  oidc:\n    - name: a\n      scopes: [a]\n")
	f.Add("a: &a [*a]\nserver: *a\n")
	f.Add("? [x]\n: y\n<<: {log: 1}\n")
	f.Fuzz(func(t *testing.T, yaml string) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := config.Load(config.Source{File: path})
		if (cfg == nil) == (err == nil) {
			t.Fatalf("configuration %v with error %v", cfg, err)
		}
	})
}
