package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"rathaus/internal/web"
)

func serve(t *testing.T, tree fstest.MapFS, method, path string, header http.Header) *http.Response {
	t.Helper()
	a, err := web.New(tree)
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(method, path, nil)
	req.Header = header
	a.ServeHTTP(rec, req)
	return rec.Result()
}

func TestPagesAssetsAndDeepLinks(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html>page")},
		"assets/app-1234.js": {Data: []byte(strings.Repeat("let a = 1;", 1000))},
	}
	cases := []struct {
		path, encoding, kind, cache, encoded string
		status                               int
	}{
		{"/", "", "text/html; charset=utf-8", "no-cache", "", 200},
		{"/chat/0199/7", "", "text/html; charset=utf-8", "no-cache", "", 200}, // 000-30: stable deep links
		{"/assets/app-1234.js", "gzip", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "gzip", 200},
		{"/assets/app-1234.js", "", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "", 200},
		{"/assets/app-old.js", "", "text/plain; charset=utf-8", "", "", 404},
		{"/../../etc/passwd", "", "text/html; charset=utf-8", "no-cache", "", 200},
	}
	for _, c := range cases {
		resp := serve(t, tree, http.MethodGet, c.path, http.Header{"Accept-Encoding": {c.encoding}})
		h := resp.Header
		if resp.StatusCode != c.status || h.Get("Content-Type") != c.kind || h.Get("Cache-Control") != c.cache || h.Get("Content-Encoding") != c.encoded {
			t.Errorf("%s: got %d %v", c.path, resp.StatusCode, h)
		}
	}
	if resp := serve(t, tree, http.MethodPost, "/", nil); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST to a page gave %d", resp.StatusCode)
	}
}

func TestCompressedFilesAreWhole(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("let a = 1;", 1000)
	tree := fstest.MapFS{"index.html": {Data: []byte("page")}, "assets/a.js": {Data: []byte(want)}}
	resp := serve(t, tree, http.MethodGet, "/assets/a.js", http.Header{"Accept-Encoding": {"gzip"}})
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil || string(got) != want {
		t.Errorf("unpacked %d bytes (%v), want %d", len(got), err, len(want))
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{"index.html": {Data: []byte("page")}}
	first := serve(t, tree, http.MethodGet, "/", nil)
	again := serve(t, tree, http.MethodGet, "/", http.Header{"If-None-Match": {first.Header.Get("ETag")}})
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("got %d, want 304", again.StatusCode)
	}
}

func TestATreeWithoutAPageIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := web.New(fstest.MapFS{".gitkeep": {}}); err == nil {
		t.Error("a tree without index.html should be refused")
	}
}
