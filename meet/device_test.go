package meet_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"rathaus/internal/api"
	"rathaus/internal/fault"
	"rathaus/internal/realtime"
	"rathaus/meet"
)

// device is a browser tab: a socket, and two peer connections once it is in a call.
type device struct {
	t  *testing.T
	ws *websocket.Conn

	mu     sync.Mutex
	next   uint32
	asked  map[uint32]chan answer
	events []event
	closed bool

	topic     string
	relayOnly bool
	entered   meet.Entered
	up, down  *webrtc.PeerConnection
	stop      context.CancelFunc
	sending   sync.WaitGroup
	packets   [2]atomic.Int64 // received: sound, picture
}

type answer struct {
	Re    uint32          `json:"re"`
	OK    json.RawMessage `json:"ok"`
	Error *fault.Body     `json:"error"`
}

type event struct {
	Event string          `json:"ev"`
	Topic string          `json:"topic"`
	Data  json.RawMessage `json:"data"`
}

func (u *user) device() *device {
	u.h.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{realtime.Subprotocol}}
	header := http.Header{"Authorization": {u.SessionID}, "Origin": {u.h.URL}}
	ws, res, err := dialer.DialContext(u.h.t.Context(), "ws"+strings.TrimPrefix(u.h.URL, "http")+api.Base+"/socket", header)
	if err != nil {
		u.h.t.Fatalf("%s could not connect: %v", u.Name, err)
	}
	_ = res.Body.Close()
	d := &device{t: u.h.t, ws: ws, asked: map[uint32]chan answer{}}
	go d.read()
	u.h.t.Cleanup(d.hangUp)
	return d
}

// read takes messages until the socket ends.
func (d *device) read() {
	for {
		_, message, err := d.ws.ReadMessage()
		if err != nil {
			d.mu.Lock()
			d.closed = true
			for _, c := range d.asked {
				close(c)
			}
			d.asked = map[uint32]chan answer{}
			d.mu.Unlock()
			return
		}
		for line := range strings.SplitSeq(string(message), "\n") {
			d.take([]byte(line))
		}
	}
}

func (d *device) take(line []byte) {
	var a answer
	var e event
	if json.Unmarshal(line, &a) != nil || json.Unmarshal(line, &e) != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if e.Event != "" {
		d.events = append(d.events, e)
	}
	if c, ok := d.asked[a.Re]; ok {
		delete(d.asked, a.Re)
		c <- a
	}
}

// try asks and returns the fault's code, or "" after decoding the answer into out.
func (d *device) try(op, topic string, in, out any) string {
	d.t.Helper()
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return "closed"
	}
	d.next++
	n, c := d.next, make(chan answer, 1)
	d.asked[n] = c
	err := d.ws.WriteJSON(map[string]any{"id": n, "op": op, "topic": topic, "data": in})
	d.mu.Unlock()
	if err != nil {
		return "closed"
	}
	select {
	case a, ok := <-c:
		if !ok {
			return "closed"
		}
		if a.Error != nil {
			return a.Error.Code
		}
		if out != nil {
			if err := json.Unmarshal(a.OK, out); err != nil {
				d.t.Fatalf("%s: %v in %s", op, err, a.OK)
			}
		}
		return ""
	case <-time.After(15 * time.Second):
		d.t.Fatalf("%s was not answered", op)
		return ""
	}
}

func (d *device) ask(op string, in, out any) {
	d.t.Helper()
	if code := d.try(op, d.topic, in, out); code != "" {
		d.t.Fatalf("%s was refused: %s", op, code)
	}
}

// heard counts the events that match.
func (d *device) heard(name string, match func(json.RawMessage) bool) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, e := range d.events {
		if e.Event == name && (match == nil || match(e.Data)) {
			n++
		}
	}
	return n
}

func (d *device) waitFor(name string, match func(json.RawMessage) bool) {
	d.t.Helper()
	eventually(d.t, "event "+name, func() bool { return d.heard(name, match) > 0 })
}

// join opens the meeting's topic.
func (d *device) join(meetingID string) meet.Joined {
	d.t.Helper()
	d.topic = "meeting:" + meetingID
	var j meet.Joined
	d.ask("join", nil, &j)
	return j
}

