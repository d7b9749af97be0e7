//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// result is what one load has shown.
type result struct {
	asked     int           // messages or edits that were sent
	acked     int           // of them acknowledged
	delivered int           // arrivals at receivers
	expected  int           // arrivals that there should be
	length    time.Duration // of the measurement
	delays    delays        // from sending to arriving
	acks      delays        // from sending to the acknowledgement
	cpu       time.Duration // of the server
	before    float64       // MiB at rest, before anybody came
	after     float64       // MiB at the end of the load
	load      string        // of the machine
}

// delays collects times. It is safe for concurrent use.
type delays struct {
	mu  sync.Mutex
	all []time.Duration // guarded by mu
}

func (d *delays) add(t time.Duration) {
	d.mu.Lock()
	d.all = append(d.all, t)
	d.mu.Unlock()
}

func (d *delays) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.all)
}

// at returns the time below which the given share lies.
func (d *delays) at(share float64) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.all) == 0 {
		return 0
	}
	slices.Sort(d.all)
	return d.all[min(len(d.all)-1, int(share*float64(len(d.all))))]
}

// report writes a Markdown table.
type report struct{ out io.Writer }

func (r *report) head(p *plan) error {
	load, err := machineLoad()
	if err != nil {
		return err
	}
	database := "SQLite"
	if p.dsn != "" {
		database = "PostgreSQL"
	}
	_, err = fmt.Fprintf(r.out, "%s, %d cores (%s), %s, load average %s, %s, %s each\n\n"+
		"| load | rate/s | sent = acknowledged | delivered | delivery p50 / p99 ms | acknowledged p50 / p99 ms | CPU ms each | cores | MiB at rest → under load | machine load |\n"+
		"|---|---|---|---|---|---|---|---|---|---|\n",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), processor(), database, load, runtime.Version(), p.length)
	return err
}

func (r *report) row(l load, res *result) error {
	verdict := fmt.Sprint(res.asked)
	if res.acked != res.asked {
		verdict = fmt.Sprintf("**%d ≠ %d**", res.asked, res.acked)
	}
	arrived := fmt.Sprint(res.delivered)
	if res.delivered != res.expected {
		arrived = fmt.Sprintf("**%d of %d**", res.delivered, res.expected)
	}
	each := 0.0
	if res.asked > 0 {
		each = float64(res.cpu.Microseconds()) / 1000 / float64(res.asked)
	}
	_, err := fmt.Fprintf(r.out, "| %s | %.0f | %s | %s | %s / %s | %s / %s | %.2f | %.2f | %.0f → %.0f | %s |\n",
		l.name, float64(res.asked)/res.length.Seconds(), verdict, arrived,
		ms(res.delays.at(0.5)), ms(res.delays.at(0.99)), ms(res.acks.at(0.5)), ms(res.acks.at(0.99)),
		each, res.cpu.Seconds()/res.length.Seconds(), res.before, res.after, res.load)
	return err
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }

// processor names the processor as the system does.
func processor() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(b)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
