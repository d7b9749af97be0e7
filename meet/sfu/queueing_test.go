package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/stretchr/testify/assert"
)

// track simulates a line of limited capacity for seconds and returns the last budget.
func drive(q *queueing, now *time.Time, seconds int, capacity int64, spend func(budget int64) int64) int64 {
	const size, step = 1200, 50 * time.Millisecond
	backlog, budget := time.Duration(0), q.budget(*now)
	for i := range seconds * 20 {
		n := max(spend(budget)*int64(step)/int64(time.Second)/8/size, 1)
		fb := &rtcp.TransportLayerCC{PacketStatusCount: uint16(n), ReferenceTime: uint32(now.UnixNano()/int64(64*time.Millisecond)) & 0xffffff}
		at := time.Duration(fb.ReferenceTime) * 64 * time.Millisecond
		zero := now.UnixNano() - int64(at)
		for k := range n {
			seq := q.sent(size, *now)
			if k == 0 {
				fb.BaseSequenceNumber = seq
			}
			backlog += time.Duration(size * 8 * int64(time.Second) / capacity)
			arrived := time.Duration(now.UnixNano()-zero) + 20*time.Millisecond + backlog
			fb.RecvDeltas = append(fb.RecvDeltas, &rtcp.RecvDelta{Type: rtcp.TypeTCCPacketReceivedLargeDelta, Delta: (arrived - at).Microseconds()})
			at = arrived
		}
		fb.PacketChunks = []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedLargeDelta, RunLength: uint16(n)}}
		backlog = max(backlog-step, 0)
		*now = now.Add(step)
		q.arrivals(fb, *now)
		if i%10 == 0 {
			budget = q.budget(*now)
		}
	}
	return budget
}

func TestQueueing(t *testing.T) {
	all := func(budget int64) int64 { return budget }
	t.Run("falls below a full line and stays near it", func(t *testing.T) {
		q, now := newQueueing(), time.Unix(1000, 0)
		q.moved(now)
		budget := drive(q, &now, 60, 1_500_000, all)
		assert.Less(t, budget, int64(2_200_000))
		assert.Greater(t, budget, int64(500_000))
	})
	t.Run("rises when there is room and it is used", func(t *testing.T) {
		q, now := newQueueing(), time.Unix(1000, 0)
		budget := drive(q, &now, 30, 100_000_000, all)
		assert.Greater(t, budget, int64(10_000_000))
	})
	t.Run("does not rise far beyond what was tried", func(t *testing.T) {
		q, now := newQueueing(), time.Unix(1000, 0)
		budget := drive(q, &now, 60, 100_000_000, func(int64) int64 { return 300_000 })
		assert.LessOrEqual(t, budget, int64(startBudget))
	})
	t.Run("falls by lasting loss only", func(t *testing.T) {
		q, now := newQueueing(), time.Unix(1000, 0)
		before := drive(q, &now, 5, 100_000_000, all)
		q.loss(0.5)
		now = now.Add(allocateInterval)
		assert.GreaterOrEqual(t, q.budget(now), before)
		q.loss(0.5)
		now = now.Add(allocateInterval)
		q.budget(now)
		q.loss(0.5)
		now = now.Add(allocateInterval)
		assert.Less(t, q.budget(now), before)
	})
}

func TestEachArrivalExpandsFeedback(t *testing.T) {
	type arrival struct {
		seq uint16
		ok  bool
	}
	var got []arrival
	fb := &rtcp.TransportLayerCC{
		BaseSequenceNumber: 65534, PacketStatusCount: 5,
		PacketChunks: []rtcp.PacketStatusChunk{
			&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 2},
			&rtcp.StatusVectorChunk{SymbolList: []uint16{rtcp.TypeTCCPacketNotReceived, rtcp.TypeTCCPacketReceivedSmallDelta, rtcp.TypeTCCPacketNotReceived, 1, 1, 1}},
		},
		RecvDeltas: []*rtcp.RecvDelta{{Delta: 250}, {Delta: 250}, {Delta: 500}},
	}
	var last time.Duration
	eachArrival(fb, func(seq uint16, at time.Duration, ok bool) {
		got = append(got, arrival{seq, ok})
		last = max(last, at)
	})
	assert.Equal(t, []arrival{{65534, true}, {65535, true}, {0, false}, {1, true}, {2, false}}, got)
	assert.Equal(t, time.Millisecond, last)

	fb.RecvDeltas = nil
	eachArrival(fb, func(uint16, time.Duration, bool) { t.Fatal("deltas are missing") })
}
