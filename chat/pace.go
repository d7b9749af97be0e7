package chat

import (
	"container/list"
	"sync"

	"golang.org/x/time/rate"

	"rathaus/internal/fault"
)

// pace keeps one token bucket for each person.
type pace struct {
	rate  rate.Limit
	burst int

	mu     sync.Mutex
	person map[string]*list.Element // guarded by mu
	used   *list.List               // of *paced, latest first; guarded by mu
}

type paced struct {
	user string
	*rate.Limiter
}

func newPace(perSecond float64, burst int) *pace {
	return &pace{rate: rate.Limit(perSecond), burst: burst, person: map[string]*list.Element{}, used: list.New()}
}

// take uses up one token of the person, or says that this was too fast.
func (p *pace) take(user string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.person[user]
	if !ok {
		if oldest := p.used.Back(); oldest != nil && p.used.Len() >= maxPaced {
			delete(p.person, p.used.Remove(oldest).(*paced).user) //nolint:forcetypeassert // the list holds nothing else
		}
		e = p.used.PushFront(&paced{user, rate.NewLimiter(p.rate, p.burst)})
		p.person[user] = e
	}
	p.used.MoveToFront(e)
	if e.Value.(*paced).Allow() { //nolint:forcetypeassert // the list holds nothing else
		return nil
	}
	return fault.RateLimited("chat.too_fast")
}
