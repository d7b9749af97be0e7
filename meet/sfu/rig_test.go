package sfu

import (
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(loadVariable) != "" {
		os.Exit(runLoad())
	}
	goleak.VerifyTestMain(m)
}

const patience = 20 * time.Second // a test on a busy machine waits this long for a condition

var quiet = &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled}

// eventually waits for a condition and says what it waited for.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
		<-tick.C
	}
}

// house starts a forwarding unit on the loopback interface with one room.
func house(t testing.TB, change ...func(*Config)) (*SFU, *Room) {
	t.Helper()
	cfg := Config{BindIPs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, VideoSlots: 4}
	for _, c := range change {
		c(&cfg)
	}
	s, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	r, err := s.Room("council")
	require.NoError(t, err)
	return s, r
}

// line is how a test client reaches the network.
type line struct {
	types  []webrtc.NetworkType
	mux    func() ice.UDPMux // a socket for each connection, as in browsers
	config webrtc.Configuration
}

// guest is a pion client in the place of a browser.
type guest struct {
	t    testing.TB
	id   string
	p    *Participant
	up   *webrtc.PeerConnection
	down *webrtc.PeerConnection
	line line

	mic          *webrtc.RTPSender
	camera       *webrtc.RTPSender
	micTrack     *webrtc.TrackLocalStaticRTP
	cameraTracks []*webrtc.TrackLocalStaticRTP
	tasks        sync.WaitGroup
	done         chan struct{}
	once         sync.Once

	mu       sync.Mutex
	slots    []Slot
	mappings int
	speaking Speaking
	sources  map[Source]bool
	states   map[Link]State
	heard    map[string]*ear // by mid
}

func (g *guest) events() Events {
	return Events{
		Slots: func(s []Slot) { g.with(func() { g.slots = s; g.mappings++ }) },
		Speaking: func(s Speaking) {
			g.with(func() { g.speaking = s })
		},
		State: func(l Link, s State) { g.with(func() { g.states[l] = s }) },
		Source: func(s Source) {
			g.with(func() {
				delete(g.sources, Source{s.Participant, s.Kind, !s.Active})
				g.sources[s] = true
			})
		},
	}
}

func (g *guest) with(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func testAPI(t testing.TB, l line, up bool) *webrtc.API {
	t.Helper()
	settings := webrtc.SettingEngine{LoggerFactory: quiet}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICETimeouts(time.Second, 10*time.Second, 200*time.Millisecond)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	types := l.types
	if types == nil {
		types = []webrtc.NetworkType{webrtc.NetworkTypeUDP4}
	}
	settings.SetNetworkTypes(types)
	if l.mux != nil {
		settings.SetICEUDPMux(l.mux())
	}
	media := &webrtc.MediaEngine{}
	require.NoError(t, registerCodecs(media))
	if !up { // pion does not name the layer of a repeat (rrid), so the tests publish without RTX
		require.NoError(t, registerRepeats(media))
	}
	for _, uri := range []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI, numberingURI} {
		require.NoError(t, registerExtension(media, uri, webrtc.RTPCodecTypeVideo))
	}
	for _, uri := range []string{sdp.SDESMidURI, numberingURI, audioLevelURI} {
		require.NoError(t, registerExtension(media, uri, webrtc.RTPCodecTypeAudio))
	}
	registry := &interceptor.Registry{}
	ask, err := nack.NewGeneratorInterceptor(nack.GeneratorInterval(20*time.Millisecond), nack.WithGeneratorLoggerFactory(quiet))
	require.NoError(t, err)
	repeat, err := nack.NewResponderInterceptor(nack.WithResponderLoggerFactory(quiet))
	require.NoError(t, err)
	received, err := report.NewReceiverInterceptor(report.WithReceiverLoggerFactory(quiet))
	require.NoError(t, err)
	sent, err := report.NewSenderInterceptor(report.WithSenderLoggerFactory(quiet))
	require.NoError(t, err)
	arrived, err := twcc.NewSenderInterceptor(twcc.WithLoggerFactory(quiet))
	require.NoError(t, err)
	for _, f := range []interceptor.Factory{ask, repeat, received, sent, arrived} {
		registry.Add(f)
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry))
}

// enter joins, publishes silence and receives.
func enter(t testing.TB, r *Room, id string, l line) *guest {
	t.Helper()
	g := &guest{
		t: t, id: id, line: l, done: make(chan struct{}),
		sources: map[Source]bool{}, states: map[Link]State{}, heard: map[string]*ear{},
	}
	var err error
	g.p, err = r.Join(id, g.events())
	require.NoError(t, err)
	t.Cleanup(g.close)
	g.openUp()
	g.publish(false)
	g.openDown()
	offer, err := g.p.Offer()
	require.NoError(t, err)
	g.accept(offer)
	eventually(t, id+" connected", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.states[Up] == Connected && g.states[Down] == Connected
	})
	return g
}

// openUp follows the order of transceivers that doc.go demands of clients.
func (g *guest) openUp() {
	var err error
	g.up, err = testAPI(g.t, g.line, true).NewPeerConnection(g.line.config)
	require.NoError(g.t, err)
	g.micTrack, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "mic", "mic")
	require.NoError(g.t, err)
	g.mic = g.add(g.micTrack)
	g.cameraTracks = nil
	for _, rid := range []string{"q", "h", "f"} {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "camera", "camera",
			webrtc.WithRTPStreamID(rid))
		require.NoError(g.t, err)
		g.cameraTracks = append(g.cameraTracks, track)
	}
	g.camera = g.add(g.cameraTracks[0])
	require.NoError(g.t, g.camera.AddEncoding(g.cameraTracks[1]))
	require.NoError(g.t, g.camera.AddEncoding(g.cameraTracks[2]))
}

func (g *guest) add(track webrtc.TrackLocal) *webrtc.RTPSender {
	tr, err := g.up.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	require.NoError(g.t, err)
	return tr.Sender()
}

// publish negotiates the upward connection, again for a restart.
func (g *guest) publish(restart bool) {
	offer, err := g.up.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	require.NoError(g.t, err)
	local, err := gather(g.up, offer)
	require.NoError(g.t, err)
	answer, err := g.p.Publish(local)
	require.NoError(g.t, err)
	require.NoError(g.t, g.up.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
}

func (g *guest) openDown() {
	var err error
	g.down, err = testAPI(g.t, g.line, false).NewPeerConnection(g.line.config)
	require.NoError(g.t, err)
	g.down.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
		for _, tr := range g.down.GetTransceivers() {
			if tr.Receiver() == r {
				g.listen(tr.Mid(), t, r)
			}
		}
	})
}

func (g *guest) accept(offer string) {
	require.NoError(g.t, g.down.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}))
	answer, err := g.down.CreateAnswer(nil)
	require.NoError(g.t, err)
	local, err := gather(g.down, answer)
	require.NoError(g.t, err)
	require.NoError(g.t, g.p.Answer(local))
}

func (g *guest) close() {
	g.once.Do(func() {
		close(g.done)
		g.p.Leave()
		require.NoError(g.t, g.up.GracefulClose())
		if g.down != nil {
			require.NoError(g.t, g.down.GracefulClose())
		}
		g.tasks.Wait()
	})
}

func (g *guest) start(f func()) {
	g.tasks.Add(1)
	go func() {
		defer g.tasks.Done()
		f()
	}()
}

// slotOf returns the mid that carries somebody's source.
func (g *guest) slotOf(participant string, kind Kind) (string, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.slots {
		if s.Participant == participant && s.Kind == kind {
			return s.Mid, true
		}
	}
	return "", false
}

func (g *guest) sees(s Source) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sources[s]
}
