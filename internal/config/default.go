package config

import "time"

const (
	kib = 1 << 10
	mib = 1 << 20
	day = 24 * time.Hour
)

// Default is the configuration that holds when nothing is configured.
func Default() *Config {
	return &Config{
		Town: Town{Locale: "de", Formality: "sie", Accent: "#1f5f8b"},
		Server: Server{
			Listen:          ":8080",
			PublicURL:       "http://localhost:8080",
			MetricsListen:   "127.0.0.1:9090",
			TLS:             TLS{Mode: TLSOff},
			ShutdownTimeout: 20 * time.Second,
		},
		Data:     Data{Dir: "./data"},
		Database: Database{Driver: DriverSQLite},
		Log:      Log{Level: "info", Format: "text"},
		Auth: Auth{
			Local:             true,
			MinPasswordLength: 10,
			SessionIdle:       30 * day,
			SessionMax:        90 * day,
			InvitationValid:   7 * day,
		},
		Chat: Chat{MaxMessageBytes: 16 * kib, MaxRoomMembers: 2000, Presence: PolicyOff, ReadReceipts: PolicyOff},
		Files: Files{
			MaxSize:         512 * mib,
			QuotaPerson:     10 * 1024 * mib,
			ImageMaxPixels:  100_000_000,
			UnfinishedValid: 2 * day,
			Clamd:           Clamd{Required: true},
		},
		Pads: Pads{MaxUpdateBytes: 1 * mib, MaxSnapshotBytes: 32 * mib},
		Meet: Meet{
			UDPPort:         7882,
			TCPPort:         7882,
			MaxParticipants: 100,
			VideoSlots:      16,
			TURN:            TURN{UDPPort: 3478, TCPPort: 3478, Realm: "rathaus"},
		},
	}
}

// defaultLink is what a list item of portal.links starts from.
func defaultLink() PortalLink { return PortalLink{Icon: "link"} }

// defaultOIDC is what a list item of auth.oidc starts from.
func defaultOIDC() OIDCProvider {
	return OIDCProvider{Scopes: []string{"openid", "profile", "email"}, AllowSignup: true}
}
