package meet

import (
	"container/list"
	"net/netip"
	"sync"

	"golang.org/x/time/rate"
)

// limiter keeps one token bucket for each key: a person or a network.
type limiter struct {
	rate  rate.Limit
	burst int

	mu   sync.Mutex
	keys map[string]*list.Element // guarded by mu
	used *list.List               // of bucket, latest first; guarded by mu
}

type bucket struct {
	key   string
	limit *rate.Limiter
}

func newLimiter(perSecond float64, burst int) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, keys: map[string]*list.Element{}, used: list.New()}
}

// allow takes one token of the key.
func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.keys[key]
	if !ok {
		e = l.used.PushFront(bucket{key, rate.NewLimiter(l.rate, l.burst)})
		l.keys[key] = e
		l.forgetOldest()
	}
	l.used.MoveToFront(e)
	b, _ := e.Value.(bucket)
	return b.limit.Allow()
}

// forgetOldest is called with mu held.
func (l *limiter) forgetOldest() {
	if l.used.Len() <= maxTrackedNetworks {
		return
	}
	if b, ok := l.used.Remove(l.used.Back()).(bucket); ok {
		delete(l.keys, b.key)
	}
}

// networkOf is the part of an address that one household or office shares: a
// /24 of IPv4, a /56 of IPv6.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap()
	bits := 56
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}
