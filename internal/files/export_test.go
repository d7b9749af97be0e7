package files

import "context"

// Expire removes what is expired, as Run does from time to time.
func (f *Files) Expire(ctx context.Context) error { return f.expire(ctx) }

// CleanName and Disposition are tested by themselves.
var (
	CleanName   = cleanName
	Disposition = disposition
)

// Busy reports whether somebody sends an upload at the moment.
func (f *Files) Busy(upload string) bool {
	f.turns.mu.Lock()
	defer f.turns.mu.Unlock()
	return f.turns.taken[upload] != nil
}
