package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// chunk is a part of a PNG or WebP. Its data is read as it passes by.
type chunk struct {
	name string
	size int64
	data io.Reader // of that size
}

// bytes reads the data if it is not larger than most.
func (c chunk) bytes(most int64) ([]byte, error) {
	if c.size > most {
		return nil, nil
	}
	b := make([]byte, c.size)
	_, err := io.ReadFull(c.data, b)
	return b, err
}

var pngSignature = []byte("\x89PNG\r\n\x1a\n")

// walkPNG shows each chunk of a PNG up to its end; what is appended is not read.
func walkPNG(r io.Reader, see func(chunk) error) error {
	head := make([]byte, len(pngSignature))
	if _, err := io.ReadFull(r, head); err != nil || !bytes.Equal(head, pngSignature) {
		return errors.New("does not begin like a PNG")
	}
	for {
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return fmt.Errorf("chunk: %w", err)
		}
		c := chunk{name: string(b[4:]), size: int64(binary.BigEndian.Uint32(b[:4]))}
		if c.size > 1<<31-1 {
			return errors.New("chunk too large")
		}
		body := io.LimitReader(r, c.size)
		c.data = body
		if err := see(c); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, r, crc32.Size); err != nil {
			return fmt.Errorf("chunk %s: %w", c.name, err)
		}
		if c.name == "IEND" {
			return nil
		}
	}
}

// pngWanted are the chunks that are needed to show a PNG, animated ones included.
var pngWanted = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true,
	"iCCP": true, "sBIT": true, "bKGD": true, "pHYs": true, "cICP": true, "acTL": true, "fcTL": true, "fdAT": true,
}

// stripPNG copies a PNG without its metadata.
func stripPNG(r io.Reader, w io.Writer, turn orientation) error {
	if _, err := w.Write(pngSignature); err != nil {
		return err
	}
	return walkPNG(r, func(c chunk) error {
		if !pngWanted[c.name] {
			return nil
		}
		if err := writePNG(w, c); err != nil {
			return err
		}
		if c.name == "IHDR" && turn.turned() {
			exif := exifWith(turn)
			return writePNG(w, chunk{name: "eXIf", size: int64(len(exif)), data: bytes.NewReader(exif)})
		}
		return nil
	})
}

func writePNG(w io.Writer, c chunk) error {
	head := append(binary.BigEndian.AppendUint32(nil, uint32(c.size)), c.name...) //nolint:gosec // checked when it was read
	if _, err := w.Write(head); err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	if _, err := sum.Write(head[4:]); err != nil {
		return err
	}
	if _, err := io.CopyN(io.MultiWriter(w, sum), c.data, c.size); err != nil {
		return fmt.Errorf("chunk %s: %w", c.name, err)
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// walkWebP shows each chunk of a WebP; what is appended is not read.
func walkWebP(r io.Reader, see func(chunk) error) error {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" {
		return errors.New("does not begin like a WebP")
	}
	// The length of the whole is ignored: files that lie about it are common.
	for {
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		c := chunk{name: string(b[:4]), size: int64(binary.LittleEndian.Uint32(b[4:]))}
		if !webpKnown[c.name] {
			return nil // what is appended, not a part of the picture
		}
		body := io.LimitReader(r, c.size)
		c.data = body
		if err := see(c); err != nil {
			return err
		}
		if n, err := io.Copy(io.Discard, body); err != nil {
			return err
		} else if n > 0 && body.(*io.LimitedReader).N > 0 { //nolint:forcetypeassert // made above
			return io.ErrUnexpectedEOF
		}
		if c.size%2 == 1 {
			if _, err := io.CopyN(io.Discard, r, 1); err != nil {
				return nil //nolint:nilerr // the last byte is padding
			}
		}
	}
}

var webpKnown = map[string]bool{
	"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true, "EXIF": true, "XMP ": true,
}

// The flags of a VP8X chunk that announce metadata.
const (
	webpXMP  = 1 << 2
	webpExif = 1 << 3
)

// stripWebP copies a WebP without its metadata. The length of the whole stands
// in front, so the caller gives a place to write it once it is known.
func stripWebP(r io.Reader, w io.WriteSeeker, turn orientation) error {
	if _, err := w.Write([]byte("RIFF\x00\x00\x00\x00WEBP")); err != nil {
		return err
	}
	extended := false
	err := walkWebP(r, func(c chunk) error {
		switch c.name {
		case "EXIF", "XMP ":
			return nil
		case "VP8X":
			extended = true
			b, err := c.bytes(maxExif)
			if err != nil || len(b) == 0 {
				return errors.New("header too short")
			}
			b[0] &^= webpXMP | webpExif
			if turn.turned() {
				b[0] |= webpExif
			}
			return writeWebP(w, chunk{name: c.name, size: c.size, data: bytes.NewReader(b)})
		}
		return writeWebP(w, c)
	})
	if err != nil {
		return err
	}
	if extended && turn.turned() {
		exif := exifWith(turn)
		if err := writeWebP(w, chunk{name: "EXIF", size: int64(len(exif)), data: bytes.NewReader(exif)}); err != nil {
			return err
		}
	}
	end, err := w.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := w.Seek(4, io.SeekStart); err != nil {
		return err
	}
	_, err = w.Write(binary.LittleEndian.AppendUint32(nil, uint32(end-8))) //nolint:gosec // a WebP is below 4 GiB
	return err
}

func writeWebP(w io.Writer, c chunk) error {
	head := binary.LittleEndian.AppendUint32([]byte(c.name), uint32(c.size)) //nolint:gosec // checked when it was read
	if _, err := w.Write(head); err != nil {
		return err
	}
	n, err := io.Copy(w, io.LimitReader(c.data, c.size))
	if err != nil {
		return err
	}
	if n < c.size {
		return fmt.Errorf("chunk %s: %w", c.name, io.ErrUnexpectedEOF)
	}
	if c.size%2 == 1 {
		_, err = w.Write([]byte{0})
	}
	return err
}
