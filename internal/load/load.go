//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"rathaus/internal/proof"
)

// settleTimeout is how long the last arrivals may take.
const settleTimeout = 20 * time.Second

// load is one situation that is measured.
type load struct {
	name    string
	people  int
	circles int // rooms or pads; people are spread over them evenly
	rate    float64
	kind    kind
}

// kind is what people do.
type kind interface {
	// place makes the thing in which a circle meets and returns its topic.
	place(ctx context.Context, p *proof.Process, n int, circle []proof.Person) (string, error)
	// send sends one thing that carries mark and returns when it is acknowledged.
	send(ctx context.Context, tab *proof.Tab, topic string, mark []byte) error
	// silent is how many of a circle do not receive what one sends.
	silent() int
	// ears hear marks.
	ears(heard func(mark []byte)) proof.Ears
}

func loads() []load {
	var all []load
	for _, rate := range []float64{10, 50, 100, 200} {
		all = append(all, load{fmt.Sprintf("chat 5 × 20, %.0f/s", rate), 100, 5, rate, chat{}})
	}
	return append(all,
		load{"chat 1 × 500, 20/s", 500, 1, 20, chat{}},
		load{"pads 1 × 20 × 5/s", 20, 1, 100, pads{}},
		load{"pads 1 × 100 × 1/s", 100, 1, 100, pads{}},
		load{"pads 200 × 5 × 2/s", 1000, 200, 2000, pads{}},
	)
}

// seat is one person in a circle, with an open tab.
type seat struct {
	tab   *proof.Tab
	topic string
}

// run lets people meet, warms up, measures, and counts what arrived.
func (l load) run(ctx context.Context, p *plan, process *proof.Process, people []proof.Person) (*result, error) {
	res := &result{}
	var err error
	if res.before, err = atRest(ctx, process.PID); err != nil {
		return nil, err
	}
	w := &watch{begun: time.Now()}
	seats, err := l.meet(ctx, process, people, w)
	defer func() {
		for _, s := range seats {
			s.tab.Close()
		}
	}()
	if err != nil {
		return nil, err
	}
	if err := l.drive(ctx, seats, w, p.warm); err != nil {
		return nil, fmt.Errorf("warm up: %w", err)
	}
	if err := w.settle(ctx, len(people)/l.circles-l.kind.silent()); err != nil {
		return nil, fmt.Errorf("warm up: %w", err)
	}
	w.reset(res)
	start, err := cpuOf(process.PID)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := l.drive(ctx, seats, w, p.length); err != nil {
		return nil, err
	}
	res.length = time.Since(begun)
	settled := w.settle(ctx, len(people)/l.circles-l.kind.silent())
	end, err := cpuOf(process.PID)
	if err != nil {
		return nil, err
	}
	res.cpu = end - start
	return res, errors.Join(settled, l.finish(res, w, process, len(people)/l.circles-l.kind.silent()))
}

// finish fills in what is known at the end. Missing arrivals are shown, not an error.
func (l load) finish(res *result, w *watch, process *proof.Process, receivers int) (err error) {
	res.asked, res.acked = int(w.sent.Load()), res.acks.count()
	res.delivered, res.expected = res.delays.count(), res.asked*receivers
	if res.after, err = memoryOf(process.PID); err != nil {
		return err
	}
	res.load, err = machineLoad()
	return err
}

// meet makes the circles' places and opens everybody's tab.
func (l load) meet(ctx context.Context, process *proof.Process, people []proof.Person, w *watch) ([]seat, error) {
	size := len(people) / l.circles
	seats := make([]seat, len(people))
	var all errgroup.Group
	all.SetLimit(16)
	for n := range l.circles {
		all.Go(func() error {
			circle := people[n*size : (n+1)*size]
			topic, err := l.kind.place(ctx, process, n, circle)
			if err != nil {
				return err
			}
			for i, who := range circle {
				tab, err := proof.Open(ctx, process.URL, who, l.kind.ears(w.heard))
				if err != nil {
					return err
				}
				seats[n*size+i] = seat{tab, topic}
				for _, t := range []string{"me", topic} {
					if err := tab.Ask(ctx, "join", t, -1, nil, nil); err != nil {
						return fmt.Errorf("join %s: %w", t, err)
					}
				}
			}
			return nil
		})
	}
	err := all.Wait()
	if err == nil {
		return seats, nil
	}
	var opened []seat
	for _, s := range seats {
		if s.tab != nil {
			opened = append(opened, s)
		}
	}
	return opened, err
}

// drive lets the seats take turns at the load's rate, whether or not the server
// keeps up, and waits for the acknowledgements.
func (l load) drive(ctx context.Context, seats []seat, w *watch, length time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, length+settleTimeout)
	defer cancel()
	n := int(l.rate * length.Seconds())
	gap := time.Duration(float64(time.Second) / l.rate)
	size := len(seats) / l.circles
	begun := time.Now()
	var running sync.WaitGroup
	failed := make(chan error, 1)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range n {
		timer.Reset(time.Until(begun.Add(time.Duration(i) * gap)))
		select {
		case <-timer.C:
		case err := <-failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		// Circle by circle, and in each another person every time.
		s := seats[(i%l.circles)*size+(i/l.circles)%size]
		running.Go(func() {
			if err := w.send(ctx, l.kind, s); err != nil {
				select {
				case failed <- err:
				default:
				}
			}
		})
	}
	running.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// markLength is the size of what tells arrivals when they were sent.
const markLength = 8

// watch takes times.
type watch struct {
	begun time.Time
	sent  atomic.Int64
	res   atomic.Pointer[result]
	spare result // while it warms up
}

func (w *watch) now() []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(time.Since(w.begun)))
}

func (w *watch) since(mark []byte) time.Duration {
	return time.Since(w.begun) - time.Duration(binary.BigEndian.Uint64(mark))
}

func (w *watch) result() *result {
	if r := w.res.Load(); r != nil {
		return r
	}
	return &w.spare
}

// reset ends the warming up.
func (w *watch) reset(res *result) {
	w.sent.Store(0)
	w.res.Store(res)
}

func (w *watch) send(ctx context.Context, k kind, s seat) error {
	mark := w.now()
	w.sent.Add(1)
	if err := k.send(ctx, s.tab, s.topic, mark); err != nil {
		return err
	}
	w.result().acks.add(w.since(mark))
	return nil
}

func (w *watch) heard(mark []byte) { w.result().delays.add(w.since(mark)) }

// settle waits until everything sent has arrived at all receivers.
func (w *watch) settle(ctx context.Context, receivers int) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	late := time.NewTimer(settleTimeout)
	defer late.Stop()
	for w.result().delays.count() < int(w.sent.Load())*receivers {
		select {
		case <-tick.C:
		case <-late.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
