package sfu

import "time"

// meter measures and limits one received stream; it belongs to its reader.
type meter struct {
	limit   int64 // bits per second
	bitrate int64

	windowAt   time.Time
	windowBits int64

	started bool
	next    uint16
}

const meterWindow = 500 * time.Millisecond

func newMeter(limit int64) meter { return meter{limit: limit} }

// admit counts a packet of n bytes and refuses it when the publisher sends
// more than twice its limit within a window (bursts of key frames are normal).
func (m *meter) admit(n int, now time.Time) bool {
	if m.windowAt.IsZero() {
		m.windowAt = now
	}
	if d := now.Sub(m.windowAt); d >= meterWindow {
		rate := m.windowBits * int64(time.Second) / int64(d)
		if m.bitrate == 0 {
			m.bitrate = rate
		}
		m.bitrate = (m.bitrate*2 + rate) / 3
		m.windowAt, m.windowBits = now, 0
	}
	m.windowBits += int64(n) * 8
	return m.windowBits <= m.limit*2*int64(meterWindow)/int64(time.Second)
}

// gap returns how many packets were skipped before seq.
func (m *meter) gap(seq uint16) uint64 {
	d := seq - m.next
	if !m.started || d < 1<<15 {
		m.next = seq + 1
	}
	if !m.started || d >= 1<<10 { // first, late, or a restart of the numbering
		m.started = true
		return 0
	}
	return uint64(d)
}
