package config

import (
	"path/filepath"
	"time"
)

// Config is the whole configuration. It is loaded once and handed down in
// parts; nobody changes it after Load.
type Config struct {
	Town     Town     `yaml:"town"`
	Server   Server   `yaml:"server"`
	Data     Data     `yaml:"data"`
	Database Database `yaml:"database"`
	Log      Log      `yaml:"log"`
	Auth     Auth     `yaml:"auth"`
	Chat     Chat     `yaml:"chat"`
	Files    Files    `yaml:"files"`
	Pads     Pads     `yaml:"pads"`
	Meet     Meet     `yaml:"meet"`
	Portal   Portal   `yaml:"portal"`

	// Warnings are remarks of Load that do not stop the start.
	Warnings Problems `yaml:"-"`
}

// Town is what the portal shows of the municipality.
type Town struct {
	Name      string `yaml:"name"` // empty: asked at the first start
	Locale    string `yaml:"locale"`
	Formality string `yaml:"formality"`
	Accent    string `yaml:"accent"`
	// CoatOfArms is the path of an SVG, PNG or WebP file; empty: none.
	CoatOfArms string `yaml:"coat_of_arms"`

	// The legal pages are Markdown. Load has already read the file variants.
	Imprint           string `yaml:"imprint"`
	ImprintFile       string `yaml:"imprint_file"`
	Privacy           string `yaml:"privacy"`
	PrivacyFile       string `yaml:"privacy_file"`
	Accessibility     string `yaml:"accessibility"`
	AccessibilityFile string `yaml:"accessibility_file"`
}

// Server is how the portal is reached.
type Server struct {
	Listen          string        `yaml:"listen"`
	PublicURL       string        `yaml:"public_url"` // scheme and host, no trailing slash
	TrustedProxies  []string      `yaml:"trusted_proxies"`
	MetricsListen   string        `yaml:"metrics_listen"` // empty: no metrics
	TLS             TLS           `yaml:"tls"`
	ShutdownTimeout time.Duration `yaml:"shutdown_timeout"`
}

// TLS is the portal's own certificate, for towns without a proxy in front.
type TLS struct {
	Mode string `yaml:"mode"` // TLSOff or TLSFiles
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// The values of TLS.Mode.
const (
	TLSOff   = "off"
	TLSFiles = "files"
)

// Data is where files live.
type Data struct {
	Dir string `yaml:"dir"`
}

// Database says where the rows are kept.
type Database struct {
	Driver  string `yaml:"driver"` // DriverSQLite or DriverPostgres
	DSN     Secret `yaml:"dsn"`    // PostgreSQL only
	DSNFile string `yaml:"dsn_file"`
}

// The values of Database.Driver.
const (
	DriverSQLite   = "sqlite"
	DriverPostgres = "postgres"
)

// Log is what is written to standard error.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // text, json
}

// Auth is who may come in, and for how long.
type Auth struct {
	Local             bool           `yaml:"local"` // sign-in with a password kept here
	MinPasswordLength int            `yaml:"min_password_length"`
	SessionIdle       time.Duration  `yaml:"session_idle"`
	SessionMax        time.Duration  `yaml:"session_max"`
	InvitationValid   time.Duration  `yaml:"invitation_valid"`
	OIDC              []OIDCProvider `yaml:"oidc"`
}

// OIDCProvider is one issuer of identities. A person is (issuer, subject);
// an e-mail address never links accounts.
type OIDCProvider struct {
	Name             string   `yaml:"name"`  // short name in addresses: /auth/oidc/<name>/…
	Label            string   `yaml:"label"` // text of the button; empty: the name
	Issuer           string   `yaml:"issuer"`
	ClientID         string   `yaml:"client_id"`
	ClientSecret     Secret   `yaml:"client_secret"` // empty: a public client, PKCE alone
	ClientSecretFile string   `yaml:"client_secret_file"`
	Scopes           []string `yaml:"scopes"`
	AllowSignup      bool     `yaml:"allow_signup"` // create the account at the first sign-in
	Domains          []string `yaml:"domains"`      // verified mail domains that may come in; empty: all
	GroupsClaim      string   `yaml:"groups_claim"` // empty: groups are not taken over
	AdminGroup       string   `yaml:"admin_group"`  // who is in it becomes administrator; empty: nobody
	DefaultGroups    []string `yaml:"default_groups"`
}

