// Package metrics gathers the figures of the running house for Prometheus.
//
// Parts keep their own counters and offer them through a Stats method; this
// package reads them when it is scraped. It counts nothing about single people.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Registry holds the figures of one running program.
type Registry struct {
	prom *prometheus.Registry
}

// New returns a registry with the figures of the process and the Go runtime.
func New(version string) *Registry {
	p := prometheus.NewRegistry()
	p.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "rathaus_info", Help: "Always 1; the label says which version runs.",
			ConstLabels: prometheus.Labels{"version": version},
		}, func() float64 { return 1 }),
	)
	return &Registry{prom: p}
}

// Counter adds a figure that only rises, read by fn.
func (r *Registry) Counter(name, help string, fn func() float64) {
	r.prom.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "rathaus_" + name, Help: help}, fn))
}

// Gauge adds a figure that rises and falls, read by fn.
func (r *Registry) Gauge(name, help string, fn func() float64) {
	r.prom.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rathaus_" + name, Help: help}, fn))
}

// Handler answers a scrape.
func (r *Registry) Handler() http.Handler {
	return promhttp.HandlerFor(r.prom, promhttp.HandlerOpts{Timeout: 5 * time.Second, MaxRequestsInFlight: 4})
}
