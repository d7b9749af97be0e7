package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"rathaus/internal/api"
	"rathaus/internal/fault"
)

// Person is somebody with a browser.
type Person struct {
	town  *Town
	ID    string
	Name  string
	Token string // of the session; empty: not signed in
}

// Do sends a request to the API as the portal would and reads the answer into
// out, if out is not nil and the answer is a success. It returns the status and,
// for refusals, the fault's code.
func (p *Person) Do(method, path string, in, out any) (status int, code string) {
	p.town.T.Helper()
	status, _, body := p.Raw(method, path, in, nil)
	if status >= 400 {
		var f fault.Body
		if err := json.Unmarshal(body, &f); err != nil {
			p.town.T.Errorf("%s %s answered %d with %.200q, which is no fault: %v", method, path, status, body, err)
		}
		return status, f.Code
	}
	if out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			p.town.T.Fatalf("%s %s answered %.200q: %v", method, path, body, err)
		}
	}
	return status, ""
}

// Must is Do for requests that have to succeed.
func (p *Person) Must(method, path string, in, out any) {
	p.town.T.Helper()
	if status, code := p.Do(method, path, in, out); status >= 300 {
		p.town.T.Fatalf("%s: %s %s should succeed, got %d %s", p.Name, method, path, status, code)
	}
}

// Raw sends a request with more headers and returns everything of the answer.
// in is JSON unless it is a string or bytes.
func (p *Person) Raw(method, path string, in any, header map[string]string) (int, http.Header, []byte) {
	p.town.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.town.URL+api.Base+path, p.body(in))
	if err != nil {
		p.town.T.Fatalf("%s %s: %v", method, path, err)
	}
	req.Header.Set(api.WriteHeader, "1")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.Token != "" {
		req.Header.Set("Cookie", p.town.Program.Auth().CookieName()+"="+p.Token)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := p.town.client.Do(req)
	if err != nil {
		p.town.T.Fatalf("%s %s: %v", method, path, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.town.T.Fatalf("%s %s: %v", method, path, err)
	}
	if err := resp.Body.Close(); err != nil {
		p.town.T.Errorf("%s %s: %v", method, path, err)
	}
	if code := resp.Header.Get(api.FaultHeader); method == http.MethodHead && code != "" {
		body = []byte(`{"code":"` + code + `"}`) // answers to HEAD have none of their own
	}
	return resp.StatusCode, resp.Header, body
}

func (p *Person) body(in any) io.Reader {
	p.town.T.Helper()
	switch v := in.(type) {
	case nil:
		return http.NoBody
	case string:
		return strings.NewReader(v)
	case []byte:
		return bytes.NewReader(v)
	}
	b, err := json.Marshal(in)
	if err != nil {
		p.town.T.Fatalf("marshal %T: %v", in, err)
	}
	return bytes.NewReader(b)
}
