package pads

// Logged is a frame at its place in the log. For a snapshot Seq is what it covers.
type Logged struct {
	Seq   int64  `json:"seq"`
	Frame []byte `json:"frame" doc:"A frame in base64, see docs/pads.md"`
}

// CatchUp is what a client applies to come closer to the head. Its updates may
// stop before the head; the client then asks again from where it stands.
type CatchUp struct {
	Head           int64    `json:"head" doc:"The last seq of the pad"`
	Snapshot       *Logged  `json:"snapshot,omitempty" doc:"To apply first"`
	Updates        []Logged `json:"updates" doc:"In order, after the snapshot or the asked seq"`
	LatestSnapshot int64    `json:"latest_snapshot" doc:"The seq that the newest snapshot covers, 0 if there is none"`
	TailBytes      int64    `json:"tail_bytes" doc:"Size of the log after the newest snapshot"`
}

// position is where a reader stands and how much it takes at once.
type position struct {
	after     int64 // -1: has nothing
	olderThan int64 // take a snapshot that covers less; 0: the newest
	budget    int   // bytes of frames, about
	// whole says that a snapshot is sent even if it exceeds the budget.
	whole bool
}
