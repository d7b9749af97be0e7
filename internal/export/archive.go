package export

import (
	"archive/zip"
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxNameBytes bounds one part of a name inside an archive.
const maxNameBytes = 80

// Archive is a ZIP that is being written. It is not safe for concurrent use.
type Archive struct {
	ctx  context.Context
	zip  *zip.Writer
	job  *job
	now  time.Time
	Lang string // "de" or "en"
}

func newArchive(ctx context.Context, w io.Writer, j *job, now time.Time, lang string) *Archive {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	return &Archive{ctx: ctx, zip: z, job: j, now: now, Lang: lang}
}

// Step says that n more of what was counted are written. It fails when the
// person has cancelled.
func (a *Archive) Step(n int) error {
	a.job.step(n)
	return a.ctx.Err()
}

// Create begins a file of text at a path whose parts have been through SafeName.
// What was begun before is complete.
func (a *Archive) Create(path string) (io.Writer, error) {
	return a.create(path, zip.Deflate)
}

func (a *Archive) create(path string, method uint16) (io.Writer, error) {
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: path, Method: method, Modified: a.now})
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", path, err)
	}
	return w, nil
}

// JSON writes a value as a file.
func (a *Archive) JSON(path string, v any) error {
	w, err := a.Create(path)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// List writes a JSON array of which the parts come one after the other.
func (a *Archive) List(path string, each func(put func(v any) error) error) error {
	w, err := a.Create(path)
	if err != nil {
		return err
	}
	before := "[\n"
	put := func(v any) error {
		b, err := json.Marshal(v)
		if err == nil {
			_, err = fmt.Fprintf(w, "%s%s", before, b)
		}
		before = ",\n"
		return err
	}
	if err := each(put); err != nil {
		return err
	}
	if before == "[\n" {
		_, err = io.WriteString(w, "[]\n")
		return err
	}
	_, err = io.WriteString(w, "\n]\n")
	return err
}

// Copy writes bytes as a file, without packing them again.
func (a *Archive) Copy(path string, r io.Reader) error {
	w, err := a.create(path, zip.Store)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, reader{a.ctx, r}); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// reader stops when its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// SafeName makes a name that people gave harmless as one part of a path, on every
// system: no separators, no control characters, nothing that Windows reserves.
func SafeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '-'
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp), r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(name, "")))
	name = strings.Trim(strings.TrimSpace(cut(strings.TrimLeft(name, ". "))), ". ")
	if base, _, _ := strings.Cut(strings.ToLower(name), "."); reserved(base) {
		name = "_" + name
	}
	if name == "" {
		return "_"
	}
	return name
}

// cut shortens a name in front of its ending.
func cut(name string) string {
	if len(name) <= maxNameBytes {
		return name
	}
	ending := ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 12 {
		name, ending = name[:i], name[i:]
	}
	keep := maxNameBytes - len(ending)
	for keep > 0 && !utf8.RuneStart(name[keep]) {
		keep--
	}
	return name[:keep] + ending
}

func reserved(base string) bool {
	switch strings.TrimSpace(base) {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt")) && base[3] >= '0' && base[3] <= '9'
}
