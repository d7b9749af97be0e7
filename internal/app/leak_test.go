package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenEvents holds for each event the fields that may be in it.
const goldenEvents = "testdata/events.golden.json"

// busyRoom is a private room in which everything happens that people can do.
type busyRoom struct {
	*scene
	id    string
	topic string
	tab   *testkit.Socket // the owner's
}

const canary = "Geheimsache-Kanarienvogel"

func newBusyRoom(t *testing.T, town *testkit.Town) *busyRoom {
	t.Helper()
	s := newCast(t, town).scene(t, "owner")
	b := &busyRoom{scene: s, id: s.room(), tab: s.owner.Socket()}
	b.topic = "room:" + b.id
	b.tab.Join("me", -1)
	b.tab.Join(b.topic, -1)
	return b
}

func (b *busyRoom) ask(op string, data map[string]any) string {
	b.t.Helper()
	f := b.tab.Ask(op, b.topic, data)
	if f.Error != nil {
		b.t.Fatalf("%s: %s", op, f.Error.Code)
	}
	var made struct {
		ID string `json:"id"`
	}
	f.Into(b.tab, &made)
	return made.ID
}

func (b *busyRoom) say(more map[string]any) string {
	data := map[string]any{"client_id": id.New(), "text": canary}
	maps.Copy(data, more)
	return b.ask("send", data)
}

// everything does what people can do in a room, and ends with a message that
// all who listen wait for.
func (b *busyRoom) everything() (last string) {
	first := b.say(map[string]any{"text": canary + " [@Ida](person:" + b.insider.ID + ")"})
	b.say(map[string]any{"thread_id": first})
	b.say(map[string]any{"quote_id": first})
	b.say(map[string]any{"silent": true})
	b.ask("edit", map[string]any{"id": first, "text": canary + " geändert"})
	b.ask("react", map[string]any{"id": first, "emoji": "👍", "on": true})
	b.ask("pin", map[string]any{"id": first, "on": true})
	poll := b.say(map[string]any{"poll": map[string]any{"question": canary, "options": []string{canary + " ja", canary + " nein"}, "anonymous": true}})
	b.ask("vote", map[string]any{"id": poll, "options": []string{"1"}})
	b.ask("close_poll", map[string]any{"id": poll})
	b.ask("typing", nil)
	b.ask("read", map[string]any{"seq": 1})
	b.owner.Must("PATCH", "/chat/rooms/"+b.id, map[string]any{"topic": canary}, nil)
	for _, hidden := range []bool{true, false} {
		b.owner.Must("PUT", "/chat/rooms/"+b.direct()+"/hidden", map[string]any{"hidden": hidden}, nil)
	}
	gone := b.say(nil)
	b.ask("delete", map[string]any{"id": gone})
	return b.say(map[string]any{"text": "Schluss"})
}

// everythingWithPads does what people can do with pads that one colleague may see,
// and ends when that colleague has heard of all.
func (b *busyRoom) everythingWithPads(reader *testkit.Socket) {
	b.t.Helper()
	about := func(event, pad string) {
		reader.Until(event, func(f testkit.Frame) bool { return f.Event == event && bytes.Contains(f.Data, []byte(pad)) })
	}
	open := b.post("/pads", map[string]any{"class": "organisation", "title": canary})
	sealed := b.post("/pads", map[string]any{"class": "confidential", "public_key": make([]byte, 32)})
	for _, pad := range []string{open, sealed} {
		share := "/pads/" + pad + "/shares/person/" + b.insider.ID
		b.owner.Must("PUT", share, map[string]any{"right": "read"}, nil)
		about("pad_listed", pad)
		b.owner.Must("DELETE", share, nil, nil)
		about("pad_unlisted", pad)
		b.owner.Must("PUT", share, map[string]any{"right": "write"}, nil)
	}
	b.owner.Must("PATCH", "/pads/"+open, map[string]any{"title": canary + " neu"}, nil)
	b.owner.Must("POST", "/pads/"+open+"/log", b.updates(), nil)
	about("pads_touched", open)
	for _, pad := range []string{open, sealed} {
		b.owner.Must("DELETE", "/pads/"+pad, nil, nil)
		about("pad_unlisted", pad)
	}
}

