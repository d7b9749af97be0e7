package config

import (
	"fmt"
	"strings"
	"time"
)

// parseDuration reads Go's durations ("90s", "1h30m") and whole days in front ("30d", "1d12h").
func parseDuration(s string) (time.Duration, error) {
	var total time.Duration
	if days, rest, found := strings.Cut(s, "d"); found {
		n, err := time.ParseDuration(days + "h")
		if err != nil || n > time.Duration(1<<62)/24 || n < 0 {
			return 0, fmt.Errorf("read days of %q: not a number of days", s)
		}
		total = n * 24
		if rest == "" {
			return total, nil
		}
		s = rest
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("read duration %q: %w", s, err)
	}
	return total + d, nil
}

// formatDuration is the shortest text that parseDuration reads back as d.
func formatDuration(d time.Duration) string {
	if d <= 0 {
		return d.String()
	}
	var b strings.Builder
	if n := d / day; n > 0 {
		fmt.Fprintf(&b, "%dd", n)
		d -= n * day
	}
	if d == 0 {
		return b.String()
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return b.String() + s
}
