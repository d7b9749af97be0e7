package sfu

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Bind implements webrtc.TrackLocal: the negotiation has settled numbers.
func (s *slot) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mime := webrtc.MimeTypeOpus
	if s.kind.video() {
		mime = webrtc.MimeTypeVP8
	}
	var chosen webrtc.RTPCodecParameters
	for _, codec := range c.CodecParameters() {
		if strings.EqualFold(codec.MimeType, mime) {
			chosen = codec
			break
		}
	}
	if chosen.PayloadType == 0 {
		return chosen, fmt.Errorf("slot %s: %w", s.id, errors.New("receiver takes no "+mime))
	}
	apt := fmt.Sprintf("apt=%d", chosen.PayloadType)
	for _, codec := range c.CodecParameters() {
		if strings.EqualFold(codec.MimeType, webrtc.MimeTypeRTX) && codec.SDPFmtpLine == apt {
			s.rtxPayload = uint8(codec.PayloadType)
		}
	}
	s.header = rtp.Header{}
	for _, ext := range c.HeaderExtensions() {
		if ext.URI == numberingURI {
			// The header keeps this array; fill rewrites its bytes in place.
			if err := s.header.SetExtension(uint8(ext.ID), s.number[:]); err != nil { //nolint:gosec // at most 14
				return chosen, fmt.Errorf("slot %s: numbering extension: %w", s.id, err)
			}
		}
	}
	s.ssrc, s.rtxSSRC = uint32(c.SSRC()), uint32(c.SSRCRetransmission())
	s.payload = uint8(chosen.PayloadType)
	s.writer = c.WriteStream()
	return chosen, nil
}

// Unbind implements webrtc.TrackLocal: nothing may be written any more.
func (s *slot) Unbind(webrtc.TrackLocalContext) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writer = nil
	return nil
}

// ID implements webrtc.TrackLocal.
func (s *slot) ID() string { return s.id }

// RID implements webrtc.TrackLocal; slots are not simulcast.
func (s *slot) RID() string { return "" }

// StreamID implements webrtc.TrackLocal. Each slot is a stream of its own: its
// neighbours may carry somebody else.
func (s *slot) StreamID() string { return s.id }

// Kind implements webrtc.TrackLocal.
func (s *slot) Kind() webrtc.RTPCodecType {
	if s.kind.video() {
		return webrtc.RTPCodecTypeVideo
	}
	return webrtc.RTPCodecTypeAudio
}
