package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// supervisor speaks to the service manager (systemd's notify protocol). Without
// one, all its messages go nowhere.
type supervisor struct {
	socket   string        // empty: nobody listens
	watchdog time.Duration // 0: no sign of life is expected
}

func (p *program) supervisor() supervisor {
	s := supervisor{socket: p.getenv("NOTIFY_SOCKET")}
	if usec, err := strconv.ParseInt(p.getenv("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
		s.watchdog = time.Duration(usec) * time.Microsecond
	}
	return s
}

func (s supervisor) send(state string) (err error) {
	if s.socket == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify service manager: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	_, err = conn.Write([]byte(state))
	return err
}

// watch sends a sign of life twice in each interval while alive says so, until ctx ends.
// When the program hangs the signs stay away and systemd starts it anew.
func (s supervisor) watch(ctx context.Context, alive func(context.Context) error) error {
	if s.socket == "" || s.watchdog == 0 {
		return nil
	}
	tick := time.NewTicker(s.watchdog / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.beat(ctx, alive); err != nil {
				return err
			}
		}
	}
}

func (s supervisor) beat(ctx context.Context, alive func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.watchdog/2)
	defer cancel()
	if alive != nil && alive(ctx) != nil {
		return nil // no sign of life; the program logs the cause itself
	}
	return s.send("WATCHDOG=1")
}
