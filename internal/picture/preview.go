package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const previewQuality = 82 // of JPEG, out of 100

// Small is an encoded preview, JPEG or PNG.
type Small struct {
	Bytes []byte
	Type  string
}

// Preview decodes the picture that info belongs to and returns it upright, once
// for each size, fitted into a square of so many pixels. Sizes fall: each
// preview is made from the one before. Of a moving picture it takes the first.
func Preview(r io.Reader, info Info, sizes ...int) ([]Small, error) {
	img, err := decode(r, info.Format)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	out := make([]Small, 0, len(sizes))
	for i, size := range sizes {
		img = fit(img, size)
		if i == 0 {
			img = upend(img, info.turn)
		}
		small, err := encode(img)
		if err != nil {
			return nil, fmt.Errorf("encode preview: %w", err)
		}
		out = append(out, small)
	}
	return out, nil
}

func decode(r io.Reader, f Format) (image.Image, error) {
	switch f {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case GIF:
		return gif.Decode(r)
	case WebP:
		return webp.Decode(r)
	}
	return nil, fmt.Errorf("format %q is not known", f)
}

// fit makes a picture smaller so that it fits into a square; never larger.
func fit(img image.Image, size int) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	longer := max(w, h)
	if longer <= size {
		return img
	}
	toW, toH := max(1, (w*size+longer/2)/longer), max(1, (h*size+longer/2)/longer)
	// Averaging whole pixels first keeps details that a single step would lose,
	// and needs hardly any memory. What remains is less than a factor of two.
	if n := longer / size; n > 1 {
		img = average(img, n)
	}
	out := image.NewRGBA(image.Rect(0, 0, toW, toH))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// average makes one pixel of each n by n, a strip of rows at a time.
func average(img image.Image, n int) *image.RGBA {
	b := img.Bounds()
	w, h := (b.Dx()+n-1)/n, (b.Dy()+n-1)/n
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), n))
	for y := range h {
		rows := min(n, b.Dy()-y*n)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), img, image.Pt(b.Min.X, b.Min.Y+y*n), draw.Src)
		for x := range w {
			cols := min(n, b.Dx()-x*n)
			out.SetRGBA(x, y, meanOf(strip, x*n, cols, rows))
		}
	}
	return out
}

func meanOf(strip *image.RGBA, from, cols, rows int) color.RGBA {
	var sum [4]int
	for y := range rows {
		row := strip.Pix[y*strip.Stride+from*4:]
		for i := range cols * 4 {
			sum[i&3] += int(row[i])
		}
	}
	n := cols * rows
	return color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), uint8(sum[3] / n)} //nolint:gosec // means of bytes
}

// upend turns and mirrors a picture as its orientation says.
func upend(img image.Image, o orientation) image.Image {
	if !o.turned() {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	toW, toH := w, h
	if o.swaps() {
		toW, toH = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, toW, toH))
	for y := range h {
		for x := range w {
			toX, toY := o.place(x, y, w, h)
			out.Set(toX, toY, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// place says where a stored pixel belongs in the upright picture.
func (o orientation) place(x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	default: // upright: as it is
	}
	return x, y
}

func encode(img image.Image) (Small, error) {
	var b bytes.Buffer
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		err := jpeg.Encode(&b, img, &jpeg.Options{Quality: previewQuality})
		return Small{Bytes: b.Bytes(), Type: string(JPEG)}, err
	}
	err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, img)
	return Small{Bytes: b.Bytes(), Type: string(PNG)}, err
}
