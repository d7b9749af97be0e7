//go:build unix

package cli_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/cli"
	"rathaus/internal/config"
)

// manager is the receiving end of systemd's notify protocol.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
	path string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	return &manager{t, conn, path}
}

func (m *manager) next() string {
	m.t.Helper()
	buffer := make([]byte, 256)
	n, err := m.conn.Read(buffer)
	require.NoError(m.t, err, "the service manager was told nothing")
	return string(buffer[:n])
}

func TestServiceManagerIsKeptInformed(t *testing.T) {
	m := newManager(t)
	var sick atomic.Bool
	asked := make(chan struct{}, 100)
	ctx, stop := context.WithCancel(t.Context())
	deps := cli.Deps{Serve: func(ctx context.Context, _ *config.Config, call cli.ServeCall) error {
		call.Ready(func(context.Context) error {
			asked <- struct{}{}
			if sick.Load() {
				return errors.New("the database does not answer")
			}
			return nil
		})
		<-ctx.Done()
		return nil
	}}
	t.Chdir(t.TempDir())
	ended := make(chan int, 1)
	go func() {
		env := []string{"NOTIFY_SOCKET=" + m.path, "WATCHDOG_USEC=" + strconv.Itoa(20_000)}
		ended <- cli.Run(ctx, deps, cli.Streams{Out: t.Output(), Err: t.Output()}, nil, env)
	}()

	require.Equal(t, "READY=1", m.next())
	require.Equal(t, "WATCHDOG=1", m.next())
	require.Equal(t, "WATCHDOG=1", m.next())

	sick.Store(true)
	for range len(asked) + 3 { // those asked before, and some that find it sick
		<-asked
	}
	stop()
	var last string
	for last != "STOPPING=1" {
		last = m.next() // signs of life from before it fell sick
		require.Contains(t, []string{"WATCHDOG=1", "STOPPING=1"}, last)
	}
	require.Equal(t, 0, <-ended)
}
