package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

// eachArrival expands transport-wide feedback: every numbered packet with its
// time of arrival on the receiver's clock, or ok=false if it did not come.
func eachArrival(fb *rtcp.TransportLayerCC, visit func(seq uint16, at time.Duration, ok bool)) {
	seq, left := fb.BaseSequenceNumber, int(fb.PacketStatusCount)
	at := time.Duration(fb.ReferenceTime) * 64 * time.Millisecond
	deltas := fb.RecvDeltas
	one := func(symbol uint16) {
		if left == 0 {
			return
		}
		left--
		arrived := symbol == rtcp.TypeTCCPacketReceivedSmallDelta || symbol == rtcp.TypeTCCPacketReceivedLargeDelta
		if arrived && len(deltas) == 0 {
			left = 0
			return
		}
		if arrived {
			at += time.Duration(deltas[0].Delta) * time.Microsecond
			deltas = deltas[1:]
		}
		visit(seq, at, arrived)
		seq++
	}
	for _, chunk := range fb.PacketChunks {
		switch c := chunk.(type) {
		case *rtcp.RunLengthChunk:
			for range min(int(c.RunLength), left) {
				one(c.PacketStatusSymbol)
			}
		case *rtcp.StatusVectorChunk:
			for _, symbol := range c.SymbolList {
				one(symbol)
			}
		}
	}
}
