package files

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

const uploadsPath = "/files/uploads"

// routes registers all HTTP operations of files. Uploads speak tus.
func (f *Files) routes(h huma.API) {
	op := func(method, path, id string, level access.Level, summary string, params ...*huma.Param) huma.Operation {
		o := api.Op(method, path, "files-"+id, level, summary)
		o.Parameters = params
		return o
	}
	upload, file := inPath("upload"), inPath("file")
	big := func(o huma.Operation) huma.Operation {
		o.MaxBodyBytes = f.Limits.MaxSize + 1 // the one more is found and refused
		return o
	}
	api.Raw(h, op(http.MethodOptions, uploadsPath, "describe-uploads", access.Public, "What the upload protocol (tus) can do here"), http.HandlerFunc(f.optionsUploads))
	api.Raw(h, big(op(http.MethodPost, uploadsPath, "create-upload", access.Guest, "Announce a file (tus)")), f.tus(f.postUpload))
	api.Raw(h, op(http.MethodHead, uploadsPath+"/{upload}", "read-upload", access.Guest, "How much of a file has arrived (tus)", upload), f.tus(f.headUpload))
	api.Raw(h, big(op(http.MethodPatch, uploadsPath+"/{upload}", "append-upload", access.Guest, "Send more of a file (tus)", upload)), f.tus(f.patchUpload))
	api.Raw(h, op(http.MethodDelete, uploadsPath+"/{upload}", "cancel-upload", access.Guest, "Forget an upload, or a file that was not sent (tus)", upload), f.tus(f.deleteUpload))
	huma.Register(h, op(http.MethodGet, "/files/share", "read-share", access.Guest, "What I may upload, and what I have"), f.getShare)
	api.Raw(h, op(http.MethodGet, "/files/{file}", "read-file", access.Guest, "A file; in parts by Range; ?download=1 to save it", file), plain(f.getFile))
	api.Raw(h, op(http.MethodGet, "/files/{file}/thumb", "read-thumb", access.Guest, "A small picture of a file; ?width=1200 for a larger one", file), plain(f.getThumb))
}

func inPath(name string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
}

func plain(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			api.WriteFault(w, r, err)
		}
	})
}

type shareOutput struct{ Body Share }

func (f *Files) getShare(ctx context.Context, _ *struct{}) (*shareOutput, error) {
	share, err := f.ShareOf(ctx, access.From(ctx))
	return &shareOutput{share}, err
}
