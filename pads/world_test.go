package pads_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
	"rathaus/pads"
)

const (
	patience = 30 * time.Second
	origin   = "http://localhost"
)

// town is the pads module behind real HTTP and a real socket, on a real database.
type town struct {
	t       *testing.T
	db      *store.DB
	clock   *clock.Fake
	service *pads.Service
	audit   *audit.Log
	server  *httptest.Server

	mu     sync.Mutex
	people map[string]access.Principal // by session; guarded by mu
	groups map[string][]string         // by person; guarded by mu
	links  map[string]guestLink        // by token; guarded by mu
	gone   map[string]bool             // by person; guarded by mu
}

// guestLink is how the town keeps a link; in the program the sign-in does that.
type guestLink struct {
	pads.Link
	pad string
}

// linkBook makes the town its own keeper of links.
type linkBook struct{ *town }

func (b linkBook) Make(_ context.Context, pad string, l pads.NewLink) (pads.Link, string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	made := pads.Link{ID: id.New(), Right: l.Right, Label: l.Label, MaxUses: l.MaxUses, ExpiresAt: l.ExpiresAt, CreatedAt: b.clock.Now()}
	token := id.Token()
	b.links[token] = guestLink{Link: made, pad: pad}
	return made, token, nil
}

func (b linkBook) Of(_ context.Context, pad string) ([]pads.Link, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []pads.Link
	for _, l := range b.links {
		if l.pad == pad {
			all = append(all, l.Link)
		}
	}
	return all, nil
}

func (b linkBook) End(_ context.Context, pad, link string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for token, l := range b.links {
		if l.pad == pad && l.ID == link {
			delete(b.links, token)
			return nil
		}
	}
	return fault.NotFound("link_not_found")
}

func (b linkBook) EndAll(_ context.Context, pad string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for token, l := range b.links {
		if l.pad == pad {
			delete(b.links, token)
		}
	}
	return nil
}

func (b linkBook) Use(_ context.Context, token string) (string, pads.Link, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.links[token]
	if !ok {
		return "", pads.Link{}, fault.Gone("link_over")
	}
	return l.pad, l.Link, nil
}

// GroupsOf, MemberIDs and Names make the town its own directory.
func (w *town) GroupsOf(_ context.Context, user string) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.groups[user], nil
}

func (w *town) MemberIDs(_ context.Context, groups ...string) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for person, of := range w.groups {
		if slices.ContainsFunc(of, func(g string) bool { return slices.Contains(groups, g) }) {
			out = append(out, person)
		}
	}
	return out, nil
}

// Active are the members who have not left.
func (w *town) Active(_ context.Context, people []string) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, p := range w.people {
		if p.IsMember() && slices.Contains(people, p.UserID) && !w.gone[p.UserID] {
			out = append(out, p.UserID)
		}
	}
	return out, nil
}

// leaves disables somebody's account.
func (w *town) leaves(who *somebody) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone[who.who.UserID] = true
}

func (w *town) Names(_ context.Context, people, groups []string) (map[string]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]string{}
	for _, p := range w.people {
		for _, asked := range people {
			if p.UserID == asked {
				out[asked] = p.Name
			}
		}
	}
	for _, all := range w.groups {
		for _, g := range all {
			for _, asked := range groups {
				if g == asked {
					out[g] = "a group"
				}
			}
		}
	}
	return out, nil
}

func sources() []store.Source {
	return []store.Source{{Name: "pads", FS: pads.Migrations()}, search.Source(), audit.Source()}
}

// each runs a test in a fresh town on every database.
func each(t *testing.T, fn func(t *testing.T, w *town)) {
	t.Helper()
	storetest.Each(t, sources(), func(t *testing.T, db *store.DB) { fn(t, newTown(t, db)) })
}

func newTown(t *testing.T, db *store.DB) *town {
	t.Helper()
	w := &town{
		t: t, db: db, clock: clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)),
		people: map[string]access.Principal{}, groups: map[string][]string{}, links: map[string]guestLink{}, gone: map[string]bool{},
	}
	log := slog.New(slog.DiscardHandler)
	topics := realtime.NewTopics()
	hub := realtime.NewHub(topics, "test", log)
	entries, err := audit.New(audit.Deps{DB: db, Clock: w.clock})
	require.NoError(t, err)
	w.audit = entries
	service, err := pads.New(pads.Deps{DB: db, Hub: hub, Directory: w, Links: linkBook{w}, Clock: w.clock, Audit: entries, Log: log})
	require.NoError(t, err)
	w.service = service
	web, err := api.New(api.Config{Version: "test", PublicURL: origin, Authenticate: w.authenticate, Log: log})
	require.NoError(t, err)
	mod := service.Module()
	mod.Routes(web.Huma)
	mod.Topics(topics)
	api.Raw(web.Huma, api.Op("GET", "/socket", "socket", access.Guest, "The socket"), hub.Socket(origin))
	require.NoError(t, api.Check(web.Huma))
	w.server = httptest.NewServer(web.Engine)
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- mod.Run(running) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		closing, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, hub.Close(closing))
		w.server.Close()
	})
	return w
}

