package sfu

import (
	"errors"
	"os"
	"time"
)

const (
	holdTime      = 500 * time.Microsecond // a packet waits for the end of its picture; the clock may make it a millisecond
	holdPackets   = 32                     // at most
	holdReceivers = 4                      // with fewer, waiting saves nothing
)

// hold keeps the packets of a picture together that arrive within a blink. A
// picture cannot be shown before its last packet, and that one never waits:
// with it everything goes. It belongs to the reader of a layer.
type hold struct {
	video   bool
	wake    func(time.Time) error // sets the time at which the reader wakes; zero is never
	packets []*packet
	armed   bool
}

// add takes a packet and reports whether to forward now.
func (h *hold) add(p *packet, receivers int, now time.Time) bool {
	h.packets = append(h.packets, p)
	if !h.video || p.marker || receivers < holdReceivers || len(h.packets) >= holdPackets {
		return true
	}
	if !h.armed {
		h.armed = h.wake(now.Add(holdTime)) == nil
	}
	return !h.armed
}

// expired reports whether err says that the rest of the picture did not come in time.
func (h *hold) expired(err error) bool {
	var timeout interface{ Timeout() bool }
	return h.armed && (errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout())
}

// release returns the packets held, in the order of arrival; they are valid
// until the next add.
func (h *hold) release() []*packet {
	packets := h.packets
	h.packets = h.packets[:0]
	if h.armed {
		h.armed = h.wake(time.Time{}) != nil
	}
	return packets
}
