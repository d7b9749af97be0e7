package sfu

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"
)

// Limits on everything that comes from outside. Rates are per second.
const (
	maxDescription    = 256 << 10  // bytes of one session description
	maxView           = 64         // tiles in one view
	maxLayers         = 3          // simulcast layers of one source
	maxStreams        = 64         // streams one participant may ever start
	maxPacket         = 1500       // bytes of one RTP packet
	maxSlots          = 50         // slots of one kind
	maxAudioBitrate   = 320_000    // bits of one microphone
	maxVideoBitrate   = 5_000_000  // bits of one camera layer
	maxScreenBitrate  = 12_000_000 // bits of one screen layer
	maxFeedback       = 300        // RTCP packets of one slot
	maxRetransmits    = 600        // packets repeated on one slot
	keyFrameInterval  = 500 * time.Millisecond
	resendInterval    = 15 * time.Millisecond // at least, between two repeats of one packet
	sourceIdle        = 5 * time.Second       // without packets a source counts as off
	layerIdle         = 2 * time.Second       // without packets a layer is not chosen
	tickInterval      = 100 * time.Millisecond
	allocateInterval  = 500 * time.Millisecond
	iceDisconnected   = 5 * time.Second
	iceFailed         = 30 * time.Second
	iceKeepalive      = 2 * time.Second
	defaultAutoHeight = 360 // lines wanted of a tile while the client has not set a view
)

// Config says how the forwarding unit reaches the network and how large its
// rooms may be. The zero value listens on free ports on every interface.
type Config struct {
	// UDPPort carries all media; 0 takes a free one, a negative number turns
	// UDP off.
	UDPPort int
	// TCPPort serves clients whose network blocks UDP; 0 takes a free one,
	// a negative number turns TCP off.
	TCPPort int
	// PublicIPs are advertised instead of the interface addresses. Addresses
	// that no interface carries are taken to be translated (1:1 NAT) to this machine.
	PublicIPs []netip.Addr
	// BindIPs restricts the interface addresses used; empty means all.
	BindIPs []netip.Addr
	// Loopback also offers 127.0.0.1 and ::1. They are offered in any case
	// when the machine has no other address.
	Loopback bool

	// AudioSlots, VideoSlots and ScreenSlots are the streams each receiver
	// gets; 0 means 3, 9 and 2. One more slot carries the sound of a screen.
	AudioSlots, VideoSlots, ScreenSlots int

	// MaxParticipants limits each room; 0 means 500.
	MaxParticipants int

	// Log receives operational messages; nil discards them.
	Log *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	c.AudioSlots = orDefault(c.AudioSlots, 3)
	c.VideoSlots = orDefault(c.VideoSlots, 9)
	c.ScreenSlots = orDefault(c.ScreenSlots, 2)
	c.MaxParticipants = orDefault(c.MaxParticipants, 500)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	var problems []error
	for name, n := range map[string]int{"audio": c.AudioSlots, "video": c.VideoSlots, "screen": c.ScreenSlots} {
		if n < 1 || n > maxSlots {
			problems = append(problems, fmt.Errorf("%s slots: %d is not between 1 and %d", name, n, maxSlots))
		}
	}
	if c.UDPPort < 0 && c.TCPPort < 0 {
		problems = append(problems, errors.New("neither udp nor tcp"))
	}
	if c.UDPPort > 65535 || c.TCPPort > 65535 {
		problems = append(problems, errors.New("port out of range"))
	}
	return c, errors.Join(problems...)
}

func orDefault(n, def int) int {
	if n == 0 {
		return def
	}
	return n
}
