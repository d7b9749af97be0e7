package turn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
)

// Server is a running relay.
type Server struct {
	cfg    Config
	relays *relays
	inner  *turn.Server

	udp, tcp, tls net.Addr
	refused       atomic.Uint64
}

// Stats are the present number of allocations and running totals.
type Stats struct {
	Allocations int
	Bytes       int64  // relayed by allocations that have ended
	Refused     uint64 // requests with wrong or expired credentials
}

// New opens the listeners and starts to relay. Close must be called.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("turn configuration: %w", err)
	}
	p := newPeers(cfg.Peers)
	s := &Server{cfg: cfg, relays: newRelays(cfg, p)}
	quiet := &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled}
	_, hasV4 := p.homeOf(true)
	inner := turn.ServerConfig{
		Realm:               cfg.Realm,
		AuthHandler:         turn.LongTermTURNRESTAuthHandler(cfg.Secret, quiet.NewLogger("turn")),
		QuotaHandler:        s.relays.allow,
		AllocationLifetime:  lifetime,
		StrictAddressFamily: hasV4,
		LoggerFactory:       quiet,
		EventHandler:        turn.EventHandler{OnAuth: s.authenticated},
	}
	if err := s.listen(&inner, p); err != nil {
		return nil, errors.Join(err, closeAll(inner))
	}
	if s.inner, err = turn.NewServer(inner); err != nil {
		return nil, errors.Join(fmt.Errorf("start turn: %w", err), closeAll(inner))
	}
	return s, nil
}

func (s *Server) listen(inner *turn.ServerConfig, p *peers) error {
	var listen net.ListenConfig
	ctx := context.Background() // binding a port is not waited for
	if s.cfg.UDP != "" {
		conn, err := listen.ListenPacket(ctx, "udp", s.cfg.UDP)
		if err != nil {
			return fmt.Errorf("listen for turn over udp: %w", err)
		}
		s.udp = conn.LocalAddr()
		inner.PacketConnConfigs = append(inner.PacketConnConfigs, turn.PacketConnConfig{
			PacketConn: conn, RelayAddressGenerator: s.relays, PermissionHandler: p.permit,
		})
	}
	add := func(l net.Listener) {
		inner.ListenerConfigs = append(inner.ListenerConfigs, turn.ListenerConfig{
			Listener: l, RelayAddressGenerator: s.relays, PermissionHandler: p.permit,
		})
	}
	if s.cfg.TCP != "" {
		l, err := listen.Listen(ctx, "tcp", s.cfg.TCP)
		if err != nil {
			return fmt.Errorf("listen for turn over tcp: %w", err)
		}
		s.tcp = l.Addr()
		add(newDoor(l))
	}
	if s.cfg.TLS != "" {
		l, err := listen.Listen(ctx, "tcp", s.cfg.TLS)
		if err != nil {
			return fmt.Errorf("listen for turn over tls: %w", err)
		}
		s.tls = l.Addr()
		add(tls.NewListener(newDoor(l), s.cfg.TLSConfig))
	}
	return nil
}

func (s *Server) authenticated(_, _ net.Addr, _, _, _ string, _ string, ok bool) {
	if !ok {
		s.refused.Add(1)
	}
}

// UDPAddr returns where the relay listens over UDP, nil if it does not.
func (s *Server) UDPAddr() net.Addr { return s.udp }

// TCPAddr returns where the relay listens over TCP, nil if it does not.
func (s *Server) TCPAddr() net.Addr { return s.tcp }

// TLSAddr returns where the relay listens over TLS, nil if it does not.
func (s *Server) TLSAddr() net.Addr { return s.tls }

// Stats returns the present numbers.
func (s *Server) Stats() Stats {
	s.relays.mu.Lock()
	defer s.relays.mu.Unlock()
	return Stats{Allocations: s.relays.total, Bytes: s.relays.bytes, Refused: s.refused.Load()}
}

// Close ends all allocations and connections.
func (s *Server) Close() error {
	if err := s.inner.Close(); err != nil {
		return fmt.Errorf("stop turn: %w", err)
	}
	return nil
}

func closeAll(c turn.ServerConfig) error {
	var errs []error
	for _, p := range c.PacketConnConfigs {
		errs = append(errs, p.PacketConn.Close())
	}
	for _, l := range c.ListenerConfigs {
		errs = append(errs, l.Listener.Close())
	}
	return errors.Join(errs...)
}
