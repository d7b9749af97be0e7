package outbox

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

var (
	ada = netip.MustParseAddrPort("192.0.2.1:1000")
	bob = netip.MustParseAddrPort("192.0.2.2:2000")
)

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
