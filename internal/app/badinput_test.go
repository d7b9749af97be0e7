package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/testkit"
)

// operation is a row of the API document.
type operation struct {
	method string
	path   string
	body   schema // of the JSON body; nil: none
	params []parameter
}

type parameter struct {
	In     string `json:"in"`
	Name   string `json:"name"`
	Schema schema `json:"schema"`
}

type schema map[string]any

// apiDocument is the program's own description of itself.
type apiDocument struct {
	Paths map[string]map[string]struct {
		Parameters  []parameter `json:"parameters"`
		RequestBody struct {
			Content map[string]struct {
				Schema schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

func operations(t *testing.T, town *testkit.Town) (*apiDocument, []operation) {
	t.Helper()
	b, err := town.Program.Document()
	if err != nil {
		t.Fatal(err)
	}
	var doc apiDocument
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, operation{strings.ToUpper(method), path, op.RequestBody.Content["application/json"].Schema, op.Parameters})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return &doc, all
}

func (d *apiDocument) resolve(s schema) schema {
	if ref, ok := s["$ref"].(string); ok {
		return d.Components.Schemas[ref[strings.LastIndexByte(ref, '/')+1:]]
	}
	return s
}

// field is a place in a body, and what is wanted there.
type field struct {
	path []string
	kind string
}

func (d *apiDocument) fields(s schema) []field {
	s = d.resolve(s)
	properties, _ := s["properties"].(map[string]any)
	var all []field
	for name, p := range properties {
		inner, _ := p.(map[string]any)
		if name == "$schema" {
			continue
		}
		kind := kindOf(d.resolve(inner))
		all = append(all, field{[]string{name}, kind})
		for _, deeper := range d.fields(inner) {
			all = append(all, field{append([]string{name}, deeper.path...), deeper.kind})
		}
	}
	return all
}

// sample builds the smallest body that the schema lets through.
func (d *apiDocument) sample(s schema) any {
	s = d.resolve(s)
	if choice, ok := s["enum"].([]any); ok && len(choice) > 0 {
		return choice[len(choice)-1]
	}
	switch kindOf(s) {
	case "object":
		out := map[string]any{}
		required, _ := s["required"].([]any)
		properties, _ := s["properties"].(map[string]any)
		for _, name := range required {
			inner, _ := properties[name.(string)].(map[string]any)
			out[name.(string)] = d.sample(inner)
		}
		return out
	case "array":
		inner, _ := s["items"].(map[string]any)
		return []any{d.sample(inner)}
	case "integer", "number":
		if least, ok := s["minimum"].(float64); ok {
			return least
		}
		return 1
	case "boolean":
		return true
	}
	least, _ := s["minLength"].(float64)
	return strings.Repeat("a", max(int(least), 1))
}

// kindOf reads the type, of which nullable ones are a list.
func kindOf(s schema) string {
	switch t := s["type"].(type) {
	case string:
		return t
	case []any:
		kind, _ := t[0].(string)
		return kind
	}
	return "string"
}

// with returns a copy of body with one field replaced.
func with(body any, path []string, value any) any {
	out := map[string]any{}
	if m, ok := body.(map[string]any); ok {
		for k, v := range m {
			out[k] = v
		}
	}
	if len(path) == 1 {
		out[path[0]] = value
	} else {
		out[path[0]] = with(out[path[0]], path[1:], value)
	}
	return out
}

// wrong lists bodies that are broken in every way that is known.
func (d *apiDocument) wrong(o operation) map[string][]byte {
	good := d.sample(o.body)
	long := bytes.Repeat([]byte("ä"), 512<<10) // 1 MiB
	out := map[string][]byte{
		"nothing":        {},
		"broken JSON":    []byte(`{"name":`),
		"a list":         []byte(`[1,2,3]`),
		"a word":         []byte(`"wort"`),
		"null":           []byte(`null`),
		"two values":     []byte(`{} {}`),
		"deep nesting":   []byte(strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000)),
		"deep lists":     []byte(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)),
		"unknown field":  encode(with(good, []string{"unknown_field"}, "x")),
		"huge number":    []byte(`{"seq":1e999999}`),
		"only NUL bytes": make([]byte, 100),
	}
	for _, f := range d.fields(o.body) {
		name := strings.Join(f.path, ".")
		raw := func(b []byte) []byte { // past the encoder, which would mend it, or take long
			return bytes.Replace(encode(with(good, f.path, "placeholder")), []byte("placeholder"), b, 1)
		}
		out["1 MiB in "+name] = raw(long)
		out["100 kB in "+name] = raw(long[:100_000])
		out["NUL in "+name] = encode(with(good, f.path, "a\x00b"))
		out["no UTF-8 in "+name] = raw([]byte("\xff\xfe\xc0"))
		out["controls in "+name] = encode(with(good, f.path, "a\x1b]0;title\x07\u202eb"))
		for kind, v := range map[string]any{"string": "wort", "integer": -1 << 60, "object": map[string]any{"$ne": 1}, "array": []any{[]any{}}, "boolean": true} {
			if kind != f.kind {
				out[kind+" in "+name] = encode(with(good, f.path, v))
			}
		}
	}
	return out
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a mistake of the test
	}
	return b
}

