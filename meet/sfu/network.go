package sfu

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"rathaus/meet/sfu/outbox"
)

const (
	socketBuffer     = 4 << 20   // bytes asked of the kernel for each direction
	tcpWriteBuffer   = 512 << 10 // bytes queued for one TCP client; packets beyond are dropped
	tcpReadBuffer    = 64        // packets
	maxHostAddresses = 16
)

// Address is one place where media is received. Public is what clients are
// told, Local is the socket behind it; they differ behind address translation.
type Address struct {
	Public, Local netip.AddrPort
}

// network owns the sockets: all media of all rooms enters by one UDP port and
// one TCP port and is told apart by ICE user fragments.
type network struct {
	udp       *ice.MultiUDPMuxDefault
	outboxes  []*outbox.Conn // the sockets behind udp
	tcp       *ice.TCPMuxDefault
	local     []netip.Addr
	addresses []Address
	tcpPort   int
	rewrite   []string // public addresses that no interface carries
}

func openNetwork(cfg Config, logs logging.LoggerFactory) (*network, error) {
	n := &network{}
	var err error
	if n.local, err = hostAddresses(cfg); err != nil {
		return nil, err
	}
	carried := carriedBy(n.local, cfg.PublicIPs)
	if len(cfg.PublicIPs) > 0 { // addresses of another family would be advertised as they are
		n.local = slices.DeleteFunc(n.local, func(a netip.Addr) bool { return !anyOfFamily(cfg.PublicIPs, a.Is4()) })
	}
	switch {
	case cfg.UDPPort < 0:
		n.udp = ice.NewMultiUDPMuxDefault()
		n.rewrite = notCarried(carried, cfg.PublicIPs)
	case len(cfg.PublicIPs) == 0:
		err = n.listenEach(cfg.UDPPort, logs)
	case len(carried) == len(cfg.PublicIPs):
		n.local = carried
		err = n.listenEach(cfg.UDPPort, logs)
	default:
		err = n.listenBehindNAT(cfg, logs)
	}
	if err == nil && cfg.TCPPort >= 0 {
		err = n.listenTCP(cfg.TCPPort, logs)
	}
	if err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// listenEach binds one socket for each address, so that answers leave from
// the address that was asked.
func (n *network) listenEach(port int, logs logging.LoggerFactory) error {
	var muxes []ice.UDPMux
	for _, ip := range n.local {
		conn, bound, err := listenUDP("udp", ip, port)
		if err != nil {
			n.udp = ice.NewMultiUDPMuxDefault(muxes...)
			return err
		}
		port = int(bound)
		at := netip.AddrPortFrom(ip, bound)
		n.addresses = append(n.addresses, Address{Public: at, Local: at})
		mux, err := n.newUDPMux(conn, logs)
		if err != nil {
			n.udp = ice.NewMultiUDPMuxDefault(muxes...)
			return err
		}
		muxes = append(muxes, mux)
	}
	n.udp = ice.NewMultiUDPMuxDefault(muxes...)
	return nil
}

// listenBehindNAT binds the wildcard address, because nobody can know on which
// interface the translated packets arrive.
func (n *network) listenBehindNAT(cfg Config, logs logging.LoggerFactory) error {
	family, wildcard, loopback := "udp4", netip.IPv4Unspecified(), netip.MustParseAddr("127.0.0.1")
	if anyOfFamily(cfg.PublicIPs, false) {
		family, wildcard = "udp", netip.IPv6Unspecified()
	}
	conn, port, err := listenUDP(family, wildcard, cfg.UDPPort)
	if err != nil {
		return err
	}
	for _, ip := range cfg.PublicIPs {
		ip = ip.Unmap()
		n.rewrite = append(n.rewrite, ip.String())
		n.addresses = append(n.addresses, Address{
			Public: netip.AddrPortFrom(ip, port),
			Local:  netip.AddrPortFrom(loopback, port),
		})
	}
	mux, err := n.newUDPMux(conn, logs)
	if err != nil {
		return err
	}
	n.udp = ice.NewMultiUDPMuxDefault(mux)
	return nil
}

// listenUDP binds a socket and returns the port it got.
func listenUDP(family string, ip netip.Addr, port int) (*net.UDPConn, uint16, error) {
	conn, err := net.ListenUDP(family, &net.UDPAddr{IP: ip.AsSlice(), Zone: ip.Zone(), Port: port})
	if err != nil {
		return nil, 0, fmt.Errorf("listen for media on %s port %d: %w", ip, port, err)
	}
	at, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("read the port bound on %s: %w", ip, err), conn.Close())
	}
	return conn, at.Port(), nil
}

