package turn

import (
	"fmt"
	"strings"
	"time"

	"github.com/pion/turn/v5"
)

// Credentials let one user allocate relays until they expire.
type Credentials struct {
	Username string    `json:"username"`
	Password string    `json:"password"`
	Expires  time.Time `json:"expires"`
}

// Credentials signs credentials for user, valid for ttl (at most a day).
// Allocations outlive them by ten minutes at most.
func (s *Server) Credentials(user string, ttl time.Duration) (Credentials, error) {
	if user == "" || len(user) > maxUser || strings.Contains(user, ":") {
		return Credentials{}, fmt.Errorf("turn credentials: user name %q is not usable", user)
	}
	if ttl <= 0 || ttl > maxTTL {
		return Credentials{}, fmt.Errorf("turn credentials: lifetime %s is not between 0 and %s", ttl, maxTTL)
	}
	name, password, err := turn.GenerateLongTermTURNRESTCredentials(s.cfg.Secret, user, ttl)
	if err != nil {
		return Credentials{}, fmt.Errorf("turn credentials: %w", err)
	}
	return Credentials{Username: name, Password: password, Expires: time.Now().Add(ttl).UTC()}, nil
}
