package turn

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled}

// echo stands in for the forwarding unit: it returns what it gets.
func echo(t *testing.T) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			if _, err := conn.WriteToUDPAddrPort(b[:n], from); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, conn.Close())
		<-done
	})
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func serve(t *testing.T, change func(*Config)) *Server {
	t.Helper()
	cfg := Config{Secret: "a secret of the town hall", UDP: "127.0.0.1:0"}
	change(&cfg)
	s, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// client allocates a relay over conn.
func client(t *testing.T, conn net.PacketConn, server string, c Credentials) (net.PacketConn, error) {
	t.Helper()
	cl, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: server, TURNServerAddr: server, Conn: conn,
		Username: c.Username, Password: c.Password, Realm: "rathaus", LoggerFactory: quiet, RTO: 100 * time.Millisecond,
	})
	require.NoError(t, err)
	require.NoError(t, cl.Listen())
	relay, err := cl.Allocate()
	t.Cleanup(func() {
		if relay != nil {
			_ = relay.Close() // the server may have ended it already
		}
		cl.Close()
		_ = conn.Close() // a stream connection is closed with the client
	})
	return relay, err
}

func overUDP(t *testing.T, s *Server, c Credentials) (net.PacketConn, error) {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	return client(t, conn, s.UDPAddr().String(), c)
}

func credentials(t *testing.T, s *Server, user string) Credentials {
	t.Helper()
	c, err := s.Credentials(user, time.Hour)
	require.NoError(t, err)
	return c
}

func requireEcho(t *testing.T, relay net.PacketConn, to netip.AddrPort) {
	t.Helper()
	_, err := relay.WriteTo([]byte("grüß gott"), net.UDPAddrFromAddrPort(to))
	require.NoError(t, err)
	require.NoError(t, relay.SetReadDeadline(time.Now().Add(10*time.Second)))
	b := make([]byte, 100)
	n, from, err := relay.ReadFrom(b)
	require.NoError(t, err)
	assert.Equal(t, "grüß gott", string(b[:n]))
	assert.Equal(t, to.String(), from.String(), "the client sees the address it knows")
}

func TestRelays(t *testing.T) {
	local := echo(t)
	public := netip.MustParseAddrPort("203.0.113.7:7882") // behind address translation
	certificate := selfSigned(t)
	s := serve(t, func(c *Config) {
		c.TCP, c.TLS, c.TLSConfig = "127.0.0.1:0", "127.0.0.1:0", certificate
		c.Peers = []Peer{{Public: public, Local: local}}
	})
	t.Run("over udp", func(t *testing.T) {
		relay, err := overUDP(t, s, credentials(t, s, "ada"))
		require.NoError(t, err)
		requireEcho(t, relay, public)
		require.NoError(t, relay.Close())
	})
	t.Run("over tcp", func(t *testing.T) {
		conn, err := net.Dial("tcp", s.TCPAddr().String())
		require.NoError(t, err)
		relay, err := client(t, turn.NewSTUNConn(conn), s.TCPAddr().String(), credentials(t, s, "ada"))
		require.NoError(t, err)
		requireEcho(t, relay, public)
		require.NoError(t, relay.Close())
	})
	t.Run("over tls", func(t *testing.T) {
		conn, err := tls.Dial("tcp", s.TLSAddr().String(), &tls.Config{InsecureSkipVerify: true})
		require.NoError(t, err)
		relay, err := client(t, turn.NewSTUNConn(conn), s.TLSAddr().String(), credentials(t, s, "ada"))
		require.NoError(t, err)
		requireEcho(t, relay, public)
		require.NoError(t, relay.Close())
	})
	eventually(t, "all allocations end", func() bool { return s.Stats().Allocations == 0 })
	assert.Positive(t, s.Stats().Bytes)
}

func TestNobodyElseIsReached(t *testing.T) {
	peer := echo(t)
	neighbour := echo(t) // same address, another port
	s := serve(t, func(c *Config) { c.Peers = []Peer{{Public: peer, Local: peer}} })
	relay, err := overUDP(t, s, credentials(t, s, "eve"))
	require.NoError(t, err)
	for name, to := range map[string]string{
		"the internet":           "203.0.113.9:53",
		"the house":              "192.168.0.1:80",
		"another loopback":       "127.0.0.2:7882",
		"metadata service":       "169.254.169.254:80",
		"the wildcard":           "0.0.0.0:7882",
		"broadcast":              "255.255.255.255:9",
		"mapped house":           "[::ffff:192.168.0.1]:80",
		"mapped metadata":        "[::ffff:169.254.169.254]:80",
		"ipv6 loopback":          "[::1]:7882",
		"the port of a stranger": neighbour.String(),
	} {
		addr := net.UDPAddrFromAddrPort(netip.MustParseAddrPort(to))
		_, err := relay.WriteTo([]byte("knock"), addr)
		if addr.AddrPort() != neighbour {
			assert.Error(t, err, name)
		}
	}
	// The neighbour has the peer's IP address, so the permission exists; the
	// packets are dropped. What comes back first is the peer's answer.
	requireEcho(t, relay, peer)
	require.NoError(t, relay.Close())
}

