package meet

import (
	"fmt"
	"net/netip"

	"rathaus/meet/sfu"
)

// Streams of each receiver besides the video tiles, whose number is configured.
const (
	audioSlots  = 3
	screenSlots = 2
)

// openMedia opens the media ports. A port of 0 in the configuration means off.
func openMedia(d Deps) (*sfu.SFU, error) {
	public := make([]netip.Addr, 0, len(d.Config.PublicIPs))
	for _, ip := range d.Config.PublicIPs {
		addr, err := netip.ParseAddr(ip)
		if err != nil {
			return nil, fmt.Errorf("public address %q: %w", ip, err)
		}
		public = append(public, addr)
	}
	return sfu.New(sfu.Config{
		UDPPort: portOf(d.Config.UDPPort), TCPPort: portOf(d.Config.TCPPort), PublicIPs: public, Loopback: d.Loopback,
		AudioSlots: audioSlots, VideoSlots: d.Config.VideoSlots, ScreenSlots: screenSlots,
		MaxParticipants: d.Config.MaxParticipants, Log: d.Log,
	})
}

// AnyPort in the configuration takes a free port, for tests.
const AnyPort = -1

// portOf translates: the configuration says 0 for off and AnyPort for a free
// one; the forwarding unit says it the other way round.
func portOf(configured int) int {
	switch configured {
	case 0:
		return -1
	case AnyPort:
		return 0
	}
	return configured
}

func (s *Service) pool() Pool {
	return Pool{Audio: audioSlots, Video: s.cfg.VideoSlots, Screen: screenSlots}
}

// Stats are running totals since the start and the present numbers.
type Stats struct {
	Meetings     int
	Participants int
	Media        sfu.Stats
}

// Stats returns the figures for the metrics.
func (s *Service) Stats() Stats {
	out := Stats{Media: s.media.Stats()}
	for _, c := range s.calls.all() {
		if n := c.size(); n > 0 {
			out.Meetings++
			out.Participants += n
		}
	}
	return out
}

func (c *call) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.people)
}
