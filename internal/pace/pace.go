package pace

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys is how many keys a Pace remembers; the one unused for longest goes
// first, and begins anew when it comes back.
const maxKeys = 10_000

// Pace keeps one token bucket for each key: a person, a session, a network. It
// is safe for concurrent use.
type Pace struct {
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

// New returns a Pace by which each key may do burst things at once and perSecond
// things a second in the long run.
func New(perSecond float64, burst int) *Pace {
	return &Pace{rate: rate.Limit(perSecond), burst: burst, keys: map[string]*list.Element{}, used: list.New()}
}

// Allow reports whether the key may do one more thing at this time, and counts it.
func (p *Pace) Allow(key string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, known := p.keys[key]
	if !known {
		p.forgetOldest()
		e = p.used.PushFront(&bucket{key, rate.NewLimiter(p.rate, p.burst)})
		p.keys[key] = e
	}
	p.used.MoveToFront(e)
	b, _ := e.Value.(*bucket)
	return b.AllowN(now, 1)
}

// forgetOldest makes room for one more key. Called with mu held.
func (p *Pace) forgetOldest() {
	if p.used.Len() < maxKeys {
		return
	}
	if b, ok := p.used.Remove(p.used.Back()).(*bucket); ok {
		delete(p.keys, b.key)
	}
}
