package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// house is auth with its real neighbours behind the real HTTP layer.
type house struct {
	*testing.T
	service   *Service
	directory *directory.Directory
	audit     *audit.Log
	db        *store.DB
	now       *clock.Fake
	server    *httptest.Server
	told      *told
}

// told collects what the hooks were told.
type told struct {
	mu      sync.Mutex
	ended   []string // guarded by mu
	changed []string // guarded by mu
	links   []string // guarded by mu
}

func (x *told) add(list *[]string, id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	*list = append(*list, id)
}

func (x *told) has(list *[]string, id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, have := range *list {
		if have == id {
			return true
		}
	}
	return false
}

var sources = []store.Source{audit.Source(), directory.Source(), Source()}

// onEach runs a test in a fresh house on each database.
func onEach(t *testing.T, fn func(h *house), changes ...func(*Deps)) {
	t.Helper()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) { fn(newHouse(t, db, changes...)) })
}

// inHouse runs a test in a fresh house on SQLite alone.
func inHouse(t *testing.T, changes ...func(*Deps)) *house {
	t.Helper()
	return newHouse(t, storetest.Open(t, store.SQLite, sources), changes...)
}

func newHouse(t *testing.T, db *store.DB, changes ...func(*Deps)) *house {
	t.Helper()
	h := &house{T: t, db: db, now: clock.NewFake(time.Now()), told: &told{}}
	log := slog.New(slog.DiscardHandler)
	var err error
	h.directory, err = directory.New(t.Context(), directory.Deps{DB: db, Clock: h.now, Log: log})
	h.must(err)
	h.audit, err = audit.New(audit.Deps{DB: db, Clock: h.now})
	h.must(err)

	var handler http.Handler
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(h.server.Close)

	cfg := config.Default()
	cfg.Auth.MinPasswordLength = 12
	deps := Deps{
		DB: db, Directory: h.directory, Audit: h.audit, Clock: h.now, Log: log,
		Config: cfg.Auth, Town: cfg.Town, PublicURL: h.server.URL,
		Hooks: Hooks{
			SessionEnded:   func(id string) { h.told.add(&h.told.ended, id) },
			SessionChanged: func(id string) { h.told.add(&h.told.changed, id) },
			GuestLinkEnded: func(l GuestLink, _ []string) { h.told.add(&h.told.links, l.ID) },
		},
	}
	for _, change := range changes {
		change(&deps)
	}
	h.service, err = New(t.Context(), deps)
	h.must(err)
	h.service.hasher.cost = cost{memory: 64, time: 1, lanes: 1}
	h.service.hasher.dummy = encodeHash(h.service.hasher.cost, make([]byte, saltBytes), make([]byte, keyBytes))
	rest, err := api.New(api.Config{PublicURL: deps.PublicURL, Authenticate: h.service.Authenticate, Log: log})
	h.must(err)
	h.service.routes(rest.Huma)
	h.must(api.Check(rest.Huma))
	handler = rest.Engine
	return h
}

// run lets the directory tell its changes while the test goes on.
func (h *house) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = h.directory.Run(ctx) }()
	h.Cleanup(func() { cancel(); <-done })
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// eventually waits for a condition and says what it waited for.
func (h *house) eventually(what string, fn func() bool) {
	h.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !fn() {
		select {
		case <-deadline.C:
			h.Fatalf("waited in vain until %s", what)
		case <-again.C:
		}
	}
}

// guest of the tests: a browser with its own cookies.
type surfer struct {
	h      *house
	client *http.Client
	agent  string
}

func (h *house) surfer() *surfer {
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &surfer{h: h, agent: "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", client: &http.Client{
		Transport:     h.server.Client().Transport,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body []byte
}

func (r reply) code() string {
	var f fault.Body
	_ = json.Unmarshal(r.body, &f)
	return f.Code
}

func (b *surfer) do(method, path string, body any, change ...func(*http.Request)) reply {
	b.h.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		b.h.must(err)
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(b.h.Context(), method, b.h.server.URL+api.Base+path, content)
	b.h.must(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("User-Agent", b.agent)
	r.Header.Set(api.WriteHeader, "1")
	for _, c := range change {
		c(r)
	}
	return b.send(r)
}

func (b *surfer) send(r *http.Request) reply {
	b.h.Helper()
	resp, err := b.client.Do(r)
	b.h.must(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	b.h.must(err)
	return reply{resp, text}
}

// want fails unless the answer has the status, and the code if one is given.
func (b *surfer) want(r reply, status int, code ...string) reply {
	b.h.Helper()
	if r.StatusCode != status || len(code) > 0 && r.code() != code[0] {
		b.h.Fatalf("%s %s answered %d %s, want %d %v", r.Request.Method, r.Request.URL.Path, r.StatusCode, r.body, status, code)
	}
	return r
}

func (b *surfer) state() State {
	b.h.Helper()
	var s State
	b.h.must(json.Unmarshal(b.want(b.do("GET", "/auth/session", nil), 200).body, &s))
	return s
}

func (b *surfer) cookie() string {
	u, err := url.Parse(b.h.server.URL)
	b.h.must(err)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == "rathaus" {
			return c.Value
		}
	}
	return ""
}

const goodPassword = "lauter grüne Teekannen"

// setUp brings the house to where it has an administrator, and returns their browser.
func (h *house) setUp() *surfer {
	h.Helper()
	b := h.surfer()
	b.want(b.do("POST", "/auth/setup", h.setupBody(h.setupToken())), 200)
	return b
}

func (h *house) setupToken() string {
	h.Helper()
	link, needed, err := h.service.PrepareSetup(h.Context())
	h.must(err)
	if !needed {
		h.Fatal("a house without administrator needs a set-up")
	}
	return fragment(h.T, link)
}

func (h *house) setupBody(token string) map[string]any {
	return map[string]any{
		"token": token, "town_name": "Musterstadt", "name": "Ada Amtmann",
		"email": "Ada@Musterstadt.example", "password": goodPassword,
	}
}

func fragment(t *testing.T, link string) string {
	t.Helper()
	_, token, found := strings.Cut(link, "#")
	if !found || strings.Contains(token, "/") {
		t.Fatalf("the secret of %q should be in the fragment", link)
	}
	return token
}

// member adds a person with a password and returns the person and their browser.
func (h *house) member(name, login string) (directory.User, *surfer) {
	h.Helper()
	userID, _, err := h.service.CreatePerson(h.Context(), NewPerson{Login: login, Name: name, Email: login, Role: access.RoleMember, Password: goodPassword})
	h.must(err)
	u, err := h.directory.ByID(h.Context(), userID)
	h.must(err)
	b := h.surfer()
	b.want(b.login(login, goodPassword), 200)
	return u, b
}

func (b *surfer) login(login, password string) reply {
	b.h.Helper()
	return b.do("POST", "/auth/login", map[string]any{"login": login, "password": password})
}

func (h *house) actions() []string {
	h.Helper()
	page, err := h.audit.List(h.Context(), audit.Filter{}, "", 0)
	h.must(err)
	var all []string
	for _, e := range page.Items {
		all = append(all, e.Action)
	}
	return all
}
