package sfu

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rathaus/meet/turn"
)

// lossy drops media packets, not ICE, DTLS or RTCP.
type lossy struct {
	*net.UDPConn
	*dice
}

type dice struct {
	percent atomic.Int32
	dropped atomic.Int32
}

func (l *dice) unlucky(b []byte) bool {
	media := len(b) > 1 && b[0]>>6 == 2 && (b[1]&0x7f < 64 || b[1]&0x7f > 95)
	if !media || rand.Int32N(100) >= l.percent.Load() {
		return false
	}
	l.dropped.Add(1)
	return true
}

// ReadFrom implements net.PacketConn.
func (l *lossy) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := l.UDPConn.ReadFrom(b)
		if err != nil || !l.unlucky(b[:n]) {
			return n, from, err
		}
	}
}

// ReadFromUDPAddrPort implements ice.AddrPortReaderWriter.
func (l *lossy) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		n, from, err := l.UDPConn.ReadFromUDPAddrPort(b)
		if err != nil || !l.unlucky(b[:n]) {
			return n, from, err
		}
	}
}

// WriteTo implements net.PacketConn.
func (l *lossy) WriteTo(b []byte, to net.Addr) (int, error) {
	if l.unlucky(b) {
		return len(b), nil
	}
	return l.UDPConn.WriteTo(b, to)
}

// WriteToUDPAddrPort implements ice.AddrPortReaderWriter.
func (l *lossy) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if l.unlucky(b) {
		return len(b), nil
	}
	return l.UDPConn.WriteToUDPAddrPort(b, to)
}

func lossyLine(t *testing.T) (*dice, line) {
	t.Helper()
	d := &dice{}
	return d, line{mux: func() ice.UDPMux {
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		require.NoError(t, err)
		mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: &lossy{conn, d}, Logger: quiet.NewLogger("mux")})
		t.Cleanup(func() { require.NoError(t, mux.Close()) })
		return mux
	}}
}

func TestLossBothWaysIsRepaired(t *testing.T) {
	_, r := house(t)
	adaLoss, adaLine := lossyLine(t)
	bobLoss, bobLine := lossyLine(t)
	ada, bob := enter(t, r, "ada", adaLine), enter(t, r, "bob", bobLine)
	bob.film(3)
	eventually(t, "bob is seen", func() bool { return ada.receives("bob", Camera, 3) })
	mid, _ := ada.slotOf("bob", Camera)
	adaLoss.percent.Store(5)
	bobLoss.percent.Store(3)
	start := ada.ear(mid).distinct()
	eventually(t, "six seconds of pictures", func() bool { return ada.ear(mid).distinct() > start+300 })
	adaLoss.percent.Store(0)
	bobLoss.percent.Store(0)
	require.Positive(t, adaLoss.dropped.Load())
	require.Positive(t, bobLoss.dropped.Load())
	eventually(t, "the rest to arrive", func() bool {
		return missing(ada.ear(mid).all())*200 <= ada.ear(mid).distinct() // a repeat can be lost, too, until a key frame helps
	})
	stats := r.Stats()
	assert.Positive(t, stats.Repeated)
	t.Logf("dropped %d down and %d up, asked %d, repeated %d", adaLoss.dropped.Load(), bobLoss.dropped.Load(), stats.NACKs, stats.Repeated)
}

func missing(packets []heardPacket) int {
	order, _ := unrolled(packets)
	if len(order) == 0 {
		return 0
	}
	return order[len(order)-1] - order[0] + 1 - len(order)
}

func TestOverTCPOnly(t *testing.T) {
	_, r := house(t)
	tcp := line{types: []webrtc.NetworkType{webrtc.NetworkTypeTCP4}}
	ada, bob := enter(t, r, "ada", tcp), enter(t, r, "bob", line{})
	bob.film(3)
	ada.speak(2, loudness(20))
	eventually(t, "pictures down and sound up over tcp", func() bool {
		return ada.receives("bob", Camera, 3) && bob.receives("ada", Microphone, 2)
	})
	pair, err := ada.down.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err == nil && pair != nil {
		assert.Equal(t, webrtc.ICEProtocolTCP, pair.Remote.Protocol)
	}
}

