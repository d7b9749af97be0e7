package meet

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/config"
	"rathaus/internal/id"
	"rathaus/meet/sfu"
	"rathaus/meet/turn"
)

// relayPassLife is how long a device's relay password works. A new one comes
// with every entry, so it need not outlive a long meeting.
const relayPassLife = 12 * time.Hour

// ICEServer is a relay in the form that browsers take.
type ICEServer struct {
	URLs       []string `json:"urls" nullable:"false"`
	Username   string   `json:"username"`
	Credential string   `json:"credential"`
}

// ICEServers are the relays that a device may use.
type ICEServers struct {
	Servers []ICEServer `json:"servers" nullable:"false"`
}

// relay is the embedded TURN server, or nothing when it is switched off.
type relay struct {
	server *turn.Server
	hosts  []string // addresses that clients reach it by
}

// openRelay starts the relay. It passes packets to the media port only.
func openRelay(d Deps, media *sfu.SFU) (*relay, error) {
	cfg := d.Config.TURN
	if !cfg.Enabled {
		return &relay{}, nil
	}
	settings := turn.Config{
		Realm: cfg.Realm, Secret: cfg.Secret.Reveal(),
		UDP: listenOn(cfg.UDPPort), TCP: listenOn(cfg.TCPPort), TLS: listenOn(cfg.TLSPort),
	}
	if settings.Secret == "" {
		settings.Secret = id.Token()
	}
	r := &relay{}
	for _, a := range media.Addresses() {
		settings.Peers = append(settings.Peers, turn.Peer{Public: a.Public, Local: a.Local})
		r.hosts = appendHost(r.hosts, a.Public.Addr())
	}
	var err error
	if settings.TLS != "" {
		if settings.TLSConfig, err = relayCertificate(cfg, d.Certificate); err != nil {
			return nil, err
		}
	}
	r.server, err = turn.New(settings)
	return r, err
}

func appendHost(hosts []string, ip netip.Addr) []string {
	host := ip.Unmap().String()
	if slices.Contains(hosts, host) {
		return hosts
	}
	return append(hosts, host)
}

func relayCertificate(cfg config.TURN, portal config.TLS) (*tls.Config, error) {
	cert, key := cfg.Cert, cfg.Key
	if cert == "" {
		cert, key = portal.Cert, portal.Key
	}
	if cert == "" {
		return nil, errors.New("the relay has a TLS port but no certificate")
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("certificate of the relay: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

func listenOn(port int) string {
	switch port {
	case 0:
		return ""
	case AnyPort:
		return ":0"
	}
	return ":" + strconv.Itoa(port)
}

func (r *relay) close() error {
	if r.server == nil {
		return nil
	}
	return r.server.Close()
}

// servers returns the relay with a password for one person.
func (r *relay) servers(user string) ([]ICEServer, error) {
	if r.server == nil {
		return []ICEServer{}, nil
	}
	pass, err := r.server.Credentials(user, relayPassLife)
	if err != nil {
		return nil, err
	}
	return []ICEServer{{URLs: r.urls(), Username: pass.Username, Credential: pass.Password}}, nil
}

// urls lists every way in, the cheapest first.
func (r *relay) urls() []string {
	urls := []string{}
	add := func(scheme, transport string, at net.Addr) {
		if at == nil {
			return
		}
		_, port, err := net.SplitHostPort(at.String())
		if err != nil {
			return
		}
		for _, host := range r.hosts {
			urls = append(urls, scheme+":"+net.JoinHostPort(host, port)+"?transport="+transport)
		}
	}
	add("turn", "udp", r.server.UDPAddr())
	add("turn", "tcp", r.server.TCPAddr())
	add("turns", "tcp", r.server.TLSAddr())
	return urls
}

// iceServers returns the relays for a person. A relay that fails is no reason
// to keep anybody out.
func (s *Service) iceServers(p access.Principal) []ICEServer {
	list, err := s.relay.servers(p.UserID)
	if err != nil {
		s.log.Error("no relay password", "err", err)
		return []ICEServer{}
	}
	return list
}
