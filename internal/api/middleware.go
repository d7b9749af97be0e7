package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

type ginKey struct{}

const (
	requestIDKey = "request_id"
	causeKey     = "cause"
)

// WriteHeader is the header that every write of the portal carries. A form of
// a foreign page can't set it.
const WriteHeader = "X-Rathaus"

// csp lets the portal load from itself only.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"media-src 'self' blob:; frame-src 'self'; connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func requestID(c *gin.Context) string { return c.GetString(requestIDKey) }

func note(c *gin.Context, err error) { c.Set(causeKey, err) }

// named gives the request its id, recovers from panics and writes the one log
// line. The line holds the route, never the path: paths can carry tokens.
func named(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		c.Set(requestIDKey, id.New())
		c.Header("X-Request-Id", requestID(c))
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), ginKey{}, c))
		defer func() {
			if r := recover(); r != nil {
				log.Error("request panicked", "request", requestID(c), "panic", r, "stack", string(debug.Stack()))
				if !c.Writer.Written() {
					writeFault(c, fault.Internal(fmt.Errorf("panic: %v", r)))
				}
			}
			logRequest(log, c, time.Since(start))
		}()
		c.Next()
	}
}

func logRequest(log *slog.Logger, c *gin.Context, took time.Duration) {
	status := c.Writer.Status()
	attrs := []any{"request", requestID(c), "method", c.Request.Method, "route", c.FullPath(), "status", status, "ms", took.Milliseconds()}
	if cause, ok := c.Get(causeKey); ok {
		attrs = append(attrs, "err", cause)
	}
	if status >= http.StatusInternalServerError {
		log.Error("request went wrong", attrs...)
		return
	}
	log.Debug("request", attrs...)
}

// secured sets the headers that every answer carries.
func secured(publicURL string) gin.HandlerFunc {
	https := strings.HasPrefix(publicURL, "https://")
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=(self), payment=(), usb=()")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(c.Request.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		c.Next()
	}
}

// sameSite refuses writes that another site's page has caused: by what the
// browser says of the request (Sec-Fetch-Site, Origin) and by the header that
// only a page of our own can set. Requests without a cookie carry no authority
// of the browser and pass: they are programs.
func sameSite(publicURL string) (gin.HandlerFunc, error) {
	protection := http.NewCrossOriginProtection()
	if publicURL != "" {
		if err := protection.AddTrustedOrigin(strings.TrimSuffix(publicURL, "/")); err != nil {
			return nil, fmt.Errorf("public address %q: %w", publicURL, err)
		}
	}
	return func(c *gin.Context) {
		if err := protection.Check(c.Request); err != nil {
			writeFault(c, fault.Forbidden("cross_site_request"))
			return
		}
		write := c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead && c.Request.Method != http.MethodOptions
		if write && c.GetHeader("Cookie") != "" && c.GetHeader(WriteHeader) == "" {
			writeFault(c, fault.Forbidden("cross_site_request"))
			return
		}
		c.Next()
	}, nil
}

// authenticated resolves who asks. Only the API asks for it: pages and assets
// are the same for everybody.
func authenticated(cfg Config) gin.HandlerFunc {
	return func(c *gin.Context) {
		if cfg.Authenticate == nil || !strings.HasPrefix(c.Request.URL.Path, "/api/") {
			c.Next()
			return
		}
		p, err := cfg.Authenticate(c.Request)
		if err != nil {
			writeFault(c, fault.Unavailable("sign_in_unavailable").Because(err))
			return
		}
		c.Request = c.Request.WithContext(access.With(c.Request.Context(), p))
		c.Next()
	}
}
