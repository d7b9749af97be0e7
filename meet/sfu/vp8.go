package sfu

import "encoding/binary"

// vp8Descriptor is the payload descriptor of RFC 7741, with the places of the
// three running numbers that must stay continuous for a receiver. A place of
// 0 means that the number is absent.
type vp8Descriptor struct {
	pictureAt, tl0At, keyAt int
	wide                    bool // the picture number has 15 bits
	picture                 uint16
	tl0                     uint8
	keyIndex                uint8
	key                     bool // first packet of a key frame
	width, height           uint16
}

func parseVP8(b []byte) (vp8Descriptor, error) {
	var d vp8Descriptor
	if len(b) < 1 {
		return d, errPacket
	}
	first, at := b[0], 1
	if first&0x80 != 0 { // X: extensions follow
		if len(b) < 2 {
			return d, errPacket
		}
		ext := b[1]
		at = 2
		var err error
		if at, err = d.parseExtensions(b, ext, at); err != nil {
			return d, err
		}
	}
	if first&0x10 == 0 || first&0x07 != 0 { // not the start of partition 0
		return d, nil
	}
	d.parseFrameHeader(b[at:])
	return d, nil
}

func (d *vp8Descriptor) parseExtensions(b []byte, ext byte, at int) (int, error) {
	if ext&0x80 != 0 { // I: picture number
		if len(b) <= at {
			return 0, errPacket
		}
		d.pictureAt = at
		if b[at]&0x80 != 0 {
			if len(b) <= at+1 {
				return 0, errPacket
			}
			d.wide = true
			d.picture = binary.BigEndian.Uint16(b[at:]) & 0x7fff
			at++
		} else {
			d.picture = uint16(b[at])
		}
		at++
	}
	if ext&0x40 != 0 { // L: TL0PICIDX
		if len(b) <= at {
			return 0, errPacket
		}
		d.tl0At, d.tl0 = at, b[at]
		at++
	}
	if ext&0x30 != 0 { // T or K: temporal layer and key index
		if len(b) <= at {
			return 0, errPacket
		}
		if ext&0x10 != 0 {
			d.keyAt, d.keyIndex = at, b[at]&0x1f
		}
		at++
	}
	return at, nil
}

// parseFrameHeader reads the uncompressed data chunk of RFC 6386 section 9.1.
func (d *vp8Descriptor) parseFrameHeader(b []byte) {
	if len(b) < 10 || b[0]&0x01 != 0 {
		return
	}
	d.key = true
	d.width = binary.LittleEndian.Uint16(b[6:]) & 0x3fff
	d.height = binary.LittleEndian.Uint16(b[8:]) & 0x3fff
}

// vp8Numbers are the running numbers as one receiver sees them.
type vp8Numbers struct {
	picture  uint16
	tl0      uint8
	keyIndex uint8
}

func (d vp8Descriptor) numbers() vp8Numbers {
	return vp8Numbers{d.picture, d.tl0, d.keyIndex}
}

func (a vp8Numbers) plus(b vp8Numbers) vp8Numbers {
	return vp8Numbers{(a.picture + b.picture) & 0x7fff, a.tl0 + b.tl0, (a.keyIndex + b.keyIndex) & 0x1f}
}

func (a vp8Numbers) minus(b vp8Numbers) vp8Numbers {
	return vp8Numbers{(a.picture - b.picture) & 0x7fff, a.tl0 - b.tl0, (a.keyIndex - b.keyIndex) & 0x1f}
}

// write puts the numbers into payload, a copy of the packet that d describes.
func (n vp8Numbers) write(d vp8Descriptor, payload []byte) {
	if d.pictureAt > 0 {
		if d.wide {
			binary.BigEndian.PutUint16(payload[d.pictureAt:], n.picture|0x8000)
		} else {
			payload[d.pictureAt] = byte(n.picture & 0x7f)
		}
	}
	if d.tl0At > 0 {
		payload[d.tl0At] = n.tl0
	}
	if d.keyAt > 0 {
		payload[d.keyAt] = payload[d.keyAt]&^0x1f | n.keyIndex
	}
}
