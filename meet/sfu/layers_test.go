package sfu

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unrolled sorts packets by sequence number, across its wrap.
func unrolled(packets []heardPacket) ([]int, map[int]heardPacket) {
	var order []int
	by := map[int]heardPacket{}
	last := -1
	for _, p := range packets {
		n := int(p.seq)
		if last >= 0 {
			n = last + int(int16(p.seq-uint16(last)))
		}
		if _, twice := by[n]; !twice {
			order = append(order, n)
			by[n] = p
		}
		last = max(last, n)
	}
	slices.SortFunc(order, cmp.Compare[int])
	return order, by
}

// requireContinuous checks what a decoder relies on: no gaps in sequence
// numbers, time that never goes back or leaps, picture numbers without gaps,
// and key frames wherever the layer or the source changes.
func requireContinuous(t *testing.T, packets []heardPacket) {
	t.Helper()
	order, by := unrolled(packets)
	require.NotEmpty(t, order)
	missing, changes := 0, 0
	for i := 1; i < len(order); i++ {
		a, b := by[order[i-1]], by[order[i]]
		missing += order[i] - order[i-1] - 1
		step := int32(b.ts - a.ts)
		require.True(t, step >= 0 && step < 90000*5, "time step of %d after packet %d", step, order[i-1])
		picture := (b.vp8.picture - a.vp8.picture) & 0x7fff
		require.LessOrEqual(t, picture, uint16(1), "picture step after packet %d", order[i-1])
		require.LessOrEqual(t, b.vp8.tl0-a.vp8.tl0, uint8(1), "tl0 step after packet %d", order[i-1])
		if a.layer != b.layer || a.tag != b.tag {
			changes++
			require.True(t, b.vp8.key, "change to layer %d of %d without a key frame", b.layer, b.tag)
			require.Positive(t, step, "change within one frame time")
		}
	}
	require.Zero(t, missing, "sequence numbers missing")
	t.Logf("%d packets, %d changes", len(order), changes)
}

func TestLayers(t *testing.T) {
	t.Run("follow the size of the tile without a seam", func(t *testing.T) {
		_, r := house(t)
		ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
		bob.film(3)
		var mid string
		for _, want := range []struct {
			height int
			layer  byte
		}{{180, 0}, {720, 2}, {360, 1}, {1080, 2}, {90, 0}} {
			ada.p.SetView([]Tile{{Participant: "bob", Kind: Camera, MaxHeight: want.height}})
			eventually(t, fmt.Sprintf("layer %d for height %d", want.layer, want.height), func() bool {
				m, ok := ada.slotOf("bob", Camera)
				mid = m
				all := ada.ear(m).all()
				return ok && len(all) > 10 && all[len(all)-1].layer == want.layer && all[len(all)-8].layer == want.layer
			})
		}
		requireContinuous(t, ada.ear(mid).all())
	})

	t.Run("continue on one slot when somebody else takes it", func(t *testing.T) {
		_, r := house(t, func(c *Config) { c.VideoSlots = 1 })
		ada, bob, eve := enter(t, r, "ada", line{}), enter(t, r, "bob", line{}), enter(t, r, "eve", line{})
		bob.film(3)
		eve.film(5)
		var mid string
		for _, who := range []struct {
			id  string
			tag byte
		}{{"bob", 3}, {"eve", 5}, {"bob", 3}, {"eve", 5}} {
			ada.p.SetView([]Tile{{Participant: who.id, Kind: Camera, MaxHeight: 360}})
			eventually(t, who.id+" on the slot", func() bool {
				m, ok := ada.slotOf(who.id, Camera)
				mid = m
				return ok && ada.ear(m).last().tag == who.tag
			})
		}
		requireContinuous(t, ada.ear(mid).all())
	})

	t.Run("are asked for key frames sparingly", func(t *testing.T) {
		_, r := house(t)
		ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
		film := bob.film(3)
		eventually(t, "bob is seen", func() bool { return ada.receives("bob", Camera, 3) })
		before := film.keys.Load()
		at := r.Stats().PacketsIn
		eventually(t, "a hundred requests are passed on", func() bool {
			mid, _ := ada.slotOf("bob", Camera)
			for _, s := range ada.p.slots {
				if s.mid == mid {
					s.wantKey(time.Now())
				}
			}
			return r.Stats().PacketsIn > at+150 // one second
		})
		assert.LessOrEqual(t, film.keys.Load()-before, int64(5))
	})
}

func TestViewBeyondThePoolIsCut(t *testing.T) {
	_, r := house(t, func(c *Config) { c.VideoSlots = 2 })
	ada := enter(t, r, "ada", line{})
	var view []Tile
	for i := range 3 {
		id := fmt.Sprint("guest ", i)
		enter(t, r, id, line{}).film(byte(10 + i))
		view = append(view, Tile{Participant: id, Kind: Camera, MaxHeight: 180})
	}
	ada.p.SetView(view)
	eventually(t, "the first two", func() bool { return ada.receives("guest 0", Camera, 10) && ada.receives("guest 1", Camera, 11) })
	_, third := ada.slotOf("guest 2", Camera)
	assert.False(t, third)
	kept, _ := ada.slotOf("guest 1", Camera)
	ada.p.SetView(view[1:])
	eventually(t, "the third", func() bool { return ada.receives("guest 2", Camera, 12) })
	still, _ := ada.slotOf("guest 1", Camera)
	assert.Equal(t, kept, still, "a picture that stays keeps its slot")
}
