package files

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

var errInterrupted = errors.New("another request goes on with this upload")

// slowBody is the body of a request whose sender may be slow, but not silent,
// and which another request can end.
//
// A deadline holds for the whole connection. One that passes while nobody reads
// the body ends the context of this request and, silently, of all that follow it on
// the connection (net/http looks whether the client is still there), so none is left
// behind: not after the body, and not after the request.
type slowBody struct {
	body    io.Reader
	control *http.ResponseController

	mu      sync.Mutex
	stopped bool // by another request
	over    bool // nothing more is read
	broken  bool // the connection can't be used again
}

func newSlowBody(w http.ResponseWriter, body io.Reader) *slowBody {
	return &slowBody{body: body, control: http.NewResponseController(w)}
}

func (b *slowBody) Read(p []byte) (int, error) {
	if err := b.begin(); err != nil {
		return 0, err
	}
	n, err := b.body.Read(p)
	if err != nil {
		b.leave()
	}
	return n, err
}

func (b *slowBody) begin() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped {
		return errInterrupted
	}
	if b.over {
		return io.EOF
	}
	return b.deadline(time.Now().Add(bodyIdle))
}

// interrupt makes the read under way, and every later one, fail at once.
func (b *slowBody) interrupt() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped || b.over {
		b.stopped = true
		return
	}
	b.stopped, b.broken = true, true
	if err := b.deadline(time.Now().Add(-time.Second)); err != nil {
		return // the connection is gone, which is what was wanted
	}
}

// leave ends reading. It reports whether the connection must end with the answer.
func (b *slowBody) leave() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.over && !b.broken {
		b.broken = b.deadline(time.Time{}) != nil
	}
	b.over = true
	return b.broken
}

// deadline says until when a read may take. A writer without deadlines, in tests
// for one, has none.
func (b *slowBody) deadline(until time.Time) error {
	err := b.control.SetReadDeadline(until)
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("set the deadline of a body: %w", err)
	}
	return nil
}