// Requirement rows 000-18, 001-14: whatever comes in, the answer is clear, says
// nothing about the inside, and the program lives.
func TestBadBodiesGetClearAnswers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		doc, all := operations(t, town)
		var people sync.WaitGroup
		var asked atomic.Int64
		for _, o := range all {
			if o.body == nil {
				continue
			}
			s := newScene(t, town)
			path := s.path(o.path)
			people.Go(func() {
				owner := town.SignIn(s.owner.ID, "owner")
				for what, body := range doc.wrong(o) {
					status, _, answer := owner.Raw(o.method, path, body, nil)
					if status == http.StatusUnauthorized { // some operations end the session
						owner = town.SignIn(s.owner.ID, "owner")
						status, _, answer = owner.Raw(o.method, path, body, nil)
					}
					checkAnswer(t, o.method+" "+o.path+" with "+what, status, answer)
					asked.Add(1)
				}
			})
		}
		people.Wait()
		checkAlive(t, town)
		if asked.Load() < 1000 {
			t.Errorf("only %d bad bodies were sent: the document was not understood", asked.Load())
		}
	})
}

// newScene has an administrator as owner, who gets past every door.
func newScene(t *testing.T, town *testkit.Town) *scene {
	t.Helper()
	c := newCast(t, town)
	c.owner = c.admin
	return c.scene(t, "owner")
}

// inside are words that only the inside of the program uses.
var inside = []string{"goroutine", "panic", "SELECT ", "INSERT ", "sqlite", "SQLSTATE", "pgx", "gorm", ".go:", "/internal/"}

func checkAnswer(t *testing.T, what string, status int, answer []byte) {
	t.Helper()
	if status >= http.StatusInternalServerError || status == 0 {
		t.Errorf("%s: answered %d %.300s", what, status, answer)
	}
	if status < http.StatusBadRequest {
		return
	}
	var f fault.Body
	if err := json.Unmarshal(answer, &f); err != nil || f.Code == "" {
		t.Errorf("%s: answered %d %.300q, which is no fault", what, status, answer)
	}
	for _, word := range inside {
		if strings.Contains(string(answer), word) {
			t.Errorf("%s: the answer tells about the inside: %.300s", what, answer)
		}
	}
	if len(answer) > 16<<10 {
		t.Errorf("%s: the answer repeats %d bytes", what, len(answer))
	}
}

func checkAlive(t *testing.T, town *testkit.Town) {
	t.Helper()
	ada := town.Person("Ada Ahorn", access.RoleMember)
	ada.Must("GET", "/me", nil, nil)
	ada.Socket().Join("me", -1)
}

// Paths and questions of an address are checked like bodies are.
func TestBadAddressesGetClearAnswers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		_, all := operations(t, town)
		bad := []string{"%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "%27%20OR%201=1--", "%7B%22$ne%22:1%7D", "-1", "1e99", "99999999999999999999", strings.Repeat("a", 8000), "%1b%5d0;x%07"}
		var people sync.WaitGroup
		for _, o := range all {
			s := newScene(t, town)
			people.Go(func() {
				for _, p := range o.params {
					for _, value := range bad {
						var path string
						switch p.In {
						case "path":
							path = s.path(strings.ReplaceAll(o.path, "{"+p.Name+"}", value))
						case "query":
							path = s.path(o.path) + "?" + p.Name + "=" + value
						default:
							continue
						}
						status, _, answer := town.SignIn(s.owner.ID, "owner").Raw(o.method, path, nil, nil)
						checkAnswer(t, o.method+" "+o.path+" with "+p.Name+"="+value[:min(len(value), 40)], status, answer)
					}
				}
			})
		}
		people.Wait()
		checkAlive(t, town)
	})
}
