package turn

import (
	"net"
	"net/netip"
)

// peers answers which places may be relayed to. It is immutable.
type peers struct {
	list  []Peer
	local map[netip.AddrPort]netip.AddrPort // public → local
	ips   map[netip.Addr]bool               // public
}

func newPeers(list []Peer) *peers {
	p := &peers{local: map[netip.AddrPort]netip.AddrPort{}, ips: map[netip.Addr]bool{}}
	for _, peer := range list {
		peer = Peer{Public: unmap(peer.Public), Local: unmap(peer.Local)}
		p.list = append(p.list, peer)
		p.local[peer.Public] = peer.Local
		p.ips[peer.Public.Addr()] = true
	}
	return p
}

// permit is the relay's permission handler. TURN permissions know no ports;
// those are checked for every packet by the allocation's socket.
func (p *peers) permit(_ net.Addr, ip net.IP) bool {
	addr, ok := netip.AddrFromSlice(ip)
	return ok && p.ips[addr.Unmap()]
}

// behind returns the local socket behind a public address.
func (p *peers) behind(addr net.Addr) (public, local netip.AddrPort, ok bool) {
	udp, isUDP := addr.(*net.UDPAddr)
	if !isUDP {
		return public, local, false
	}
	public = unmap(udp.AddrPort())
	local, ok = p.local[public]
	return public, local, ok
}

// homeOf returns the peer of one address family next to which relay sockets live.
func (p *peers) homeOf(v4 bool) (Peer, bool) {
	for _, peer := range p.list {
		if peer.Public.Addr().Is4() == v4 {
			return peer, true
		}
	}
	return Peer{}, false
}

func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}
