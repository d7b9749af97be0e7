package files

import (
	"errors"
	"net/http"
	"strconv"

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
		if s, err = f.appendBody(w, r, u.ID, 0); err != nil {
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
	s, err := f.appendBody(w, r, api.Param(r.Context(), "upload"), offset)
	if err != nil {
		return err
	}
	f.progress(w, s)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// appendBody takes in the body of a request.
func (f *Files) appendBody(w http.ResponseWriter, r *http.Request, uploadID string, offset int64) (state, error) {
	body := newSlowBody(w, r.Body)
	s, err := f.Append(r.Context(), access.From(r.Context()), uploadID, offset, body, body.interrupt)
	if body.leave() {
		w.Header().Set("Connection", "close")
	}
	return s, err
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
