package sfu

import (
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

const maxReadErrors = 100 // in a row, before a reader gives up

// layer is one received stream: a microphone, or one resolution of a camera.
// One goroutine (run) reads it and hands every packet to the subscribed
// slots. The list of slots is copied on write, so reading it takes no lock.
type layer struct {
	source *source
	rid    string
	rank   int
	ssrc   uint32
	ask    func([]rtcp.Packet) error // sends RTCP to the publisher
	send   func(write func())        // runs write, whose packets leave together
	count  *counters

	lastSeen atomic.Int64
	bitrate  atomic.Int64 // bits per second, smoothed
	height   atomic.Int32 // lines of the newest key frame

	wantKey atomic.Bool
	lastKey atomic.Int64 // unix nanoseconds of the newest request

	subsMu sync.Mutex
	subs   atomic.Pointer[[]*slot]

	clockMu sync.Mutex // guards the newest sender report
	ntp     uint64
	ntpTS   uint32
}

func newLayer(src *source, rid string, ssrc uint32, ask func([]rtcp.Packet) error, send func(write func()), count *counters) *layer {
	l := &layer{source: src, rid: rid, rank: rankOf(rid), ssrc: ssrc, ask: ask, send: send, count: count}
	l.subs.Store(&[]*slot{})
	return l
}

// rankOf orders the agreed names of simulcast layers; unknown names and
// streams without a name count as full quality.
func rankOf(rid string) int {
	switch rid {
	case "q":
		return 0
	case "h":
		return 1
	default:
		return 2
	}
}

func (l *layer) subscribe(s *slot) {
	l.subsMu.Lock()
	defer l.subsMu.Unlock()
	old := *l.subs.Load()
	if slices.Contains(old, s) {
		return
	}
	next := append(slices.Clone(old), s)
	l.subs.Store(&next)
}

func (l *layer) unsubscribe(s *slot) {
	l.subsMu.Lock()
	defer l.subsMu.Unlock()
	next := slices.DeleteFunc(slices.Clone(*l.subs.Load()), func(o *slot) bool { return o == s })
	l.subs.Store(&next)
}

// run reads until the track ends. It is the hot path: it takes no lock that
// is shared between rooms or participants.
func (l *layer) run(track *webrtc.TrackRemote, levelID uint8) {
	p := parser{video: l.source.kind.video(), levelID: levelID}
	m := newMeter(l.source.kind.maxBitrate())
	h := hold{video: p.video, wake: track.SetReadDeadline}
	raw := make([]byte, maxPacket)
	for failures := 0; failures < maxReadErrors; {
		n, _, err := track.Read(raw)
		now := time.Now()
		switch {
		case err == nil:
			failures = 0
			if pkt := l.receive(&p, &m, raw[:n], now); pkt != nil && h.add(pkt, len(*l.subs.Load()), now) {
				l.forward(&h, now)
			}
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe):
			return
		case h.expired(err):
			l.forward(&h, now)
		default:
			failures++
		}
	}
}

// receive returns the packet if it shall be forwarded, else nil.
func (l *layer) receive(p *parser, m *meter, raw []byte, now time.Time) *packet {
	pkt, err := p.parse(raw)
	if err != nil || !m.admit(len(raw), now) {
		l.count.rejected.Add(1)
		return nil
	}
	l.count.packetsIn.Add(1)
	l.count.bytesIn.Add(uint64(len(raw)))
	l.count.lost.Add(m.gap(pkt.seq))
	l.bitrate.Store(m.bitrate)
	l.lastSeen.Store(now.UnixNano())
	l.source.seen(now)
	if l.source.kind == Microphone {
		l.source.voice.hear(pkt, now, l.source.poke)
	}
	if pkt.vp8.key {
		l.height.Store(int32(pkt.vp8.height))
		l.wantKey.Store(false)
	}
	if l.source.muted.Load() {
		return nil
	}
	return pkt
}

// forward hands what h holds to all subscribed slots, receiver by receiver:
// the state of one is fetched from memory once for all packets of a picture,
// and they leave as one message.
func (l *layer) forward(h *hold, now time.Time) {
	packets := h.release()
	if len(packets) == 0 || l.source.muted.Load() {
		return
	}
	l.send(func() {
		for _, s := range *l.subs.Load() {
			s.forward(l, packets, now)
		}
	})
}

// requestKey asks the publisher for a key frame, at most every
// keyFrameInterval; the room's tick repeats the request until one arrives.
func (l *layer) requestKey(now time.Time) {
	if !l.source.kind.video() {
		return
	}
	l.wantKey.Store(true)
	last := l.lastKey.Load()
	if now.UnixNano()-last < int64(keyFrameInterval) || !l.lastKey.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	l.count.keyRequests.Add(1)
	// A request that cannot be sent is repeated by the next tick.
	_ = l.ask([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: l.ssrc}})
}

// tick repeats a key frame request that was not answered.
func (l *layer) tick(now time.Time) {
	if l.wantKey.Load() && len(*l.subs.Load()) > 0 {
		l.requestKey(now)
	}
}

// runReports reads the publisher's RTCP, which pion needs to be read, and
// keeps the newest sender report.
func (l *layer) runReports(read func([]byte) (int, error)) {
	raw := make([]byte, maxPacket)
	for failures := 0; failures < maxReadErrors; {
		n, err := read(raw)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
			return
		}
		if err != nil {
			failures++
			continue
		}
		failures = 0
		packets, err := rtcp.Unmarshal(raw[:n])
		if err != nil {
			continue
		}
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok && sr.SSRC == l.ssrc {
				l.clockMu.Lock()
				l.ntp, l.ntpTS = sr.NTPTime, sr.RTPTime
				l.clockMu.Unlock()
			}
		}
	}
}

// mediaTime places a timestamp on the publisher's own clock, in timestamp
// units; false without a sender report.
func (l *layer) mediaTime(ts uint32) (int64, bool) {
	l.clockMu.Lock()
	ntp, at := l.ntp, l.ntpTS
	l.clockMu.Unlock()
	if ntp == 0 {
		return 0, false
	}
	rate := uint64(l.source.kind.clockRate())
	seconds, fraction := ntp>>32, ntp&0xffffffff
	return int64(seconds*rate+fraction*rate>>32) + int64(int32(ts-at)), true //nolint:gosec // far below the limit
}
