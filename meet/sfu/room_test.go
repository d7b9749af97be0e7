package sfu

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (g *guest) receives(participant string, kind Kind, tag byte) bool {
	mid, ok := g.slotOf(participant, kind)
	if !ok {
		return false
	}
	return slices.ContainsFunc(g.ear(mid).all(), func(p heardPacket) bool { return p.tag == tag })
}

func TestRoom(t *testing.T) {
	t.Run("two people see and hear each other", func(t *testing.T) {
		_, r := house(t)
		ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
		ada.film(1)
		ada.speak(2, loudness(20))
		bob.film(3)
		bob.speak(4, loudness(20))
		eventually(t, "pictures and sound both ways", func() bool {
			return ada.receives("bob", Camera, 3) && ada.receives("bob", Microphone, 4) &&
				bob.receives("ada", Camera, 1) && bob.receives("ada", Microphone, 2)
		})
		assert.Zero(t, ada.count(1)+ada.count(2), "ada receives herself")
		eventually(t, "ada knows bob's sources", func() bool {
			return ada.sees(Source{"bob", Camera, true}) && ada.sees(Source{"bob", Microphone, true})
		})
		stats := r.Stats()
		assert.Equal(t, 2, stats.Participants)
		assert.Positive(t, stats.PacketsIn)
		assert.Positive(t, stats.BytesOut)
	})

	t.Run("people come and go without a new negotiation", func(t *testing.T) {
		_, r := house(t)
		ada := enter(t, r, "ada", line{})
		before := ada.down.CurrentRemoteDescription().SDP
		for i := range 6 {
			id := fmt.Sprintf("guest %d", i)
			g := enter(t, r, id, line{})
			g.film(byte(10 + i))
			eventually(t, "ada sees "+id, func() bool { return ada.receives(id, Camera, byte(10+i)) })
			g.close()
			eventually(t, id+" is off ada's slots", func() bool {
				_, there := ada.slotOf(id, Camera)
				return !there && ada.sees(Source{id, Camera, false})
			})
		}
		assert.Equal(t, before, ada.down.CurrentRemoteDescription().SDP)
		assert.Len(t, ada.heard, 1, "free slots are used again")
	})

	t.Run("a muted source is not forwarded whatever the client sends", func(t *testing.T) {
		_, r := house(t)
		ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
		bob.speak(4, loudness(20))
		bob.film(3)
		eventually(t, "bob is heard", func() bool { return ada.receives("bob", Microphone, 4) && ada.receives("bob", Camera, 3) })
		bob.p.SetMuted(Microphone, true)
		eventually(t, "ada is told", func() bool { return ada.sees(Source{"bob", Microphone, false}) })
		sound, picture := ada.count(4), ada.count(3)
		in := r.Stats().PacketsIn
		eventually(t, "more pictures and ignored sound", func() bool {
			return ada.count(3) > picture+20 && r.Stats().PacketsIn > in+100
		})
		assert.LessOrEqual(t, ada.count(4), sound+1, "sound of a muted microphone")
		bob.p.SetMuted(Microphone, false)
		eventually(t, "bob is heard again", func() bool { return ada.count(4) > sound+20 })
	})

	t.Run("removing a participant closes both connections at once", func(t *testing.T) {
		_, r := house(t)
		ada, bob := enter(t, r, "ada", line{}), enter(t, r, "bob", line{})
		bob.film(3)
		eventually(t, "bob is seen", func() bool { return ada.receives("bob", Camera, 3) })
		require.True(t, r.Remove("bob"))
		assert.False(t, r.Remove("bob"))
		assert.Nil(t, r.Participant("bob"))
		eventually(t, "bob's connections close", func() bool {
			return bob.up.ConnectionState() != webrtc.PeerConnectionStateConnected &&
				bob.down.ConnectionState() != webrtc.PeerConnectionStateConnected
		})
		_, err := bob.p.Offer()
		require.ErrorIs(t, err, ErrClosed)
		require.ErrorIs(t, bob.p.Answer(""), ErrClosed)
	})

	t.Run("refuses doubles, crowds and visitors after the end", func(t *testing.T) {
		s, r := house(t, func(c *Config) { c.MaxParticipants = 1 })
		ada, err := r.Join("ada", Events{})
		require.NoError(t, err)
		_, err = r.Join("ada", Events{})
		require.ErrorIs(t, err, ErrTaken)
		_, err = r.Join("bob", Events{})
		require.ErrorIs(t, err, ErrFull)
		ada.Leave()
		ada.Leave()
		ada.SetView([]Tile{{Participant: "bob", Kind: Camera}})
		ada.SetMuted(Camera, true)
		r.Close()
		r.Close()
		_, err = r.Join("bob", Events{})
		require.ErrorIs(t, err, ErrClosed)
		require.NoError(t, s.Close())
		_, err = s.Room("council")
		require.ErrorIs(t, err, ErrClosed)
	})
}
