package files

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/fault"
)

// The tus protocol 1.0, see https://tus.io/protocols/resumable-upload.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,expiration,termination"
	tusContent    = "application/offset+octet-stream"
)

// tus wraps a handler with what all answers of the protocol have in common.
func (f *Files) tus(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Tus-Resumable", tusVersion)
		if got := r.Header.Get("Tus-Resumable"); got != tusVersion {
			w.Header().Set("Tus-Version", tusVersion)
			f.fail(w, r, fault.Invalid("files.protocol_version", "want", tusVersion))
			return
		}
		if err := h(w, r); err != nil {
			f.fail(w, r, err)
		}
	})
}

func (f *Files) fail(w http.ResponseWriter, r *http.Request, err error) {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = fault.TooLarge("files.more_than_announced")
	}
	// Whatever is left of the body is not wanted: the connection ends with the answer.
	if r.Method == http.MethodPatch || r.Method == http.MethodPost {
		w.Header().Set("Connection", "close")
	}
	api.WriteFault(w, r, err)
}

// optionsUploads says what this server can do.
func (f *Files) optionsUploads(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(f.Limits.MaxSize, 10))
	w.WriteHeader(http.StatusNoContent)
}

// postUpload announces a file, and takes in what is in the body already.
func (f *Files) postUpload(w http.ResponseWriter, r *http.Request) error {
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	if err != nil {
		return fault.Invalid("files.length_missing")
	}
	in, err := parseMetadata(r.Header.Get("Upload-Metadata"), size)
	if err != nil {
		return err
	}
	p := access.From(r.Context())
	u, err := f.Create(r.Context(), p, in)
	if err != nil {
		return err
	}
	w.Header().Set("Location", api.Base+uploadsPath+"/"+u.ID)
	s := state{upload: u}
	if r.Header.Get("Content-Type") == tusContent {
		body, interrupt := patient(w, r)
		if s, err = f.Append(r.Context(), p, u.ID, 0, body, interrupt); err != nil {
			return err
		}
	}
	f.progress(w, s)
	w.WriteHeader(http.StatusCreated)
	return nil
}

// headUpload tells how far an upload is.
func (f *Files) headUpload(w http.ResponseWriter, r *http.Request) error {
	s, err := f.State(r.Context(), access.From(r.Context()), api.Param(r.Context(), "upload"))
	if err != nil {
		return err
	}
	f.progress(w, s)
	w.Header().Set("Upload-Length", strconv.FormatInt(s.Size, 10))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	return nil
}

// patchUpload takes in more.
func (f *Files) patchUpload(w http.ResponseWriter, r *http.Request) error {
	if r.Header.Get("Content-Type") != tusContent {
		return fault.Invalid("wrong_media_type")
	}
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return fault.Invalid("files.offset_missing")
	}
	body, interrupt := patient(w, r)
	s, err := f.Append(r.Context(), access.From(r.Context()), api.Param(r.Context(), "upload"), offset, body, interrupt)
	if err != nil {
		return err
	}
	f.progress(w, s)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// deleteUpload forgets an upload.
func (f *Files) deleteUpload(w http.ResponseWriter, r *http.Request) error {
	if err := f.Cancel(r.Context(), access.From(r.Context()), api.Param(r.Context(), "upload")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (f *Files) progress(w http.ResponseWriter, s state) {
	w.Header().Set("Upload-Offset", strconv.FormatInt(s.Offset(), 10))
	if !s.done {
		w.Header().Set("Upload-Expires", s.ExpiresAt.UTC().Format(http.TimeFormat))
	}
}

// patient reads the body of a request: a sender may be slow, but not silent.
// The second result makes the next read fail at once.
func patient(w http.ResponseWriter, r *http.Request) (io.Reader, func()) {
	b := &slowBody{body: r.Body, control: http.NewResponseController(w), stop: make(chan struct{})}
	return b, func() { b.interrupt() }
}

type slowBody struct {
	body    io.Reader
	control *http.ResponseController
	stop    chan struct{}
}

var errInterrupted = errors.New("another request goes on with this upload")

func (b *slowBody) Read(p []byte) (int, error) {
	select {
	case <-b.stop:
		return 0, errInterrupted
	default:
	}
	if err := b.deadline(bodyIdle); err != nil {
		return 0, err
	}
	return b.body.Read(p)
}

// deadline says how long the next read may take. A writer without deadlines, in
// tests for one, has none.
func (b *slowBody) deadline(d time.Duration) error {
	err := b.control.SetReadDeadline(time.Now().Add(d))
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("set the deadline of a body: %w", err)
	}
	return nil
}

func (b *slowBody) interrupt() {
	select {
	case <-b.stop:
		return
	default:
		close(b.stop)
	}
	if err := b.deadline(-time.Second); err != nil {
		return // the connection is gone, which is what was wanted
	}
}
