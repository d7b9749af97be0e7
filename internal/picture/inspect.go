package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image/color"
	"image/gif"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Format is how a picture is encoded.
type Format string

// The formats that browsers show and that this package understands.
const (
	JPEG Format = "image/jpeg"
	PNG  Format = "image/png"
	GIF  Format = "image/gif"
	WebP Format = "image/webp"
)

// ErrBroken says that the bytes are not what they claim to be.
var ErrBroken = errors.New("picture: broken")

// Info is what the header of a picture tells.
type Info struct {
	Format Format
	// Width and Height are those of the upright picture, in pixels.
	Width, Height int
	// Cost is how many bytes decoding needs at most.
	Cost int64

	turn orientation
}

// Pixels is how many pixels the picture has.
func (i Info) Pixels() int64 { return int64(i.Width) * int64(i.Height) }

// Known reports whether a media type is one of the formats.
func Known(mediaType string) bool {
	switch Format(mediaType) {
	case JPEG, PNG, GIF, WebP:
		return true
	}
	return false
}

// Inspect reads the header of a picture. It decodes no pixel and needs little
// memory, whatever the picture claims.
func Inspect(r io.Reader, f Format) (Info, error) {
	b := bufio.NewReader(r)
	var info Info
	var err error
	switch f {
	case JPEG:
		info, err = inspectJPEG(b)
	case PNG:
		info, err = inspectPNG(b)
	case GIF:
		info, err = inspectGIF(b)
	case WebP:
		info, err = inspectWebP(b)
	default:
		return info, fmt.Errorf("picture: format %q is not known", f)
	}
	if err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if info.Width <= 0 || info.Height <= 0 {
		return Info{}, fmt.Errorf("%w: no size", ErrBroken)
	}
	info.Format = f
	if info.turn.swaps() {
		info.Width, info.Height = info.Height, info.Width
	}
	return info, nil
}

func inspectJPEG(r *bufio.Reader) (Info, error) {
	var info Info
	err := walkJPEG(r, func(s segment) error {
		switch {
		case s.isFrame():
			w, h, cost, err := s.frame()
			if err != nil {
				return err
			}
			info.Width, info.Height, info.Cost = w, h, cost
		case s.marker == markerAPP1 && info.turn == 0:
			if exif, ok := s.exif(); ok {
				info.turn = orientationOf(exif)
			}
		case s.marker == markerSOS:
			return errStop
		}
		return nil
	})
	return info, err
}

func inspectPNG(r *bufio.Reader) (Info, error) {
	// The orientation may come after the header, but comes before the pixels.
	var head headBuffer
	c, err := png.DecodeConfig(io.TeeReader(r, &head))
	if err != nil {
		return Info{}, err
	}
	info := Info{Width: c.Width, Height: c.Height, Cost: 2 * int64(c.Width) * int64(c.Height) * bytesPerPixel(c.ColorModel)}
	err = walkPNG(io.MultiReader(&head, r), func(c chunk) error {
		switch c.name {
		case "eXIf":
			b, err := c.bytes(maxExif)
			info.turn = orientationOf(b)
			return err
		case "IDAT":
			return errStop
		}
		return nil
	})
	return info, err
}

func inspectGIF(r *bufio.Reader) (Info, error) {
	c, err := gif.DecodeConfig(r)
	return Info{Width: c.Width, Height: c.Height, Cost: 2 * int64(c.Width) * int64(c.Height)}, err
}

func inspectWebP(r *bufio.Reader) (Info, error) {
	var head headBuffer
	c, err := webp.DecodeConfig(io.TeeReader(r, &head))
	if err != nil {
		return Info{}, err
	}
	info := Info{Width: c.Width, Height: c.Height, Cost: 8 * int64(c.Width) * int64(c.Height)}
	err = walkWebP(io.MultiReader(&head, r), func(c chunk) error {
		if c.name != "EXIF" {
			return nil
		}
		b, err := c.bytes(maxExif)
		info.turn = orientationOf(trimExifHeader(b))
		return err
	})
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // a picture that was cut short still shows
	}
	return info, err
}

// headBuffer gives back what a decoder of headers has read.
type headBuffer struct{ b []byte }

func (h *headBuffer) Write(p []byte) (int, error) { h.b = append(h.b, p...); return len(p), nil }

func (h *headBuffer) Read(p []byte) (int, error) {
	if len(h.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, h.b)
	h.b = h.b[n:]
	return n, nil
}

func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}
