package turn

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Limits on everything that comes from outside.
const (
	defaultPerUser = 8 // allocations: two connections over several address families and a restart
	defaultTotal   = 2000
	maxTTL         = 24 * time.Hour
	maxUser        = 128              // bytes of a user's name
	maxConnections = 4000             // TCP and TLS together
	idleTimeout    = 2 * time.Minute  // of a TCP or TLS connection; clients refresh far more often
	maxLifetime    = 12 * time.Hour   // of one allocation, however often it is refreshed
	lifetime       = 10 * time.Minute // of an allocation between two refreshes
	handshakeTime  = 10 * time.Second
)

// Peer is a place that may be relayed to: Public is what clients know, Local
// is the socket behind it.
type Peer struct {
	Public, Local netip.AddrPort
}

// Config says where the relay listens and whom it serves.
type Config struct {
	Realm  string // shown to clients; "rathaus" if empty
	Secret string // signs credentials; at least 16 bytes

	UDP string // listen addresses such as ":3478"; empty is off
	TCP string
	TLS string
	// TLSConfig is needed for TLS.
	TLSConfig *tls.Config

	// Peers is everything that may be relayed to.
	Peers []Peer

	PerUser int           // allocations of one user, 0 means 8
	Total   int           // allocations altogether, 0 means 2000
	Max     time.Duration // longest life of one allocation, 0 means 12 h
}

func (c Config) withDefaults() (Config, error) {
	if c.Realm == "" {
		c.Realm = "rathaus"
	}
	if c.PerUser == 0 {
		c.PerUser = defaultPerUser
	}
	if c.Total == 0 {
		c.Total = defaultTotal
	}
	if c.Max == 0 {
		c.Max = maxLifetime
	}
	var problems []error
	if len(c.Secret) < 16 {
		problems = append(problems, errors.New("secret is shorter than 16 bytes"))
	}
	if c.UDP == "" && c.TCP == "" && c.TLS == "" {
		problems = append(problems, errors.New("no listen address"))
	}
	if c.TLS != "" && c.TLSConfig == nil {
		problems = append(problems, errors.New("tls without a certificate"))
	}
	if len(c.Peers) == 0 {
		problems = append(problems, errors.New("nothing to relay to"))
	}
	for _, p := range c.Peers {
		if !p.Public.IsValid() || !p.Local.IsValid() {
			problems = append(problems, fmt.Errorf("peer %s at %s is not an address", p.Public, p.Local))
		}
	}
	return c, errors.Join(problems...)
}
