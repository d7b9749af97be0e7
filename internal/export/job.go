package export

import (
	"context"
	"sync"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// The states of a job.
const (
	stateReady     = "ready"   // waits for the browser to fetch it
	stateRunning   = "running" // on its way
	stateDone      = "done"
	stateFailed    = "failed"
	stateCancelled = "cancelled"
)

// Limits of exports.
const (
	jobLife     = 10 * time.Minute // a wish that is not fetched, and a result that is looked at
	perHour     = 10               // of one person
	maxJobs     = 1000             // in memory
	runningJobs = 2                // at the same time, in this process; others wait
	turnTimeout = 2 * time.Minute  // for a turn
)

// Kinds of export.
const (
	KindRoom = "room"
	KindMine = "mine"
)

// Progress is how far a job is.
type Progress struct {
	ID    string `json:"id"`
	Kind  string `json:"kind" enum:"room,mine"`
	Room  string `json:"room,omitempty"`
	State string `json:"state" enum:"ready,running,done,failed,cancelled"`
	Done  int    `json:"done" doc:"Messages and files that are written"`
	Total int    `json:"total"`
	Bytes int64  `json:"bytes"`
}

// job is one export.
type job struct {
	id      string
	user    string
	session string
	wish    Wish
	made    time.Time

	mu     sync.Mutex
	state  string // guarded by mu, like those below
	done   int
	total  int
	bytes  int64
	cancel context.CancelFunc
	ended  time.Time
}

func (j *job) step(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done += n
}

func (j *job) wrote(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.bytes += int64(n)
}

func (j *job) progress() Progress {
	j.mu.Lock()
	defer j.mu.Unlock()
	return Progress{ID: j.id, Kind: j.wish.Kind, Room: j.wish.Room, State: j.state, Done: min(j.done, j.total), Total: j.total, Bytes: j.bytes}
}

// begin moves a job from ready to running; false if somebody else has.
func (j *job) begin(cancel context.CancelFunc) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.state != stateReady {
		return false
	}
	j.state, j.cancel = stateRunning, cancel
	return true
}

func (j *job) end(state string, now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.state != stateCancelled {
		j.state = state
	}
	j.ended = now
}

// stop cancels the job, wherever it is.
func (j *job) stop(now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.state != stateReady && j.state != stateRunning {
		return
	}
	j.state, j.ended = stateCancelled, now
	if j.cancel != nil {
		j.cancel()
	}
}

func (j *job) over(now time.Time) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch j.state {
	case stateRunning:
		return false
	case stateReady:
		return now.Sub(j.made) > jobLife
	}
	return now.Sub(j.ended) > jobLife
}

func (j *job) active() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.state == stateRunning
}

// jobs are those of all people.
type jobs struct {
	mu    sync.Mutex
	byID  map[string]*job        // guarded by mu
	times map[string][]time.Time // of each person's wishes in the last hour; guarded by mu
}

func newJobs() *jobs { return &jobs{byID: map[string]*job{}, times: map[string][]time.Time{}} }

// add makes a job for p. A wish that was never fetched gives way; a running one does not.
func (js *jobs) add(p access.Principal, w Wish, total int, now time.Time) (*job, error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	js.sweep(now)
	for key, j := range js.byID {
		if j.user != p.UserID {
			continue
		}
		if j.active() {
			return nil, fault.Conflict("export.running")
		}
		delete(js.byID, key)
	}
	if len(js.times[p.UserID]) >= perHour || len(js.byID) >= maxJobs {
		return nil, fault.RateLimited("export.too_many")
	}
	j := &job{id: id.New(), user: p.UserID, session: p.SessionID, wish: w, made: now, state: stateReady, total: total}
	js.byID[j.id] = j
	js.times[p.UserID] = append(js.times[p.UserID], now)
	return j, nil
}

// sweep forgets what is over. The caller holds mu.
func (js *jobs) sweep(now time.Time) {
	for key, j := range js.byID {
		if j.over(now) {
			delete(js.byID, key)
		}
	}
	for user, times := range js.times {
		for len(times) > 0 && now.Sub(times[0]) > time.Hour {
			times = times[1:]
		}
		if js.times[user] = times; len(times) == 0 {
			delete(js.times, user)
		}
	}
}

// get returns a job of p.
func (js *jobs) get(p access.Principal, jobID string) (*job, error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	j, ok := js.byID[jobID]
	if !ok || j.user != p.UserID {
		return nil, fault.NotFound("export.not_found")
	}
	return j, nil
}
