package metrics_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"rathaus/internal/metrics"
)

func TestFiguresAreReadWhenScraped(t *testing.T) {
	t.Parallel()
	r := metrics.New("1.2.3")
	n := 0.0
	r.Counter("messages_total", "Messages.", func() float64 { n++; return n })
	r.Gauge("sockets", "Sockets.", func() float64 { return 7 })
	srv := httptest.NewServer(r.Handler())
	defer srv.Close()
	for _, want := range []string{"rathaus_messages_total 1", "rathaus_messages_total 2"} {
		resp, err := srv.Client().Get(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{want, "rathaus_sockets 7", `rathaus_info{version="1.2.3"} 1`} {
			if !strings.Contains(string(body), line) {
				t.Errorf("the scrape should hold %q", line)
			}
		}
	}
}
