package sfu

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// downlink is the connection by which a participant receives: one media
// section for each slot, negotiated once. mu makes negotiations wait for
// each other.
type downlink struct {
	p *Participant

	mu      sync.Mutex
	pc      *webrtc.PeerConnection
	waiting bool // an offer has not been answered yet
	closed  bool
}

func newDownlink(p *Participant) *downlink { return &downlink{p: p} }

// offer is the first offer or, once that was answered, one with an ICE
// restart. An offer that waits for its answer is returned again.
func (d *downlink) offer() (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return "", ErrClosed
	}
	if d.pc == nil {
		if err := d.open(); err != nil {
			return "", err
		}
	}
	if again := d.pc.PendingLocalDescription(); d.waiting && again != nil {
		return again.SDP, nil
	}
	restart := d.pc.CurrentRemoteDescription() != nil
	offer, err := d.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return "", fmt.Errorf("create offer: %w", err)
	}
	sdp, err := gather(d.pc, offer)
	if err != nil {
		return "", err
	}
	d.waiting = true
	return sdp, nil
}

func (d *downlink) answer(sdp string) error {
	if len(sdp) > maxDescription {
		return fmt.Errorf("%w: too long", ErrDescription)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	if d.pc == nil || !d.waiting {
		return ErrNoOffer
	}
	remote := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: withoutCandidates(sdp)}
	if err := d.pc.SetRemoteDescription(remote); err != nil {
		return fmt.Errorf("%w: %w", ErrDescription, err)
	}
	d.waiting = false
	return nil
}

// open makes the connection with a media section for each slot. Called with mu held.
func (d *downlink) open() error {
	pc, err := d.p.room.sfu.down.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{d.p.room.sfu.identity},
	})
	if err != nil {
		return fmt.Errorf("open downward connection: %w", err)
	}
	for _, s := range d.p.slots {
		t, err := pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return errors.Join(fmt.Errorf("add slot %s: %w", s.id, err), pc.GracefulClose())
		}
		d.p.start(func() { d.listen(t.Sender(), s) })
	}
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) { d.changed(pc, s) })
	d.pc = pc
	return nil
}

// changed follows the connection; pion calls it on its own goroutine.
func (d *downlink) changed(pc *webrtc.PeerConnection, s webrtc.PeerConnectionState) {
	state, ok := stateOf(s)
	if !ok {
		return
	}
	d.p.news.state(Down, state)
	if state != Connected {
		return
	}
	d.p.bandwidth.moved(time.Now())
	r := d.p.room
	r.mu.Lock()
	d.p.receiving, r.stale = !d.p.isClosed(), true
	for i, t := range pc.GetTransceivers() {
		d.p.slots[i].mid = t.Mid()
		d.p.slots[i].wantKey(time.Now()) // pictures may have been lost meanwhile
	}
	r.mu.Unlock()
	r.poke()
}

// listen reads what the receiver says about one slot until the connection ends.
func (d *downlink) listen(sender *webrtc.RTPSender, s *slot) {
	raw := make([]byte, maxPacket)
	var limit feedbackLimit
	for failures := 0; failures < maxReadErrors; {
		n, _, err := sender.Read(raw)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
			return
		}
		if err != nil {
			failures++
			continue
		}
		failures = 0
		now := time.Now()
		if !limit.packet(now) {
			continue
		}
		packets, err := rtcp.Unmarshal(raw[:n])
		if err != nil {
			continue
		}
		for _, p := range packets {
			d.heed(s, p, &limit, now)
		}
	}
}

// heed acts on feedback. Every slot of a compound packet reads all of it, so
// each takes only what names its own stream.
func (d *downlink) heed(s *slot, p rtcp.Packet, limit *feedbackLimit, now time.Time) {
	count := &d.p.room.count
	switch p := p.(type) {
	case *rtcp.TransportLayerNack:
		if p.MediaSSRC != s.stream() {
			return
		}
		for _, pair := range p.Nacks {
			pair.Range(func(seq uint16) bool {
				count.nacks.Add(1)
				if limit.repeat(now) && s.repeat(seq, now) {
					count.repeated.Add(1)
				}
				return true
			})
		}
	case *rtcp.PictureLossIndication:
		if p.MediaSSRC == s.stream() {
			count.plis.Add(1)
			s.wantKey(now)
		}
	case *rtcp.FullIntraRequest:
		for _, f := range p.FIR {
			if f.SSRC == s.stream() {
				count.plis.Add(1)
				s.wantKey(now)
			}
		}
	case *rtcp.ReceiverReport:
		d.heedReports(s, p.Reports)
	case *rtcp.SenderReport:
		d.heedReports(s, p.Reports)
	case *rtcp.TransportLayerCC:
		d.p.bandwidth.arrivals(p, now) // names one stream, so one slot reads it
	}
}

func (d *downlink) heedReports(s *slot, reports []rtcp.ReceptionReport) {
	for _, r := range reports {
		if r.SSRC == s.stream() {
			d.p.bandwidth.loss(float64(r.FractionLost) / 256)
		}
	}
}

// report sends sender reports, by which the receiver relates the clocks.
func (d *downlink) report(now time.Time) {
	var reports []rtcp.Packet
	for _, s := range d.p.slots {
		if sr := s.senderReport(now); sr != nil {
			reports = append(reports, sr)
		}
	}
	if len(reports) == 0 {
		return
	}
	d.p.start(func() {
		d.mu.Lock()
		pc := d.pc
		d.mu.Unlock()
		if pc != nil {
			// Reports are repeated every second; one that is lost does no harm.
			_ = pc.WriteRTCP(reports)
		}
	})
}

func (d *downlink) close() {
	d.mu.Lock()
	pc := d.pc
	d.pc, d.closed = nil, true
	d.mu.Unlock()
	if pc != nil {
		closeGracefully(pc, d.p)
	}
}

// feedbackLimit bounds what one slot's feedback can cost in a second.
type feedbackLimit struct {
	second           int64
	packets, repeats int
}

func (f *feedbackLimit) at(now time.Time) {
	if s := now.Unix(); s != f.second {
		*f = feedbackLimit{second: s}
	}
}

func (f *feedbackLimit) packet(now time.Time) bool {
	f.at(now)
	f.packets++
	return f.packets <= maxFeedback
}

func (f *feedbackLimit) repeat(now time.Time) bool {
	f.at(now)
	f.repeats++
	return f.repeats <= maxRetransmits
}
