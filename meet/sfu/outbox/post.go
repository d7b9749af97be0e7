package outbox

import (
	"errors"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

// maxNarrow is how many addresses are remembered whose path takes no
// segmented messages; beyond it all are forgotten and learned again.
const maxNarrow = 1024

// post turns a batch into messages of the system. It belongs to the holder of
// Conn.sending and keeps its memory from one batch to the next.
type post struct {
	segment   bool                        // the system cuts messages apart
	narrow    map[netip.AddrPort]struct{} // except towards these
	envelopes []envelope
	messages  []ipv4.Message // each uses the memory of the envelope with its index
	trains    []train        // what each message holds
}

// envelope is the memory of one message.
type envelope struct {
	to      net.UDPAddr
	ip      [net.IPv6len]byte
	packet  [1][]byte
	control []byte
}

func newPost(segment bool) post {
	p := post{
		segment:   segment,
		narrow:    map[netip.AddrPort]struct{}{},
		envelopes: make([]envelope, batchPackets),
		messages:  make([]ipv4.Message, 0, batchPackets),
		trains:    make([]train, 0, batchPackets),
	}
	for i := range p.envelopes {
		p.envelopes[i].control = newControl()
	}
	return p
}

// plainWriter sends one packet by one system call.
type plainWriter interface {
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
}

// send hands b to the system and returns how many packets it refused. They
// are lost as if on the way: receivers ask for them again.
func (p *post) send(b *batch, w batchWriter, plain plainWriter) (refused uint64) {
	p.enclose(b)
	messages, trains := p.messages, p.trains
	for len(messages) > 0 {
		n, err := w.WriteBatch(messages, 0)
		n = max(n, 0)
		messages, trains = messages[n:], trains[n:]
		if errors.Is(err, net.ErrClosed) {
			return refused + count(trains)
		}
		if n > 0 || len(messages) == 0 { // what stopped it comes first next time
			continue
		}
		if trains[0].packets > 1 {
			refused += p.oneByOne(b, trains[0], err, plain)
		} else {
			refused++
		}
		messages, trains = messages[1:], trains[1:]
	}
	return refused
}

func count(trains []train) (packets uint64) {
	for _, t := range trains {
		packets += uint64(t.packets) //nolint:gosec // at most trainLength
	}
	return packets
}

// oneByOne sends the packets of a segmented message that was refused, and
// remembers what the reason says about the next ones.
func (p *post) oneByOne(b *batch, t train, reason error, plain plainWriter) (refused uint64) {
	switch {
	case tooLong(reason): // plain packets are divided on the way, segments are not
		if len(p.narrow) >= maxNarrow {
			clear(p.narrow)
		}
		p.narrow[t.to] = struct{}{}
	case cannotSegment(reason):
		p.segment = false
	}
	b.cut(t, func(packet train) {
		if _, err := plain.WriteToUDPAddrPort(b.bytes[packet.start:packet.end], packet.to); err != nil {
			refused++
		}
	})
	return refused
}

// enclose makes the messages for b.
func (p *post) enclose(b *batch) {
	p.messages, p.trains = p.messages[:0], p.trains[:0]
	one := func(t train) { p.add(b, t) }
	for _, t := range b.trains {
		if _, narrow := p.narrow[t.to]; p.segment && !narrow {
			one(t)
			continue
		}
		b.cut(t, one)
	}
}

func (p *post) add(b *batch, t train) {
	e := &p.envelopes[len(p.messages)]
	address := t.to.Addr()
	e.ip = address.As16()
	e.to = net.UDPAddr{IP: e.ip[:], Port: int(t.to.Port()), Zone: address.Zone()}
	e.packet[0] = b.bytes[t.start:t.end]
	m := ipv4.Message{Buffers: e.packet[:], Addr: &e.to}
	if t.packets > 1 {
		setSegment(e.control, t.each)
		m.OOB = e.control
	}
	p.messages = append(p.messages, m)
	p.trains = append(p.trains, t)
}
