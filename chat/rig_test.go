package chat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/fault"
	"rathaus/internal/files"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

var sources = []store.Source{{Name: "chat", FS: chat.Migrations()}, search.Source(), files.Source(), audit.Source()}

// town is a directory of people and groups, in memory.
type town struct {
	mu     sync.Mutex
	people map[string]chat.Person
	groups map[string]group
	links  doors
	admins []string
}

type group struct {
	name    string
	members []string
	office  bool
}

func (t *town) Office(_ context.Context, id string) (chat.Office, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.groups[id]
	return chat.Office{Name: g.name, Takes: g.office, Members: slices.Clone(g.members)}, nil
}

// office makes a group to which people write.
func (k *rig) office(name string, members ...access.Principal) string {
	groupID := k.group(name, members...)
	k.changeGroup(groupID, func(g *group) { g.office = true })
	return groupID
}

// changeGroup changes a group and tells chat, as the directory does.
func (k *rig) changeGroup(groupID string, change func(*group)) {
	k.town.mu.Lock()
	g := k.town.groups[groupID]
	change(&g)
	k.town.groups[groupID] = g
	k.town.mu.Unlock()
	k.chat.OfficeChanged(groupID)
}

func (t *town) GroupNames(_ context.Context, ids []string) (map[string]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string]string{}
	for _, id := range ids {
		if g, ok := t.groups[id]; ok {
			out[id] = g.name
		}
	}
	return out, nil
}

func (t *town) GroupMembers(_ context.Context, ids []string) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	for _, id := range ids {
		out = append(out, t.groups[id].members...)
	}
	return out, nil
}

func (t *town) Admins(context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.admins), nil
}

// group makes a group of the town.
func (k *rig) group(name string, members ...access.Principal) string {
	g := group{name: name}
	for _, m := range members {
		g.members = append(g.members, m.UserID)
	}
	k.town.mu.Lock()
	defer k.town.mu.Unlock()
	groupID := id.New()
	k.town.groups[groupID] = g
	return groupID
}

func (t *town) People(_ context.Context, ids []string) (map[string]chat.Person, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string]chat.Person{}
	for _, id := range ids {
		if p, ok := t.people[id]; ok {
			out[id] = p
		}
	}
	return out, nil
}

// rig is chat with a real database, real HTTP and real sockets.
type rig struct {
	tb     testing.TB
	db     *store.DB
	chat   *chat.Chat
	hub    *realtime.Hub
	files  *files.Files
	server *httptest.Server
	town   *town
	clock  *turned

	mu         sync.Mutex
	principals map[string]access.Principal
}

// turned is the clock of the machine, turned forward as far as a test wants.
type turned struct{ by atomic.Int64 }

func (c *turned) Now() time.Time { return clock.System.Now().Add(time.Duration(c.by.Load())) }

func (c *turned) forward(d time.Duration) { c.by.Add(int64(d)) }

// each runs fn on both databases.
func each(t *testing.T, fn func(t *testing.T, k *rig)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) { fn(t, newRig(t, db)) })
}

func newRig(tb testing.TB, db *store.DB) *rig {
	tb.Helper()
	return newRigWith(tb, db, func(*chat.Deps) {})
}

// newRigWith builds a rig with other settings than usual.
func newRigWith(tb testing.TB, db *store.DB, change func(*chat.Deps)) *rig {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	topics := realtime.NewTopics()
	k := &rig{tb: tb, db: db, hub: realtime.NewHub(topics, "test", log), town: &town{people: map[string]chat.Person{}, groups: map[string]group{}}, principals: map[string]access.Principal{}, clock: &turned{}}
	var err error
	k.files = filesFor(tb, db)
	deps := chat.Deps{Files: k.files, DB: db, Hub: k.hub, People: k.town, Links: &k.town.links, Clock: k.clock, Audit: auditOf(tb, db), MaxRoomMembers: 600}
	change(&deps)
	k.chat, err = chat.New(deps)
	require.NoError(tb, err)
	k.files.GuardBy(chat.FileHolder, k.chat.MayReadFile)
	m := k.chat.Module()
	m.Topics(topics)
	web, err := api.New(api.Config{Version: "test", Log: log, Authenticate: k.who})
	require.NoError(tb, err)
	m.Routes(web.Huma)
	require.NoError(tb, api.Check(web.Huma))
	web.Engine.GET("/api/v1/socket", gin.WrapH(k.hub.Socket("")))
	k.server = httptest.NewServer(web.Engine)
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		require.NoError(tb, k.hub.Close(ctx))
		k.server.Close()
	})
	return k
}

func auditOf(tb testing.TB, db *store.DB) *audit.Log {
	tb.Helper()
	log, err := audit.New(audit.Deps{DB: db, Clock: clock.System})
	require.NoError(tb, err)
	return log
}

func (k *rig) who(r *http.Request) (access.Principal, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.principals[r.Header.Get("X-Session")], nil
}

// person is somebody of the town with a session.
func (k *rig) person(name string) access.Principal { return k.somebody(name, access.RoleMember) }

func (k *rig) somebody(name string, role access.Role) access.Principal {
	p := access.Principal{UserID: id.New(), Name: name, Role: role, SessionID: id.New()}
	k.town.mu.Lock()
	k.town.people[p.UserID] = chat.Person{ID: p.UserID, Name: name, Guest: role == access.RoleGuest, Active: true}
	if role == access.RoleAdmin {
		k.town.admins = append(k.town.admins, p.UserID)
	}
	k.town.mu.Unlock()
	k.mu.Lock()
	k.principals[p.SessionID] = p
	k.mu.Unlock()
	return p
}

// room opens a room of p with other members.
func (k *rig) room(p access.Principal, kind chat.RoomKind, name string, members ...access.Principal) chat.Room {
	k.tb.Helper()
	in := chat.NewRoom{Kind: kind, Name: name}
	for _, m := range members {
		in.Members = append(in.Members, m.UserID)
	}
	r, err := k.chat.Open(context.Background(), p, in)
	require.NoError(k.tb, err)
	return r
}

func (k *rig) send(p access.Principal, room, text string) chat.Message {
	k.tb.Helper()
	m, err := k.chat.Send(context.Background(), p, room, chat.NewMessage{ClientID: id.New(), Text: text})
	require.NoError(k.tb, err)
	return m
}

// call does an HTTP request as p and decodes the answer into out.
func (k *rig) call(p access.Principal, method, path string, body, out any) *fault.Body {
	k.tb.Helper()
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		require.NoError(k.tb, err)
		payload = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, k.server.URL+"/api/v1/chat"+path, payload)
	require.NoError(k.tb, err)
	r.Header.Set("X-Session", p.SessionID)
	r.Header.Set("Content-Type", "application/json")
	res, err := k.server.Client().Do(r)
	require.NoError(k.tb, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(k.tb, err)
	if res.StatusCode >= 300 {
		var f fault.Body
		require.NoError(k.tb, json.Unmarshal(b, &f), string(b))
		f.RequestID = http.StatusText(res.StatusCode)
		return &f
	}
	if out != nil {
		require.NoError(k.tb, json.Unmarshal(b, out), string(b))
	}
	return nil
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.From(err).Code
}
