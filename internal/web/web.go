// Package web serves the built web application out of the binary.
//
// Assets have their content's hash in their names and are cached for ever;
// the page itself is asked for anew each time. Every path that is not an asset
// is answered with the page, because the application has its own router.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// minCompressed is the size in bytes below which compressing does not pay: the first page needs two dozen files of a few hundred bytes.
const minCompressed = 256

// App is the web application. A file is read and compressed when somebody asks
// for it for the first time: a house at rest holds none of them in memory.
type App struct {
	tree  fs.FS
	files map[string]*file // by path without leading slash
}

// file is what is known about one file. What is compressed is kept in memory;
// the rest is read out of the binary each time.
type file struct {
	name    string
	kind    string
	forever bool

	once    sync.Once // guards what follows
	etag    string
	gzipped []byte // nil: not worth it
	err     error
}

// New reads the application. The tree must hold index.html.
func New(tree fs.FS) (*App, error) {
	a := &App{tree: tree, files: map[string]*file{}}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".git") {
			return err
		}
		a.files[name] = newFile(name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the web application: %w", err)
	}
	if a.files["index.html"] == nil {
		return nil, errors.New("the web application has no index.html")
	}
	return a, nil
}

func newFile(name string) *file {
	f := &file{name: name, kind: mime.TypeByExtension(path.Ext(name)), forever: strings.HasPrefix(name, "assets/")}
	switch path.Ext(name) {
	case ".webmanifest":
		f.kind = "application/manifest+json"
	case ".woff2":
		f.kind = "font/woff2"
	}
	if f.kind == "" {
		f.kind = "application/octet-stream"
	}
	return f
}

// load reads the file for the first time.
func (f *file) load(tree fs.FS) error {
	f.once.Do(func() {
		b, err := fs.ReadFile(tree, f.name)
		if err != nil {
			f.err = fmt.Errorf("read %s: %w", f.name, err)
			return
		}
		sum := sha256.Sum256(b)
		f.etag = `"` + hex.EncodeToString(sum[:12]) + `"`
		if len(b) < minCompressed || path.Ext(f.name) == ".woff2" || path.Ext(f.name) == ".png" {
			return
		}
		z, err := compress(b)
		if err != nil {
			f.err = fmt.Errorf("compress %s: %w", f.name, err)
			return
		}
		if len(z) < len(b) {
			f.gzipped = bytes.Clone(z)
		}
	})
	return f.err
}

func compress(b []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(b)
	err = errors.Join(err, z.Close())
	return out.Bytes(), err
}

// ServeHTTP answers with an asset, or with the page.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	f, ok := a.files[name]
	if !ok && strings.HasPrefix(name, "assets/") {
		http.NotFound(w, r)
		return
	}
	if !ok {
		f = a.files["index.html"]
	}
	if err := a.serve(w, r, f); err != nil {
		http.Error(w, "the file can't be read", http.StatusInternalServerError)
	}
}

func (a *App) serve(w http.ResponseWriter, r *http.Request, f *file) error {
	if err := f.load(a.tree); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache")
	if f.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", f.etag)
	if f.gzipped != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	if f.gzipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("ETag", strings.TrimSuffix(f.etag, `"`)+`-gz"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.gzipped))
		return nil
	}
	b, err := fs.ReadFile(a.tree, f.name)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.name, err)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}
