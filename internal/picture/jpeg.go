package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The markers of a JPEG that matter here.
const (
	markerSOF0  = 0xc0
	markerSOF15 = 0xcf
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP2  = 0xe2
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
)

// maxSegments bounds what a walk looks at; real pictures have some dozens.
const maxSegments = 10_000

// errStop ends a walk early, without an error.
var errStop = errors.New("picture: enough")

// segment is a marker with its data. Entropy-coded pixels are not part of it.
type segment struct {
	marker byte
	data   []byte
}

func (s segment) isFrame() bool {
	return s.marker >= markerSOF0 && s.marker <= markerSOF15 && s.marker != markerDHT && s.marker != markerJPG && s.marker != markerDAC
}

// frame reads the size of the picture and what decoding it takes: one byte for
// each sample, and four more if all coefficients have to be kept.
func (s segment) frame() (w, h int, cost int64, err error) {
	const head, component = 6, 3
	if len(s.data) < head || len(s.data) < head+component*int(s.data[5]) {
		return 0, 0, 0, errors.New("frame header too short")
	}
	h, w = int(binary.BigEndian.Uint16(s.data[1:])), int(binary.BigEndian.Uint16(s.data[3:]))
	perSample := int64(1)
	if s.marker != markerSOF0 && s.marker != markerSOF0+1 {
		perSample = 5
	}
	return w, h, int64(w) * int64(h) * int64(s.data[5]) * perSample, nil
}

func (s segment) exif() ([]byte, bool) { return bytes.CutPrefix(s.data, exifHeader) }

// wanted reports whether a segment is needed to show the picture.
func (s segment) wanted() bool {
	switch {
	case s.marker == markerAPP0:
		return bytes.HasPrefix(s.data, []byte("JFIF\x00")) && len(s.data) >= jfifLength
	case s.marker == markerAPP2:
		return bytes.HasPrefix(s.data, []byte("ICC_PROFILE\x00"))
	case s.marker == markerAPP14:
		return bytes.HasPrefix(s.data, []byte("Adobe"))
	case s.marker >= markerAPP0 && s.marker <= markerAPP15, s.marker == markerCOM:
		return false
	}
	return true
}

const jfifLength = 14

// withoutPreview is the JFIF segment without the small picture it may carry.
func (s segment) withoutPreview() segment {
	if s.marker != markerAPP0 {
		return s
	}
	data := bytes.Clone(s.data[:jfifLength])
	data[12], data[13] = 0, 0
	return segment{s.marker, data}
}

// walkJPEG shows each segment up to the first pixels, and then all that follow
// between stretches of pixels, which it skips.
func walkJPEG(r *bufio.Reader, see func(segment) error) error {
	return copyJPEG(r, io.Discard, func(s segment, _ io.Writer) error { return see(s) })
}

// copyJPEG shows each segment, which is copied by whoever sees it, and copies
// the pixels. It ends with the picture: what is appended is not read.
func copyJPEG(r *bufio.Reader, w io.Writer, see func(segment, io.Writer) error) error {
	var soi [2]byte
	if _, err := io.ReadFull(r, soi[:]); err != nil || soi != [2]byte{0xff, markerSOI} {
		return errors.New("does not begin like a JPEG")
	}
	marker, err := nextMarker(r, io.Discard)
	for range maxSegments {
		if err != nil {
			return err
		}
		if marker == markerEOI {
			return see(segment{marker: markerEOI}, w)
		}
		s, readErr := readSegment(r, marker)
		if readErr != nil {
			return readErr
		}
		if err := see(s, w); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
		pixels := io.Discard
		if marker == markerSOS {
			pixels = w
		}
		if marker, err = nextMarker(r, pixels); marker != markerEOI && errors.Is(err, io.EOF) {
			return see(segment{marker: markerEOI}, w) // cut short: shown as far as it goes
		}
	}
	return errors.New("too many segments")
}

func readSegment(r *bufio.Reader, marker byte) (segment, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return segment{}, fmt.Errorf("segment %x: %w", marker, err)
	}
	n := int(binary.BigEndian.Uint16(length[:])) - len(length)
	if n < 0 {
		return segment{}, fmt.Errorf("segment %x has no length", marker)
	}
	s := segment{marker: marker, data: make([]byte, n)}
	if _, err := io.ReadFull(r, s.data); err != nil {
		return segment{}, fmt.Errorf("segment %x: %w", marker, err)
	}
	return s, nil
}

// nextMarker copies everything up to the next marker, stuffed bytes and restart
// markers included, and returns it. Fill bytes are dropped.
func nextMarker(r *bufio.Reader, w io.Writer) (byte, error) {
	for {
		if err := copyUntilFF(r, w); err != nil {
			return 0, err
		}
		b, err := r.ReadByte()
		for err == nil && b == 0xff {
			b, err = r.ReadByte()
		}
		if err != nil {
			return 0, err
		}
		if b != 0 && (b < markerRST0 || b > markerRST7) {
			return b, nil
		}
		if _, err := w.Write([]byte{0xff, b}); err != nil {
			return 0, err
		}
	}
}

// copyUntilFF copies up to the byte 0xff, which it consumes.
func copyUntilFF(r *bufio.Reader, w io.Writer) error {
	for {
		stretch, err := r.ReadSlice(0xff)
		data := stretch
		if err == nil {
			data = stretch[:len(stretch)-1]
		}
		if _, werr := w.Write(data); werr != nil {
			return werr
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// stripJPEG copies a JPEG without its metadata.
func stripJPEG(r *bufio.Reader, w io.Writer, turn orientation) error {
	if _, err := w.Write([]byte{0xff, markerSOI}); err != nil {
		return err
	}
	placed := !turn.turned()
	return copyJPEG(r, w, func(s segment, w io.Writer) error {
		if s.marker == markerEOI {
			_, err := w.Write([]byte{0xff, markerEOI})
			return err
		}
		// Exif comes first, or right after JFIF.
		if !placed && s.marker != markerAPP0 {
			placed = true
			exif := segment{markerAPP1, append(bytes.Clone(exifHeader), exifWith(turn)...)}
			if err := exif.writeTo(w); err != nil {
				return err
			}
		}
		if !s.wanted() {
			return nil
		}
		return s.withoutPreview().writeTo(w)
	})
}

func (s segment) writeTo(w io.Writer) error {
	head := binary.BigEndian.AppendUint16([]byte{0xff, s.marker}, uint16(len(s.data)+2)) //nolint:gosec // data came from a segment of that length
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(s.data)
	return err
}