func (w *town) authenticate(r *http.Request) (access.Principal, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.people[r.Header.Get("X-Session")], nil
}

// somebody is a session with its own HTTP client and, once asked, its socket.
type somebody struct {
	t       *testing.T
	w       *town
	who     access.Principal
	session string
	ws      *websocket.Conn
	next    uint32
	queue   []message
}

func (w *town) person(name string, role access.Role, grants ...access.Grant) *somebody {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := access.Principal{UserID: id.New(), Name: name, Role: role, SessionID: id.New(), Grants: grants}
	if role == access.RoleGuest {
		p.UserID = "guest-" + p.UserID
	}
	w.people[p.SessionID] = p
	return &somebody{t: w.t, w: w, who: p, session: p.SessionID}
}

func (w *town) member(name string) *somebody { return w.person(name, access.RoleMember) }

// guest comes in by a link's token, as the sign-in by link does it.
func (w *town) guest(token string) *somebody {
	w.t.Helper()
	pad, l, err := linkBook{w}.Use(context.Background(), token)
	require.NoError(w.t, err)
	return w.person("Gast", access.RoleGuest, access.Grant{Kind: "pad", ID: pad, Right: string(l.Right)})
}

func (w *town) join(group string, all ...*somebody) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range all {
		w.groups[one.who.UserID] = append(w.groups[one.who.UserID], group)
	}
}

type reply struct {
	Status int
	Body   map[string]any
}

func (r reply) code() string {
	code, _ := r.Body["code"].(string)
	return code
}

// call sends a request and reads the JSON answer.
func (p *somebody) call(method, path string, body any) reply {
	p.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(p.t, err)
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.w.server.URL+api.Base+path, bytes.NewReader(raw))
	require.NoError(p.t, err)
	req.Header.Set("X-Session", p.session)
	req.Header.Set("X-Rathaus", "1")
	req.Header.Set("Content-Type", "application/json")
	res, err := p.w.server.Client().Do(req)
	require.NoError(p.t, err)
	defer func() { _ = res.Body.Close() }()
	out := reply{Status: res.StatusCode, Body: map[string]any{}}
	if res.StatusCode != http.StatusNoContent {
		require.NoError(p.t, json.NewDecoder(res.Body).Decode(&out.Body), "%s %s", method, path)
	}
	return out
}

// must is call for requests that succeed.
func (p *somebody) must(method, path string, body any) map[string]any {
	p.t.Helper()
	r := p.call(method, path, body)
	require.Less(p.t, r.Status, 300, "%s %s as %s: %v", method, path, p.who.Name, r.Body)
	return r.Body
}

// pad makes an organisation pad and returns its id.
func (p *somebody) pad(title string) string {
	p.t.Helper()
	made, _ := p.must("POST", "/pads", map[string]any{"class": "organisation", "title": title})["id"].(string)
	return made
}

func (p *somebody) share(pad string, with *somebody, right string) {
	p.t.Helper()
	p.must("PUT", "/pads/"+pad+"/shares/person/"+with.who.UserID, map[string]any{"right": right})
}

// link makes a link and returns its id and token.
func (p *somebody) link(pad string, body map[string]any) (linkID, token string) {
	p.t.Helper()
	made := p.must("POST", "/pads/"+pad+"/links", body)
	linkID, _ = made["id"].(string)
	token, _ = made["token"].(string)
	return linkID, token
}

// sealed is a confidential pad with its write key, as a browser holds it.
type sealed struct {
	id  string
	key ed25519.PrivateKey
}

func (p *somebody) confidential() sealed {
	p.t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(p.t, err)
	made, _ := p.must("POST", "/pads", map[string]any{"class": "confidential", "public_key": public})["id"].(string)
	return sealed{id: made, key: private}
}

// frameOf builds an organisation frame.
func frameOf(kind pads.FrameKind, covers int64, payload string) []byte {
	return append(header(1, kind, covers), payload...)
}

// frame builds a signed frame of a confidential pad around any bytes.
func (s sealed) frame(kind pads.FrameKind, covers int64, payload string) []byte {
	raw := append(header(2, kind, covers), make([]byte, 28)...)
	raw = append(raw, payload...)
	if kind == pads.KindAwareness {
		return raw
	}
	padID, err := id.Bytes(s.id)
	if err != nil {
		panic(err)
	}
	message := append([]byte("rathaus/pad/v1/frame\x00"), padID[:]...)
	return append(raw, ed25519.Sign(s.key, append(message, raw...))...)
}

func header(class byte, kind pads.FrameKind, covers int64) []byte {
	raw := make([]byte, 32)
	raw[0], raw[1], raw[2], raw[7] = 1, class, byte(kind), 1
	if _, err := rand.Read(raw[8:24]); err != nil {
		panic(err)
	}
	binary.BigEndian.PutUint64(raw[24:], uint64(covers))
	return raw
}

func b64(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

// post stores frames over HTTP and returns the answer.
func (p *somebody) post(pad string, frames ...[]byte) reply {
	p.t.Helper()
	var all []string
	for _, f := range frames {
		all = append(all, b64(f))
	}
	return p.call("POST", "/pads/"+pad+"/log", map[string]any{"frames": all})
}
