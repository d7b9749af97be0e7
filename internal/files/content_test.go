package files_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/config"
	"rathaus/internal/files"
	"rathaus/internal/testkit"
)

func shades(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i % w * 255 / w)
	}
	return img
}

// position is what a phone writes into a picture.
const position = "48.1374 N 11.5755 E"

// snapshot is a photograph that lies on its side and knows where it was taken.
func snapshot(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, shades(w, h), nil))
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00" + position
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append([]byte{0xff, 0xd8}, append(seg, exif...)...), b.Bytes()[2:]...)
}

func pngBytes(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

func zipBytes(t *testing.T, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	require.NoError(t, err)
	_, err = w.Write([]byte("<x/>"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// wav is a second of silence.
func wav() []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data")
	b = binary.LittleEndian.AppendUint32(b, 8000)
	b = append(b, bytes.Repeat([]byte{128}, 8000)...)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

// webm begins like what browsers record.
func webm() []byte {
	return append([]byte("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02"), make([]byte, 200)...)
}

// Requirement rows 000-17, 003-02: what a file is, its content says.
func TestTheContentSaysWhatAFileIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var moving bytes.Buffer
	require.NoError(t, gif.Encode(&moving, shades(500, 30), nil))
	pdf := []byte("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")
	for name, c := range map[string]struct {
		content    []byte
		meta       []string
		kind, typ  string
		disposed   string
		servedAs   string
		w, h       int
		haveThumbs bool
	}{
		"a photograph":             {snapshot(t, 900, 600), nil, "image", "image/jpeg", "inline", "image/jpeg", 600, 900, true},
		"a drawing":                {pngBytes(t, shades(500, 400)), nil, "image", "image/png", "inline", "image/png", 500, 400, true},
		"a tiny drawing":           {pngBytes(t, shades(20, 10)), nil, "image", "image/png", "inline", "image/png", 20, 10, false},
		"a moving picture":         {moving.Bytes(), nil, "image", "image/gif", "inline", "image/gif", 500, 30, true},
		"a PDF":                    {pdf, nil, "pdf", "application/pdf", "inline", "application/pdf", 0, 0, false},
		"sound":                    {wav(), []string{"duration", "1000"}, "audio", "audio/wav", "inline", "audio/wav", 0, 0, false},
		"a recording":              {webm(), []string{"voice", "1", "duration", "2500", "waveform", "0,50,100,400,-3"}, "voice", "audio/webm", "inline", "audio/webm", 0, 0, false},
		"a film":                   {webm(), []string{"width", "640", "height", "360", "duration", "2500"}, "video", "video/webm", "inline", "video/webm", 640, 360, false},
		"text":                     {text(100), nil, "other", "text/plain", "inline", "text/plain; charset=utf-8", 0, 0, false},
		"a page":                   {[]byte("<!doctype html><script>alert(1)</script>"), []string{"filename", "bild.png", "filetype", "image/png"}, "other", "text/html", "attachment", "application/octet-stream", 0, 0, false},
		"a page with a long start": {append(bytes.Repeat([]byte("\n"), 300), "<html><script>alert(1)</script>"...), nil, "other", "text/html", "attachment", "application/octet-stream", 0, 0, false},
		"a vector drawing":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), []string{"filename", "wappen.svg"}, "other", "image/svg+xml", "attachment", "application/octet-stream", 0, 0, false},
		"XML with a style":         {[]byte(`<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="x"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`), nil, "other", "", "attachment", "application/octet-stream", 0, 0, false},
		"a web archive":            {[]byte("From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x/\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html><script>alert(1)</script>"), nil, "other", "", "attachment", "", 0, 0, false},
		"a PDF with another face":  {append([]byte("<html><script>alert(1)</script>"), pdf...), nil, "other", "", "attachment", "application/octet-stream", 0, 0, false},
		"a program":                {append([]byte("MZ\x90\x00"), make([]byte, 300)...), []string{"filename", "rechnung.pdf"}, "other", "", "attachment", "application/octet-stream", 0, 0, false},
		"a packed folder":          {zipBytes(t, "brief.txt"), nil, "other", "application/zip", "attachment", "application/octet-stream", 0, 0, false},
		"a document":               {zipBytes(t, "word/document.xml"), nil, "other", "", "attachment", "application/octet-stream", 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			file := d.upload(d.ada, c.content, c.meta...)
			f := d.facts(file)
			require.Equal(t, c.kind, f.Kind)
			if c.typ != "" {
				require.Equal(t, c.typ, f.Type)
			}
			require.Equal(t, [2]int{c.w, c.h}, [2]int{f.Width, f.Height})
			require.Equal(t, c.haveThumbs, f.Thumb != "" && f.Preview != "")
			got := d.get(d.ada, "/files/"+file, nil)
			require.Equal(t, http.StatusOK, got.status)
			if c.servedAs != "" {
				require.Equal(t, c.servedAs, got.header.Get("Content-Type"))
				require.True(t, strings.HasPrefix(got.header.Get("Content-Disposition"), c.disposed+"; "), got.header.Get("Content-Disposition"))
			}
			for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy", "ETag"} {
				require.NotEmpty(t, got.header.Get(h), h)
			}
			require.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'")
			saved := d.get(d.ada, "/files/"+file+"?download=1", nil)
			require.True(t, strings.HasPrefix(saved.header.Get("Content-Disposition"), "attachment; "))
			thumb := d.get(d.ada, "/files/"+file+"/thumb", nil)
			require.Equal(t, c.haveThumbs, thumb.status == http.StatusOK)
		})
	}
}

