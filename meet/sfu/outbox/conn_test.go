package outbox

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// open returns a Conn on an address of this machine, or steps aside where the
// machine has no such address.
func open(t testing.TB, network, address string) *Conn {
	t.Helper()
	udp, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.MustParseAddrPort(address)))
	if err != nil {
		t.Skipf("no socket on %s: %v", address, err)
	}
	c, err := Wrap(udp)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// receiver is one of many that a Conn sends to. Packets carry the number of
// their writer, their place in its stream and a filling that depends on both.
type receiver struct {
	udp     *net.UDPConn
	at      netip.AddrPort
	arrived chan struct{} // one for each packet
	next    []uint32      // by writer
}

func listen(t testing.TB, address string, writers int) *receiver {
	t.Helper()
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(address)))
	if err != nil {
		t.Skipf("no socket on %s: %v", address, err)
	}
	r := &receiver{udp: udp, arrived: make(chan struct{}, 1<<16), next: make([]uint32, writers)}
	r.at = udp.LocalAddr().(*net.UDPAddr).AddrPort()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.read(t)
	}()
	t.Cleanup(func() {
		_ = udp.Close()
		<-done
	})
	return r
}

func (r *receiver) read(t testing.TB) {
	b := make([]byte, 4096)
	for {
		n, err := r.udp.Read(b)
		if err != nil {
			return
		}
		writer, seq := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		assert.Equal(t, r.next[writer], seq, "packets of writer %d arrive once and in their order", writer)
		assert.Equal(t, parcel(writer, seq), b[:n], "a packet arrives as it was written")
		r.next[writer] = seq + 1
		r.arrived <- struct{}{}
	}
}

// wait for n packets.
func (r *receiver) wait(t testing.TB, n int) {
	late := time.NewTimer(patience)
	defer late.Stop()
	for i := range n {
		select {
		case <-r.arrived:
		case <-late.C:
			assert.Failf(t, "packets are missing", "%d of %d came", i, n)
			return
		}
	}
}

// parcel has a length that repeats for some packets, so that trains form and end.
func parcel(writer, seq uint32) []byte {
	lengths := []int{1100, 1100, 1100, 640, 1100, 1200, 1200, 90}
	b := make([]byte, lengths[seq%8])
	binary.BigEndian.PutUint32(b, writer)
	binary.BigEndian.PutUint32(b[4:], seq)
	for i := 8; i < len(b); i++ {
		b[i] = byte(seq) + byte(i)
	}
	return b
}

func TestEveryPacketArrivesOnceAndInOrder(t *testing.T) {
	for _, family := range []struct{ name, network, from, to string }{
		{"IPv4", "udp", "127.0.0.1:0", "127.0.0.1:0"},
		{"IPv6", "udp", "[::1]:0", "[::1]:0"},
		{"IPv4 from a socket of both", "udp", "[::]:0", "127.0.0.1:0"},
		{"IPv6 from a socket of both", "udp", "[::]:0", "[::1]:0"},
	} {
		t.Run(family.name, func(t *testing.T) {
			const writers, rounds, each = 3, 25, 8
			c := open(t, family.network, family.from)
			receivers := make([]*receiver, 5)
			for i := range receivers {
				receivers[i] = listen(t, family.to, writers)
			}
			for round := range uint32(rounds) { // together they fit into the socket of a receiver
				var tasks sync.WaitGroup
				for w := range uint32(writers) {
					tasks.Go(func() { write(t, c, receivers, w, round*each, each, w > 0) }) // the first never opens a burst
				}
				tasks.Wait()
				for _, r := range receivers {
					r.wait(t, writers*each)
				}
			}
			assert.Zero(t, c.Refused())
		})
	}
}

// write sends n packets to each receiver, as a picture is forwarded.
func write(t testing.TB, c *Conn, receivers []*receiver, writer, from, n uint32, burst bool) {
	if burst {
		c.Begin()
		defer c.End()
	}
	for _, r := range receivers {
		to := r.at
		if c.LocalAddr().(*net.UDPAddr).IP.IsUnspecified() { // a socket of both families knows IPv4 in this form
			to = netip.AddrPortFrom(netip.AddrFrom16(to.Addr().As16()), to.Port())
		}
		for seq := from; seq < from+n; seq++ {
			b := parcel(writer, seq)
			sent, err := c.WriteToAddrPort(b, to)
			assert.NoError(t, err)
			assert.Equal(t, len(b), sent)
			clear(b) // the writer may use its memory again
		}
	}
}

func TestAFullBufferIsSentByItsWriter(t *testing.T) {
	c := open(t, "udp", "127.0.0.1:0")
	receivers := make([]*receiver, 4) // one would have no room for all
	for i := range receivers {
		receivers[i] = listen(t, "127.0.0.1:0", 1)
	}
	c.Begin()
	for seq := range uint32(25) {
		write(t, c, receivers, 0, seq, 1, false)
	}
	for _, r := range receivers {
		r.wait(t, 15) // about 64 KiB of 95 kB
	}
	c.End()
	for _, r := range receivers {
		r.wait(t, 10)
	}
}

func TestClosing(t *testing.T) {
	c := open(t, "udp", "127.0.0.1:0")
	r := listen(t, "127.0.0.1:0", 1)
	c.Begin()
	for seq := range uint32(4) {
		_, err := c.WriteToAddrPort(parcel(0, seq), r.at)
		require.NoError(t, err)
	}
	require.NoError(t, c.Close())
	c.End()
	if c.writer != nil {
		assert.EqualValues(t, 4, c.Refused(), "what waited is dropped and counted")
	}
	_, err := c.WriteToAddrPort(parcel(0, 4), r.at)
	assert.ErrorIs(t, err, net.ErrClosed)
	_, _, err = c.ReadFromAddrPort(make([]byte, 10))
	assert.ErrorIs(t, err, net.ErrClosed)
}

func TestTheDeadlineOfOneHitsNobodyElse(t *testing.T) {
	c := open(t, "udp", "127.0.0.1:0")
	r := listen(t, "127.0.0.1:0", 1)
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(-time.Second)))
	write(t, c, []*receiver{r}, 0, 0, 8, true)
	r.wait(t, 8)
}

func TestPacketsOfABurstAllocateNothing(t *testing.T) {
	c := open(t, "udp", "127.0.0.1:0")
	to := netip.MustParseAddrPort("127.0.0.1:9") // nobody listens
	packet := make([]byte, 1100)
	assert.Less(t, testing.AllocsPerRun(100, func() {
		c.Begin()
		for range 40 {
			_, _ = c.WriteToAddrPort(packet, to)
		}
		c.End()
	}), 4.0, "at most what a pool forgets, for 40 packets")
}

func BenchmarkBurst(b *testing.B) {
	for _, together := range []bool{false, true} {
		b.Run(fmt.Sprintf("together=%t", together), func(b *testing.B) {
			c := open(b, "udp", "127.0.0.1:0")
			receivers := make([]netip.AddrPort, 30)
			for i := range receivers {
				udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
				require.NoError(b, err)
				b.Cleanup(func() { _ = udp.Close() })
				receivers[i] = udp.LocalAddr().(*net.UDPAddr).AddrPort()
			}
			packet := make([]byte, 1100)
			for b.Loop() {
				if together {
					c.Begin()
				}
				for _, to := range receivers {
					for range 5 {
						_, _ = c.WriteToAddrPort(packet, to)
					}
				}
				if together {
					c.End()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(receivers)*5), "ns/packet")
		})
	}
}