func TestPermitDeniesByDefault(t *testing.T) {
	p := newPeers([]Peer{
		{Public: netip.MustParseAddrPort("192.0.2.2:7882"), Local: netip.MustParseAddrPort("127.0.0.1:7882")},
		{Public: netip.MustParseAddrPort("[2001:db8::2]:7882"), Local: netip.MustParseAddrPort("[::1]:7882")},
	})
	for _, c := range []struct {
		ip net.IP
		ok bool
	}{
		{net.ParseIP("192.0.2.2").To4(), true},
		{net.ParseIP("192.0.2.2"), true}, // sixteen bytes, mapped
		{net.ParseIP("2001:db8::2"), true},
		{net.ParseIP("127.0.0.1"), false}, // local addresses are not public ones
		{net.ParseIP("::1"), false},
		{net.ParseIP("192.0.2.3"), false},
		{net.ParseIP("::ffff:10.0.0.1"), false},
		{net.ParseIP("64:ff9b::c000:202"), false}, // translated form of 192.0.2.2
		{net.ParseIP("::192.0.2.2"), false},
		{net.ParseIP("0.0.0.0"), false},
		{net.ParseIP("::"), false},
		{nil, false},
		{net.IP{1, 2, 3}, false},
	} {
		assert.Equal(t, c.ok, p.permit(nil, c.ip), c.ip)
	}
	for to, ok := range map[string]bool{
		"192.0.2.2:7882":          true,
		"[::ffff:192.0.2.2]:7882": true,
		"192.0.2.2:7883":          false,
		"127.0.0.1:7882":          false,
		"[2001:db8::2]:7882":      true,
		"[2001:db8::2%eth0]:22":   false,
	} {
		_, _, got := p.behind(net.UDPAddrFromAddrPort(netip.MustParseAddrPort(to)))
		assert.Equal(t, ok, got, to)
	}
	_, _, ok := p.behind(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 2), Port: 7882})
	assert.False(t, ok)
}

func TestCredentials(t *testing.T) {
	peer := echo(t)
	s := serve(t, func(c *Config) { c.Peers = []Peer{{Public: peer, Local: peer}} })
	good := credentials(t, s, "ada")
	assert.WithinDuration(t, time.Now().Add(time.Hour), good.Expires, time.Minute)
	for name, c := range map[string]Credentials{
		"wrong password": {Username: good.Username, Password: "x"},
		"later expiry":   {Username: "9" + good.Username, Password: good.Password},
		"another user":   {Username: good.Username + "m", Password: good.Password},
		"expired":        expired(t, s.cfg.Secret),
		"no expiry":      {Username: "ada", Password: good.Password},
		"nothing":        {Username: ":", Password: ""},
		"foreign secret": foreign(t),
	} {
		_, err := overUDP(t, s, c)
		assert.Error(t, err, name)
	}
	assert.Positive(t, s.Stats().Refused)
	assert.Zero(t, s.Stats().Allocations)
	for _, bad := range []struct {
		user string
		ttl  time.Duration
	}{{"", time.Hour}, {"a:b", time.Hour}, {"ada", 0}, {"ada", -1}, {"ada", maxTTL + 1}, {string(make([]byte, maxUser+1)), time.Hour}} {
		_, err := s.Credentials(bad.user, bad.ttl)
		assert.Error(t, err, bad)
	}
}

func expired(t *testing.T, secret string) Credentials {
	t.Helper()
	name, password, err := turn.GenerateLongTermTURNRESTCredentials(secret, "ada", -time.Minute)
	require.NoError(t, err)
	return Credentials{Username: name, Password: password}
}

func foreign(t *testing.T) Credentials {
	t.Helper()
	name, password, err := turn.GenerateLongTermTURNRESTCredentials("the secret of another town", "ada", time.Hour)
	require.NoError(t, err)
	return Credentials{Username: name, Password: password}
}

func TestQuotaAndLifetime(t *testing.T) {
	peer := echo(t)
	s := serve(t, func(c *Config) {
		c.Peers = []Peer{{Public: peer, Local: peer}}
		c.PerUser, c.Total, c.Max = 2, 3, time.Second
	})
	for _, user := range []string{"ada", "ada", "bob"} {
		_, err := overUDP(t, s, credentials(t, s, user))
		require.NoError(t, err, user)
	}
	_, err := overUDP(t, s, credentials(t, s, "ada"))
	require.Error(t, err, "third of one user")
	_, err = overUDP(t, s, credentials(t, s, "eve"))
	require.Error(t, err, "fourth altogether")
	eventually(t, "allocations end after their time", func() bool { return s.Stats().Allocations == 0 })
	_, err = overUDP(t, s, credentials(t, s, "ada"))
	require.NoError(t, err, "the quota is free again")
}

func TestConfigMistakesAreReportedTogether(t *testing.T) {
	_, err := New(Config{Secret: "short", TLS: ":0", Peers: []Peer{{}}})
	require.ErrorContains(t, err, "secret")
	require.ErrorContains(t, err, "certificate")
	require.ErrorContains(t, err, "peer")
	_, err = New(Config{})
	require.ErrorContains(t, err, "listen address")
	require.ErrorContains(t, err, "nothing to relay to")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	peer := netip.MustParseAddrPort("127.0.0.1:9")
	_, err = New(Config{Secret: "a secret of the town hall", UDP: "127.0.0.1:0", TCP: taken.Addr().String(), Peers: []Peer{{peer, peer}}})
	require.ErrorContains(t, err, "tcp")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 10*time.Second, 5*time.Millisecond, what)
}

func selfSigned(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}
