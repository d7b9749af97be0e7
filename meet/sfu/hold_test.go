package sfu

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// alarm stands for the deadline of a reader.
type alarm struct {
	at  time.Time
	err error
}

func (a *alarm) set(at time.Time) error {
	a.at = at
	return a.err
}

func TestHold(t *testing.T) {
	now := time.Now()
	last := &packet{seq: 3, marker: true}
	opened := func(video bool) (*hold, *alarm) {
		a := &alarm{}
		return &hold{video: video, wake: a.set}, a
	}
	t.Run("a picture goes with its last packet", func(t *testing.T) {
		h, a := opened(true)
		assert.False(t, h.add(&packet{seq: 1}, 10, now))
		assert.Equal(t, now.Add(holdTime), a.at)
		assert.False(t, h.add(&packet{seq: 2}, 10, now.Add(time.Microsecond)))
		assert.Equal(t, now.Add(holdTime), a.at, "the first packet sets the time")
		assert.True(t, h.add(last, 10, now))
		assert.Len(t, h.release(), 3)
		assert.Zero(t, a.at, "nothing wakes the reader any more")
		assert.Empty(t, h.release())
	})
	t.Run("sound never waits", func(t *testing.T) {
		h, _ := opened(false)
		assert.True(t, h.add(&packet{}, 10, now))
	})
	t.Run("for few receivers nothing waits", func(t *testing.T) {
		h, _ := opened(true)
		assert.True(t, h.add(&packet{}, holdReceivers-1, now))
	})
	t.Run("a large picture goes in parts", func(t *testing.T) {
		h, _ := opened(true)
		for i := range holdPackets - 1 {
			assert.False(t, h.add(&packet{seq: uint16(i)}, 10, now))
		}
		assert.True(t, h.add(&packet{}, 10, now))
	})
	t.Run("a late rest is not waited for", func(t *testing.T) {
		h, _ := opened(true)
		assert.False(t, h.expired(os.ErrDeadlineExceeded), "nothing waits")
		h.add(&packet{}, 10, now)
		assert.True(t, h.expired(os.ErrDeadlineExceeded))
		assert.False(t, h.expired(errors.New("something else")))
	})
	t.Run("a reader that cannot be woken does not wait", func(t *testing.T) {
		h, a := opened(true)
		a.err = errors.New("no such stream")
		assert.True(t, h.add(&packet{}, 10, now))
	})
}

func TestPicturesReachManyReceiversWhole(t *testing.T) {
	s, r := house(t)
	filmer := enter(t, r, "filmer", line{})
	watchers := make([]*guest, holdReceivers+1)
	for i := range watchers {
		watchers[i] = enter(t, r, string(rune('a'+i)), line{})
	}
	filmer.film(1)
	filmer.speak(2, loudness(20))
	for _, w := range watchers {
		eventually(t, w.id+" sees and hears", func() bool {
			return w.receives("filmer", Camera, 1) && w.receives("filmer", Microphone, 2)
		})
		mid, _ := w.slotOf("filmer", Camera)
		eventually(t, w.id+" has pictures without a gap", func() bool { return w.ear(mid).distinct() > 60 })
		requireContinuous(t, w.ear(mid).all())
	}
	assert.Zero(t, s.Stats().WriteErrors)
}
