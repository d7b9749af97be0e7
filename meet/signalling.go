package meet

import (
	"context"

	"rathaus/internal/fault"
	"rathaus/internal/realtime"
	"rathaus/meet/sfu"
)

// Description is a session description, offer or answer.
type Description struct {
	SDP string `json:"sdp" maxLength:"65536"`
}

// OfferWanted asks for the server's offer of the downward connection. Restart
// asks for a new network path and keeps all slots.
type OfferWanted struct {
	Restart bool `json:"restart,omitempty"`
}

// SourceState says that the device has switched a source on or off.
type SourceState struct {
	Kind sfu.Kind `json:"kind" enum:"mic,camera,screen,screen_audio"`
	On   bool     `json:"on"`
}

// View is what a device shows, the most important first.
type View struct {
	Tiles []sfu.Tile `json:"tiles" nullable:"false" maxItems:"64"`
}

// publish takes the offer of the upward connection: the first, one with an ICE
// restart, or that of a new connection in place of a lost one.
func (s *Service) publish(_ context.Context, k realtime.Call, in Description) (Description, error) {
	p, err := s.talking(k, in.SDP)
	if err != nil {
		return Description{}, err
	}
	answer, err := p.media.Publish(in.SDP)
	return Description{SDP: answer}, mediaFault(err)
}

// offer starts or restarts the downward connection.
func (s *Service) offer(_ context.Context, k realtime.Call, _ OfferWanted) (Description, error) {
	p, err := s.talking(k, "")
	if err != nil {
		return Description{}, err
	}
	sdp, err := p.media.Offer() // the forwarding unit knows whether this is a restart
	return Description{SDP: sdp}, mediaFault(err)
}

// answer completes it.
func (s *Service) answer(_ context.Context, k realtime.Call, in Description) (Done, error) {
	p, err := s.talking(k, in.SDP)
	if err != nil {
		return Done{}, err
	}
	return Done{}, mediaFault(p.media.Answer(in.SDP))
}

// talking finds the caller's participant for a negotiation, which costs more
// than other operations and is limited.
func (s *Service) talking(k realtime.Call, sdp string) (*participant, error) {
	if len(sdp) > maxDescription {
		return nil, fault.TooLarge("meet.description_too_large", "max", maxDescription)
	}
	_, p, err := s.place(k)
	if err != nil {
		return nil, err
	}
	if !p.talks.Allow() {
		return nil, fault.RateLimited("meet.too_many_negotiations")
	}
	return p, nil
}

// source switches one of the caller's own sources. What is off is not
// forwarded, whatever the device sends.
func (s *Service) source(_ context.Context, k realtime.Call, in SourceState) (Done, error) {
	c, p, err := s.place(k)
	if err != nil {
		return Done{}, err
	}
	if err := checkSource(in.Kind); err != nil {
		return Done{}, err
	}
	s.switchSource(c, p, in.Kind, in.On)
	return Done{}, nil
}

func (s *Service) switchSource(c *call, p *participant, kind sfu.Kind, on bool) {
	p.media.SetMuted(kind, !on)
	c.change(p, func(p *participant) { p.set(kind, on) })
}

func checkSource(kind sfu.Kind) error {
	switch kind {
	case sfu.Microphone, sfu.Camera, sfu.Screen, sfu.ScreenSound:
		return nil
	}
	return fault.Invalid("meet.source_unknown")
}

// view tells which pictures the device shows and how large.
func (s *Service) view(_ context.Context, k realtime.Call, in View) (Done, error) {
	_, p, err := s.place(k)
	if err != nil {
		return Done{}, err
	}
	if len(in.Tiles) > maxTiles {
		return Done{}, fault.Invalid("meet.too_many_tiles", "max", maxTiles)
	}
	for _, t := range in.Tiles {
		if t.Kind != sfu.Camera && t.Kind != sfu.Screen {
			return Done{}, fault.Invalid("meet.source_unknown")
		}
	}
	p.media.SetView(in.Tiles)
	return Done{}, nil
}
