package sfu

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// uplink is the connection by which a participant publishes. mu makes
// negotiations wait for each other.
type uplink struct {
	p *Participant

	mu          sync.Mutex
	pc          *webrtc.PeerConnection
	fingerprint string // of the client's present connection
	closed      bool

	streams atomic.Int32 // pion has announced

	kindsMu sync.Mutex
	kinds   map[string]Kind // media section → what it carries
}

func newUplink(p *Participant) *uplink { return &uplink{p: p} }

func (u *uplink) publish(offer string) (string, error) {
	about, err := inspectOffer(offer)
	if err != nil {
		return "", err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return "", ErrClosed
	}
	if u.pc != nil && u.fingerprint != about.fingerprint {
		u.discard()
	}
	if u.pc == nil {
		if err := u.open(about); err != nil {
			return "", err
		}
	}
	answer, err := negotiateAnswer(u.pc, offer)
	if err != nil {
		return "", err
	}
	return preferDTX(answer), nil
}

// open makes the connection. Called with mu held.
func (u *uplink) open(about offerFacts) error {
	pc, err := u.p.room.sfu.up.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{u.p.room.sfu.identity},
	})
	if err != nil {
		return fmt.Errorf("open upward connection: %w", err)
	}
	u.kindsMu.Lock()
	u.kinds = about.kinds
	u.kindsMu.Unlock()
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { u.receive(pc, t, r) })
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if state, ok := stateOf(s); ok {
			u.p.news.state(Up, state)
		}
	})
	u.pc, u.fingerprint = pc, about.fingerprint
	return nil
}

// discard closes a connection that the client has replaced. Called with mu held.
func (u *uplink) discard() {
	old := u.pc
	u.pc = nil
	u.p.start(func() { closeGracefully(old, u.p) })
}

// receive starts the reader of a new stream. pion calls it on its own goroutine.
func (u *uplink) receive(pc *webrtc.PeerConnection, t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	src := u.sourceOf(pc, r)
	if u.streams.Add(1) > maxStreams || src == nil || src.kind.video() != (t.Kind() == webrtc.RTPCodecTypeVideo) {
		return
	}
	l := newLayer(src, t.RID(), uint32(t.SSRC()), pc.WriteRTCP, u.p.room.sfu.net.together, &u.p.room.count)
	if !src.add(l) {
		return
	}
	levelID := uint8(0)
	for _, ext := range r.GetParameters().HeaderExtensions {
		if ext.URI == audioLevelURI {
			levelID = uint8(ext.ID) //nolint:gosec // at most 14, or 255 in the long form
		}
	}
	u.p.start(func() {
		l.runReports(func(b []byte) (int, error) {
			if t.RID() == "" {
				n, _, err := r.Read(b)
				return n, err
			}
			n, _, err := r.ReadSimulcast(b, t.RID())
			return n, err
		})
	})
	u.p.start(func() {
		defer src.remove(l)
		l.run(t, levelID)
	})
}

func (u *uplink) sourceOf(pc *webrtc.PeerConnection, r *webrtc.RTPReceiver) *source {
	u.kindsMu.Lock()
	defer u.kindsMu.Unlock()
	for _, t := range pc.GetTransceivers() {
		if t.Receiver() == r {
			return u.p.sources[u.kinds[t.Mid()]]
		}
	}
	return nil
}

func (u *uplink) close() {
	u.mu.Lock()
	pc := u.pc
	u.pc, u.closed = nil, true
	u.mu.Unlock()
	if pc != nil {
		closeGracefully(pc, u.p)
	}
}

// closeGracefully waits for pion's goroutines of this connection.
func closeGracefully(pc *webrtc.PeerConnection, p *Participant) {
	// Tell the other side first, so that it need not wait for a timeout.
	_ = pc.WriteRTCP([]rtcp.Packet{&rtcp.Goodbye{}})
	if err := pc.GracefulClose(); err != nil {
		p.room.sfu.log.Debug("media connection closed with an error", "participant", p.id, "error", err)
	}
}

// offerFacts is what the server wants to know of an offer before pion sees it.
type offerFacts struct {
	kinds       map[string]Kind
	fingerprint string
}

// inspectOffer checks the shape: microphone, camera, screen and screen sound
// in this order; later ones may be missing.
func inspectOffer(offer string) (offerFacts, error) {
	facts := offerFacts{kinds: map[string]Kind{}}
	if len(offer) > maxDescription {
		return facts, fmt.Errorf("%w: too long", ErrDescription)
	}
	section := -1
	for line := range strings.Lines(offer) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "m="):
			section++
			if section >= len(publishOrder) {
				return facts, fmt.Errorf("%w: more than %d media sections", ErrDescription, len(publishOrder))
			}
			if want := mediaOf(publishOrder[section]); !strings.HasPrefix(line, "m="+want+" ") {
				return facts, fmt.Errorf("%w: media section %d is not %s", ErrDescription, section, want)
			}
		case strings.HasPrefix(line, "a=mid:") && section >= 0:
			facts.kinds[strings.TrimPrefix(line, "a=mid:")] = publishOrder[section]
		case strings.HasPrefix(line, "a=fingerprint:") && facts.fingerprint == "":
			facts.fingerprint = line
		}
	}
	if section < 0 || len(facts.kinds) != section+1 || facts.fingerprint == "" {
		return facts, fmt.Errorf("%w: media sections, their names or the fingerprint are missing", ErrDescription)
	}
	return facts, nil
}

func mediaOf(k Kind) string {
	if k.video() {
		return "video"
	}
	return "audio"
}

// preferDTX asks publishers to stay silent while nobody speaks.
func preferDTX(answer string) string {
	return strings.ReplaceAll(answer, "useinbandfec=1", "useinbandfec=1;usedtx=1")
}

// withoutCandidates drops the client's candidates: this side is ICE-lite, it
// answers checks and never sends any, so that nobody can aim it at a third party.
func withoutCandidates(sdp string) string {
	lines := slices.Collect(strings.Lines(sdp))
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "a=candidate:") || strings.HasPrefix(l, "a=remote-candidates:")
	})
	return strings.Join(lines, "")
}