func TestServerWithoutUDP(t *testing.T) {
	s, r := house(t, func(c *Config) { c.UDPPort = -1 })
	assert.Empty(t, s.Addresses())
	tcp := line{types: []webrtc.NetworkType{webrtc.NetworkTypeTCP4}}
	ada, bob := enter(t, r, "ada", tcp), enter(t, r, "bob", tcp)
	bob.film(3)
	eventually(t, "pictures over tcp", func() bool { return ada.receives("bob", Camera, 3) })
}

func TestPublicAddressesAreAdvertised(t *testing.T) {
	public := netip.MustParseAddr("203.0.113.7")
	s, err := New(Config{PublicIPs: []netip.Addr{public}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	r, err := s.Room("council")
	require.NoError(t, err)
	p, err := r.Join("ada", Events{})
	require.NoError(t, err)
	offer, err := p.Offer()
	require.NoError(t, err)
	udp, tcp := 0, 0
	for l := range strings.Lines(offer) {
		if strings.HasPrefix(l, "a=candidate:") {
			assert.Contains(t, l, " 203.0.113.7 ")
			udp += strings.Count(l, " udp ")
			tcp += strings.Count(l, " tcp ")
		}
	}
	assert.Positive(t, udp)
	assert.Positive(t, tcp)
	require.Len(t, s.Addresses(), 1)
	assert.Equal(t, public, s.Addresses()[0].Public.Addr())
	assert.True(t, s.Addresses()[0].Local.Addr().IsLoopback())
}

func TestOverRelayOnly(t *testing.T) {
	s, r := house(t)
	var peers []turn.Peer
	for _, a := range s.Addresses() {
		peers = append(peers, turn.Peer{Public: a.Public, Local: a.Local})
	}
	relay, err := turn.New(turn.Config{Secret: "a secret of the town hall", TCP: "127.0.0.1:0", Peers: peers})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, relay.Close()) })
	credentials, err := relay.Credentials("ada", time.Hour)
	require.NoError(t, err)
	relayed := line{
		types: []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeTCP4},
		config: webrtc.Configuration{
			ICETransportPolicy: webrtc.ICETransportPolicyRelay,
			ICEServers: []webrtc.ICEServer{{
				URLs:     []string{"turn:" + relay.TCPAddr().String() + "?transport=tcp"},
				Username: credentials.Username, Credential: credentials.Password,
			}},
		},
	}
	ada, bob := enter(t, r, "ada", relayed), enter(t, r, "bob", line{})
	bob.film(3)
	ada.film(1)
	eventually(t, "pictures both ways through the relay", func() bool {
		return ada.receives("bob", Camera, 3) && bob.receives("ada", Camera, 1)
	})
	assert.Equal(t, 2, relay.Stats().Allocations)
}

func TestRestartKeepsTheSlots(t *testing.T) {
	_, r := house(t)
	ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
	bob.film(3)
	ada.film(1)
	eventually(t, "pictures", func() bool { return ada.receives("bob", Camera, 3) && bob.receives("ada", Camera, 1) })
	mid, _ := ada.slotOf("bob", Camera)
	ssrc, mappings := ada.ear(mid).ssrc, ada.mappings

	ada.publish(true)
	_, err := ada.p.Offer()
	require.NoError(t, err, "an offer whose answer is lost")
	offer, err := ada.p.Offer()
	require.NoError(t, err)
	ada.accept(offer)
	down, up := ada.count(3), bob.count(1)
	eventually(t, "pictures after the restart", func() bool { return ada.count(3) > down+50 && bob.count(1) > up+50 })
	still, _ := ada.slotOf("bob", Camera)
	assert.Equal(t, mid, still)
	assert.Equal(t, ssrc, ada.ear(mid).ssrc)
	assert.Equal(t, mappings, ada.mappings, "the mapping was not sent again")
}

func TestFreshConnectionReplacesTheLostOne(t *testing.T) {
	_, r := house(t)
	ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
	ada.film(1)
	eventually(t, "ada is seen", func() bool { return bob.receives("ada", Camera, 1) })
	old := ada.up
	ada.openUp()
	ada.publish(false)
	require.NoError(t, old.GracefulClose())
	eventually(t, "the fresh connection", func() bool { return ada.up.ConnectionState() == webrtc.PeerConnectionStateConnected })
	ada.film(6)
	eventually(t, "ada is seen by the fresh connection", func() bool { return bob.receives("ada", Camera, 6) })
}
