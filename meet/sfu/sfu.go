package sfu

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/pion/webrtc/v4"
)

// Errors that callers may want to tell apart.
var (
	ErrClosed      = errors.New("sfu: closed")
	ErrTaken       = errors.New("sfu: participant is already in the room")
	ErrFull        = errors.New("sfu: room is full")
	ErrDescription = errors.New("sfu: session description is not acceptable")
	ErrNoOffer     = errors.New("sfu: no offer is waiting for this answer")
)

// SFU forwards the media of any number of rooms. All methods of SFU, Room and
// Participant are safe for concurrent use.
type SFU struct {
	cfg      Config
	log      *slog.Logger
	net      *network
	up, down *webrtc.API
	identity webrtc.Certificate
	tasks    sync.WaitGroup // every goroutine of every room
	closing  sync.Once
	closeErr error

	mu     sync.Mutex
	rooms  map[string]*Room
	past   Stats // of rooms that are gone
	closed bool
}

// New opens the sockets and is ready for rooms. Close must be called.
func New(cfg Config) (*SFU, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("media configuration: %w", err)
	}
	s := &SFU{cfg: cfg, log: cfg.Log, rooms: map[string]*Room{}}
	if s.identity, err = newIdentity(); err != nil {
		return nil, err
	}
	pionLogs := logs{cfg.Log}
	if s.net, err = openNetwork(cfg, pionLogs); err != nil {
		return nil, err
	}
	s.up, err = newAPI(s.net, pionLogs, true)
	if err == nil {
		s.down, err = newAPI(s.net, pionLogs, false)
	}
	if err != nil {
		return nil, errors.Join(err, s.net.close())
	}
	return s, nil
}

// newIdentity makes the certificate that all connections share until the next start.
func newIdentity() (webrtc.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("make media key: %w", err)
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("make media certificate: %w", err)
	}
	return *cert, nil
}

// Addresses lists where media is received over UDP; a relay may send there
// and nowhere else.
func (s *SFU) Addresses() []Address {
	return append([]Address(nil), s.net.addresses...)
}

// TCPPort returns the port that takes media over TCP, 0 for none.
func (s *SFU) TCPPort() int { return s.net.tcpPort }

// Room returns the room called id and creates it if it does not exist. It
// lives until Room.Close.
func (s *SFU) Room(id string) (*Room, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	r, ok := s.rooms[id]
	if !ok {
		r = newRoom(s, id)
		s.rooms[id] = r
		s.tasks.Add(1)
		go func() {
			defer s.tasks.Done()
			r.run()
		}()
	}
	return r, nil
}

// forget drops a closed room and keeps its totals.
func (s *SFU) forget(r *Room) {
	total := r.totals()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rooms[r.id] == r {
		delete(s.rooms, r.id)
		s.past.add(total)
	}
}

// Stats sums up all rooms since the start.
func (s *SFU) Stats() Stats {
	s.mu.Lock()
	total := s.past
	rooms := make([]*Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	s.mu.Unlock()
	for _, r := range rooms {
		total.add(r.Stats())
	}
	total.WriteErrors += s.net.refused()
	return total
}

// Close ends all rooms, closes the sockets and waits until every goroutine
// has returned. Calling it again does nothing.
func (s *SFU) Close() error {
	s.mu.Lock()
	s.closed = true
	rooms := make([]*Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	s.mu.Unlock()
	for _, r := range rooms {
		r.Close()
	}
	s.tasks.Wait()
	s.closing.Do(func() { s.closeErr = s.net.close() })
	if s.closeErr != nil {
		return fmt.Errorf("close media sockets: %w", s.closeErr)
	}
	return nil
}
