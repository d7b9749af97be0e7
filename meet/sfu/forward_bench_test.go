//go:build unix

package sfu

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const loadWindow = 5 * time.Second

// BenchmarkForward forwards one publisher (150 pictures' packets of 1100 bytes
// and 50 of sound a second) to N receivers in another process. It reports the
// server's processor time for each packet sent, the delay that the server and
// both sockets add, and what never arrived. Run it with -benchtime 1x.
func BenchmarkForward(b *testing.B) {
	for _, receivers := range []int{1, 10, 30, 100} {
		b.Run(fmt.Sprintf("receivers=%d", receivers), func(b *testing.B) {
			for range b.N {
				forward(b, receivers)
			}
		})
	}
}

func forward(b *testing.B, receivers int) {
	s, r := house(b)
	child := exec.CommandContext(b.Context(), os.Args[0])
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%d", loadVariable, receivers))
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	require.NoError(b, err)
	out, err := child.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, child.Start())

	var before, spent time.Duration
	var sent uint64
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	reply := json.NewEncoder(in)
	for lines.Scan() {
		var m, answer loadMessage
		require.NoError(b, json.Unmarshal(lines.Bytes(), &m))
		switch m.Op {
		case "join":
			p, err := r.Join(m.ID, Events{})
			require.NoError(b, err)
			answer.SDP, err = p.Offer()
			require.NoError(b, err)
		case "answer":
			require.NoError(b, r.Participant(m.ID).Answer(m.SDP))
		case "publish":
			p, err := r.Join(m.ID, Events{})
			require.NoError(b, err)
			answer.SDP, err = p.Publish(m.SDP)
			require.NoError(b, err)
		case "begin":
			before, sent = processorTime(b), s.Stats().PacketsOut
		case "end":
			spent, sent = processorTime(b)-before, s.Stats().PacketsOut-sent
		case "result":
			b.ReportMetric(float64(spent.Microseconds())/float64(max(sent, 1)), "µs/packet")
			b.ReportMetric(m.Result.P50, "p50-ms")
			b.ReportMetric(m.Result.P99, "p99-ms")
			b.ReportMetric(100*float64(m.Result.Missing)/float64(max(m.Result.Received+m.Result.Missing, 1)), "%lost")
			b.ReportMetric(float64(sent)/loadWindow.Seconds(), "packets/s")
			b.ReportMetric(0, "ns/op")
		}
		require.NoError(b, reply.Encode(answer))
	}
	require.NoError(b, child.Wait())
	require.NoError(b, s.Close())
}

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
