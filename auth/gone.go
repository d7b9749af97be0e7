package auth

import (
	"context"
	"fmt"
)

// askAtOnce is how many sessions one query asks for.
const askAtOnce = 500

// SessionsGone returns those of the sessions that no longer exist, whoever ended
// them: this process, the command line, another node.
func (s *Service) SessionsGone(ctx context.Context, sessionIDs []string) ([]string, error) {
	var gone []string
	for len(sessionIDs) > 0 {
		part := sessionIDs[:min(askAtOnce, len(sessionIDs))]
		sessionIDs = sessionIDs[len(part):]
		there, err := sessionsThere(s.db.Read(ctx), part)
		if err != nil {
			return nil, fmt.Errorf("look up %d sessions: %w", len(part), err)
		}
		for _, id := range part {
			if !there[id] {
				gone = append(gone, id)
			}
		}
	}
	return gone, nil
}
