package turn

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/turn/v5"
)

var (
	errNotPeer = errors.New("turn: destination is not a peer")
	errQuota   = errors.New("turn: allocation quota reached")
	errRelay   = errors.New("turn: only udp is relayed")
)

// relays makes the sockets of allocations and counts them. It implements
// pion's RelayAddressGenerator.
type relays struct {
	cfg   Config
	peers *peers

	mu     sync.Mutex
	byUser map[string]int
	total  int
	bytes  int64 // of sockets that are closed
}

func newRelays(cfg Config, p *peers) *relays {
	return &relays{cfg: cfg, peers: p, byUser: map[string]int{}}
}

// Validate implements turn.RelayAddressGenerator.
func (r *relays) Validate() error { return nil }

// AllocatePacketConn implements turn.RelayAddressGenerator.
func (r *relays) AllocatePacketConn(conf turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	home, ok := r.peers.homeOf(conf.Network != "udp6")
	if !ok {
		return nil, nil, fmt.Errorf("relay over %s: %w", conf.Network, errNotPeer)
	}
	if !r.take(conf.UserID) {
		return nil, nil, errQuota
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(home.Local.Addr(), 0)))
	if err != nil {
		r.release(conf.UserID, 0)
		return nil, nil, fmt.Errorf("open relay socket: %w", err)
	}
	// The deadline ends the allocation for good: its reader stops.
	if err := conn.SetReadDeadline(time.Now().Add(r.cfg.Max)); err != nil {
		r.release(conf.UserID, 0)
		return nil, nil, errors.Join(fmt.Errorf("limit relay socket: %w", err), conn.Close())
	}
	bound, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		r.release(conf.UserID, 0)
		return nil, nil, errors.Join(fmt.Errorf("read the relay port bound: %w", err), conn.Close())
	}
	s := &relaySocket{UDPConn: conn, relays: r, user: conf.UserID, seenAs: map[netip.AddrPort]netip.AddrPort{}}
	return s, &net.UDPAddr{IP: home.Public.Addr().AsSlice(), Port: int(bound.Port())}, nil
}

// AllocateListener implements turn.RelayAddressGenerator; TCP is not relayed.
func (r *relays) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errRelay
}

// AllocateConn implements turn.RelayAddressGenerator; TCP is not relayed.
func (r *relays) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errRelay }

// allow answers the quota question before an allocation is tried.
func (r *relays) allow(user, _ string, _ net.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byUser[user] < r.cfg.PerUser && r.total < r.cfg.Total
}

func (r *relays) take(user string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byUser[user] >= r.cfg.PerUser || r.total >= r.cfg.Total {
		return false
	}
	r.byUser[user]++
	r.total++
	return true
}

func (r *relays) release(user string, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total--
	r.bytes += bytes
	if r.byUser[user]--; r.byUser[user] <= 0 {
		delete(r.byUser, user)
	}
}

// relaySocket is the outer end of one allocation. It sends to and accepts
// from peers only, and translates between their public and local addresses.
type relaySocket struct {
	*net.UDPConn
	relays *relays
	user   string
	once   sync.Once

	mu     sync.Mutex
	seenAs map[netip.AddrPort]netip.AddrPort // local → the public address this client uses
	bytes  int64
}

// WriteTo implements net.PacketConn.
func (s *relaySocket) WriteTo(b []byte, to net.Addr) (int, error) {
	public, local, ok := s.relays.peers.behind(to)
	if !ok {
		return 0, errNotPeer
	}
	s.mu.Lock()
	s.seenAs[local] = public
	s.bytes += int64(len(b))
	s.mu.Unlock()
	return s.WriteToUDPAddrPort(b, local)
}

// ReadFrom implements net.PacketConn; what does not come from a peer that the
// client has written to is dropped.
func (s *relaySocket) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := s.ReadFromUDPAddrPort(b)
		if err != nil {
			return n, nil, err
		}
		s.mu.Lock()
		public, ok := s.seenAs[unmap(from)]
		s.bytes += int64(n)
		s.mu.Unlock()
		if ok {
			return n, net.UDPAddrFromAddrPort(public), nil
		}
	}
}

// Close implements net.PacketConn and frees the user's quota.
func (s *relaySocket) Close() error {
	s.once.Do(func() {
		s.mu.Lock()
		bytes := s.bytes
		s.mu.Unlock()
		s.relays.release(s.user, bytes)
	})
	return s.UDPConn.Close()
}
