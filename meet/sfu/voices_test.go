package sfu

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVoices(t *testing.T) {
	_, r := house(t, func(c *Config) { c.AudioSlots = 2 })
	ada := enter(t, r, "ada", line{})
	var guests []*guest
	var levels []*atomic.Int32
	for i := range 4 {
		g := enter(t, r, fmt.Sprint("guest ", i), line{})
		level := loudness(100)
		g.speak(byte(10+i), level)
		guests, levels = append(guests, g), append(levels, level)
	}
	loud := func(who ...int) {
		for i, l := range levels {
			l.Store(100)
			for _, w := range who {
				if w == i {
					l.Store(20)
				}
			}
		}
	}
	onSlots := func(who ...int) bool {
		for _, i := range who {
			if _, ok := ada.slotOf(guests[i].id, Microphone); !ok {
				return false
			}
		}
		return true
	}
	for _, pair := range [][]int{{0, 1}, {2, 3}, {1, 3}} {
		loud(pair...)
		eventually(t, fmt.Sprint("speakers ", pair, " are forwarded"), func() bool {
			before := []int{ada.count(byte(10 + pair[0])), ada.count(byte(10 + pair[1]))}
			return onSlots(pair...) && before[0] > 0 && before[1] > 0
		})
	}
	// Everybody else is held back.
	quietNow := ada.count(10) + ada.count(12)
	heard := ada.count(11)
	eventually(t, "a second of speech", func() bool { return ada.count(11) > heard+50 })
	assert.LessOrEqual(t, ada.count(10)+ada.count(12), quietNow+2)

	loud(1)
	eventually(t, "the only speaker is dominant", func() bool {
		ada.mu.Lock()
		defer ada.mu.Unlock()
		return ada.speaking.Dominant == "guest 1" && len(ada.speaking.Active) == 1
	})
	assert.Positive(t, guests[3].count(11), "speakers hear each other")
}
