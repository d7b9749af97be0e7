package outbox

import (
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/net/ipv4"
)

type message = ipv4.Message

var (
	ada = netip.MustParseAddrPort("192.0.2.1:1000")
	bob = netip.MustParseAddrPort("192.0.2.2:2000")
)

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
			if !canSegmentHere {
				t.Skip("this system knows no segmentation")
			}
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
	if canSegmentHere {
		assert.Len(t, p.narrow, 10)
	}
}

func TestTrains(t *testing.T) {
	lengths := func(b *batch) (all [][]int) {
		for _, tr := range b.trains {
			var one []int
			b.cut(tr, func(p train) { one = append(one, p.end-p.start) })
			all = append(all, one)
		}
		return all
	}
	b := newBatch()
	for _, n := range []int{100, 100, 40, 40, 100} {
		assert.True(t, b.add(make([]byte, n), ada))
	}
	assert.True(t, b.add(make([]byte, 100), bob))
	assert.Equal(t, [][]int{{100, 100, 40}, {40}, {100}, {100}}, lengths(b), "a shorter packet ends a train, so does a longer one")

	b.clear()
	for range batchPackets {
		assert.True(t, b.add(make([]byte, 10), ada))
	}
	assert.False(t, b.add(make([]byte, 10), ada))
	assert.Len(t, b.trains, batchPackets/trainLength, "the kernel cuts no longer ones")

	b.clear()
	n := 0
	for b.add(make([]byte, maxPacket), ada) {
		n++
	}
	assert.Equal(t, batchBytes/maxPacket, n)
	for _, tr := range b.trains {
		assert.LessOrEqual(t, tr.end-tr.start, trainBytes)
	}
}