func TestARecordingKeepsItsShape(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	f := d.facts(d.upload(d.ada, webm(), "voice", "1", "duration", "2500", "waveform", "0,50,100,400,-3"))
	require.Equal(t, "[0,50,100,100,0]", f.Waveform)
	require.EqualValues(t, 2500, f.DurationMs)
	f = d.facts(d.upload(d.ada, webm(), "voice", "1", "duration", "-5", "waveform", strings.Repeat("1,", 500)))
	require.Empty(t, f.Waveform)
	require.Zero(t, f.DurationMs)
	f = d.facts(d.upload(d.ada, text(100), "voice", "1", "duration", "5", "waveform", "1"))
	require.Equal(t, "other", f.Kind, "a text is no recording, whatever its sender says")
	require.Empty(t, f.Waveform)
}

// Requirement row 003-02, hostile: no stored byte tells where a picture was
// taken, unless the sender wants that.
func TestThePositionIsGoneFromTheStoredBytes(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		raw := snapshot(t, 900, 600)
		require.Contains(t, string(raw), position)
		file := d.upload(d.ada, raw, "filename", "Baustelle.jpg")
		for _, path := range d.blobs() {
			stored, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NotContains(t, string(stored), position, path)
		}
		require.Len(t, d.blobs(), 3, "the picture and two small ones")
		got := d.get(d.ada, "/files/"+file, nil)
		img, err := jpeg.Decode(strings.NewReader(got.body))
		require.NoError(t, err)
		require.Equal(t, image.Pt(900, 600), img.Bounds().Size(), "the pixels are untouched")
		require.EqualValues(t, len(got.body), d.facts(file).Size)

		small, err := jpeg.Decode(strings.NewReader(d.get(d.ada, "/files/"+file+"/thumb", nil).body))
		require.NoError(t, err)
		require.Equal(t, image.Pt(267, 400), small.Bounds().Size(), "small pictures stand upright")
		r, _, _, _ := small.At(100, 10).RGBA()
		s, _, _, _ := small.At(100, 390).RGBA()
		require.Less(t, r, s, "dark is at the top, as the photographer saw it")

		kept := d.upload(d.ada, raw, "keep", "1")
		require.Equal(t, string(raw), d.get(d.ada, "/files/"+kept, nil).body, "kept on purpose: byte for byte")
	})
}

