package sfu

import (
	"errors"

	"github.com/pion/rtp"
)

var errPacket = errors.New("packet is malformed")

// packet is one received RTP packet. It is immutable once parsed: every slot
// that forwards it and every repeat that answers a NACK share it.
type packet struct {
	seq     uint16
	ts      uint32
	marker  bool
	payload []byte
	vp8     vp8Descriptor
	level   uint8 // −dBov by the publisher's account, 127 is silence
	leveled bool
}

// parser turns received bytes into packets; it belongs to one reader.
type parser struct {
	header  rtp.Header
	video   bool
	levelID uint8
}

// parse copies what it keeps, so raw may be reused.
func (p *parser) parse(raw []byte) (*packet, error) {
	p.header.PaddingSize = 0
	n, err := p.header.Unmarshal(raw)
	if err != nil {
		return nil, errPacket
	}
	body := raw[n:]
	if p.header.Padding {
		if len(body) == 0 || int(body[len(body)-1]) > len(body) {
			return nil, errPacket
		}
		body = body[:len(body)-int(body[len(body)-1])]
	}
	pkt := &packet{
		seq:    p.header.SequenceNumber,
		ts:     p.header.Timestamp,
		marker: p.header.Marker,
	}
	if len(body) > 0 {
		pkt.payload = append(make([]byte, 0, len(body)), body...)
	}
	if p.video && len(body) > 0 {
		if pkt.vp8, err = parseVP8(pkt.payload); err != nil {
			return nil, err
		}
	}
	if p.levelID != 0 {
		if ext := p.header.GetExtension(p.levelID); len(ext) > 0 {
			pkt.level, pkt.leveled = ext[0]&0x7f, true
		}
	}
	return pkt, nil
}

// decodable reports whether a receiver can start with this packet.
func (p *packet) decodable(video bool) bool {
	return !video || p.vp8.key
}
