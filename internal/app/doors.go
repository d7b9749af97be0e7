package app

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/fault"
	"rathaus/internal/licenses"
	"rathaus/internal/web"
)

// readyTimeout is how long the database may take to answer for readiness.
const readyTimeout = 2 * time.Second

type meOutput struct {
	Body map[string]any
}

// houseRoutes are the doors that belong to no feature.
func (p *Program) houseRoutes(pages *web.App) {
	a := p.api.Huma
	api.Raw(a, api.Op(http.MethodGet, "/socket", "house-open-socket", access.Public, "The websocket, see docs/protocol.md; it asks for a session itself"),
		p.hub.Socket(p.cfg.Server.PublicURL))
	huma.Register(a, api.Op(http.MethodGet, "/me", "house-read-me", access.Guest, "What waits for me; the same as joining the topic me"),
		func(ctx context.Context, _ *struct{}) (*meOutput, error) {
			parts, err := p.topics.ReadMe(ctx, access.From(ctx))
			return &meOutput{Body: parts}, err
		})
	api.Raw(a, api.Op(http.MethodGet, "/openapi.json", "house-read-openapi", access.Public, "This document"),
		http.HandlerFunc(p.serveDocument))
	huma.Register(a, api.Op(http.MethodGet, "/licenses", "house-list-licenses", access.Public, "The free software inside, with its licences"), listLicenses)
	p.api.Engine.GET("/healthz", gin.WrapF(p.healthy))
	p.api.Engine.GET("/readyz", gin.WrapF(p.ready))
	p.api.Engine.GET("/.well-known/security.txt", gin.WrapF(p.admin.SecurityText))
	p.api.Engine.NoRoute(func(c *gin.Context) {
		if underAPI(c.Request.URL.Path) {
			api.WriteFault(c.Writer, c.Request, fault.NotFound("not_found"))
			return
		}
		c.Status(http.StatusOK)
		pages.ServeHTTP(c.Writer, c.Request)
	})
	p.api.Engine.NoMethod(func(c *gin.Context) {
		c.AbortWithStatusJSON(http.StatusMethodNotAllowed, fault.NotFound("method_not_allowed").Body(""))
	})
}

type licensesOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Items []licenses.Package `json:"items"`
	}
}

// listLicenses unpacks the list each time: it is large, and hardly anybody asks.
func listLicenses(context.Context, *struct{}) (*licensesOutput, error) {
	all, err := licenses.All()
	if err != nil {
		return nil, err
	}
	out := &licensesOutput{CacheControl: "private, max-age=3600"}
	out.Body.Items = all
	return out, nil
}

func underAPI(path string) bool {
	return path == "/api" || len(path) > 4 && path[:5] == "/api/"
}

func (p *Program) serveDocument(w http.ResponseWriter, r *http.Request) {
	b, err := p.Document()
	if err != nil {
		api.WriteFault(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(b); err != nil {
		p.log.Debug("document not sent", "err", err)
	}
}

// healthy says that the process lives.
func (p *Program) healthy(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") }

// ready says that requests may be sent here: the database answers and the house
// is not closing.
func (p *Program) ready(w http.ResponseWriter, r *http.Request) {
	if err := p.Alive(r.Context()); err != nil {
		say(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	say(w, http.StatusOK, "ready\n")
}

// Alive returns an error while the house can't serve.
func (p *Program) Alive(ctx context.Context) error {
	if p.draining.Load() {
		return fault.Unavailable("closing")
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	return p.db.Ping(ctx)
}

func (p *Program) privateRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", p.healthy)
	mux.HandleFunc("GET /readyz", p.ready)
	mux.Handle("GET /metrics", p.figures().Handler())
	return mux
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