// Chat holds the limits and policies of chat.
type Chat struct {
	MaxMessageBytes int `yaml:"max_message_bytes"`
	MaxRoomMembers  int `yaml:"max_room_members"`

	// What tells about people's behaviour: PolicyOff or PolicyOptional.
	Presence     string `yaml:"presence"`
	ReadReceipts string `yaml:"read_receipts"`
}

// The values of Chat.Presence and Chat.ReadReceipts. Optional means that
// everybody may switch it on for himself; it is off until then.
const (
	PolicyOff      = "off"
	PolicyOptional = "optional"
)

// Files holds the limits of uploaded files.
type Files struct {
	MaxSize        int64 `yaml:"max_size"`     // bytes of one file
	QuotaPerson    int64 `yaml:"quota_person"` // bytes of all files of one person; 0: no limit
	ImageMaxPixels int64 `yaml:"image_max_pixels"`
	// UnfinishedValid is how long an upload may rest before it is finished, and
	// a finished one before it is sent.
	UnfinishedValid time.Duration `yaml:"unfinished_valid"`
	Clamd           Clamd         `yaml:"clamd"`
}

// Clamd is the virus scanner that looks at every file.
type Clamd struct {
	Address string `yaml:"address"` // unix:/path or tcp:host:port; empty: files are not scanned
	// Required refuses files while the scanner can't be reached; otherwise they pass.
	Required bool `yaml:"required"`
}

// FilesDir is where uploaded bytes are kept inside the data directory.
func (c *Config) FilesDir() string { return filepath.Join(c.Data.Dir, "files") }

// Pads holds the limits of pads.
type Pads struct {
	MaxUpdateBytes   int `yaml:"max_update_bytes"`
	MaxSnapshotBytes int `yaml:"max_snapshot_bytes"`
}

// Meet is how sound and picture travel.
type Meet struct {
	UDPPort         int      `yaml:"udp_port"`   // 0: no media over UDP
	TCPPort         int      `yaml:"tcp_port"`   // 0: no media over TCP
	PublicIPs       []string `yaml:"public_ips"` // empty: the addresses of the machine
	MaxParticipants int      `yaml:"max_participants"`
	VideoSlots      int      `yaml:"video_slots"`
	PublicStart     bool     `yaml:"public_start"` // anybody may start a meeting without an account
	TURN            TURN     `yaml:"turn"`
}

// TURN is the embedded relay. It relays to the media port of this server only.
type TURN struct {
	Enabled bool   `yaml:"enabled"`
	UDPPort int    `yaml:"udp_port"` // 0: off
	TCPPort int    `yaml:"tcp_port"` // 0: off
	TLSPort int    `yaml:"tls_port"` // 0: off
	Cert    string `yaml:"cert"`     // empty: the portal's own certificate
	Key     string `yaml:"key"`
	Realm   string `yaml:"realm"`
	// Secret signs the short-lived relay passwords; empty: a new one at each start.
	Secret     Secret `yaml:"secret"`
	SecretFile string `yaml:"secret_file"`
}

// Portal is what else stands on the start page.
type Portal struct {
	Links []PortalLink `yaml:"links"` // at most MaxPortalLinks, in this order
}

// PortalLink is a tile that leads to another service of the town. The portal
// itself never asks that address for anything.
type PortalLink struct {
	Name    string `yaml:"name"`
	Address string `yaml:"address"` // http or https
	Text    string `yaml:"text"`    // one line below the name; may be empty
	Icon    string `yaml:"icon"`    // one of PortalIcons
}

// SQLitePath is the path of the SQLite database inside the data directory.
func (c *Config) SQLitePath() string {
	return filepath.Join(c.Data.Dir, "rathaus.db")
}
