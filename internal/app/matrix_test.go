package app_test

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// rule is one row of the matrix: what each column is answered. The cells are
// "ok", "anon" (401 not_signed_in), "no" (403 not_allowed), or the code of
// another fault.
type rule struct {
	op   string // "METHOD /path" or "topic.operation"
	want string // a cell for each column, or one for all
	// account is the cell of a guest with an account, where it is another than that
	// of a guest by link.
	account string
	data    func(*scene) any
	path    func(*scene) string // instead of the route's own with the scene's things
	head    map[string]string   // further headers
}

func (r rule) cells() []string {
	all := strings.Fields(r.want)
	for len(all) == 1 && len(all) < len(columns) {
		for range len(columns) - 1 {
			all = append(all, all[0])
		}
	}
	return all
}

// Requirement rows 000-22, 001-13: every route and every socket operation has a
// row here that says what everybody is answered. A new one without a row fails,
// and so does a row whose operation is gone.
func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	rows := map[string]rule{}
	for _, r := range append(httpRules(), socketRules()...) {
		if _, twice := rows[r.op]; twice {
			t.Errorf("%s has two rows", r.op)
		}
		rows[r.op] = r
	}
	run := func(op string, ask func(*scene, rule) string) {
		r, ok := rows[op]
		if !ok {
			t.Errorf("%s has no row in the permission matrix", op)
			r = rule{op: op, want: "?"}
		}
		delete(rows, op)
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			newCast(t, town).play(t, r, ask)
		})
	}
	t.Run("rows", func(*testing.T) {
		for _, route := range town.Program.Routes() {
			run(route.Method+" "+route.Path, (*scene).request)
		}
		for _, o := range town.Program.Operations() {
			run(o.Kind+"."+o.Name, (*scene).operate)
		}
	})
	for op := range rows {
		t.Errorf("%s has a row in the permission matrix but does not exist", op)
	}
}

// play asks in the place of everybody.
func (c *cast) play(t *testing.T, r rule, ask func(*scene, rule) string) {
	t.Helper()
	var got []string
	for _, column := range columns {
		got = append(got, ask(c.scene(t, column), r))
	}
	want := r.cells()
	if len(want) != len(columns) {
		t.Fatalf("the row needs %d cells. Answers: %s", len(columns), strings.Join(got, " "))
	}
	for i, column := range columns {
		if got[i] != want[i] {
			t.Errorf("%s is answered %s, want %s", column, got[i], want[i])
		}
	}
	if t.Failed() {
		t.Logf("all answers: %s", strings.Join(got, " "))
	}
}

func (s *scene) request(r rule) string {
	method, route, _ := strings.Cut(r.op, " ")
	var path string
	if r.path != nil {
		path = r.path(s)
	} else {
		path = s.path(route)
	}
	var body any
	if r.data != nil {
		body = r.data(s)
	}
	status, _, answer := s.asker().Raw(method, path, body, r.head)
	if status < http.StatusBadRequest {
		return "ok"
	}
	var f fault.Body
	if err := json.Unmarshal(answer, &f); err != nil || f.Code == "" || status >= http.StatusInternalServerError {
		s.t.Errorf("%s: answered %d %.100q", s.column, status, answer)
	}
	return cell(status, f.Code)
}

func cell(status int, code string) string {
	switch {
	case status == http.StatusUnauthorized && code == "not_signed_in":
		return "anon"
	case status == http.StatusForbidden && code == "not_allowed":
		return "no"
	}
	return code
}

// operate opens a tab, joins the topic, takes part where it is a meeting, and
// asks. What the preparations are answered does not matter here: they have
// their own rows.
func (s *scene) operate(r rule) string {
	kind, op, _ := strings.Cut(r.op, ".")
	topic := map[string]func() string{
		"me":      func() string { return "me" },
		"room":    func() string { return "room:" + s.room() },
		"pad":     func() string { return "pad:" + s.pad() },
		"meeting": func() string { return "meeting:" + s.meetingID() },
	}[kind]()
	who := s.asker()
	ws, resp, err := who.Dial(nil)
	if err != nil {
		if resp != nil && resp.StatusCode == http.StatusUnauthorized {
			return "anon"
		}
		s.t.Fatalf("%s: open a socket: %v", s.column, err)
	}
	if err := ws.Close(); err != nil {
		s.t.Error(err)
	}
	tab := who.Socket()
	defer tab.Close()
	var data any
	if r.data != nil {
		data = r.data(s)
	}
	if op != "join" {
		tab.Ask("join", topic, nil)
	}
	if kind == "meeting" && op != "join" && op != "enter" {
		tab.Ask("enter", topic, map[string]any{})
	}
	var answer testkit.Frame
	if op == "binary" {
		answer = s.binary(tab)
	} else {
		answer = tab.Ask(op, topic, data)
	}
	if answer.Error == nil {
		return "ok"
	}
	if answer.Error.Code == "not_allowed" {
		return "no"
	}
	return answer.Error.Code
}

func (s *scene) binary(tab *testkit.Socket) testkit.Frame {
	const number = 4_000_000
	raw, err := id.Bytes(s.pad())
	if err != nil {
		s.t.Fatal(err)
	}
	b := append([]byte{1, 1, 1, 0}, raw[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(number))
	tab.Write(websocket.BinaryMessage, append(b, s.update()...))
	return tab.Until("the answer to an update", func(f testkit.Frame) bool { return f.Re == number })
}