// CVE class 10: an event holds no more than is written down for it, and reaches
// nobody who may not read what it is about (000-18).
func TestEventsTellNoMoreAndNobodyElse(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	b := newBusyRoom(t, town)
	inside := map[string]*testkit.Person{"insider": b.insider, "guest": b.guest(), "guest with an account": b.visitor()}
	outside := map[string]*testkit.Person{"outsider": b.outsider, "auditor": b.auditor, "admin": b.admin, "foreign guest": town.Person("Greta Gast", access.RoleGuest)}
	tabs := map[string]*testkit.Socket{"owner": b.tab}
	for role, p := range inside {
		tabs[role] = p.Socket()
		tabs[role].Join("me", -1)
		tabs[role].Join(b.topic, -1)
	}
	elsewhere := map[string]string{}
	for role, p := range outside {
		tabs[role] = p.Socket()
		tabs[role].Join("me", -1)
		if f := tabs[role].Ask("join", b.topic, nil); f.Error == nil || f.Error.Code != "chat.room_not_found" {
			t.Errorf("%s joins a foreign private room and is answered %+v", role, f.Error)
		}
		// A room of their own shows that they do hear what is theirs.
		var room struct{ ID string }
		opener := p
		if role == "foreign guest" { // who opens none
			opener = town.Person("Olga Öffnet", access.RoleMember)
		}
		opener.Must("POST", "/chat/rooms", map[string]any{"kind": "private", "name": "Eigener " + id.New(), "members": slices.DeleteFunc([]string{p.ID}, func(one string) bool { return one == opener.ID })}, &room)
		elsewhere[role] = "room:" + room.ID
		tabs[role].Join(elsewhere[role], -1)
	}

	b.everythingWithPads(tabs["insider"])
	last := b.everything()
	for role := range inside {
		tabs[role].Until("the last message", func(f testkit.Frame) bool {
			return f.Event == "message" && bytes.Contains(f.Data, []byte(last))
		})
	}
	seen := map[string]map[string]bool{}
	for role, tab := range tabs {
		if topic, ok := elsewhere[role]; ok {
			if f := tab.Ask("send", topic, map[string]any{"client_id": id.New(), "text": "mein"}); f.Error != nil {
				t.Fatalf("%s: %s", role, f.Error.Code)
			}
			for _, f := range tab.Seen() {
				if all := string(f.Data) + string(f.OK) + f.Topic; strings.Contains(all, canary) || strings.Contains(all, b.id) {
					t.Errorf("%s heard of a foreign room: %s %s %.200s", role, f.Event, f.Topic, f.Data)
				}
				if strings.HasPrefix(f.Event, "pad") {
					t.Errorf("%s heard of a foreign pad: %s %.200s", role, f.Event, f.Data)
				}
			}
		}
		collect(t, seen, tab.Seen())
	}
	compareGolden(t, seen)
}

// collect notes the fields of all events.
func collect(t *testing.T, seen map[string]map[string]bool, frames []testkit.Frame) {
	t.Helper()
	for _, f := range frames {
		if f.Event == "" || len(f.Data) == 0 {
			continue
		}
		kind, _, _ := strings.Cut(f.Topic, ":")
		var data any
		if err := json.Unmarshal(f.Data, &data); err != nil {
			t.Fatal(err)
		}
		name := kind + " " + f.Event
		if seen[name] == nil {
			seen[name] = map[string]bool{}
		}
		paths(seen[name], "", data)
	}
}

func paths(into map[string]bool, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			into[at+key] = true
			paths(into, at+key+".", inner)
		}
	case []any:
		for _, inner := range v {
			paths(into, at, inner)
		}
	}
}

