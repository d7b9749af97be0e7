package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/internal/testkit"
)

// Requirement row 000-18, CVE class 28: another site's page can't write,
// whatever it sends.
func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	s := newScene(t, town)
	foreign := map[string]map[string]string{
		"a foreign Origin":            {"Origin": "https://evil.example"},
		"the Origin null":             {"Origin": "null"},
		"a neighbour's Origin":        {"Origin": town.URL + ".evil.example"},
		"another port's Origin":       {"Origin": "http://127.0.0.1:1"},
		"Sec-Fetch-Site cross-site":   {"Sec-Fetch-Site": "cross-site"},
		"Sec-Fetch-Site same-site":    {"Sec-Fetch-Site": "same-site"},
		"no Origin and no own header": {"X-Rathaus": ""},
	}
	for _, route := range town.Program.Routes() {
		if route.Method == http.MethodGet || route.Method == http.MethodHead || route.Method == http.MethodOptions {
			continue // they change nothing
		}
		path := s.path(route.Path)
		for what, header := range foreign {
			status, _, answer := s.owner.Raw(route.Method, path, map[string]any{}, header)
			if status != http.StatusForbidden || !bytes.Contains(answer, []byte("cross_site_request")) {
				t.Errorf("%s %s with %s: answered %d %.100s, want 403 cross_site_request", route.Method, route.Path, what, status, answer)
			}
		}
	}
}

// Requirement row 000-18, CVE class 20: another site's page opens no socket.
func TestSocketsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada := town.Person("Ada Ahorn", access.RoleMember)
	for what, origins := range map[string][]string{
		"a foreign Origin":   {"https://evil.example"},
		"a missing Origin":   {},
		"an empty Origin":    {""},
		"the Origin null":    {"null"},
		"two Origins":        {town.URL, "https://evil.example"},
		"a file's Origin":    {"file://"},
		"a longer host":      {town.URL + ".evil.example"},
		"a user in the host": {strings.Replace(town.URL, "http://", "http://evil.example@", 1) + "@evil.example"},
	} {
		ws, resp, err := ada.Dial(http.Header{"Origin": origins})
		if err == nil {
			ws.Close()
			t.Errorf("a socket with %s was opened", what)
			continue
		}
		if resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("a socket with %s: %v, want 403", what, err)
		}
	}
}

// CVE class 15: broken and oversized frames end that socket with a code and
// nothing else.
func TestBrokenFramesEndOnlyTheirSocket(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada := town.Person("Ada Ahorn", access.RoleMember)
	quiet := ada.Socket()
	quiet.Join("me", -1)
	text, raw := websocket.TextMessage, websocket.BinaryMessage
	for what, c := range map[string]struct {
		kind  int
		frame []byte
		code  int
	}{
		"no JSON":              {text, []byte("Guten Tag"), realtime.CloseMalformed},
		"broken JSON":          {text, []byte(`{"id":1,"op":`), realtime.CloseMalformed},
		"no id":                {text, []byte(`{"op":"join","topic":"me"}`), realtime.CloseMalformed},
		"a negative id":        {text, []byte(`{"id":-1,"op":"join"}`), realtime.CloseMalformed},
		"a huge id":            {text, []byte(`{"id":99999999999,"op":"join"}`), realtime.CloseMalformed},
		"wrong types":          {text, []byte(`{"id":1,"op":{"$ne":1},"topic":[]}`), realtime.CloseMalformed},
		"deep nesting":         {text, []byte(`{"id":1,"op":"join","data":` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + "}"), realtime.CloseMalformed},
		"no UTF-8":             {text, []byte("{\"id\":1,\"op\":\"\xff\xfe\"}"), realtime.CloseMalformed},
		"too many in one":      {text, bytes.Repeat([]byte("{\"id\":1,\"op\":\"ping\"}\n"), 65), realtime.CloseMalformed},
		"a huge topic":         {text, []byte(`{"id":1,"op":"join","topic":"` + strings.Repeat("a", 1<<20) + `"}`), realtime.CloseMalformed},
		"more than 2 MiB":      {text, bytes.Repeat([]byte("a"), 2<<20+1), websocket.CloseMessageTooBig},
		"an empty binary":      {raw, []byte{}, realtime.CloseMalformed},
		"a short binary":       {raw, []byte{1, 1, 1, 0}, realtime.CloseMalformed},
		"an unknown version":   {raw, append([]byte{9, 1, 1, 0}, make([]byte, 60)...), realtime.CloseMalformed},
		"a binary without id":  {raw, append([]byte{1, 1, 1, 0}, make([]byte, 60)...), realtime.CloseMalformed},
		"more than 2 MiB, raw": {raw, make([]byte, 2<<20+1), websocket.CloseMessageTooBig},
	} {
		tab := ada.Socket()
		tab.Write(c.kind, c.frame)
		if code, _ := tab.Ended(); code != c.code {
			t.Errorf("a frame with %s ended the socket with %d, want %d", what, code, c.code)
		}
	}
	quiet.Ask("ping", "", nil)
	checkAlive(t, town)
}

