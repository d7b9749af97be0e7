package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"rathaus/internal/fault"
)

// quota is how many tries a name has in a window.
type quota struct {
	kind   string
	tries  int
	window time.Duration
}

// Tries are counted before they are judged, so that many at once don't slip
// through, and given back when they were right. Nobody is locked out for good:
// each window ends by itself. The account's own quota counts only strangers: a
// network from which its owner has signed in before has its pair quota only, so
// that a stranger can't keep the owner out.
var (
	pairQuota    = quota{"pair", 10, 15 * time.Minute}
	accountQuota = quota{"account", 50, time.Hour}
	networkQuota = quota{"network", 300, 15 * time.Minute}
	knownQuota   = quota{"known", 1, 30 * 24 * time.Hour} // a mark, not a limit

	guessQuota   = quota{"guess", 30, 10 * time.Minute} // links, tickets, set-up
	flowQuota    = quota{"flow", 120, 10 * time.Minute} // trips to providers from one network
	confirmQuota = quota{"confirm", 10, 15 * time.Minute}
)

// throttle counts tries in the database, so that a restart forgets nothing.
type throttle struct {
	secret []byte // key of the names; the database holds no address in clear
}

// name is under what the try is counted.
func (t throttle) name(q quota, parts ...string) string {
	mac := hmac.New(sha256.New, t.secret)
	mac.Write([]byte(q.kind))
	for _, p := range parts {
		mac.Write([]byte{0})
		mac.Write([]byte(p))
	}
	return q.kind + ":" + hex.EncodeToString(mac.Sum(nil)[:16])
}

// networkOf is what counts as one network: an IPv4 address, or the /64 that a
// household has of IPv6.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

// attempt is one try to sign in, counted under several names.
type attempt struct {
	pair, account, network, known string
}

func (t throttle) attempt(login, network string) attempt {
	return attempt{
		pair:    t.name(pairQuota, login, network),
		account: t.name(accountQuota, login),
		network: t.name(networkQuota, network),
		known:   t.name(knownQuota, login, network),
	}
}

// admitAttempt counts a try to sign in and refuses it when there were too many.
func (s *Service) admitAttempt(ctx context.Context, a attempt) error {
	return s.counting(ctx, func(tx Tx, now time.Time) (refusal, err error) {
		known, err := isMarked(tx, a.known, now)
		if err != nil {
			return nil, err
		}
		names := map[string]quota{a.network: networkQuota, a.pair: pairQuota}
		if !known {
			names[a.account] = accountQuota
		}
		for name, q := range names {
			refused, err := spend(tx, name, q, now)
			if err != nil {
				return nil, err
			}
			if refused != nil {
				refusal = refused
			}
		}
		return refusal, nil
	})
}

// forgiveAttempt gives the tries of a right one back, and remembers the network.
func (s *Service) forgiveAttempt(tx Tx, a attempt, now time.Time) error {
	if err := clearTries(tx, a.pair); err != nil {
		return err
	}
	if err := giveBack(tx, a.network, a.account); err != nil {
		return err
	}
	return markTry(tx, a.known, now.Add(knownQuota.window))
}

// admit counts one try under a name and refuses it when there were too many.
func (s *Service) admit(ctx context.Context, q quota, parts ...string) error {
	name := s.throttle.name(q, parts...)
	return s.counting(ctx, func(tx Tx, now time.Time) (refusal, err error) {
		return spend(tx, name, q, now)
	})
}

// counting commits what fn counts, also when it refuses: a refusal is no failed
// transaction, which would cost everybody who shares it.
func (s *Service) counting(ctx context.Context, fn func(Tx, time.Time) (refusal, err error)) error {
	var refusal error
	now := s.clock.Now()
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		refusal, err = fn(tx, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("count tries: %w", err)
	}
	return refusal
}

// spend counts a try. Refused ones do not lengthen the window.
func spend(tx Tx, name string, q quota, now time.Time) (refusal, err error) {
	tries, err := countTry(tx, name, q.tries+1, now, now.Add(q.window))
	if err != nil || tries <= q.tries {
		return nil, err
	}
	endsAt, err := triesEnd(tx, name)
	if err != nil {
		return nil, err
	}
	minutes := int(endsAt.Sub(now).Round(time.Minute).Minutes())
	return fault.RateLimited("auth.too_many_tries", "minutes", max(minutes, 1)), nil
}

// guess counts a try to find something by its secret, and gives the try back
// when there is such a thing: a hundred citizens behind one address come in, and
// a stranger who guesses does not.
func (s *Service) guess(ctx context.Context, kind string, from origin, find func() error) error {
	name := s.throttle.name(guessQuota, kind, from.Network)
	if err := s.admit(ctx, guessQuota, kind, from.Network); err != nil {
		return err
	}
	if err := find(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx Tx) error { return giveBack(tx, name) })
}

// findTicket looks an open ticket up, guarded against guessing.
func (s *Service) findTicket(ctx context.Context, kind, token string, from origin) (t ticket, err error) {
	err = s.guess(ctx, kind, from, func() error {
		t, err = openTicket(s.db.Read(ctx), kind, token, s.clock.Now())
		return err
	})
	return t, err
}
