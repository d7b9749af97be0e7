package picture

import (
	"bytes"
	"encoding/binary"
)

// maxExif bounds an Exif block; JPEG can't hold more in one segment.
const maxExif = 64 << 10

// orientation is the value of the Exif tag: how the stored pixels must be
// turned to stand upright. 0 and 1 mean not at all.
type orientation int

const upright orientation = 1

func (o orientation) swaps() bool { return o >= 5 && o <= 8 }

func (o orientation) turned() bool { return o > upright && o <= 8 }

const tagOrientation = 0x0112

// orientationOf reads the orientation from an Exif block that begins with its
// TIFF header. What can't be read means upright.
func orientationOf(exif []byte) orientation {
	if len(exif) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(exif[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return upright
	}
	const entry = 12
	count := int64(order.Uint16(exif[at:]))
	for i := range count {
		p := at + 2 + i*entry
		if p+entry > int64(len(exif)) {
			return upright
		}
		if order.Uint16(exif[p:]) == tagOrientation {
			if o := orientation(order.Uint16(exif[p+8:])); o.turned() {
				return o
			}
			return upright
		}
	}
	return upright
}

// exifWith is an Exif block with nothing in it but the orientation.
func exifWith(o orientation) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, tagOrientation)
	b = binary.LittleEndian.AppendUint16(b, 3)         // a short
	b = binary.LittleEndian.AppendUint32(b, 1)         // of which there is one
	b = binary.LittleEndian.AppendUint32(b, uint32(o)) //nolint:gosec // from 1 to 8
	return binary.LittleEndian.AppendUint32(b, 0)      // no further directory
}

var exifHeader = []byte("Exif\x00\x00")

func trimExifHeader(b []byte) []byte { return bytes.TrimPrefix(b, exifHeader) }