// CVE classes 15 and 25: questions that are well formed and wrong are refused one by one.
func TestWrongQuestionsAreRefused(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		s := newScene(t, town)
		tab := s.owner.Socket()
		topics := map[string]string{"room": "room:" + s.room(), "meeting": "meeting:" + s.meetingID(), "pad": "pad:" + s.pad()}
		long := strings.Repeat("ä", 512<<10)
		for _, o := range town.Program.Operations() {
			if o.In == nil {
				continue
			}
			for _, data := range []any{"wort", 17, []any{1}, map[string]any{"unknown": 1}, map[string]any{"text": map[string]any{"$ne": 1}},
				map[string]any{"client_id": id.New(), "text": long}, map[string]any{"client_id": id.New(), "text": "a\x00b"},
				map[string]any{"id": "a\x00b"}, map[string]any{"id": long}, map[string]any{"sdp": long}, map[string]any{"seq": -5}, map[string]any{"resume": "\x00"}} {
				f := tab.Ask(o.Name, topics[o.Kind], data)
				if f.Error != nil && (f.Error.Code == "internal" || f.Error.Code == "") {
					t.Errorf("%s.%s with %.60v is answered %+v", o.Kind, o.Name, data, f.Error)
				}
			}
			for _, topic := range []string{"", "me", o.Kind + ":", o.Kind + ":wort", o.Kind + ":" + id.New(), "nirgends:" + id.New(), o.Kind + ":' OR 1=1", o.Kind + ":\x00"} {
				if f := tab.Ask(o.Name, topic, nil); f.Error == nil || f.Error.Code == "internal" {
					t.Errorf("%s on topic %q should be refused, got %+v", o.Name, topic, f.Error)
				}
			}
		}
		checkAlive(t, town)
	})
}

// CVE class 8: a session that ended, by sign-out or by time, is nobody.
func TestStolenAndExpiredSessionsAreNobody(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Now().UTC())
	town := testkit.Start(t, testkit.At(c))
	ada := town.Person("Ada Ahorn", access.RoleMember)
	nobody := func(p *testkit.Person, what string) {
		t.Helper()
		if status, code := p.Do("GET", "/me", nil, nil); status != http.StatusUnauthorized || code != "not_signed_in" {
			t.Errorf("%s: answered %d %s", what, status, code)
		}
		if ws, _, err := p.Dial(nil); err == nil {
			ws.Close()
			t.Errorf("%s: a socket was opened", what)
		}
	}
	stolen := town.SignIn(ada.ID, ada.Name)
	ada.Must("DELETE", "/auth/sessions", nil, nil)
	nobody(stolen, "a session that was ended from another device")
	left := town.SignIn(ada.ID, ada.Name)
	left.Must("POST", "/auth/logout", map[string]any{}, nil)
	nobody(left, "a session that signed out")
	for what, token := range map[string]string{"no token": "x", "a guess": id.Token(), "a long token": strings.Repeat("a", 4000), "its hash": id.Hash(ada.Token)} {
		forged := town.SignIn(ada.ID, ada.Name)
		forged.Token = token
		nobody(forged, what)
	}
	ada.Must("GET", "/me", nil, nil)
	c.Advance(31 * 24 * time.Hour)
	nobody(ada, "a session that was not used for a month")
}

// CVE class 7: the link of the first start works once, however many use it at a time.
func TestTheSetupLinkWorksOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		link, needed, err := town.Program.Auth().PrepareSetup(t.Context())
		if err != nil || !needed {
			t.Fatalf("a set-up link should be there: %v %v", needed, err)
		}
		_, token, _ := strings.Cut(link, "#")
		body := map[string]any{"token": token, "town_name": "Musterstadt", "name": "Eva", "email": "eva@example.org", "password": "ein langes Passwort 7"}
		var in sync.WaitGroup
		var won atomic.Int32
		for range 50 {
			in.Go(func() {
				status, code := town.Stranger().Do("POST", "/auth/setup", body, nil)
				switch {
				case status < 300:
					won.Add(1)
				case code != "auth.setup_done" && code != "auth.too_many_tries":
					t.Errorf("a second use at the same time is answered %d %s", status, code)
				}
			})
		}
		in.Wait()
		if won.Load() != 1 {
			t.Errorf("%d used the link with success, want 1", won.Load())
		}
		// Fifty at once may have used up the tries of this address for a while.
		within(t, "a later use is told that it comes too late", func() bool {
			status, code := town.Stranger().Do("POST", "/auth/setup", body, nil)
			if code != "auth.too_many_tries" && (status != http.StatusGone || code != "auth.setup_done") {
				t.Errorf("a later use is answered %d %s, want 410 auth.setup_done", status, code)
			}
			return code == "auth.setup_done"
		})
	})
}

// CVE class 31: nothing secret and nothing that people write is in the log,
// in the figures or in the configuration that administrators see.
func TestSecretsStayOutOfSight(t *testing.T) {
	t.Parallel()
	var log lines
	town := testkit.Start(t, testkit.LogTo(&log))
	s := newScene(t, town)
	canary := "Kanarienvogel-" + id.Token()
	secrets := map[string]string{"what people write": canary, "a session": s.owner.Token, "a guest link": s.link(guestLinkTo("pad", s.pad()))}
	s.owner.Must("POST", "/chat/rooms/"+s.room()+"/messages", map[string]any{"client_id": id.New(), "text": canary}, nil)
	tab := s.owner.Socket()
	tab.Join("room:"+s.room(), -1)
	tab.Ask("send", "room:"+s.room(), map[string]any{"client_id": id.New(), "text": canary})
	s.owner.Do("GET", "/nowhere/"+canary, nil, nil)
	s.owner.Do("GET", "/people?q="+canary, nil, nil)
	s.owner.Do("POST", "/auth/login", map[string]any{"login": canary, "password": canary}, nil)
	town.Stranger().Do("POST", "/auth/guest", map[string]any{"token": secrets["a guest link"], "name": "Gast"}, nil)
	_, _, settings := s.owner.Raw("GET", "/admin/settings", nil, nil)
	town.Stop()
	for what, secret := range secrets {
		for where, text := range map[string]string{"the log": log.String(), "the settings": string(settings)} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in %s", what, where)
			}
		}
	}
	if !json.Valid(settings) || !strings.Contains(log.String(), "portal is closed") {
		t.Errorf("the settings or the log are not what was looked for: %.200s", settings)
	}
}

// lines is a log that can be read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