// enter takes part with microphone and camera on and both connections up.
func (d *device) enter(meetingID string) {
	d.t.Helper()
	d.join(meetingID)
	d.ask("enter", meet.Enter{Mic: true, Camera: true}, &d.entered)
	d.connect()
}

func (d *device) connect() {
	d.t.Helper()
	d.up, d.down = d.newPeer(), d.newPeer()
	ctx, cancel := context.WithCancel(context.Background())
	d.stop = cancel
	d.publishTrack(ctx, webrtc.MimeTypeOpus, 20*time.Millisecond, make([]byte, 60))
	d.publishTrack(ctx, webrtc.MimeTypeVP8, 33*time.Millisecond, keyFrame())
	d.negotiateUp()
	d.down.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		n := &d.packets[0]
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			n = &d.packets[1]
		}
		for {
			if _, _, err := track.ReadRTP(); err != nil {
				return
			}
			n.Add(1)
		}
	})
	d.negotiateDown(false)
}

func (d *device) newPeer() *webrtc.PeerConnection {
	t := d.t
	t.Helper()
	engine := &webrtc.MediaEngine{}
	registry := &interceptor.Registry{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	if err := webrtc.RegisterDefaultInterceptors(engine, registry); err != nil {
		t.Fatal(err)
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings)).
		NewPeerConnection(d.configuration())
	if err != nil {
		t.Fatal(err)
	}
	return pc
}

func (d *device) configuration() webrtc.Configuration {
	c := webrtc.Configuration{}
	if !d.relayOnly {
		return c
	}
	c.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	for _, s := range d.entered.ICEServers {
		c.ICEServers = append(c.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return c
}

// publishTrack sends the same sample over and over.
func (d *device) publishTrack(ctx context.Context, mime string, every time.Duration, sample []byte) {
	d.t.Helper()
	kind, _, _ := strings.Cut(mime, "/")
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: mime}, kind, "own")
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.up.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		d.t.Fatal(err)
	}
	d.sending.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				_ = track.WriteSample(media.Sample{Data: sample, Duration: every})
			}
		}
	})
}

func (d *device) negotiateUp() {
	d.t.Helper()
	offer, err := d.up.CreateOffer(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(d.up)
	if err := d.up.SetLocalDescription(offer); err != nil {
		d.t.Fatal(err)
	}
	<-gathered
	var got meet.Description
	d.ask("publish", meet.Description{SDP: d.up.LocalDescription().SDP}, &got)
	if err := d.up.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: got.SDP}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) negotiateDown(restart bool) {
	d.t.Helper()
	var offer meet.Description
	d.ask("offer", meet.OfferWanted{Restart: restart}, &offer)
	if err := d.down.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}); err != nil {
		d.t.Fatal(err)
	}
	answer, err := d.down.CreateAnswer(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(d.down)
	if err := d.down.SetLocalDescription(answer); err != nil {
		d.t.Fatal(err)
	}
	<-gathered
	d.ask("answer", meet.Description{SDP: d.down.LocalDescription().SDP}, nil)
}

// receives waits until sound and picture arrive anew.
func (d *device) receives() {
	d.t.Helper()
	sound, picture := d.packets[0].Load(), d.packets[1].Load()
	eventually(d.t, "sound and picture", func() bool {
		return d.packets[0].Load() > sound+10 && d.packets[1].Load() > picture+10
	})
}

// fallsSilent waits until two looks, several packets apart, see the same count.
func (d *device) fallsSilent() {
	d.t.Helper()
	last := int64(-1)
	eventually(d.t, "silence", func() bool {
		now := d.packets[0].Load() + d.packets[1].Load()
		same := now == last
		last = now
		time.Sleep(150 * time.Millisecond) //nolint:forbidigo // silence is that nothing comes for a while
		return same
	})
}

// drop breaks the socket without a word and leaves media alone.
func (d *device) drop() { _ = d.ws.Close() }

func (d *device) hangUp() {
	_ = d.ws.Close()
	if d.stop != nil {
		d.stop()
	}
	d.sending.Wait()
	for _, pc := range []*webrtc.PeerConnection{d.up, d.down} {
		if pc != nil {
			_ = pc.Close()
		}
	}
}

// keyFrame is the first bytes of a VP8 key frame of 320 × 180, which is all
// that a forwarding unit looks at.
func keyFrame() []byte {
	return append([]byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00}, make([]byte, 400)...)
}
