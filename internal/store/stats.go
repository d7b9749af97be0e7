package store

import (
	"sync/atomic"
	"time"
)

// Stats counts what the writer has done since it was opened.
type Stats struct {
	Commits  int64         // transactions committed, which is about the number of fsyncs
	Items    int64         // calls of Write in them
	Reruns   int64         // batches run again because one item failed
	Full     int64         // times that Write met a full queue
	Broken   int64         // transactions refused because the storage is at fault
	Queued   int           // calls waiting right now
	LastTime time.Duration // of the last committed transaction, functions included
	MeanTime time.Duration // of all committed transactions
}

// counts is written by the writer's goroutine (full: by callers) and read by anybody.
type counts struct {
	commits, items, reruns, full, broken atomic.Int64
	last, total                          atomic.Int64 // nanoseconds
}

func (c *counts) committed(items int, took time.Duration) {
	c.commits.Add(1)
	c.items.Add(int64(items))
	c.last.Store(int64(took))
	c.total.Add(int64(took))
}

func (w *writer) stats() Stats {
	s := Stats{
		Commits:  w.counts.commits.Load(),
		Items:    w.counts.items.Load(),
		Reruns:   w.counts.reruns.Load(),
		Full:     w.counts.full.Load(),
		Broken:   w.counts.broken.Load(),
		Queued:   len(w.queue),
		LastTime: time.Duration(w.counts.last.Load()),
	}
	if s.Commits > 0 {
		s.MeanTime = time.Duration(w.counts.total.Load() / s.Commits)
	}
	return s
}
