package app

import (
	"runtime"

	"rathaus/internal/metrics"
)

// figures offers the parts' own counters to Prometheus.
func (p *Program) figures() *metrics.Registry {
	r := metrics.New(p.version)
	r.Gauge("socket_connections", "Open websocket connections.", func() float64 { return float64(p.hub.Stats().Open) })
	r.Counter("socket_events_published_total", "Events handed to a topic that somebody had joined.", func() float64 { return float64(p.hub.Stats().Published) })
	r.Counter("socket_frames_delivered_total", "Frames written to connections.", func() float64 { return float64(p.hub.Stats().Delivered) })
	r.Counter("socket_resyncs_total", "Connections closed because they could not keep up.", func() float64 { return float64(p.hub.Stats().Resyncs) })
	r.Counter("socket_malformed_total", "Connections closed because of a broken frame.", func() float64 { return float64(p.hub.Stats().Malformed) })
	r.Counter("socket_questions_total", "Operations asked for over the websocket.", func() float64 { return float64(p.hub.Stats().Questions) })
	r.Counter("store_commits_total", "Transactions committed.", func() float64 { return float64(p.db.Stats().Commits) })
	r.Counter("store_items_total", "Changes in them.", func() float64 { return float64(p.db.Stats().Items) })
	r.Counter("store_broken_total", "Transactions refused because the storage is at fault.", func() float64 { return float64(p.db.Stats().Broken) })
	r.Gauge("store_queue", "Changes that wait for the writer.", func() float64 { return float64(p.db.Stats().Queued) })
	r.Gauge("store_commit_seconds", "Mean time of a transaction.", func() float64 { return p.db.Stats().MeanTime.Seconds() })
	r.Gauge("meetings", "Meetings that run.", func() float64 { return float64(p.meet.Stats().Meetings) })
	r.Gauge("meeting_participants", "People in them.", func() float64 { return float64(p.meet.Stats().Participants) })
	r.Counter("media_packets_out_total", "Packets of sound and picture sent to receivers.", func() float64 { return float64(p.meet.Stats().Media.PacketsOut) })
	r.Counter("media_bytes_out_total", "Bytes in them.", func() float64 { return float64(p.meet.Stats().Media.BytesOut) })
	r.Counter("files_received_bytes_total", "Bytes of uploads that have arrived.", func() float64 { return float64(p.files.Stats().Bytes) })
	r.Counter("files_finished_total", "Uploads that became files.", func() float64 { return float64(p.files.Stats().Files) })
	r.Counter("files_refused_total", "Complete uploads that were not taken in.", func() float64 { return float64(p.files.Stats().Refused) })
	r.Counter("files_infected_total", "Of these, because the scanner found something.", func() float64 { return float64(p.files.Stats().Infected) })
	r.Counter("files_unscanned_total", "Files that the scanner did not look at although it should.", func() float64 { return float64(p.files.Stats().Unscanned) })
	r.Counter("files_disk_full_total", "Uploads refused for lack of room on the disk.", func() float64 { return float64(p.files.Stats().DiskFull) })
	r.Gauge("goroutines", "Goroutines of the program.", func() float64 { return float64(runtime.NumGoroutine()) })
	return r
}
