package sfu

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// loadVariable makes the test binary the load of BenchmarkForward: a process
// of its own, so that the processor time of the server can be told apart.
// They talk by lines of JSON.
const loadVariable = "RATHAUS_SFU_LOAD"

type loadMessage struct {
	Op     string     `json:"op"`
	ID     string     `json:"id,omitempty"`
	SDP    string     `json:"sdp,omitempty"`
	Result *loadTotal `json:"result,omitempty"`
}

type loadTotal struct {
	Received, Missing int64
	P50, P99          float64 // milliseconds
}

const (
	loadFrame   = time.Second / 30
	loadPackets = 5
	loadBytes   = 1100
	loadSound   = 80
)

type load struct {
	in  *bufio.Scanner
	out *json.Encoder

	wantKey   atomic.Bool
	measuring atomic.Bool

	mu     sync.Mutex
	tracks []*loadTrack
}

type loadTrack struct {
	heard     bool
	distinct  map[uint16]bool
	low, high uint16
	latencies []time.Duration
	n         int
}

// runLoad is one publisher and as many receivers as the variable says.
func runLoad() int {
	l := &load{in: bufio.NewScanner(os.Stdin), out: json.NewEncoder(os.Stdout)}
	l.in.Buffer(nil, 1<<20)
	receivers, err := strconv.Atoi(os.Getenv(loadVariable))
	if err == nil {
		err = l.run(receivers)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		return 1
	}
	return 0
}

func (l *load) ask(m loadMessage) (string, error) {
	if err := l.out.Encode(m); err != nil {
		return "", err
	}
	if !l.in.Scan() {
		return "", fmt.Errorf("no answer to %s: %w", m.Op, l.in.Err())
	}
	var reply loadMessage
	if err := json.Unmarshal(l.in.Bytes(), &reply); err != nil {
		return "", err
	}
	return reply.SDP, nil
}

func (l *load) run(receivers int) error {
	for i := range receivers {
		if err := l.receive(fmt.Sprint("receiver ", i)); err != nil {
			return err
		}
	}
	if err := l.publish(); err != nil {
		return err
	}
	deadline := time.Now().Add(patience)
	for !l.everybodyHears(receivers) {
		if time.Now().After(deadline) {
			return fmt.Errorf("not all of %d receivers hear", receivers)
		}
		<-time.After(20 * time.Millisecond)
	}
	if _, err := l.ask(loadMessage{Op: "begin"}); err != nil {
		return err
	}
	l.measuring.Store(true)
	<-time.After(loadWindow)
	l.measuring.Store(false)
	if _, err := l.ask(loadMessage{Op: "end"}); err != nil {
		return err
	}
	<-time.After(300 * time.Millisecond) // what is on its way, and repeats
	_, err := l.ask(loadMessage{Op: "result", Result: l.total()})
	return err
}

func loadAPI() (*webrtc.API, error) {
	settings := webrtc.SettingEngine{LoggerFactory: quiet}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	media := &webrtc.MediaEngine{}
	if err := registerCodecs(media); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureSimulcastExtensionHeaders(media); err != nil {
		return nil, err
	}
	if err := registerExtension(media, audioLevelURI, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	registry := &interceptor.Registry{}
	for _, make := range []func() (interceptor.Factory, error){
		func() (interceptor.Factory, error) {
			return nack.NewGeneratorInterceptor(nack.GeneratorInterval(50*time.Millisecond), nack.WithGeneratorLoggerFactory(quiet))
		},
		func() (interceptor.Factory, error) { return report.NewReceiverInterceptor() },
	} {
		f, err := make()
		if err != nil {
			return nil, err
		}
		registry.Add(f)
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry)), nil
}