func (n *network) newUDPMux(conn *net.UDPConn, logs logging.LoggerFactory) (*ice.UDPMuxDefault, error) {
	// The kernel may grant less; that is no reason not to start.
	_ = conn.SetReadBuffer(socketBuffer)
	_ = conn.SetWriteBuffer(socketBuffer)
	box, err := outbox.Wrap(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	n.outboxes = append(n.outboxes, box)
	return ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: box, Logger: logs.NewLogger("udp")}), nil
}

// together runs write, which sends packets to many receivers, in few system
// calls. Packets of other writers may wait as long as write runs.
func (n *network) together(write func()) {
	for _, o := range n.outboxes {
		o.Begin()
	}
	write()
	for _, o := range n.outboxes {
		o.End()
	}
}

// refused counts the packets that the system did not take.
func (n *network) refused() (packets uint64) {
	for _, o := range n.outboxes {
		packets += o.Refused()
	}
	return packets
}

func (n *network) listenTCP(port int, logs logging.LoggerFactory) error {
	var host net.IP // all
	if len(n.local) == 1 && len(n.rewrite) == 0 {
		host = n.local[0].AsSlice()
	}
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: host, Port: port})
	if err != nil {
		return fmt.Errorf("listen for media over tcp on port %d: %w", port, err)
	}
	at, err := netip.ParseAddrPort(listener.Addr().String())
	if err != nil {
		return errors.Join(fmt.Errorf("read the tcp port bound: %w", err), listener.Close())
	}
	n.tcpPort = int(at.Port())
	n.tcp = ice.NewTCPMuxDefault(ice.TCPMuxParams{
		Listener:        listener,
		Logger:          logs.NewLogger("tcp"),
		ReadBufferSize:  tcpReadBuffer,
		WriteBufferSize: tcpWriteBuffer,
	})
	return nil
}

// apply tells pion to use these sockets, to advertise their addresses and to
// open nothing else.
func (n *network) apply(s *webrtc.SettingEngine) error {
	s.SetLite(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.DisableActiveTCP(true)
	s.SetICEUDPMux(n.udp)
	types := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if n.tcp != nil {
		s.SetICETCPMux(n.tcp)
		types = append(types, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	s.SetNetworkTypes(types)
	s.SetIncludeLoopbackCandidate(slices.ContainsFunc(n.local, netip.Addr.IsLoopback))
	s.SetIPFilter(func(ip net.IP) bool {
		addr, ok := netip.AddrFromSlice(ip)
		return ok && slices.Contains(n.local, addr.Unmap())
	})
	s.SetICETimeouts(iceDisconnected, iceFailed, iceKeepalive)
	if len(n.rewrite) == 0 {
		return nil
	}
	return s.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{
		External:        n.rewrite,
		AsCandidateType: webrtc.ICECandidateTypeHost,
		Mode:            webrtc.ICEAddressRewriteReplace,
	})
}

func (n *network) close() error {
	var errs []error
	if n.tcp != nil {
		errs = append(errs, n.tcp.Close())
	}
	if n.udp != nil {
		errs = append(errs, n.udp.Close())
	}
	return errors.Join(errs...)
}

// hostAddresses lists the addresses to bind, most useful first.
func hostAddresses(cfg Config) ([]netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list interface addresses: %w", err)
	}
	var usable, loopback []netip.Addr
	for _, a := range all {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		addr := prefix.Addr().Unmap()
		switch {
		case len(cfg.BindIPs) > 0 && !slices.Contains(cfg.BindIPs, addr):
		case addr.IsLoopback():
			loopback = append(loopback, addr)
		case addr.IsGlobalUnicast():
			usable = append(usable, addr)
		}
	}
	if cfg.Loopback || len(cfg.BindIPs) > 0 || len(usable) == 0 {
		usable = append(usable, loopback...)
	}
	if len(usable) == 0 {
		return nil, errors.New("no interface address to listen on")
	}
	return usable[:min(len(usable), maxHostAddresses)], nil
}

func carriedBy(local, wanted []netip.Addr) []netip.Addr {
	var carried []netip.Addr
	for _, ip := range wanted {
		if slices.Contains(local, ip.Unmap()) {
			carried = append(carried, ip.Unmap())
		}
	}
	return carried
}

func notCarried(carried, wanted []netip.Addr) []string {
	var others []string
	for _, ip := range wanted {
		if !slices.Contains(carried, ip.Unmap()) {
			others = append(others, ip.Unmap().String())
		}
	}
	return others
}

func anyOfFamily(ips []netip.Addr, v4 bool) bool {
	return slices.ContainsFunc(ips, func(a netip.Addr) bool { return a.Unmap().Is4() == v4 })
}
