//go:build linux

package proof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

// crowd is people who write in rooms and pads without a break, remember what
// was acknowledged, and send again what was not, whenever the program is back.
type crowd struct {
	t       *testing.T
	people  []proof.Person
	rooms   []string
	pads    []string
	ctx     context.Context
	stop    context.CancelFunc
	writing sync.WaitGroup

	mu        sync.Mutex
	process   *proof.Process   // running now; guarded by mu
	changed   chan struct{}    // closed and replaced whenever anything here changes; guarded by mu
	messages  map[string]place // acknowledged, by client id; guarded by mu
	frames    map[string]place // acknowledged, by frame id; guarded by mu
	again     int              // sent again and acknowledged; guarded by mu
	farewells []farewell       // guarded by mu
	trouble   []error          // what never should happen; guarded by mu
}

// place is where something acknowledged has to be.
type place struct {
	thing string // id of the room or pad
	seq   int64
}

type farewell struct {
	code   int
	reason string
}

func gather(t *testing.T, people []proof.Person, p *proof.Process) *crowd {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	c := &crowd{
		t: t, people: people, process: p, ctx: ctx, stop: stop, changed: make(chan struct{}),
		messages: map[string]place{}, frames: map[string]place{},
	}
	for n := range 2 {
		room, err := p.Room(ctx, fmt.Sprint("Raum ", n), people)
		if err != nil {
			t.Fatal(err)
		}
		pad, err := p.Pad(ctx, fmt.Sprint("Pad ", n), people[0])
		if err != nil {
			t.Fatal(err)
		}
		c.rooms, c.pads = append(c.rooms, room), append(c.pads, pad)
	}
	t.Cleanup(c.end)
	for i, who := range people {
		c.writing.Go(func() { c.write(i, who) })
	}
	return c
}

// end stops the writing and waits for everybody.
func (c *crowd) end() {
	c.stop()
	c.writing.Wait()
}

// with changes something under the lock and tells whoever waits.
func (c *crowd) with(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
	close(c.changed)
	c.changed = make(chan struct{})
}

// until waits for a condition, which is asked under the lock.
func (c *crowd) until(ctx context.Context, ok func() bool) error {
	for {
		c.mu.Lock()
		met, changed := ok(), c.changed
		c.mu.Unlock()
		if met {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// acknowledgements waits until n more have come.
func (c *crowd) acknowledgements(n int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	c.mu.Lock()
	before := len(c.messages) + len(c.frames)
	c.mu.Unlock()
	if err := c.until(ctx, func() bool { return len(c.messages)+len(c.frames) >= before+n || len(c.trouble) > 0 }); err != nil {
		c.t.Fatalf("waited in vain for %d acknowledgements: %v", n, err)
	}
}

// unsent is what was sent and not yet acknowledged.
type unsent struct {
	message bool
	thing   string
	id      string
	content []byte
	lost    bool // its answer was lost once
}

func (c *crowd) next(n int) *unsent {
	if n%2 == 0 {
		client := id.New()
		return &unsent{message: true, thing: c.rooms[n/2%len(c.rooms)], id: client, content: []byte("Nachricht " + client)}
	}
	raw := proof.Update([]byte("Buchstabe"))
	return &unsent{thing: c.pads[n/2%len(c.pads)], id: proof.FrameID(raw), content: raw}
}

// write is one person, over all lives of the program.
func (c *crowd) write(i int, who proof.Person) {
	var open *unsent
	n := i
	for c.ctx.Err() == nil {
		tab := c.connect(who)
		if tab == nil {
			return
		}
		for c.ctx.Err() == nil {
			if open == nil {
				open, n = c.next(n), n+1
			}
			if err := c.send(tab, open); err != nil {
				break
			}
			open = nil
		}
		c.leave(tab)
	}
}

// connect waits for the program and opens a tab with everything joined.
func (c *crowd) connect(who proof.Person) *proof.Tab {
	for {
		var p *proof.Process
		if c.until(c.ctx, func() bool { p = c.process; return p != nil }) != nil {
			return nil
		}
		tab, err := proof.Open(c.ctx, p.URL, who, proof.Ears{})
		if err == nil {
			if err = c.join(tab); err == nil {
				return tab
			}
			c.leave(tab)
		}
		if strings.Contains(err.Error(), "answered 401") {
			c.with(func() { c.trouble = append(c.trouble, fmt.Errorf("the session of %s did not survive", who.Name)) })
			return nil
		}
		// It has died a moment ago. Wait for its next life.
		if c.until(c.ctx, func() bool { return c.process != p }) != nil {
			return nil
		}
	}
}

func (c *crowd) join(tab *proof.Tab) error {
	for _, r := range c.rooms {
		if err := tab.Ask(c.ctx, "join", "room:"+r, -1, nil, nil); err != nil {
			return err
		}
	}
	for _, p := range c.pads {
		if err := tab.Ask(c.ctx, "join", "pad:"+p, -1, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// leave waits for the server's farewell, or closes when the test is over.
func (c *crowd) leave(tab *proof.Tab) {
	if c.ctx.Err() != nil {
		tab.Close()
		return
	}
	code, reason := tab.Farewell()
	c.with(func() { c.farewells = append(c.farewells, farewell{code, reason}) })
}

// send sends one thing until it is stored and remembers where. It fails when
// the socket breaks.
func (c *crowd) send(tab *proof.Tab, u *unsent) error {
	for {
		at, err := c.try(tab, u)
		refused, is := errors.AsType[*proof.Refusal](err)
		switch {
		case err == nil:
			c.remember(u, at)
			return nil
		case !is:
			u.lost = true
			return err
		case refused.Code == "chat.too_fast":
			if err := c.pause(); err != nil {
				return err
			}
		default:
			c.with(func() { c.trouble = append(c.trouble, fmt.Errorf("a proper sending was refused: %w", err)) })
			return err
		}
	}
}

func (c *crowd) try(tab *proof.Tab, u *unsent) (int64, error) {
	var stored struct {
		Seq int64 `json:"seq"`
	}
	if u.message {
		err := tab.Ask(c.ctx, "send", "room:"+u.thing, 0, map[string]any{"client_id": u.id, "text": string(u.content)}, &stored)
		return stored.Seq, err
	}
	err := tab.Frame(c.ctx, u.thing, proof.UpdateFrame, u.content, &stored)
	return stored.Seq, err
}

func (c *crowd) remember(u *unsent, seq int64) {
	c.with(func() {
		book := c.frames
		if u.message {
			book = c.messages
		}
		book[u.id] = place{u.thing, seq}
		if u.lost {
			c.again++
		}
	})
}

// pause lets somebody who was too fast wait a little; the limit is for people.
func (c *crowd) pause() error {
	timer := time.NewTimer(20*time.Millisecond + rand.N(50*time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}
