package outbox

import (
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/ipv4"
)

type message = ipv4.Message

// picky is a system that takes messages as its rule says, and writes down
// whom each packet reached and how.
type picky struct {
	refuse func(m message) error
	log    []string
}

func (s *picky) WriteBatch(ms []message, _ int) (int, error) {
	for i, m := range ms {
		if err := s.refuse(m); err != nil {
			if i > 0 { // like the system: what was taken counts, the reason comes next time
				return i, nil
			}
			return -1, &net.OpError{Op: "write", Err: os.NewSyscallError("sendmmsg", err)}
		}
		kind := "packet"
		if len(m.OOB) > 0 {
			kind = "train"
		}
		s.log = append(s.log, kind+" to "+m.Addr.(*net.UDPAddr).IP.String())
	}
	return len(ms), nil
}

func (s *picky) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	s.log = append(s.log, "plain to "+to.Addr().String())
	return len(b), nil
}

func twoTrains() *batch {
	b := newBatch()
	for _, to := range []netip.AddrPort{ada, bob} {
		b.add(make([]byte, 1000), to)
		b.add(make([]byte, 1000), to)
	}
	return b
}

func TestRefusals(t *testing.T) {
	is := func(m message, who netip.AddrPort) bool {
		return m.Addr.(*net.UDPAddr).AddrPort().Port() == who.Port()
	}
	for _, c := range []struct {
		name          string
		refuse        func(m message) error
		first, second []string
		lost          uint64
	}{
		{
			name:   "nothing is refused",
			refuse: func(message) error { return nil },
			first:  []string{"train to 192.0.2.1", "train to 192.0.2.2"},
			second: []string{"train to 192.0.2.1", "train to 192.0.2.2"},
		},
		{
			name: "a network card that cannot segment is not asked again",
			refuse: func(m message) error {
				if len(m.OOB) > 0 {
					return syscall.EIO
				}
				return nil
			},
			first:  []string{"plain to 192.0.2.1", "plain to 192.0.2.1", "plain to 192.0.2.2", "plain to 192.0.2.2"},
			second: []string{"packet to 192.0.2.1", "packet to 192.0.2.1", "packet to 192.0.2.2", "packet to 192.0.2.2"},
		},
		{
			name: "a narrow path is one address's matter",
			refuse: func(m message) error {
				if len(m.OOB) > 0 && is(m, bob) {
					return syscall.EMSGSIZE
				}
				return nil
			},
			first:  []string{"train to 192.0.2.1", "plain to 192.0.2.2", "plain to 192.0.2.2"},
			second: []string{"train to 192.0.2.1", "packet to 192.0.2.2", "packet to 192.0.2.2"},
		},
		{
			name: "a full queue loses nothing for the others",
			refuse: func(m message) error {
				if is(m, ada) {
					return syscall.ENOBUFS
				}
				return nil
			},
			first:  []string{"plain to 192.0.2.1", "plain to 192.0.2.1", "train to 192.0.2.2"},
			second: []string{"plain to 192.0.2.1", "plain to 192.0.2.1", "train to 192.0.2.2"},
		},
		{
			name:   "a closed socket ends it",
			refuse: func(message) error { return net.ErrClosed },
			lost:   4,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, b := newPost(true), twoTrains()
			for _, want := range [][]string{c.first, c.second} {
				s := &picky{refuse: c.refuse}
				assert.Equal(t, c.lost, p.send(b, s, s))
				assert.Equal(t, want, s.log)
			}
		})
	}
}

func TestASinglePacketThatIsRefusedIsCounted(t *testing.T) {
	p, b := newPost(false), newBatch()
	b.add(make([]byte, 100), ada)
	b.add(make([]byte, 100), bob)
	s := &picky{refuse: func(m message) error {
		if m.Addr.(*net.UDPAddr).Port == int(ada.Port()) {
			return syscall.EPERM
		}
		return nil
	}}
	assert.EqualValues(t, 1, p.send(b, s, s))
	assert.Equal(t, []string{"packet to 192.0.2.2"}, s.log)
}

func TestNarrowPathsAreForgottenBeforeTheyFillMemory(t *testing.T) {
	p := newPost(true)
	s := &picky{refuse: func(m message) error {
		if len(m.OOB) > 0 {
			return syscall.EMSGSIZE
		}
		return nil
	}}
	for port := range uint16(maxNarrow + 10) {
		b := newBatch()
		b.add(make([]byte, 1000), netip.AddrPortFrom(ada.Addr(), port+1))
		b.add(make([]byte, 1000), netip.AddrPortFrom(ada.Addr(), port+1))
		p.send(b, s, s)
	}
	assert.Len(t, p.narrow, 10)
}

func TestABurstLeavesTogether(t *testing.T) {
	c := open(t, "udp", "127.0.0.1:0")
	r := listen(t, "127.0.0.1:0", 1)
	counted := &countingWriter{batchWriter: c.writer}
	c.writer = counted
	c.Begin()
	for seq := range uint32(8) {
		_, err := c.WriteToAddrPort(parcel(0, seq), r.at)
		require.NoError(t, err)
	}
	assert.Zero(t, counted.calls, "nothing leaves before the end of the burst")
	c.End()
	r.wait(t, 8)
	assert.Equal(t, 1, counted.calls)
	if c.post.segment {
		assert.Equal(t, 3, counted.messages, "1100 1100 1100 640, 1100, 1200 1200 90")
	}

	c.Begin()
	c.End()
	assert.Equal(t, 1, counted.calls, "an empty burst costs no call")
}

type countingWriter struct {
	batchWriter
	calls, messages int
}

func (w *countingWriter) WriteBatch(ms []message, flags int) (int, error) {
	w.calls++
	w.messages += len(ms)
	return w.batchWriter.WriteBatch(ms, flags)
}
