package sfu

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

const (
	framesPerSecond = 25
	frameTime       = time.Second / framesPerSecond
)

// studio makes synthetic VP8 with valid payload descriptors, in three sizes,
// with key frames on request.
type studio struct {
	g       *guest
	up      *webrtc.PeerConnection
	camera  *webrtc.RTPSender
	tracks  []*webrtc.TrackLocalStaticRTP
	tag     byte // tells publishers apart in what arrives
	wantKey [3]atomic.Bool
	keys    atomic.Int64
}

// film starts the guest's camera.
func (g *guest) film(tag byte) *studio {
	s := &studio{g: g, up: g.up, camera: g.camera, tracks: g.cameraTracks, tag: tag}
	for i, rid := range []string{"q", "h", "f"} {
		s.wantKey[i].Store(true)
		g.start(func() { s.heed(rid, i) })
		g.start(func() { s.shoot(i) })
	}
	return s
}

// heed reads the RTCP of one layer until the connection closes.
func (s *studio) heed(rid string, layer int) {
	for {
		packets, _, err := s.camera.ReadSimulcastRTCP(rid)
		if err != nil {
			return
		}
		for _, p := range packets {
			if _, ok := p.(*rtcp.PictureLossIndication); ok {
				s.wantKey[layer].Store(true)
				s.keys.Add(1)
			}
		}
	}
}

func (s *studio) shoot(layer int) {
	height := []uint16{180, 360, 720}[layer]
	packets := []int{1, 2, 3}[layer]
	mid, rid := extensionIDs(s.camera, sdp.SDESMidURI), extensionIDs(s.camera, sdp.SDESRTPStreamIDURI)
	camera := midOf(s.up, s.camera)
	seq, ts, n := uint16(65000+layer*100), uint32(layer)*1_000_000, vp8Numbers{picture: uint16(32000 + layer)}
	tick := time.NewTicker(frameTime)
	defer tick.Stop()
	for {
		select {
		case <-s.g.done:
			return
		case <-tick.C:
		}
		key := s.wantKey[layer].Swap(false)
		n = n.plus(vp8Numbers{1, 1, 0})
		if key {
			n.keyIndex = (n.keyIndex + 1) & 0x1f
		}
		ts += 90000 / framesPerSecond
		for i := range packets {
			seq++
			h := rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: ts, Marker: i == packets-1}
			_ = h.SetExtension(mid, []byte(camera))
			_ = h.SetExtension(rid, []byte(s.tracks[layer].RID()))
			payload := vp8Payload(n, key, i == 0, height, s.tag, byte(layer))
			// A connection that is going away refuses packets.
			_ = s.tracks[layer].WriteRTP(&rtp.Packet{Header: h, Payload: payload})
		}
	}
}

const vp8HeaderSize = 6

// vp8Payload has all three running numbers; tag and layer follow the frame header.
func vp8Payload(n vp8Numbers, key, start bool, height uint16, tag, layer byte) []byte {
	b := make([]byte, 400)
	b[0], b[1] = 0x80, 0xf0
	if start {
		b[0] |= 0x10
	}
	n.write(vp8Descriptor{pictureAt: 2, tl0At: 4, keyAt: 5, wide: true}, b)
	frame := b[vp8HeaderSize:]
	if !start || !key {
		frame[0] = 1
	} else {
		copy(frame[3:], []byte{0x9d, 0x01, 0x2a})
		binary.LittleEndian.PutUint16(frame[6:], height*16/9)
		binary.LittleEndian.PutUint16(frame[8:], height)
	}
	frame[10], frame[11] = tag, layer
	binary.BigEndian.PutUint64(frame[12:], uint64(time.Now().UnixNano()))
	return b
}

// speak starts the guest's microphone at a loudness that can be changed.
func (g *guest) speak(tag byte, level *atomic.Int32) {
	g.start(func() {
		id := extensionIDs(g.mic, audioLevelURI)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		seq, ts := uint16(100), uint32(0)
		for {
			select {
			case <-g.done:
				return
			case <-tick.C:
			}
			seq++
			ts += 960
			h := rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: ts}
			_ = h.SetExtension(id, []byte{byte(level.Load()) | 0x80})
			// A connection that is going away refuses packets.
			_ = g.micTrack.WriteRTP(&rtp.Packet{Header: h, Payload: []byte{tag, 1, 2, 3, 4, 5, 6, 7}})
		}
	})
	g.start(func() {
		for {
			if _, _, err := g.mic.ReadRTCP(); err != nil {
				return
			}
		}
	})
}

func loudness(dBov int32) *atomic.Int32 {
	var l atomic.Int32
	l.Store(dBov)
	return &l
}

func extensionIDs(s *webrtc.RTPSender, uri string) uint8 {
	for _, e := range s.GetParameters().HeaderExtensions {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}

func midOf(pc *webrtc.PeerConnection, s *webrtc.RTPSender) string {
	for _, t := range pc.GetTransceivers() {
		if t.Sender() == s {
			return t.Mid()
		}
	}
	return ""
}

// ear records what one slot delivers.
type ear struct {
	ssrc webrtc.SSRC

	mu      sync.Mutex
	packets []heardPacket
}

type heardPacket struct {
	seq        uint16
	ts         uint32
	marker     bool
	vp8        vp8Descriptor
	tag, layer byte
}

func (g *guest) listen(mid string, t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	e := &ear{ssrc: t.SSRC()}
	g.with(func() { g.heard[mid] = e })
	g.start(func() {
		for {
			if _, _, err := r.ReadRTCP(); err != nil {
				return
			}
		}
	})
	video := t.Kind() == webrtc.RTPCodecTypeVideo
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		h := heardPacket{seq: p.SequenceNumber, ts: p.Timestamp, marker: p.Marker}
		if video {
			if len(p.Payload) < vp8HeaderSize+20 {
				continue
			}
			h.vp8, _ = parseVP8(p.Payload)
			h.tag, h.layer = p.Payload[vp8HeaderSize+10], p.Payload[vp8HeaderSize+11]
		} else if len(p.Payload) > 0 {
			h.tag = p.Payload[0]
		}
		e.mu.Lock()
		e.packets = append(e.packets, h)
		e.mu.Unlock()
	}
}

func (g *guest) ear(mid string) *ear {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.heard[mid]
}

// count tells how many packets with tag arrived anywhere.
func (g *guest) count(tag byte) int {
	g.mu.Lock()
	ears := make([]*ear, 0, len(g.heard))
	for _, e := range g.heard {
		ears = append(ears, e)
	}
	g.mu.Unlock()
	n := 0
	for _, e := range ears {
		for _, p := range e.all() {
			if p.tag == tag {
				n++
			}
		}
	}
	return n
}

func (e *ear) all() []heardPacket {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]heardPacket(nil), e.packets...)
}

// last returns the newest packet.
func (e *ear) last() heardPacket {
	all := e.all()
	if len(all) == 0 {
		return heardPacket{}
	}
	return all[len(all)-1]
}

// distinct counts packets, repeats once.
func (e *ear) distinct() int {
	order, _ := unrolled(e.all())
	return len(order)
}
