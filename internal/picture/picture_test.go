package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/webp"

	"rathaus/internal/picture"
)

// flag is a picture whose left half is red and whose right half is blue.
func flag(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// secret stands for a position, an author, a serial number.
const secret = "GPS 48.1374N 11.5755E"

// exif is a block with an orientation and a text as big as a position.
func exif(orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	for _, entry := range [][4]uint32{{0x010f, 2, uint32(len(secret)), 38}, {0x0112, 3, 1, uint32(orientation) << 16}} {
		b = binary.BigEndian.AppendUint16(b, uint16(entry[0]))
		b = binary.BigEndian.AppendUint16(b, uint16(entry[1]))
		b = binary.BigEndian.AppendUint32(b, entry[2])
		b = binary.BigEndian.AppendUint32(b, entry[3])
	}
	return append(append(b, 0, 0, 0, 0), secret...)
}

func jpegSegment(marker byte, data string) []byte {
	b := []byte{0xff, marker}
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)+2))
	return append(b, data...)
}

func jpegOf(t *testing.T, img image.Image, orientation uint16) []byte {
	t.Helper()
	var plain bytes.Buffer
	require.NoError(t, jpeg.Encode(&plain, img, nil))
	out := []byte{0xff, 0xd8}
	out = append(out, jpegSegment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01"+secret)...)
	out = append(out, jpegSegment(0xe1, "Exif\x00\x00"+string(exif(orientation)))...)
	out = append(out, jpegSegment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	out = append(out, jpegSegment(0xe2, "MPF\x00"+secret)...)
	out = append(out, jpegSegment(0xed, "Photoshop 3.0\x00"+secret)...)
	out = append(out, jpegSegment(0xfe, secret)...)
	out = append(out, plain.Bytes()[2:]...)
	return append(out, "appended video with "+secret...)
}

func pngChunk(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func pngOf(t *testing.T, img image.Image, orientation uint16) []byte {
	t.Helper()
	var plain bytes.Buffer
	require.NoError(t, png.Encode(&plain, img))
	const head = 33 // signature and IHDR
	out := bytes.Clone(plain.Bytes()[:head])
	out = append(out, pngChunk("tEXt", "Comment\x00"+secret)...)
	out = append(out, pngChunk("iTXt", secret)...)
	out = append(out, pngChunk("eXIf", string(exif(orientation)))...)
	out = append(out, plain.Bytes()[head:]...)
	return append(out, secret...)
}

func gifOf(t *testing.T, w, h int) []byte {
	t.Helper()
	frames := &gif.GIF{LoopCount: 3}
	for range 2 {
		p := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}})
		for i := range p.Pix {
			p.Pix[i] = uint8(i % w * 2 / w)
		}
		frames.Image, frames.Delay = append(frames.Image, p), append(frames.Delay, 10)
	}
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, frames))
	body := b.Bytes()
	trailer := len(body) - 1
	out := append(bytes.Clone(body[:trailer]), 0x21, 0xfe, byte(len(secret)))
	out = append(append(out, secret...), 0)
	out = append(out, 0x21, 0xff, 11)
	out = append(append(out, "XMP DataXMP"...), byte(len(secret)))
	out = append(append(out, secret...), 0, 0x3b)
	return append(out, secret...)
}

func webpChunk(name, data string) []byte {
	b := append([]byte(name), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(data)))
	b = append(b, data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// webpOf is a picture of one pixel with metadata around it.
func webpOf(orientation uint16) []byte {
	lossless := "\x2f\x00\x00\x00\x00\x07\xd0\xff\xfe\xf7\xbf\xff\x81\x88\x88\x08\x88\x08\x08\x08"
	body := append([]byte("WEBP"), webpChunk("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00")...)
	body = append(body, webpChunk("VP8L", lossless)...)
	body = append(body, webpChunk("EXIF", string(exif(orientation)))...)
	body = append(body, webpChunk("XMP ", secret)...)
	out := append([]byte("RIFF"), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(body)))
	return append(append(out, body...), secret...)
}

func strip(t *testing.T, raw []byte, f picture.Format) ([]byte, picture.Info) {
	t.Helper()
	info, err := picture.Inspect(bytes.NewReader(raw), f)
	require.NoError(t, err)
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	require.NoError(t, picture.Strip(file, bytes.NewReader(raw), info))
	require.NoError(t, file.Close())
	out, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	return out, info
}

// Requirement row 003-02, hostile and careless input: after Strip no byte of
// the metadata is left, and the pixels are the same.
func TestStripLeavesNoMetadata(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f      picture.Format
		raw    []byte
		decode func(*bytes.Reader) (image.Image, error)
	}{
		{picture.JPEG, jpegOf(t, flag(60, 40), 6), func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }},
		{picture.PNG, pngOf(t, flag(60, 40), 6), func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }},
		{picture.GIF, gifOf(t, 60, 40), func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) }},
		{picture.WebP, webpOf(6), func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) }},
	} {
		t.Run(string(c.f), func(t *testing.T) {
			require.Contains(t, string(c.raw), secret)
			out, before := strip(t, c.raw, c.f)
			require.NotContains(t, string(out), secret)
			require.NotContains(t, string(out), "adobe")
			want, err := c.decode(bytes.NewReader(c.raw))
			require.NoError(t, err)
			got, err := c.decode(bytes.NewReader(out))
			require.NoError(t, err, "what is left is a whole picture")
			require.Equal(t, want, got)
			after, err := picture.Inspect(bytes.NewReader(out), c.f)
			require.NoError(t, err)
			require.Equal(t, before, after, "size and orientation stay")
			again, _ := strip(t, out, c.f)
			require.Equal(t, out, again, "nothing is left to take out")
		})
	}
}

