package sfu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestMungerMakesOneStream(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m munger
		now := time.Unix(1000, 0)
		var last rewritten
		for source := range rapid.IntRange(1, 5).Draw(t, "sources") {
			seq := rapid.Uint16().Draw(t, "seq")
			ts := rapid.Uint32().Draw(t, "ts")
			n := vp8Numbers{picture: rapid.Uint16().Draw(t, "picture") & 0x7fff, tl0: rapid.Uint8().Draw(t, "tl0")}
			for i := range rapid.IntRange(1, 40).Draw(t, "packets") {
				now = now.Add(10 * time.Millisecond)
				p := &packet{seq: seq + uint16(i), ts: ts + uint32(i)*900, vp8: vp8Descriptor{pictureAt: 2, wide: true, picture: (n.picture + uint16(i)) & 0x7fff, tl0: n.tl0}}
				if i == 0 {
					m.join(p, m.elapsed(now, 90000))
				}
				out, ok := m.rewrite(p, now)
				if !ok {
					t.Fatalf("packet %d of source %d refused", i, source)
				}
				if source+i > 0 {
					if out.seq != last.seq+1 || out.vp8.picture != (last.vp8.picture+1)&0x7fff || int32(out.ts-last.ts) <= 0 {
						t.Fatalf("after %+v comes %+v", last, out)
					}
				}
				last = out
			}
		}
	})
}

func TestMungerRefusesPacketsFromBeforeTheSwitch(t *testing.T) {
	var m munger
	now := time.Now()
	m.join(&packet{seq: 10}, 1)
	for i := range uint16(40000) { // beyond half the range of sequence numbers
		_, ok := m.rewrite(&packet{seq: 10 + i}, now)
		assert.True(t, ok)
	}
	late, ok := m.rewrite(&packet{seq: 40000}, now)
	assert.True(t, ok, "late packets of the present layer are welcome")
	assert.Equal(t, m.lastSeq-9, late.seq)
	m.join(&packet{seq: 500}, 1)
	_, ok = m.rewrite(&packet{seq: 499}, now)
	assert.False(t, ok)
}

func TestHistoryRepeatsOnlyWhatItSent(t *testing.T) {
	var h history
	now := time.Now()
	_, _, ok := h.find(1, now)
	assert.False(t, ok)
	for i := range uint16(historySize + 10) {
		h.add(&packet{payload: []byte{byte(i)}}, rewritten{seq: i})
	}
	_, _, ok = h.find(5, now)
	assert.False(t, ok, "overwritten")
	_, r, ok := h.find(historySize, now)
	assert.True(t, ok)
	assert.EqualValues(t, historySize, r.seq)
	_, _, ok = h.find(historySize, now.Add(time.Millisecond))
	assert.False(t, ok, "repeated just now")
	_, _, ok = h.find(historySize, now.Add(resendInterval))
	assert.True(t, ok)
}
