package api_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/fault"
)

type input struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"10"`
	}
}

type output struct {
	Body struct {
		Name string `json:"name"`
	}
}

func echo(_ context.Context, in *input) (*output, error) {
	out := &output{}
	out.Body.Name = in.Body.Name
	return out, nil
}

// house serves a handful of operations. The header X-Who is the role of whoever asks.
func house(t *testing.T) (*httptest.Server, *api.API, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	a, err := api.New(api.Config{
		Version: "test", PublicURL: "https://portal.example",
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Authenticate: func(r *http.Request) (access.Principal, error) {
			switch who := r.Header.Get("X-Who"); who {
			case "":
				return access.Principal{}, nil
			case "broken":
				return access.Principal{}, errors.New("database is gone")
			default:
				return access.Principal{UserID: who, Role: access.Role(who), SessionID: who}, nil
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	huma.Register(a.Huma, api.Op("POST", "/echo", "test-echo", access.Member, "Echo"), echo)
	huma.Register(a.Huma, api.Op("GET", "/secret", "test-secret", access.Deny, "No level"), func(context.Context, *struct{}) (*output, error) { return &output{}, nil })
	huma.Register(a.Huma, api.Op("GET", "/fail/{how}", "test-fail", access.Public, "Fail"),
		func(_ context.Context, in *struct {
			How string `path:"how"`
		}) (*output, error) {
			switch in.How {
			case "panic":
				panic("hunter2")
			case "fault":
				return nil, fault.Conflict("test.taken", "name", "x")
			default:
				return nil, errors.New("password=hunter2")
			}
		})
	api.Raw(a.Huma, api.Op("GET", "/raw", "test-raw", access.Admin, "Raw"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	srv := httptest.NewServer(a.Engine)
	t.Cleanup(srv.Close)
	return srv, a, log
}

func do(t *testing.T, srv *httptest.Server, method, path, body string, header map[string]string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+api.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestLevelsAreEnforcedBeforeTheHandler(t *testing.T) {
	t.Parallel()
	srv, _, _ := house(t)
	cases := []struct {
		who, method, path string
		status            int
		code              string
	}{
		{"", "POST", "/echo", 401, "not_signed_in"},
		{"guest", "POST", "/echo", 403, "not_allowed"},
		{"member", "POST", "/echo", 200, ""},
		{"admin", "GET", "/secret", 403, "not_allowed"}, // an operation without a level is closed
		{"member", "GET", "/raw", 403, "not_allowed"},
		{"admin", "GET", "/raw", 418, ""},
		{"broken", "POST", "/echo", 503, "sign_in_unavailable"},
	}
	for _, c := range cases {
		header := map[string]string{}
		if c.who != "" {
			header["X-Who"] = c.who
		}
		status, body := do(t, srv, c.method, c.path, `{"name":"ada"}`, header)
		if status != c.status || !strings.Contains(body, c.code) {
			t.Errorf("%s %s as %q: got %d %s, want %d %s", c.method, c.path, c.who, status, body, c.status, c.code)
		}
	}
}

// CVE class 28 of the threat list: writes caused by another site.
func TestCrossSiteWritesAreRefused(t *testing.T) {
	t.Parallel()
	srv, _, _ := house(t)
	cases := []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"a program without cookies", nil, 200},
		{"the portal", map[string]string{"Cookie": "a=b", api.WriteHeader: "1", "Origin": srv.URL}, 200},
		{"the public address behind a proxy", map[string]string{"Cookie": "a=b", api.WriteHeader: "1", "Origin": "https://portal.example"}, 200},
		{"a form of another site", map[string]string{"Cookie": "a=b", "Origin": "https://evil.example"}, 403},
		{"a script of another site", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a sibling site", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://other.portal.example"}, 403},
		{"a cookie without our header", map[string]string{"Cookie": "a=b"}, 403},
	}
	for _, c := range cases {
		header := map[string]string{"X-Who": "member"}
		for k, v := range c.header {
			header[k] = v
		}
		if status, body := do(t, srv, "POST", "/echo", `{"name":"ada"}`, header); status != c.want {
			t.Errorf("%s: got %d %s, want %d", c.name, status, body, c.want)
		}
	}
}

func TestBadInputGetsAClearAnswer(t *testing.T) {
	t.Parallel()
	srv, _, _ := house(t)
	as := map[string]string{"X-Who": "member"}
	cases := []struct {
		name, body string
		status     int
		code       string
	}{
		{"broken JSON", `{"name":`, 400, "invalid_input"},
		{"wrong type", `{"name":5}`, 422, "invalid_input"},
		{"too long", `{"name":"` + strings.Repeat("x", 11) + `"}`, 422, "invalid_input"},
		{"unknown field", `{"name":"a","role":"admin"}`, 422, "invalid_input"},
		{"empty", ``, 400, "invalid_input"},
		{"over the limit", `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, 413, "body_too_large"},
	}
	for _, c := range cases {
		status, body := do(t, srv, "POST", "/echo", c.body, as)
		if status != c.status || !strings.Contains(body, c.code) {
			t.Errorf("%s: got %d %.200s, want %d %s", c.name, status, body, c.status, c.code)
		}
		if len(body) > 8192 {
			t.Errorf("%s: the answer has %d bytes; broken values are not sent back at full length", c.name, len(body))
		}
	}
}

func TestUnexpectedErrorsShowNothingAndAreFoundInTheLog(t *testing.T) {
	t.Parallel()
	srv, _, log := house(t)
	for _, how := range []string{"error", "panic"} {
		status, body := do(t, srv, "GET", "/fail/"+how, "", nil)
		if status != 500 || strings.Contains(body, "hunter2") || !strings.Contains(body, "request_id") {
			t.Errorf("%s: got %d %s", how, status, body)
		}
	}
	if got := strings.Count(log.String(), "hunter2"); got < 2 {
		t.Errorf("the log should hold both causes, got %d", got)
	}
	status, body := do(t, srv, "GET", "/fail/fault", "", nil)
	if status != 409 || !strings.Contains(body, `"code":"test.taken"`) || !strings.Contains(body, `"name":"x"`) {
		t.Errorf("got %d %s", status, body)
	}
}

func TestFloodsAreSlowedDown(t *testing.T) {
	t.Parallel()
	srv, _, _ := house(t)
	for range 1000 {
		if status, _ := do(t, srv, "GET", "/fail/fault", "", nil); status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("a thousand requests in a row should meet the limit")
}

func TestTheInventoryNamesEveryRouteAndTheGapInIt(t *testing.T) {
	t.Parallel()
	_, a, _ := house(t)
	if got := len(api.Inventory(a.Huma)); got != 4 {
		t.Errorf("the inventory has %d rows, want 4", got)
	}
	err := api.Check(a.Huma)
	if err == nil || !strings.Contains(err.Error(), "GET /secret has no level") {
		t.Errorf("got %v, want the route without a level named", err)
	}
}

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	t.Parallel()
	srv, _, _ := house(t)
	resp, err := srv.Client().Get(srv.URL + "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security", "Cross-Origin-Opener-Policy", "X-Request-Id"} {
		if resp.Header.Get(h) == "" {
			t.Errorf("%s is missing", h)
		}
	}
	if strings.Contains(resp.Header.Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy should not allow anything unsafe")
	}
}
