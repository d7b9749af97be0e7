package store_test

import (
	"context"
	"strings"
	"testing"

	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// BenchmarkWrite measures durable writes of 200 bytes by many callers at once.
func BenchmarkWrite(b *testing.B) {
	body := strings.Repeat("x", 164)
	for _, dialect := range storetest.Dialects() {
		b.Run(dialect, func(b *testing.B) {
			db := storetest.Open(b, dialect, []store.Source{notes})
			b.SetParallelism(50)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					name := id.New()
					if err := db.Write(context.Background(), insert(name, name+body)); err != nil {
						b.Error(err)
					}
				}
			})
			s := db.Stats()
			b.ReportMetric(float64(s.Items)/float64(s.Commits), "items/commit")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}
