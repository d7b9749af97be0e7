package search

import (
	"sync"
	"time"
)

// How fast a person may search: typing asks a few times for each word.
const (
	searchesPerSecond = 4
	searchBurst       = 30
	maxPaced          = 5000 // people whose pace is remembered; then all begin anew
)

// pace limits how fast each person searches.
type pace struct {
	mu   sync.Mutex
	left map[string]budget // guarded by mu
}

type budget struct {
	left float64
	at   time.Time
}

func newPace() *pace { return &pace{left: map[string]budget{}} }

// take reports whether the person may search now.
func (p *pace) take(user string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.left) >= maxPaced {
		clear(p.left)
	}
	b, ok := p.left[user]
	if !ok {
		b = budget{left: searchBurst, at: now}
	}
	b.left = min(searchBurst, b.left+max(now.Sub(b.at).Seconds(), 0)*searchesPerSecond)
	b.at = now
	may := b.left >= 1
	if may {
		b.left--
	}
	p.left[user] = b
	return may
}
