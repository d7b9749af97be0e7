package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"rathaus/internal/fault"
)

// FaultHeader holds the code of a fault in answers to HEAD, which have no body.
const FaultHeader = "X-Fault"

// faultBodies turns every error answer of the typed layer into a fault body,
// and notes the cause of unexpected ones for the log.
func faultBodies(ctx huma.Context, _ string, v any) (any, error) {
	c := humagin.Unwrap(ctx)
	switch e := v.(type) {
	case *fault.Error:
		return bodyOf(c, e), nil
	case *huma.ErrorModel:
		return bodyOf(c, fromModel(e)), nil
	}
	return v, nil
}

func bodyOf(c *gin.Context, f *fault.Error) fault.Body {
	if f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable {
		note(c, f)
	}
	return f.Body(requestID(c))
}

type fieldFault struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
}

// fromModel translates what huma itself refuses: broken JSON, broken rules of
// the schema, bodies over the limit, unexpected errors of a handler.
func fromModel(m *huma.ErrorModel) *fault.Error {
	switch m.Status {
	case http.StatusInternalServerError:
		return fault.Internal(m)
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge("body_too_large")
	case http.StatusNotFound:
		return fault.NotFound("not_found")
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return fault.Invalid("wrong_media_type")
	case http.StatusRequestTimeout:
		return fault.Unavailable("request_timeout")
	}
	var fields []fieldFault
	for _, d := range m.Errors {
		if len(fields) == 20 {
			break
		}
		fields = append(fields, fieldFault{Field: clip(d.Location), Rule: clip(d.Message)})
	}
	return fault.Invalid("invalid_input", "fields", fields)
}

// clip keeps a broken value from being sent back at full length.
func clip(s string) string {
	const limit = 200
	if len(s) > limit {
		return strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return s
}

func writeFault(c *gin.Context, f *fault.Error) {
	if f.Kind == fault.KindRateLimited {
		c.Header("Retry-After", "5")
	}
	if c.Request.Method == http.MethodHead {
		c.Header(FaultHeader, f.Code) // there is no body to hold it
	}
	c.AbortWithStatusJSON(f.GetStatus(), bodyOf(c, f))
}

// WriteFault answers a plain HTTP request with a fault. Raw handlers use it.
func WriteFault(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	c, ok := r.Context().Value(ginKey{}).(*gin.Context)
	if !ok {
		http.Error(w, f.Code, f.GetStatus())
		return
	}
	writeFault(c, f)
}
