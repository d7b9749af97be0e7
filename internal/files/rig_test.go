package files_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/testkit"
)

// desk is a town with somebody who uploads.
type desk struct {
	*testkit.Town
	t   *testing.T
	ada *testkit.Person
}

func newDesk(t *testing.T, options ...testkit.Option) *desk {
	t.Helper()
	town := testkit.Start(t, options...)
	return &desk{Town: town, t: t, ada: town.Person("Ada Ahorn", access.RoleMember)}
}

// each runs fn on both databases.
func each(t *testing.T, fn func(t *testing.T, d *desk), options ...testkit.Option) {
	t.Helper()
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) { fn(t, newDesk(t, append(options, on)...)) })
}

// answer is what the server says to a tus request.
type answer struct {
	status int
	code   string
	header http.Header
	body   string
}

func (a answer) offset() string { return a.header.Get("Upload-Offset") }

func (d *desk) tus(who *testkit.Person, method, path string, body []byte, header map[string]string) answer {
	d.t.Helper()
	all := map[string]string{"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
	for k, v := range header {
		all[k] = v
	}
	status, h, b := who.Raw(method, path, body, all)
	a := answer{status: status, header: h, body: string(b), code: h.Get("X-Fault")}
	if _, rest, ok := strings.Cut(a.body, `"code":"`); ok {
		a.code, _, _ = strings.Cut(rest, `"`)
	}
	return a
}

func metadata(pairs ...string) string {
	var out []string
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(out, ",")
}

// create announces a file and returns its path below the API.
func (d *desk) create(who *testkit.Person, size int, pairs ...string) string {
	d.t.Helper()
	a := d.announce(who, size, pairs...)
	require.Equal(d.t, http.StatusCreated, a.status, a.body)
	return strings.TrimPrefix(a.header.Get("Location"), "/api/v1")
}

func (d *desk) announce(who *testkit.Person, size int, pairs ...string) answer {
	d.t.Helper()
	return d.tus(who, "POST", "/files/uploads", nil, map[string]string{
		"Upload-Length": strconv.Itoa(size), "Upload-Metadata": metadata(pairs...), "Content-Type": "application/json",
	})
}

func (d *desk) patch(who *testkit.Person, path string, offset int, body []byte) answer {
	d.t.Helper()
	return d.tus(who, "PATCH", path, body, map[string]string{"Upload-Offset": strconv.Itoa(offset)})
}

func (d *desk) head(who *testkit.Person, path string) answer {
	d.t.Helper()
	return d.tus(who, "HEAD", path, nil, nil)
}

// upload sends a whole file and returns its id.
func (d *desk) upload(who *testkit.Person, content []byte, pairs ...string) string {
	d.t.Helper()
	path := d.create(who, len(content), pairs...)
	a := d.patch(who, path, 0, content)
	require.Equal(d.t, http.StatusNoContent, a.status, a.body)
	return path[strings.LastIndexByte(path, '/')+1:]
}

// facts reads the row of a file.
type facts struct {
	Name, Type, Kind, Blob, Preview, Thumb, Holder, Waveform string
	Size, DurationMs                                         int64
	Width, Height                                            int
}

func (d *desk) facts(id string) facts {
	d.t.Helper()
	var all []facts
	require.NoError(d.t, d.Program.Database().Read(d.t.Context()).Raw("SELECT * FROM files WHERE id = ?", id).Scan(&all).Error)
	require.Len(d.t, all, 1, "there should be a file %s", id)
	return all[0]
}

func (d *desk) count(table string) int {
	d.t.Helper()
	var n int
	require.NoError(d.t, d.Program.Database().Read(d.t.Context()).Raw("SELECT count(*) FROM "+table).Scan(&n).Error)
	return n
}

// get downloads a file.
func (d *desk) get(who *testkit.Person, path string, header map[string]string) answer {
	d.t.Helper()
	status, h, b := who.Raw("GET", path, nil, header)
	a := answer{status: status, header: h, body: string(b)}
	if status >= http.StatusBadRequest {
		if _, rest, ok := strings.Cut(a.body, `"code":"`); ok {
			a.code, _, _ = strings.Cut(rest, `"`)
		}
	}
	return a
}

// text is a content of so many bytes that repeats nowhere.
func text(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		b.WriteString("Zeile ")
		b.WriteString(strconv.Itoa(i))
		b.WriteByte('\n')
	}
	return b.Bytes()[:n]
}
