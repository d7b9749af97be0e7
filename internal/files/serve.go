package files

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/blob"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/picture"
)

// filePolicy shuts in whatever a file holds: no script, no request, no form, an
// origin of its own. PDF readers of browsers don't start in a sandbox; they are
// programs of the browser and the type is fixed, so only the rest holds for them.
const (
	filePolicy = "default-src 'none'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
	pdfPolicy  = "default-src 'none'; object-src 'self'; plugin-types application/pdf; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)

// mayRead returns the file if p may read it. Who may not is told that there is
// no such file.
func (f *Files) mayRead(ctx context.Context, p access.Principal, fileID string) (row, error) {
	if !id.Valid(fileID) {
		return row{}, errNoFile
	}
	r, err := readFile(f.DB.Read(ctx), fileID)
	if err != nil {
		return row{}, err
	}
	if r.Holder == "" || r.Holder == waiting {
		if r.OwnerID != p.UserID {
			return row{}, errNoFile
		}
		return r, nil
	}
	guard, ok := f.guard(r.Holder)
	if !ok {
		return row{}, errNoFile
	}
	if err := guard(ctx, p, fileID); err != nil {
		if e := fault.From(err); e.Kind == fault.KindNotFound || e.Kind == fault.KindForbidden {
			return row{}, errNoFile.Because(err)
		}
		return row{}, err
	}
	return r, nil
}

// getFile hands out a file, whole or in part.
func (f *Files) getFile(w http.ResponseWriter, r *http.Request) error {
	file, err := f.mayRead(r.Context(), access.From(r.Context()), api.Param(r.Context(), "file"))
	if err != nil {
		return err
	}
	how, mediaType := "attachment", meaningless
	if shown(file.Type) {
		mediaType = file.Type
		if r.URL.Query().Get("download") == "" {
			how = "inline"
		}
	}
	if mediaType == "text/plain" {
		mediaType += "; charset=utf-8"
	}
	w.Header().Set("Content-Disposition", disposition(how, file.Name))
	return f.serve(w, r, file.Blob, mediaType)
}

// getThumb hands out a small picture of a file.
func (f *Files) getThumb(w http.ResponseWriter, r *http.Request) error {
	file, err := f.mayRead(r.Context(), access.From(r.Context()), api.Param(r.Context(), "file"))
	if err != nil {
		return err
	}
	key := file.Thumb
	if width, err := strconv.Atoi(r.URL.Query().Get("width")); err == nil && width > thumbSize {
		key = file.Preview
	}
	if key == "" {
		return errNoFile
	}
	w.Header().Set("Content-Disposition", "inline")
	return f.serve(w, r, key, "")
}

// serve answers with a blob. Without a type it is one of our own pictures.
func (f *Files) serve(w http.ResponseWriter, r *http.Request, key blob.Key, mediaType string) (err error) {
	b, err := f.Blobs.Get(key)
	if errors.Is(err, blob.ErrNotFound) {
		return errNoFile.Because(err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if mediaType == "" {
		if mediaType, err = smallType(b); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Security-Policy", filePolicy)
	if mediaType == "application/pdf" {
		h.Set("Content-Security-Policy", pdfPolicy)
	}
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	// Kept by the browser of this person only, and asked for again each time:
	// the right to it may have ended.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+string(key)+`"`)
	http.ServeContent(w, r, "", time.Time{}, b)
	return nil
}

// smallType tells the two types of our own small pictures apart.
func smallType(b *blob.Blob) (string, error) {
	var first [1]byte
	if _, err := b.ReadAt(first[:], 0); err != nil {
		return "", err
	}
	if first[0] == 0xff {
		return string(picture.JPEG), nil
	}
	return string(picture.PNG), nil
}