// compareGolden fails for fields that are not written down. A new one is put in
// with: go test ./internal/app -run EventsTell -update
func compareGolden(t *testing.T, seen map[string]map[string]bool) {
	t.Helper()
	golden := map[string][]string{}
	if b, err := os.ReadFile(goldenEvents); err == nil {
		if err := json.Unmarshal(b, &golden); err != nil {
			t.Fatal(err)
		}
	}
	for event, fields := range seen {
		for field := range fields {
			if !slices.Contains(golden[event], field) {
				golden[event] = append(golden[event], field)
				if !*update {
					t.Errorf("the event %q holds %q, which is not in %s: may everybody who hears it know that?", event, field, goldenEvents)
				}
			}
		}
		slices.Sort(golden[event])
	}
	if !*update {
		return
	}
	b, err := json.MarshalIndent(golden, "", "  ")
	if err == nil {
		err = os.WriteFile(goldenEvents, append(b, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// CVE class 11: who left, was removed or was disabled gets nothing more: no event
// on an open socket, no answer, no list.
func TestWhoseAccessEndedGetsNothingMore(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	b := newBusyRoom(t, town)
	removed := town.Person("Rudi Raus", access.RoleMember)
	b.owner.Must("POST", "/chat/rooms/"+b.id+"/members", map[string]any{"user_ids": []string{removed.ID}}, nil)
	b.say(map[string]any{"text": canary + " [@Rudi](person:" + removed.ID + ") [@Ida](person:" + b.insider.ID + ")"})

	left := map[string]*testkit.Person{"who left": b.insider, "who was removed": removed}
	tabs := map[string]*testkit.Socket{}
	for who, p := range left {
		tabs[who] = p.Socket()
		tabs[who].Join("me", -1)
		tabs[who].Join(b.topic, -1)
	}
	b.insider.Must("POST", "/chat/rooms/"+b.id+"/leave", map[string]any{}, nil)
	b.owner.Must("DELETE", "/chat/rooms/"+b.id+"/members/"+removed.ID, nil, nil)
	for who, tab := range tabs {
		tab.Until(who+" is told", func(f testkit.Frame) bool { return f.Event == "room_removed" })
		tab.Ask("ping", "", nil)
	}
	after := map[string]int{}
	for who, tab := range tabs {
		after[who] = len(tab.Seen())
	}
	b.everything()
	for who, p := range left {
		tabs[who].Ask("ping", "", nil)
		for _, f := range tabs[who].Seen()[after[who]:] {
			if all := string(f.Data) + f.Topic; strings.Contains(all, b.id) || strings.Contains(all, canary) {
				t.Errorf("%s still hears: %s %.200s", who, f.Event, f.Data)
			}
		}
		for _, route := range town.Program.Routes() {
			if route.Method != http.MethodGet || strings.HasSuffix(route.Path, "/socket") {
				continue
			}
			status, _, body := p.Raw("GET", b.path(route.Path), nil, nil)
			if status < 300 && bytes.Contains(body, []byte(canary)) {
				t.Errorf("%s still reads by GET %s: %.200s", who, route.Path, body)
			}
		}
	}
}

// behaviour is what would tell how somebody works.
var behaviour = regexp.MustCompile(`"(last_?(seen|login|active|online|sign_?in)|seen_?at|read_?at|online_?since|login_?at|user_?agent|ip|network)[^"]*":`)

// CVE class 12: nothing that ordinary people get tells when somebody else read,
// signed in or was there; one's own devices are one's own.
func TestNobodySeesHowOthersBehave(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	b := newBusyRoom(t, town)
	b.insider.Must("POST", "/chat/rooms/"+b.id+"/messages", b.newMessage(), nil)
	tab := b.insider.Socket()
	state := tab.Join(b.topic, -1)
	mine := tab.Join("me", -1)
	b.everything()
	for _, route := range town.Program.Routes() {
		if route.Method != http.MethodGet || strings.Contains(route.Path, "/sessions") || strings.HasSuffix(route.Path, "/socket") || strings.Contains(route.Path, "openapi") {
			continue
		}
		status, _, body := b.insider.Raw("GET", b.path(route.Path), nil, nil)
		if hit := behaviour.Find(body); status < 300 && hit != nil {
			t.Errorf("GET %s tells %s", route.Path, hit)
		}
	}
	for _, f := range append(tab.Seen(), state, mine) {
		if hit := behaviour.Find(append(bytes.Clone(f.Data), f.OK...)); hit != nil {
			t.Errorf("the event or answer %s tells %s", f.Event, hit)
		}
	}
}

// CVE class 25: what looks like a query is a text: lists and searches find
// nothing by it that they should not, and what is no text is refused.
func TestQueriesInTextsFindNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		s := newScene(t, town)
		s.publicRoom()
		for _, query := range []string{"' OR '1'='1", "%", "_", "%' OR 1=1 --", "*)(uid=*", "\\", "'; DROP TABLE chat_rooms; --", `{"$ne":null}`, "x' UNION SELECT token FROM auth_sessions --"} {
			for _, path := range []string{"/chat/public-rooms?q=", "/people?q=", "/pads?q=", "/search?q="} {
				status, _, body := s.owner.Raw("GET", path+encodeQuery(query), nil, nil)
				if status == http.StatusNotFound {
					continue // another build names it differently
				}
				checkAnswer(t, "GET "+path+query, status, body)
				if bytes.Contains(body, []byte("Markt")) || bytes.Contains(body, []byte("Otto Aussen")) {
					t.Errorf("GET %s%s finds what it should not: %.200s", path, query, body)
				}
			}
		}
		for _, value := range []any{map[string]any{"$ne": nil}, []any{"a"}, 7, true} {
			status, _ := town.Stranger().Do("POST", "/auth/login", map[string]any{"login": value, "password": value}, nil)
			if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
				t.Errorf("signing in with %v is answered %d", value, status)
			}
		}
		checkAlive(t, town)
	})
}

