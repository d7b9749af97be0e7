package files

import "sync/atomic"

// counters only rise.
type counters struct {
	bytes, files, refused, infected, unscanned, full atomic.Int64
}

// Stats are the figures of the files since the start.
type Stats struct {
	Bytes     int64 // received
	Files     int64 // finished
	Refused   int64 // finished uploads that were not taken in
	Infected  int64 // of these, by the scanner
	Unscanned int64 // the scanner did not answer
	DiskFull  int64 // refused for lack of room
}

// Stats returns the figures.
func (f *Files) Stats() Stats {
	return Stats{
		Bytes: f.count.bytes.Load(), Files: f.count.files.Load(), Refused: f.count.refused.Load(),
		Infected: f.count.infected.Load(), Unscanned: f.count.unscanned.Load(), DiskFull: f.count.full.Load(),
	}
}