func TestStripKeepsMovingPictures(t *testing.T) {
	t.Parallel()
	out, _ := strip(t, gifOf(t, 20, 10), picture.GIF)
	all, err := gif.DecodeAll(bytes.NewReader(out))
	require.NoError(t, err)
	require.Len(t, all.Image, 2)
	require.Equal(t, 3, all.LoopCount)
}

func TestStripStandsACutPicture(t *testing.T) {
	t.Parallel()
	raw := jpegOf(t, flag(200, 200), 1)
	whole := bytes.LastIndex(raw, []byte{0xff, 0xd9})
	out, _ := strip(t, raw[:whole-40], picture.JPEG)
	require.NotContains(t, string(out), secret)
	require.True(t, bytes.HasSuffix(out, []byte{0xff, 0xd9}))
}

// upright says which colour is at the top of a picture that was lying.
func TestPreviewsStandUpright(t *testing.T) {
	t.Parallel()
	red, blue := color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}
	for orientation, c := range map[uint16]struct {
		w, h        int
		first, last color.NRGBA // the corners at the top left and bottom right
	}{
		1: {100, 66, red, blue}, 2: {100, 66, blue, red}, 3: {100, 66, blue, red}, 4: {100, 66, red, blue},
		5: {66, 100, red, blue}, 6: {66, 100, red, blue}, 7: {66, 100, blue, red}, 8: {66, 100, blue, red},
	} {
		raw := jpegOf(t, flag(900, 594), orientation)
		info, err := picture.Inspect(bytes.NewReader(raw), picture.JPEG)
		require.NoError(t, err)
		require.Equal(t, c.w > c.h, info.Width > info.Height)
		all, err := picture.Preview(bytes.NewReader(raw), info, 400, 100)
		require.NoError(t, err)
		require.Len(t, all, 2)
		img, err := jpeg.Decode(bytes.NewReader(all[1].Bytes))
		require.NoError(t, err)
		require.Equal(t, image.Pt(c.w, c.h), img.Bounds().Size(), "orientation %d", orientation)
		requireNear(t, c.first, img.At(3, 3), orientation)
		requireNear(t, c.last, img.At(c.w-4, c.h-4), orientation)
	}
}

func requireNear(t *testing.T, want color.NRGBA, got color.Color, orientation uint16) {
	t.Helper()
	r, _, b, _ := got.RGBA()
	require.Equal(t, want.R > want.B, r > b, "orientation %d: %v", orientation, got)
}

func TestPreviewsKeepTransparency(t *testing.T) {
	t.Parallel()
	img := flag(900, 300)
	img.SetNRGBA(450, 150, color.NRGBA{})
	for y := range 300 {
		img.SetNRGBA(0, y, color.NRGBA{})
	}
	raw := pngOf(t, img, 1)
	info, err := picture.Inspect(bytes.NewReader(raw), picture.PNG)
	require.NoError(t, err)
	all, err := picture.Preview(bytes.NewReader(raw), info, 400)
	require.NoError(t, err)
	require.Equal(t, "image/png", all[0].Type)
}

// Trust class 16: a bomb is known by its header, without decoding anything.
func TestBombsAreKnownByTheirHeader(t *testing.T) { // not parallel: it looks at memory
	ihdr := "\x00\x00\xea\x60\x00\x00\xea\x60\x08\x06\x00\x00\x00" // 60000 by 60000
	for name, c := range map[string]struct {
		f   picture.Format
		raw []byte
	}{
		"png":  {picture.PNG, append(append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", ihdr)...), pngChunk("IDAT", "x")...)},
		"jpeg": {picture.JPEG, append(append([]byte{0xff, 0xd8}, jpegSegment(0xc2, "\x08\xea\x60\xea\x60\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01")...), 0xff, 0xd9)},
		"gif":  {picture.GIF, []byte("GIF89a\x60\xea\x60\xea\x00\x00\x00")},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		info, err := picture.Inspect(bytes.NewReader(c.raw), c.f)
		runtime.ReadMemStats(&after)
		require.NoError(t, err, name)
		require.EqualValues(t, 3_600_000_000, info.Pixels(), name)
		require.GreaterOrEqual(t, info.Cost, int64(3_600_000_000), name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<10), name)
	}
}

func TestBrokenPicturesAreRefused(t *testing.T) {
	t.Parallel()
	for _, f := range []picture.Format{picture.JPEG, picture.PNG, picture.GIF, picture.WebP} {
		for _, raw := range []string{"", "x", "GIF89a", "\xff\xd8", "\xff\xd8\xff\xda\x00\x00", "\x89PNG\r\n\x1a\n", "RIFF\x00\x00\x00\x00WEBP", "RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff"} {
			_, err := picture.Inspect(bytes.NewReader([]byte(raw)), f)
			require.ErrorIs(t, err, picture.ErrBroken, "%s %q", f, raw)
		}
	}
}

func FuzzStrip(f *testing.F) {
	t := &testing.T{}
	f.Add(jpegOf(t, flag(8, 8), 6), 0)
	f.Add(pngOf(t, flag(8, 8), 6), 1)
	f.Add(gifOf(t, 8, 8), 2)
	f.Add(webpOf(6), 3)
	formats := []picture.Format{picture.JPEG, picture.PNG, picture.GIF, picture.WebP}
	f.Fuzz(func(t *testing.T, raw []byte, n int) {
		if n < 0 || n >= len(formats) {
			return
		}
		info, err := picture.Inspect(bytes.NewReader(raw), formats[n])
		if err != nil {
			return
		}
		file, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		_ = picture.Strip(file, bytes.NewReader(raw), info)
		if info.Cost < 1<<20 {
			_, _ = picture.Preview(bytes.NewReader(raw), info, 400)
		}
	})
}