func encodeQuery(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15])))
	}
	return b.String()
}

// CVE class 30: a megabyte in a header, or a small text made to be expensive,
// costs no more than a moment.
func TestTinyInputsCostLittle(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	b := newBusyRoom(t, town)
	const moment = 5 * time.Second // generous: the machine is shared; what is quadratic takes minutes
	timed := func(what string, ask func()) {
		t.Helper()
		began := time.Now()
		ask()
		if took := time.Since(began); took > moment {
			t.Errorf("%s took %s", what, took)
		}
	}
	for _, header := range []string{"Accept-Language", "Accept", "Accept-Encoding", "Cookie", "Origin", "If-None-Match", "Range", "X-Forwarded-For", "Authorization", "Content-Type", "X-Request-Id"} {
		for _, unit := range []string{"a", "de;q=0.1,", "a=b; ", "bytes=0-1,", "(", "\""} {
			value := strings.Repeat(unit, (900<<10)/len(unit))
			timed("900 KiB in "+header, func() {
				status, _, body := b.owner.Raw("GET", "/me", nil, map[string]string{header: value})
				if status >= http.StatusInternalServerError {
					t.Errorf("900 KiB of %q in %s: answered %d %.100s", unit, header, status, body)
				}
			})
		}
	}
	for _, unit := range []string{"[@", "[@a](person:", "[@Name](person:" + b.insider.ID + ")", "[", "![", "**", "> ", "`", "<a ", "| a ", "\u0301", "ﷺ", "👨\u200d👩\u200d", "&amp", "$$"} {
		text := strings.Repeat(unit, 15_000/len(unit))
		timed("a message of "+unit, func() {
			_, code := b.owner.Do("POST", "/chat/rooms/"+b.id+"/messages", map[string]any{"client_id": id.New(), "text": text, "confirm_many": true}, nil)
			if code == "internal" {
				t.Errorf("a message of %q is answered %s", unit, code)
			}
		})
		timed("a search for "+unit, func() { b.owner.Do("GET", "/people?q="+encodeQuery(strings.Repeat(unit, 100/len(unit)+1)), nil, nil) })
	}
	checkAlive(t, town)
}