func (l *load) receive(id string) error {
	api, err := loadAPI()
	if err != nil {
		return err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { l.listen(t) })
	offer, err := l.ask(loadMessage{Op: "join", ID: id})
	if err != nil {
		return err
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return err
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	local, err := gather(pc, answer)
	if err != nil {
		return err
	}
	_, err = l.ask(loadMessage{Op: "answer", ID: id, SDP: local})
	return err
}

func (l *load) listen(t *webrtc.TrackRemote) {
	track := &loadTrack{distinct: map[uint16]bool{}}
	l.mu.Lock()
	l.tracks = append(l.tracks, track)
	l.mu.Unlock()
	video := t.Kind() == webrtc.RTPCodecTypeVideo
	raw := make([]byte, maxPacket)
	var h rtp.Header
	for {
		n, _, err := t.Read(raw)
		if err != nil {
			return
		}
		at, err := h.Unmarshal(raw[:n])
		if err != nil || !l.measuring.Load() {
			continue
		}
		l.mu.Lock()
		track.note(h.SequenceNumber, raw[at:n], video)
		l.mu.Unlock()
	}
}

func (t *loadTrack) note(seq uint16, payload []byte, video bool) {
	if !t.heard {
		t.heard, t.low, t.high = true, seq, seq
	}
	if int16(seq-t.high) > 0 {
		t.high = seq
	}
	t.distinct[seq] = true
	if t.n++; video && t.n%16 == 0 && len(payload) > vp8HeaderSize+20 {
		sent := int64(binary.BigEndian.Uint64(payload[vp8HeaderSize+12:]))
		t.latencies = append(t.latencies, time.Duration(time.Now().UnixNano()-sent))
	}
}

func (l *load) everybodyHears(receivers int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.tracks) >= 2*receivers
}

func (l *load) total() *loadTotal {
	l.mu.Lock()
	defer l.mu.Unlock()
	var total loadTotal
	var latencies []time.Duration
	for _, t := range l.tracks {
		n := int64(len(t.distinct))
		total.Received += n
		total.Missing += max(int64(t.high-t.low)+1-n, 0)
		latencies = append(latencies, t.latencies...)
	}
	slices.Sort(latencies)
	if n := len(latencies); n > 0 {
		total.P50 = float64(latencies[n/2]) / float64(time.Millisecond)
		total.P99 = float64(latencies[n*99/100]) / float64(time.Millisecond)
	}
	return &total
}

func (l *load) publish() error {
	api, err := loadAPI()
	if err != nil {
		return err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	sound, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "mic", "mic")
	if err != nil {
		return err
	}
	picture, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "camera", "camera")
	if err != nil {
		return err
	}
	if _, err := pc.AddTrack(sound); err != nil {
		return err
	}
	camera, err := pc.AddTrack(picture)
	if err != nil {
		return err
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	local, err := gather(pc, offer)
	if err != nil {
		return err
	}
	answer, err := l.ask(loadMessage{Op: "publish", ID: "publisher", SDP: local})
	if err != nil {
		return err
	}
	go l.heedKeys(camera)
	go l.send(picture, loadFrame, l.frame())
	go l.send(sound, 20*time.Millisecond, l.soundFrame())
	return pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

func (l *load) heedKeys(s *webrtc.RTPSender) {
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			if _, ok := p.(*rtcp.PictureLossIndication); ok {
				l.wantKey.Store(true)
			}
		}
	}
}

func (l *load) send(t *webrtc.TrackLocalStaticRTP, every time.Duration, next func() []*rtp.Packet) {
	for range time.Tick(every) {
		for _, p := range next() {
			_ = t.WriteRTP(p) // before the connection is up nothing is sent
		}
	}
}

func (l *load) frame() func() []*rtp.Packet {
	seq, ts, n := uint16(0), uint32(0), vp8Numbers{}
	return func() []*rtp.Packet {
		ts += 3000
		n = n.plus(vp8Numbers{1, 1, 0})
		key := l.wantKey.Swap(false)
		var packets []*rtp.Packet
		for i := range loadPackets {
			seq++
			body := append(vp8Payload(n, key, i == 0, 360, 1, 2), make([]byte, loadBytes-400)...)
			packets = append(packets, &rtp.Packet{
				Header:  rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: ts, Marker: i == loadPackets-1},
				Payload: body,
			})
		}
		return packets
	}
}

func (l *load) soundFrame() func() []*rtp.Packet {
	seq, ts := uint16(0), uint32(0)
	return func() []*rtp.Packet {
		seq++
		ts += 960
		return []*rtp.Packet{{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: ts}, Payload: make([]byte, loadSound)}}
	}
}
