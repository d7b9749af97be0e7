package files_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// Requirement row 000-17.
func TestAFileArrives(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		content := text(10_000)
		file := d.upload(d.ada, content, "filename", "Satzung Entwurf.txt")
		got := d.get(d.ada, "/files/"+file, nil)
		require.Equal(t, http.StatusOK, got.status)
		require.Equal(t, string(content), got.body)
		f := d.facts(file)
		require.Equal(t, "Satzung Entwurf.txt", f.Name)
		require.Equal(t, "text/plain", f.Type)
		require.EqualValues(t, 10_000, f.Size)
		require.Equal(t, "10000", d.head(d.ada, "/files/uploads/"+file).offset(), "what is complete is told as complete")
		require.Zero(t, d.count("file_uploads"))

		one := d.tus(d.ada, "POST", "/files/uploads", content, map[string]string{"Upload-Length": "10000", "Upload-Metadata": metadata("filename", "a.txt")})
		require.Equal(t, http.StatusCreated, one.status, one.body)
		require.Equal(t, "10000", one.offset(), "a file may come with its announcement")
	})
}

func TestTheProtocolIsSpokenProperly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	o := d.tus(d.Stranger(), "OPTIONS", "/files/uploads", nil, map[string]string{"Tus-Resumable": ""})
	require.Equal(t, http.StatusNoContent, o.status)
	require.Equal(t, "1.0.0", o.header.Get("Tus-Version"))
	require.Equal(t, "creation,creation-with-upload,expiration,termination", o.header.Get("Tus-Extension"))

	path := d.create(d.ada, 10, "filename", "a.txt")
	h := d.head(d.ada, path)
	require.Equal(t, http.StatusOK, h.status)
	require.Equal(t, "0", h.offset())
	require.Equal(t, "10", h.header.Get("Upload-Length"))
	require.Equal(t, "1.0.0", h.header.Get("Tus-Resumable"))
	require.NotEmpty(t, h.header.Get("Upload-Expires"))

	for what, c := range map[string]struct {
		header map[string]string
		code   string
	}{
		"another version":  {map[string]string{"Tus-Resumable": "0.2.2"}, "files.protocol_version"},
		"another type":     {map[string]string{"Content-Type": "text/plain", "Upload-Offset": "0"}, "wrong_media_type"},
		"no offset":        {nil, "files.offset_missing"},
		"a bad offset":     {map[string]string{"Upload-Offset": "-1"}, "files.offset_missing"},
		"another offset":   {map[string]string{"Upload-Offset": "5"}, "files.wrong_offset"},
		"a huge offset":    {map[string]string{"Upload-Offset": "9223372036854775807"}, "files.wrong_offset"},
		"a foreign length": {map[string]string{"Upload-Offset": "0"}, "files.more_than_announced"},
	} {
		a := d.tus(d.ada, "PATCH", path, []byte(strings.Repeat("x", 11)), c.header)
		require.Equal(t, c.code, a.code, "%s: %s", what, a.body)
	}
	require.Equal(t, http.StatusNoContent, d.tus(d.ada, "DELETE", path, nil, nil).status)
	require.Equal(t, "files.upload_not_found", d.head(d.ada, path).code)
}

func TestAnnouncementsHaveLimits(t *testing.T) {
	t.Parallel()
	d := newDesk(t, testkit.With(func(c *config.Config) { c.Files.MaxSize, c.Files.QuotaPerson = 100_000, 150_000 }))
	require.Equal(t, "files.empty", d.announce(d.ada, 0).code)
	require.Equal(t, "files.empty", d.announce(d.ada, -1).code)
	require.Equal(t, "files.too_large", d.announce(d.ada, 100_001).code)
	a := d.tus(d.ada, "POST", "/files/uploads", nil, map[string]string{"Upload-Length": "10", "Upload-Metadata": "filename ???"})
	require.Equal(t, "files.metadata_malformed", a.code)
	a = d.tus(d.ada, "POST", "/files/uploads", nil, map[string]string{"Upload-Length": "viel"})
	require.Equal(t, "files.length_missing", a.code)

	first := d.create(d.ada, 100_000)
	require.Equal(t, "files.quota_exceeded", d.announce(d.ada, 100_000).code, "what is announced counts")
	require.Equal(t, http.StatusNoContent, d.tus(d.ada, "DELETE", first, nil, nil).status)
	d.upload(d.ada, text(100_000))
	require.Equal(t, "files.quota_exceeded", d.announce(d.ada, 100_000).code, "what has arrived counts")
	otto := d.Person("Otto Ohm", access.RoleMember)
	require.Equal(t, http.StatusCreated, d.announce(otto, 100_000).status)
	var share struct {
		Used, Quota int64
	}
	d.ada.Must("GET", "/files/share", nil, &share)
	require.EqualValues(t, 100_000, share.Used)

	for range 50 {
		d.create(d.ada, 1)
	}
	require.Equal(t, "files.too_many_unfinished", d.announce(d.ada, 1).code)
}

func TestUploadsBelongToOnePerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	otto := d.Person("Otto Ohm", access.RoleMember)
	path := d.create(d.ada, 10)
	file := d.upload(d.ada, text(10))
	for _, p := range []string{path, "/files/uploads/" + file} {
		require.Equal(t, "files.upload_not_found", d.head(otto, p).code)
		require.Equal(t, "files.upload_not_found", d.patch(otto, p, 0, text(10)).code)
		require.Equal(t, "files.upload_not_found", d.tus(otto, "DELETE", p, nil, nil).code)
	}
	require.Equal(t, "files.not_found", d.get(otto, "/files/"+file, nil).code, "nobody sees what was not sent")
	require.Equal(t, "files.not_found", d.get(d.Person("Anna Amt", access.RoleAdmin), "/files/"+file, nil).code)
	require.Equal(t, http.StatusOK, d.get(d.ada, "/files/"+file, nil).status)
	require.Equal(t, http.StatusNoContent, d.tus(d.ada, "DELETE", "/files/uploads/"+file, nil, nil).status, "one may take back what was not sent")
	require.Equal(t, "files.not_found", d.get(d.ada, "/files/"+file, nil).code)
	d.waitFor("the bytes to go", func() bool { return len(d.blobs()) == 0 })
}

// blobs lists what lies in the blob folder.
func (d *desk) blobs() []string {
	d.t.Helper()
	all, err := filepath.Glob(filepath.Join(d.Config.FilesDir(), "blobs", "*", "*", "*"))
	require.NoError(d.t, err)
	return all
}

func (d *desk) waitFor(what string, ok func() bool) {
	d.t.Helper()
	require.Eventually(d.t, ok, testkit.Patience, 10*time.Millisecond, what)
}

// cut sends a PATCH that announces everything and breaks off after some bytes.
func (d *desk) cut(path string, offset, total int, some []byte) {
	d.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.URL, "http://"))
	require.NoError(d.t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PATCH /api/v1%s HTTP/1.1\r\nHost: x\r\nX-Rathaus: 1\r\nCookie: %s=%s\r\nTus-Resumable: 1.0.0\r\n"+
		"Content-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\nContent-Length: %d\r\n\r\n",
		path, d.Program.Auth().CookieName(), d.ada.Token, offset, total-offset)
	require.NoError(d.t, err)
	_, err = conn.Write(some)
	require.NoError(d.t, err)
}

// The fault test of row 000-17: an upload cut at every tenth of its length
// goes on where it was and arrives whole, also over a restart of the house.
func TestAnUploadCutAtEveryTenthArrives(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		const total = 1_000_000
		content := text(total)
		path := d.create(d.ada, total, "filename", "Haushalt.txt")
		at := 0
		for tenth := 1; tenth < 10; tenth++ {
			next := total / 10 * tenth
			d.cut(path, at, total, content[at:next])
			// Asked of the database, because who asks the server interrupts the sender.
			d.waitFor("the stretch to be noted", func() bool {
				return d.Program.Database().Read(t.Context()).Raw("SELECT received FROM file_uploads").Row().Scan(&at) == nil && at == next
			})
			require.Equal(t, strconv.Itoa(next), d.head(d.ada, path).offset())
			if tenth == 5 {
				d.Stop()
				again := testkit.Start(t, testkit.Again(d.Town))
				d = &desk{Town: again, t: t, ada: again.SignIn(d.ada.ID, d.ada.Name)}
				require.Equal(t, strconv.Itoa(at), d.head(d.ada, path).offset(), "acknowledged bytes survive a restart")
			}
		}
		a := d.patch(d.ada, path, at, content[at:])
		require.Equal(t, http.StatusNoContent, a.status, a.body)
		got := d.get(d.ada, "/files/"+path[strings.LastIndexByte(path, '/')+1:], nil)
		require.True(t, got.body == string(content), "every byte is in its place")
	})
}

