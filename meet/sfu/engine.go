package sfu

import (
	"errors"
	"fmt"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

const (
	payloadOpus   = 111
	payloadVP8    = 96
	payloadVP8RTX = 97

	audioLevelURI = sdp.AudioLevelURI
	numberingURI  = sdp.TransportCCURI
)

// newAPI returns the pion API for one direction. Only what clients publish
// passes interceptors: they ask for repeats, report losses and give
// congestion feedback. What is sent is written straight to the encryption,
// because it is the hot path.
func newAPI(n *network, logs logging.LoggerFactory, up bool) (*webrtc.API, error) {
	settings := webrtc.SettingEngine{LoggerFactory: logs}
	if err := n.apply(&settings); err != nil {
		return nil, fmt.Errorf("configure ice: %w", err)
	}
	if err := settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, fmt.Errorf("configure dtls: %w", err)
	}
	settings.SetDTLSInsecureSkipHelloVerify(true) // ICE has already proved the address
	settings.SetSRTPReplayProtectionWindow(1024)  // late repeats are welcome
	media := &webrtc.MediaEngine{}
	registry := &interceptor.Registry{}
	register := registerDown
	if up {
		register = registerUp
	}
	if err := errors.Join(registerCodecs(media), registerRepeats(media), register(media, registry, logs)); err != nil {
		return nil, fmt.Errorf("register codecs: %w", err)
	}
	return webrtc.NewAPI(
		webrtc.WithSettingEngine(settings),
		webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(registry),
	), nil
}

func registerUp(m *webrtc.MediaEngine, r *interceptor.Registry, logs logging.LoggerFactory) error {
	for _, uri := range []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI, numberingURI} {
		if err := registerExtension(m, uri, webrtc.RTPCodecTypeVideo); err != nil {
			return err
		}
	}
	for _, uri := range []string{sdp.SDESMidURI, numberingURI, audioLevelURI} {
		if err := registerExtension(m, uri, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	repeats, err := nack.NewGeneratorInterceptor(nack.WithGeneratorLoggerFactory(logs))
	if err != nil {
		return err
	}
	reports, err := report.NewReceiverInterceptor(report.WithReceiverLoggerFactory(logs))
	if err != nil {
		return err
	}
	arrivals, err := twcc.NewSenderInterceptor(twcc.SendInterval(50*time.Millisecond), twcc.WithLoggerFactory(logs))
	if err != nil {
		return err
	}
	r.Add(repeats)
	r.Add(reports)
	r.Add(arrivals)
	return nil
}

func registerDown(m *webrtc.MediaEngine, _ *interceptor.Registry, _ logging.LoggerFactory) error {
	if err := registerExtension(m, numberingURI, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	return registerExtension(m, numberingURI, webrtc.RTPCodecTypeVideo)
}

func registerExtension(m *webrtc.MediaEngine, uri string, kind webrtc.RTPCodecType) error {
	return m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind)
}

func registerCodecs(m *webrtc.MediaEngine) error {
	congestion := webrtc.RTCPFeedback{Type: webrtc.TypeRTCPFBTransportCC}
	repeat := webrtc.RTCPFeedback{Type: webrtc.TypeRTCPFBNACK}
	if err := m.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
			SDPFmtpLine:  "minptime=10;useinbandfec=1",
			RTCPFeedback: []webrtc.RTCPFeedback{congestion, repeat},
		},
		PayloadType: payloadOpus,
	}, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	return m.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeVP8, ClockRate: 90000,
			RTCPFeedback: []webrtc.RTCPFeedback{
				congestion, repeat,
				{Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
				{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
			},
		},
		PayloadType: payloadVP8,
	}, webrtc.RTPCodecTypeVideo)
}

// registerRepeats gives repeats a stream of their own (RFC 4588).
func registerRepeats(m *webrtc.MediaEngine) error {
	return m.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", payloadVP8),
		},
		PayloadType: payloadVP8RTX,
	}, webrtc.RTPCodecTypeVideo)
}
