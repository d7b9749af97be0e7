package sfu

import (
	"crypto/rand"
	"net"
	"strings"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHostileDescriptionsAreRefused(t *testing.T) {
	_, r := house(t)
	p, err := r.Join("eve", Events{})
	require.NoError(t, err)
	head := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AA\r\n"
	audio, video := "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:%\r\n", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:%\r\n"
	section := func(s, mid string) string { return strings.Replace(s, "%", mid, 1) }
	for name, offer := range map[string]string{
		"empty":             "",
		"garbage":           "\x00\xff\x00",
		"too long":          head + strings.Repeat("a=x\r\n", maxDescription/5),
		"video first":       head + section(video, "0"),
		"two microphones":   head + section(audio, "0") + section(audio, "1"),
		"same name twice":   head + section(audio, "0") + section(video, "0"),
		"no fingerprint":    strings.Replace(head, "a=fingerprint:sha-256 AA\r\n", "", 1) + section(audio, "0"),
		"fifth section":     head + section(audio, "0") + section(video, "1") + section(video, "2") + section(audio, "3") + section(audio, "4"),
		"nothing else":      head + section(audio, "0"),
		"data channel":      head + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n",
		"only line feeds":   strings.Repeat("\n", 1000),
		"truncated section": head + "m=audio",
	} {
		_, err := p.Publish(offer)
		require.ErrorIs(t, err, ErrDescription, name)
	}
	require.ErrorIs(t, p.Answer("anything"), ErrNoOffer)
	_, err = p.Offer()
	require.NoError(t, err)
	require.ErrorIs(t, p.Answer("v=0\r\nanything"), ErrDescription)
	require.ErrorIs(t, p.Answer(strings.Repeat("x", maxDescription+1)), ErrDescription)
	_, err = p.Offer()
	require.NoError(t, err, "a failed answer leaves room for the next offer")
}

func TestCandidatesOfClientsAreIgnored(t *testing.T) {
	in := "v=0\r\na=candidate:1 1 udp 1 10.0.0.1 22 typ host\r\nm=audio 9 X 0\r\na=candidate:2 1 udp 1 10.0.0.2 22 typ host\r\na=mid:0\r\n"
	assert.Equal(t, "v=0\r\nm=audio 9 X 0\r\na=mid:0\r\n", withoutCandidates(in))
}

func TestHostilePacketsDoNoHarm(t *testing.T) {
	s, r := house(t)
	ada, bob, eve := enter(t, r, "ada", line{}), enter(t, r, "bob", line{}), enter(t, r, "eve", line{})
	bob.film(3)
	eve.speak(9, loudness(20))
	eventually(t, "bob is seen", func() bool { return ada.receives("bob", Camera, 3) })

	// Strangers throw bytes at the ports.
	stranger, err := net.Dial("udp", s.Addresses()[0].Public.String())
	require.NoError(t, err)
	defer func() { require.NoError(t, stranger.Close()) }()
	junk := make([]byte, 1400)
	for i := range 500 {
		_, err := rand.Read(junk)
		require.NoError(t, err)
		junk[0] = byte(i)
		_, err = stranger.Write(junk[:1+i*2])
		require.NoError(t, err)
	}

	// A participant sends nonsense inside its encrypted connection.
	mid, rid := extensionIDs(eve.camera, sdp.SDESMidURI), extensionIDs(eve.camera, sdp.SDESRTPStreamIDURI)
	camera := midOf(eve.up, eve.camera)
	for i := range 500 {
		_, err := rand.Read(junk)
		require.NoError(t, err)
		h := rtp.Header{Version: 2, SequenceNumber: uint16(i * 37), Timestamp: uint32(i), Padding: i%3 == 0}
		require.NoError(t, h.SetExtension(mid, []byte(camera)))
		require.NoError(t, h.SetExtension(rid, []byte("q")))
		require.NoError(t, eve.cameraTracks[0].WriteRTP(&rtp.Packet{Header: h, Payload: junk[:i%40]}))
	}
	for _, s := range ada.p.slots {
		ssrc := s.stream()
		require.NoError(t, eve.down.WriteRTCP([]rtcp.Packet{
			&rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: []rtcp.NackPair{{PacketID: 1, LostPackets: 0xffff}}},
			&rtcp.PictureLossIndication{MediaSSRC: ssrc},
			&rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc}}},
			&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 1, SSRCs: []uint32{ssrc}},
		}))
	}
	seen, heard := ada.count(3), ada.count(9)
	eventually(t, "pictures and sound go on", func() bool { return ada.count(3) > seen+50 && ada.count(9) > heard+50 })
}

func TestParserSurvivesAnything(t *testing.T) {
	p := parser{video: true, levelID: 1}
	for i := range 20000 {
		b := make([]byte, i%64)
		_, err := rand.Read(b)
		require.NoError(t, err)
		if len(b) > 0 && i%2 == 0 {
			b[0] = 0x80 | b[0]&0x3f
		}
		if pkt, err := p.parse(b); err == nil {
			body := append([]byte(nil), pkt.payload...)
			vp8Numbers{1, 2, 3}.write(pkt.vp8, body)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{0x80, 0x60, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x90, 0xf0, 0x80, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		p := parser{video: true, levelID: 1}
		pkt, err := p.parse(b)
		if err != nil {
			return
		}
		n := vp8Numbers{0x1234, 2, 3}
		body := append([]byte(nil), pkt.payload...)
		n.write(pkt.vp8, body)
		if again, err := parseVP8(body); len(body) > 0 && (err != nil || again.wide != pkt.vp8.wide) {
			t.Fatalf("rewritten descriptor does not parse: %v", err)
		}
	})
}
