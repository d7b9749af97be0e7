package outbox

import "net/netip"

const (
	batchBytes   = 64 << 10 // of packets that wait, for each of the two buffers of a socket
	batchPackets = 128      // that wait; no system call takes more messages
	trainBytes   = 60 << 10 // of one message; with its headers it must stay below 64 KiB
	trainLength  = 64       // packets that the kernel cuts from one message
)

// batch is what one flush sends: packets, laid end to end.
type batch struct {
	bytes   []byte
	trains  []train
	packets int
}

// train is a run of neighbouring packets to one address. All have the same
// length, only the last may be shorter.
type train struct {
	to         netip.AddrPort
	start, end int // in batch.bytes
	each       int // bytes of a packet
	packets    int
}

func newBatch() *batch {
	return &batch{bytes: make([]byte, 0, batchBytes), trains: make([]train, 0, batchPackets)}
}

func (b *batch) empty() bool { return b.packets == 0 }

func (b *batch) clear() { b.bytes, b.trains, b.packets = b.bytes[:0], b.trains[:0], 0 }

// add copies packet; false means that there is no room.
func (b *batch) add(packet []byte, to netip.AddrPort) bool {
	start := len(b.bytes)
	if start+len(packet) > cap(b.bytes) || b.packets == batchPackets {
		return false
	}
	b.bytes = append(b.bytes, packet...)
	b.packets++
	if n := len(b.trains); n > 0 && b.trains[n-1].takes(len(packet), to) {
		b.trains[n-1].end = len(b.bytes)
		b.trains[n-1].packets++
		return true
	}
	b.trains = append(b.trains, train{to: to, start: start, end: len(b.bytes), each: len(packet), packets: 1})
	return true
}

// takes reports whether a packet of n bytes may follow those of t.
func (t *train) takes(n int, to netip.AddrPort) bool {
	length := t.end - t.start
	return t.to == to &&
		n <= t.each &&
		length == t.packets*t.each && // no shorter packet has ended it
		t.packets < trainLength &&
		length+n <= trainBytes
}

// cut calls visit with each packet of t, as a train of its own.
func (b *batch) cut(t train, visit func(packet train)) {
	for at := t.start; at < t.end; at += t.each {
		end := min(at+t.each, t.end)
		visit(train{to: t.to, start: at, end: end, each: end - at, packets: 1})
	}
}