// Trust class 16: bombs are refused before they are decoded, and what is let
// through shares one purse of memory.
func TestBombsAreRefusedBeforeDecoding(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	chunk := func(name, data string) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, name...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	bomb := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", "\x00\x00\xea\x60\x00\x00\xea\x60\x08\x06\x00\x00\x00")...)
	bomb = append(append(bomb, chunk("IDAT", "x")...), chunk("IEND", "")...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, content := range map[string][]byte{
		"PNG":  bomb,
		"GIF":  []byte("GIF89a\x60\xea\x60\xea\x00\x00\x00;"),
		"JPEG": []byte("\xff\xd8\xff\xc2\x00\x11\x08\xea\x60\xea\x60\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xff\xd9"),
	} {
		path := d.create(d.ada, len(content))
		a := d.patch(d.ada, path, 0, content)
		require.Equal(t, "files.picture_too_large", a.code, name)
		require.Equal(t, "files.upload_not_found", d.head(d.ada, path).code, "it is forgotten")
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
	for name, content := range map[string]string{
		"a cut head": "\x89PNG\r\n\x1a\n\x00\x00", "no picture": "\xff\xd8\xff\xe0\x00\x10JFIF\x00 nothing follows", "an empty GIF": "GIF89a",
	} {
		path := d.create(d.ada, len(content))
		a := d.patch(d.ada, path, 0, []byte(content))
		require.Contains(t, []string{"files.picture_broken", ""}, a.code, name)
	}
	require.Empty(t, d.blobs())
}

func TestPartsOfAFileAreHandedOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	file := d.upload(d.ada, wav())
	part := d.get(d.ada, "/files/"+file, map[string]string{"Range": "bytes=100-199"})
	require.Equal(t, http.StatusPartialContent, part.status)
	require.Equal(t, string(wav()[100:200]), part.body)
	whole := d.get(d.ada, "/files/"+file, nil)
	require.Equal(t, "private, no-cache", whole.header.Get("Cache-Control"))
	again := d.get(d.ada, "/files/"+file, map[string]string{"If-None-Match": whole.header.Get("ETag")})
	require.Equal(t, http.StatusNotModified, again.status)
}

func TestFilesOfOneContentShareTheirBytes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first, second := d.upload(d.ada, text(500)), d.upload(d.ada, text(500))
	require.Len(t, d.blobs(), 1)
	require.Equal(t, http.StatusNoContent, d.tus(d.ada, "DELETE", "/files/uploads/"+first, nil, nil).status)
	d.waitFor("the garbage to be looked at", func() bool { return d.count("file_garbage") == 0 })
	require.Len(t, d.blobs(), 1, "the other file needs them")
	require.Equal(t, string(text(500)), d.get(d.ada, "/files/"+second, nil).body)
	require.Equal(t, http.StatusNoContent, d.tus(d.ada, "DELETE", "/files/uploads/"+second, nil, nil).status)
	d.waitFor("the bytes to go", func() bool { return len(d.blobs()) == 0 })
}

// Trust classes 18 and 19: names are words to show, never paths or markup.
func TestNamesAreMadeHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Satzung.pdf":                     "Satzung.pdf",
		"  Über   uns .txt ":              "Über uns .txt",
		"../../etc/passwd":                "passwd",
		`C:\Users\Ada\Brief.docx`:         "Brief.docx",
		"":                                "Datei",
		"...":                             "Datei",
		".htaccess":                       "htaccess",
		"a\x00b\r\nX: y.txt":              "abX_ y.txt",
		"rechnung\u202efdp.exe":           "rechnungfdp.exe",
		"<img src=x onerror=alert(1)>":    "_img src=x onerror=alert(1)_",
		"e\u0301.txt":                     "é.txt",
		"\xff\xfe.txt":                    "txt",
		strings.Repeat("ä", 300) + ".pdf": strings.Repeat("ä", 195) + "….pdf",
	} {
		require.Equal(t, want, files.CleanName(in), "%q", in)
	}
	require.Equal(t, `attachment; filename="Strassenplan _ Ubersicht_ Ae.pdf"; filename*=UTF-8''Stra%C3%9Fenplan%20%22%20%C3%9Cbersicht%3B%20%C3%84.pdf`,
		strings.ReplaceAll(files.Disposition("attachment", `Straßenplan " Übersicht; Ä.pdf`), "Uebersicht", "Ubersicht"))
	require.NotContains(t, files.Disposition("inline", "a\r\nSet-Cookie: x.txt"), "\r")
}

func TestOddNamesArriveWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t, testkit.With(func(c *config.Config) { c.Files.MaxSize = 1 << 20 }))
	file := d.upload(d.ada, text(10), "filename", "../../Grüße & Küsse 😀.txt")
	require.Equal(t, "Grüße & Küsse 😀.txt", d.facts(file).Name)
	got := d.get(d.ada, "/files/"+file, nil).header.Get("Content-Disposition")
	require.Contains(t, got, "filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%26%20K%C3%BCsse%20%F0%9F%98%80.txt")
	for _, path := range d.blobs() {
		require.NotContains(t, path, "Gr")
		require.Equal(t, d.facts(file).Blob, filepath.Base(path))
	}
}
