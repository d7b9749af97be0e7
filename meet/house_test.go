package meet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
	"rathaus/meet"
)

// house runs the module as the program does: real database, HTTP, socket and
// media. Only chat and sign-in are stood in for.
type house struct {
	t     *testing.T
	URL   string
	HTTP  *http.Client
	Meet  *meet.Service
	Hub   *realtime.Hub
	Clock *clock.Fake
	Rooms *rooms

	mu     sync.Mutex
	people map[string]access.Principal // by session; guarded by mu
	links  []meet.GuestLink            // guarded by mu
	host   http.Handler
}

func newHouse(t *testing.T, change ...func(*config.Meet)) *house {
	t.Helper()
	return openHouse(t, store.SQLite, change...)
}

func openHouse(t *testing.T, dialect string, change ...func(*config.Meet)) *house {
	t.Helper()
	h := &house{
		t: t, Clock: clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)),
		Rooms: &rooms{members: map[string][]string{}}, people: map[string]access.Principal{},
	}
	log := slog.New(slog.DiscardHandler)
	topics := realtime.NewTopics()
	h.Hub = realtime.NewHub(topics, "test", log)
	cfg := config.Default().Meet
	cfg.UDPPort, cfg.TCPPort, cfg.VideoSlots = meet.AnyPort, meet.AnyPort, 4
	cfg.TURN.Enabled = false
	for _, c := range change {
		c(&cfg)
	}
	deps := meet.Deps{Hub: h.Hub, Clock: h.Clock, Log: log, Config: cfg, Rooms: h.Rooms, Links: h, Loopback: true}
	module := h.open(deps, dialect, topics)
	h.serve(log, topics, module)
	return h
}

func (h *house) open(deps meet.Deps, dialect string, topics *realtime.Topics) func(a *api.API) {
	h.t.Helper()
	deps.DB = storetest.Open(h.t, dialect, []store.Source{{Name: "meet", FS: meet.Migrations()}})
	service, err := meet.New(deps)
	if err != nil {
		h.t.Fatalf("open the module: %v", err)
	}
	h.Meet = service
	m := service.Module()
	m.Topics(topics)
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- m.Run(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ran, service.Close()); err != nil {
			h.t.Errorf("close the module: %v", err)
		}
	})
	return func(a *api.API) { m.Routes(a.Huma) }
}

func (h *house) serve(log *slog.Logger, _ *realtime.Topics, routes func(*api.API)) {
	h.t.Helper()
	a, err := api.New(api.Config{Version: "test", PublicURL: "http://localhost", Log: log, Authenticate: h.authenticate})
	if err != nil {
		h.t.Fatal(err)
	}
	routes(a)
	api.Raw(a.Huma, api.Op("GET", "/socket", "realtime-socket", access.Guest, "The socket"), h.Hub.Socket("http://localhost"))
	if err := api.Check(a.Huma); err != nil {
		h.t.Fatal(err)
	}
	h.host = a.Engine
	server := httptest.NewServer(a.Engine)
	h.URL, h.HTTP = server.URL, server.Client()
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.Hub.Close(ctx); err != nil {
			h.t.Error(err)
		}
		server.Close()
	})
}

func (h *house) authenticate(r *http.Request) (access.Principal, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.people[r.Header.Get("Authorization")], nil
}

// User is somebody with a session.
type user struct {
	h *house
	access.Principal
}

func (h *house) user(name string, role access.Role, grants ...access.Grant) *user {
	h.t.Helper()
	p := access.Principal{UserID: id.New(), Name: name, Role: role, SessionID: id.New(), Grants: grants}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people[p.SessionID] = p
	return &user{h: h, Principal: p}
}

func (h *house) nobody() *user { return &user{h: h} }

// MintGuestLink stands in for the sign-in module.
func (h *house) MintGuestLink(_ context.Context, _ access.Principal, link meet.GuestLink) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.links = append(h.links, link)
	return id.Token(), nil
}

// call asks the HTTP interface and returns the status, decoding the answer into out.
func (u *user) call(method, path string, in, out any) int {
	u.h.t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			u.h.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(u.h.t.Context(), method, u.h.URL+api.Base+path, body)
	if err != nil {
		u.h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(api.WriteHeader, "1")
	if u.SessionID != "" {
		req.Header.Set("Authorization", u.SessionID)
	}
	res, err := u.h.HTTP.Do(req)
	if err != nil {
		u.h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		u.h.t.Fatal(err)
	}
	if out != nil && len(b) > 0 {
		if err := json.Unmarshal(b, out); err != nil {
			u.h.t.Fatalf("%s %s: %v in %s", method, path, err, b)
		}
	}
	return res.StatusCode
}

// start begins a meeting and fails the test if it can't.
func (u *user) start(in meet.StartInput) meet.Summary {
	u.h.t.Helper()
	var m meet.Summary
	if status := u.call("POST", "/meet/meetings", in, &m); status != http.StatusOK {
		u.h.t.Fatalf("%s could not start a meeting: status %d", u.Name, status)
	}
	return m
}

// rooms stands in for chat.
type rooms struct {
	mu      sync.Mutex
	members map[string][]string
	cards   []meet.Card
	ended   []string
}

func (r *rooms) room(people ...*user) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	roomID := id.New()
	for _, p := range people {
		r.members[roomID] = append(r.members[roomID], p.UserID)
	}
	return roomID
}

func (r *rooms) expel(roomID, userID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members[roomID] = slices.DeleteFunc(r.members[roomID], func(m string) bool { return m == userID })
}

func (r *rooms) MayEnter(_ context.Context, p access.Principal, roomID string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.Contains(r.members[roomID], p.UserID) {
		return nil
	}
	return fault.NotFound("chat.room_not_found")
}

func (r *rooms) MemberIDs(_ context.Context, roomID string) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.members[roomID]), nil
}

func (r *rooms) PostCall(_ context.Context, _ access.Principal, _ string, c meet.Card) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cards = append(r.cards, c)
	return nil
}

func (r *rooms) EndCall(_ context.Context, _, meetingID string, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = append(r.ended, meetingID)
	return nil
}

func (r *rooms) posted() (cards int, ended []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.cards), slices.Clone(r.ended)
}

// eventually waits until ok, or fails saying what it waited for.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // the pause between two looks at the condition
	}
}