func TestBytesThatWereNeverAcknowledgedDoNoHarm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	content := text(1000)
	path := d.create(d.ada, 1000)
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, 0, content[:400]).status)
	part := filepath.Join(d.Config.FilesDir(), "incoming", path[strings.LastIndexByte(path, '/')+1:]+".part")
	f, err := os.OpenFile(part, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString("written before a power cut, never synced")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.Equal(t, "400", d.head(d.ada, path).offset())
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, 400, content[400:]).status)
	require.Equal(t, string(content), d.get(d.ada, "/files/"+path[strings.LastIndexByte(path, '/')+1:], nil).body)
}

// A phone that changes its network leaves a dead connection behind.
func TestANewConnectionTakesOverFromADeadOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	content := text(1000)
	path := d.create(d.ada, 1000)
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PATCH /api/v1%s HTTP/1.1\r\nHost: x\r\nX-Rathaus: 1\r\nCookie: %s=%s\r\nTus-Resumable: 1.0.0\r\n"+
		"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: 1000\r\n\r\n%s",
		path, d.Program.Auth().CookieName(), d.ada.Token, content[:300])
	require.NoError(t, err)
	upload := path[strings.LastIndexByte(path, '/')+1:]
	d.waitFor("the dead connection to have the upload", func() bool { return d.Program.Files().Busy(upload) })
	began := time.Now()
	at, err := strconv.Atoi(d.head(d.ada, path).offset())
	require.NoError(t, err)
	require.LessOrEqual(t, at, 300)
	require.Less(t, time.Since(began), 10*time.Second, "it is let go at once, not when it has been silent for long")
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, at, content[at:]).status)
	status, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil {
		require.NotContains(t, status, " 204 ")
	}
}

func TestManySendersOfOneUploadLeaveAWholeFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	content := text(50_000)
	path := d.create(d.ada, len(content))
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for range 30 {
				h := d.head(d.ada, path)
				at, err := strconv.Atoi(h.offset())
				if err != nil || at == len(content) {
					return
				}
				d.patch(d.ada, path, at, content[at:min(at+9000, len(content))])
			}
		})
	}
	all.Wait()
	got := d.get(d.ada, "/files/"+path[strings.LastIndexByte(path, '/')+1:], nil)
	require.Equal(t, string(content), got.body)
}

func TestAFullDiskIsSaidAndLosesNothing(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	d := newDesk(t)
	content := text(1000)
	path := d.create(d.ada, 1000)
	part := filepath.Join(d.Config.FilesDir(), "incoming", path[strings.LastIndexByte(path, '/')+1:]+".part")
	require.NoError(t, os.Symlink("/dev/full", part))
	a := d.patch(d.ada, path, 0, content)
	require.Equal(t, http.StatusServiceUnavailable, a.status)
	require.Equal(t, "files.disk_full", a.code)
	require.NoError(t, os.Remove(part))
	require.Equal(t, "0", d.head(d.ada, path).offset())
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, 0, content).status, "when there is room again it goes on")
	d.ada.Must("GET", "/me", nil, nil)
}

func TestWhatIsNotFinishedOrNotSentGoes(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Now())
	d := newDesk(t, testkit.At(now))
	path := d.create(d.ada, 1000)
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, 0, text(500)).status)
	file := d.upload(d.ada, text(100))
	now.Advance(47 * time.Hour)
	require.NoError(t, d.Program.Files().Expire(t.Context()))
	require.Equal(t, "500", d.head(d.ada, path).offset())
	require.Equal(t, http.StatusNoContent, d.patch(d.ada, path, 500, text(100)).status)
	now.Advance(2 * time.Hour)
	require.NoError(t, d.Program.Files().Expire(t.Context()))
	require.Equal(t, "600", d.head(d.ada, path).offset(), "who goes on has time again")
	require.Equal(t, "files.not_found", d.get(d.ada, "/files/"+file, nil).code)
	now.Advance(47 * time.Hour)
	require.NoError(t, d.Program.Files().Expire(t.Context()))
	require.Equal(t, "files.upload_not_found", d.head(d.ada, path).code)
	d.waitFor("the bytes to go", func() bool {
		parts, err := os.ReadDir(filepath.Join(d.Config.FilesDir(), "incoming"))
		return err == nil && len(parts) == 0 && len(d.blobs()) == 0
	})
}

func TestUnknownUploads(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, name := range []string{id.New(), "..", "%2e%2e%2fconfig", strings.ToUpper(id.New()), strings.Repeat("a", 36)} {
		require.Contains(t, []string{"files.upload_not_found", "not_found", "method_not_allowed"}, d.head(d.ada, "/files/uploads/"+name).code, name)
		require.Contains(t, []string{"files.not_found", "not_found"}, d.get(d.ada, "/files/"+name, nil).code, name)
	}
}
