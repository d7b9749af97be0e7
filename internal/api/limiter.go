package api

import (
	"container/list"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// General limits of the API for each session, or for each address without one.
// Towns often sit behind one address, so the unauthenticated limit is generous;
// sign-in has its own, stricter limits.
const (
	requestsPerSecond = 50
	requestBurst      = 300
	maxLimiters       = 10_000 // remembered keys; the one unused for longest goes first
)

// limiter keeps one token bucket for each key.
type limiter struct {
	rate  rate.Limit
	burst int

	mu   sync.Mutex
	keys map[string]*list.Element // guarded by mu
	used *list.List               // of *bucket, latest first; guarded by mu
}

type bucket struct {
	key string
	*rate.Limiter
}

func newLimiter(perSecond float64, burst int) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, keys: map[string]*list.Element{}, used: list.New()}
}

func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.keys[key]
	if !ok {
		if l.used.Len() >= maxLimiters {
			l.forgetOldest()
		}
		e = l.used.PushFront(&bucket{key, rate.NewLimiter(l.rate, l.burst)})
		l.keys[key] = e
	}
	l.used.MoveToFront(e)
	b, _ := e.Value.(*bucket)
	return b.Allow()
}

func (l *limiter) forgetOldest() {
	oldest := l.used.Back()
	if b, ok := l.used.Remove(oldest).(*bucket); ok {
		delete(l.keys, b.key)
	}
}

func limited(l *limiter) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !strings.HasPrefix(c.Request.URL.Path, "/api/") {
			c.Next()
			return
		}
		key := "address " + c.ClientIP()
		if p := access.From(c.Request.Context()); p.Authenticated() {
			key = "session " + p.SessionID
		}
		if !l.allow(key) {
			writeFault(c, fault.RateLimited("too_many_requests"))
			return
		}
		c.Next()
	}
}
