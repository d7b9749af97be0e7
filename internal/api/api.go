package api

import (
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/pace"
)

// Base is the path under which all operations live.
const Base = "/api/v1"

// DefaultBodyBytes is the limit of a request body unless an operation says
// otherwise through MaxBodyBytes.
const DefaultBodyBytes = 1 << 20

// Config is what the HTTP layer needs from outside.
type Config struct {
	Version string
	// PublicURL is the portal's own address, e.g. https://portal.stadt.example.
	PublicURL string
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []string
	// Authenticate says who sends a request. An error closes the request with 503.
	Authenticate func(*http.Request) (access.Principal, error)
	Log          *slog.Logger
}

// API is the router and the typed layer on it.
type API struct {
	Engine *gin.Engine
	Huma   huma.API
}

// New returns the HTTP layer without any operation.
func New(cfg Config) (*API, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	guard, err := sameSite(cfg.PublicURL)
	if err != nil {
		return nil, err
	}
	limits := pace.New(requestsPerSecond, requestBurst)
	engine.Use(named(cfg.Log), secured(cfg.PublicURL), readable, guard, authenticated(cfg), limited(limits))

	h := humagin.NewWithGroup(engine, engine.Group(Base), humaConfig(cfg.Version))
	h.UseMiddleware(admit)
	return &API{Engine: engine, Huma: h}, nil
}

func humaConfig(version string) huma.Config {
	c := huma.DefaultConfig("Rathaus", version)
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Servers = []*huma.Server{{URL: Base}}
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Formats = map[string]huma.Format{"application/json": plainJSON, "json": plainJSON}
	c.Transformers = []huma.Transformer{faultBodies}
	return c
}

// schemaName puts the package in front of the type: chat.Room is "ChatRoom".
// Without it two features could not both have a Room.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	pkg := t.PkgPath()
	pkg = pkg[strings.LastIndex(pkg, "/")+1:]
	if pkg == "" || strings.HasPrefix(strings.ToLower(name), pkg) {
		return name
	}
	r := []rune(pkg)
	r[0] = unicode.ToUpper(r[0])
	return string(r) + name
}

// Op describes an operation. id is "feature-verb-noun"; it names the operation
// in the API document and in the permission matrix.
func Op(method, path, id string, level access.Level, summary string) huma.Operation {
	feature, _, _ := strings.Cut(id, "-")
	return huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary,
		Tags:         []string{feature},
		MaxBodyBytes: DefaultBodyBytes,
		Metadata:     map[string]any{levelKey: level},
	}
}

// Raw registers an operation whose handler speaks plain HTTP: redirects,
// downloads, the websocket. It is admitted and listed like any other.
func Raw(a huma.API, op huma.Operation, h http.Handler) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{"default": {Description: "Not JSON, see the summary"}}
	}
	a.OpenAPI().AddOperation(&op)
	a.Adapter().Handle(&op, a.Middlewares().Handler(func(ctx huma.Context) {
		c := humagin.Unwrap(ctx)
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, op.MaxBodyBytes)
		h.ServeHTTP(c.Writer, c.Request.WithContext(ctx.Context()))
	}))
}

const levelKey = "level"

func levelOf(op *huma.Operation) access.Level {
	level, _ := op.Metadata[levelKey].(access.Level)
	return level
}

// admit lets a request through to its handler only if the level allows it.
func admit(ctx huma.Context, next func(huma.Context)) {
	p := access.From(ctx.Context())
	if levelOf(ctx.Operation()).Allows(p) {
		next(ctx)
		return
	}
	f := fault.Forbidden("not_allowed")
	if !p.Authenticated() {
		f = fault.Unauthenticated("not_signed_in")
	}
	writeFault(humagin.Unwrap(ctx), f)
}
