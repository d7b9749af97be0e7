package api

import (
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/pace"
)

// General limits of the API for each session, or for each address without one.
// Towns often sit behind one address, so the unauthenticated limit is generous;
// sign-in has its own, stricter limits.
const (
	requestsPerSecond = 50
	requestBurst      = 300
)

func limited(paces *pace.Pace) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !strings.HasPrefix(c.Request.URL.Path, "/api/") {
			c.Next()
			return
		}
		key := "address " + c.ClientIP()
		if p := access.From(c.Request.Context()); p.Authenticated() {
			key = "session " + p.SessionID
		}
		if !paces.Allow(key, time.Now()) {
			writeFault(c, fault.RateLimited("too_many_requests"))
			return
		}
		c.Next()
	}
}
