package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

const ntpEpoch = 2_208_988_800 // seconds from 1900 to 1970

// stream returns the slot's stream number, 0 before it is bound.
func (s *slot) stream() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ssrc
}

// senderReport relates the slot's timestamps to the wall clock; nil while it
// carries nothing.
func (s *slot) senderReport(now time.Time) *rtcp.SenderReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || !s.mung.started || s.writer == nil {
		return nil
	}
	elapsed := max(now.Sub(s.mung.lastAt), 0)
	return &rtcp.SenderReport{
		SSRC:        s.ssrc,
		NTPTime:     ntpTime(now),
		RTPTime:     s.mung.lastTS + mediaUnits(elapsed, s.kind.clockRate()),
		PacketCount: uint32(s.out.packets), //nolint:gosec // the field wraps
		OctetCount:  uint32(s.out.bytes),   //nolint:gosec // the field wraps
	}
}

func ntpTime(t time.Time) uint64 {
	ns := uint64(t.UnixNano())
	const second = uint64(time.Second)
	return (ns/second+ntpEpoch)<<32 | (ns%second)<<32/second
}
