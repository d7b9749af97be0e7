package admin

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// office is admin with its real neighbours behind the real HTTP layer. Who asks
// is said by the header "As".
type office struct {
	*testing.T
	admin     *Admin
	directory *directory.Directory
	audit     *audit.Log
	engine    http.Handler
	people    map[string]directory.User
}

func onEach(t *testing.T, fn func(o *office), changes ...func(*config.Config)) {
	t.Helper()
	storetest.Each(t, []store.Source{audit.Source(), directory.Source()}, func(t *testing.T, db *store.DB) {
		fn(newOffice(t, db, changes...))
	})
}

func newOffice(t *testing.T, db *store.DB, changes ...func(*config.Config)) *office {
	t.Helper()
	o := &office{T: t, people: map[string]directory.User{}}
	now := clock.NewFake(time.Now())
	log := slog.New(slog.DiscardHandler)
	var err error
	o.directory, err = directory.New(t.Context(), directory.Deps{DB: db, Clock: now, Log: log})
	o.must(err)
	o.audit, err = audit.New(audit.Deps{DB: db, Clock: now})
	o.must(err)
	cfg := config.Default()
	for _, change := range changes {
		change(cfg)
	}
	o.admin, err = New(Deps{DB: db, Directory: o.directory, Audit: o.audit, Clock: now, Config: cfg, Version: "test"})
	o.must(err)
	rest, err := api.New(api.Config{PublicURL: "http://localhost:8080", Authenticate: o.who, Log: log})
	o.must(err)
	o.admin.routes(rest.Huma)
	o.must(api.Check(rest.Huma))
	o.engine = rest.Engine
	for name, role := range map[string]access.Role{"Ada Amtmann": "admin", "Adam Archiv": "auditor", "Bea Bauhof": "member", "Özlem Straßer": "member"} {
		u, err := o.directory.Create(t.Context(), directory.NewUser{Name: name, Role: role, Unit: "Bauamt"})
		o.must(err)
		o.people[name] = u
	}
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) who(r *http.Request) (access.Principal, error) {
	name := r.Header.Get("As")
	if name == "guest" {
		return access.Principal{UserID: "guest-1", Role: access.RoleGuest, SessionID: "s"}, nil
	}
	u, known := o.people[name]
	if !known {
		return access.Principal{}, nil
	}
	return access.Principal{UserID: u.ID, Name: u.Name, Role: u.Role, SessionID: "s-" + u.ID}, nil
}

func (o *office) ask(as, method, path string, body any) *httptest.ResponseRecorder {
	o.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		o.must(err)
		content = bytes.NewReader(text)
	}
	r := httptest.NewRequestWithContext(o.Context(), method, api.Base+path, content)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(api.WriteHeader, "1")
	r.Header.Set("As", as)
	w := httptest.NewRecorder()
	o.engine.ServeHTTP(w, r)
	return w
}

// want fails unless the answer has the status, and the code if one is given.
func (o *office) want(w *httptest.ResponseRecorder, status int, code ...string) *httptest.ResponseRecorder {
	o.Helper()
	var f fault.Body
	_ = json.Unmarshal(w.Body.Bytes(), &f)
	if w.Code != status || len(code) > 0 && f.Code != code[0] {
		o.Fatalf("answered %d %s, want %d %v", w.Code, w.Body, status, code)
	}
	return w
}

func (o *office) actions() []string {
	o.Helper()
	page, err := o.audit.List(o.Context(), audit.Filter{}, "", 0)
	o.must(err)
	var all []string
	for _, e := range page.Items {
		all = append(all, e.Action)
	}
	return all
}

func TestWhoMayAskForWhat_CVEClass9(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		id := o.people["Bea Bauhof"].ID
		for _, row := range []struct {
			path                                    string
			nobody, guest, member, auditor, adminOK int
		}{
			{"/people?q=bea", 401, 403, 200, 200, 200},
			{"/people/" + id, 401, 403, 200, 200, 200},
			{"/groups", 401, 403, 200, 200, 200},
			{"/town/links", 401, 403, 200, 200, 200},
			{"/admin/people", 401, 403, 403, 403, 200},
			{"/admin/people/" + id, 401, 403, 403, 403, 200},
			{"/admin/groups", 401, 403, 403, 403, 200},
			{"/admin/audit", 401, 403, 403, 200, 200},
			{"/admin/settings", 401, 403, 403, 403, 200},
			{"/town/texts/imprint", 200, 200, 200, 200, 200},
		} {
			for as, want := range map[string]int{"": row.nobody, "guest": row.guest, "Bea Bauhof": row.member, "Adam Archiv": row.auditor, "Ada Amtmann": row.adminOK} {
				if w := o.ask(as, "GET", row.path, nil); w.Code != want {
					t.Errorf("GET %s as %q answered %d, want %d", row.path, as, w.Code, want)
				}
			}
		}
		for _, write := range []string{"POST /admin/people/" + id + "/disable", "POST /admin/people/" + id + "/enable", "POST /admin/groups"} {
			method, path, _ := strings.Cut(write, " ")
			for _, as := range []string{"guest", "Bea Bauhof", "Adam Archiv"} {
				if w := o.ask(as, method, path, map[string]any{"name": "x"}); w.Code != http.StatusForbidden {
					t.Errorf("%s as %q answered %d, want 403", write, as, w.Code)
				}
			}
		}
	})
}

func TestMembersFindPeopleInEitherSpelling(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		for _, q := range []string{"özlem", "oezlem", "strasser", "STRAẞER", "bauamt%20str"} {
			if w := o.want(o.ask("Bea Bauhof", "GET", "/people?q="+q, nil), 200); !strings.Contains(w.Body.String(), "Özlem") {
				t.Errorf("%s should find Özlem Straßer: %s", q, w.Body)
			}
		}
		o.must(o.directory.Disable(t.Context(), o.people["Özlem Straßer"].ID))
		if w := o.want(o.ask("Bea Bauhof", "GET", "/people?q=özlem", nil), 200); strings.Contains(w.Body.String(), "Özlem") {
			t.Error("a disabled person should not be found")
		}
		if w := o.ask("Bea Bauhof", "GET", "/people", nil); strings.Contains(w.Body.String(), "role") || strings.Contains(w.Body.String(), "disabled") {
			t.Error("members should not see roles and states")
		}
	})
}

func TestPeopleAreListedWithFiltersAndPages(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		var seen []string
		cursor := ""
		for {
			var page struct {
				Items []Person
				Next  string
				Total int
			}
			o.must(json.Unmarshal(o.want(o.ask("Ada Amtmann", "GET", "/admin/people?limit=1&cursor="+cursor, nil), 200).Body.Bytes(), &page))
			for _, p := range page.Items {
				seen = append(seen, p.Name)
			}
			if page.Total != 4 {
				t.Errorf("total is %d, want 4", page.Total)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if want := []string{"Ada Amtmann", "Adam Archiv", "Bea Bauhof", "Özlem Straßer"}; !slices.Equal(seen, want) {
			t.Errorf("got %v, want %v", seen, want)
		}
		w := o.want(o.ask("Ada Amtmann", "GET", "/admin/people?role=auditor&state=active", nil), 200)
		if !strings.Contains(w.Body.String(), "Adam") || strings.Contains(w.Body.String(), "Bea") {
			t.Errorf("the filter should leave the auditor: %s", w.Body)
		}
		o.want(o.ask("Ada Amtmann", "GET", "/admin/people?role=king", nil), http.StatusUnprocessableEntity)
		o.want(o.ask("Ada Amtmann", "GET", "/admin/people?cursor=!!", nil), http.StatusUnprocessableEntity, "cursor_invalid")
	})
}

func TestRoleAndStateChangesLeaveTheirTrace(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		path := "/admin/people/" + o.people["Bea Bauhof"].ID
		o.want(o.ask("Ada Amtmann", "PATCH", path, map[string]any{"role": "auditor", "title": "Leiterin"}), 200)
		o.want(o.ask("Ada Amtmann", "POST", path+"/disable", nil), 204)
		o.want(o.ask("Ada Amtmann", "POST", path+"/enable", nil), 204)
		for _, want := range []string{"user.role_changed", "user.changed", "user.disabled", "user.enabled"} {
			if !slices.Contains(o.actions(), want) {
				t.Errorf("%s should be in the audit log: %v", want, o.actions())
			}
		}
		log := o.want(o.ask("Adam Archiv", "GET", "/admin/audit?action=user", nil), 200).Body.String()
		for _, want := range []string{"Ada Amtmann", "Bea Bauhof", `"from":"member"`, `"to":"auditor"`} {
			if !strings.Contains(log, want) {
				t.Errorf("the audit log should show %s: %s", want, log)
			}
		}
	})
}

func TestAdministratorsCannotLockThemselvesOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		own := "/admin/people/" + o.people["Ada Amtmann"].ID
		o.want(o.ask("Ada Amtmann", "POST", own+"/disable", nil), http.StatusConflict, "admin.not_yourself")
		o.want(o.ask("Ada Amtmann", "PATCH", own, map[string]any{"role": "member"}), http.StatusConflict, "admin.not_yourself")
		before := len(o.actions())
		if err := o.admin.Disable(access.With(t.Context(), access.Principal{UserID: "other"}), o.people["Ada Amtmann"].ID); fault.From(err).Code != "directory.last_admin" {
			t.Errorf("the last administrator should stay, got %v", err)
		}
		if len(o.actions()) != before {
			t.Error("what was refused should leave no trace of a deed")
		}
	})
}

func TestNobodyGivesMoreThanTheFieldsAllow(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		path := "/admin/people/" + o.people["Bea Bauhof"].ID
		for _, body := range []map[string]any{{"role": "root"}, {"id": "x"}, {"disabled": true}, {"name": strings.Repeat("x", 81)}, {"name": 1}} {
			if w := o.ask("Ada Amtmann", "PATCH", path, body); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%v answered %d %s, want 422", body, w.Code, w.Body)
			}
		}
	})
}

func TestGroupsAndMembers(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		var g Group
		o.must(json.Unmarshal(o.want(o.ask("Ada Amtmann", "POST", "/admin/groups", map[string]any{"name": "Bauhof"}), 200).Body.Bytes(), &g))
		o.want(o.ask("Ada Amtmann", "POST", "/admin/groups", map[string]any{"name": "Bauhof"}), http.StatusConflict)
		path := "/admin/groups/" + g.ID
		member := path + "/members/" + o.people["Bea Bauhof"].ID
		o.want(o.ask("Ada Amtmann", "PUT", member, nil), 204)
		o.want(o.ask("Ada Amtmann", "PUT", member, nil), 204)
		if w := o.want(o.ask("Ada Amtmann", "GET", path, nil), 200); !strings.Contains(w.Body.String(), `"members":1`) {
			t.Errorf("the group should have one member: %s", w.Body)
		}
		if w := o.want(o.ask("Ada Amtmann", "GET", path+"/members", nil), 200); !strings.Contains(w.Body.String(), "Bea") {
			t.Errorf("Bea should be a member: %s", w.Body)
		}
		if w := o.want(o.ask("Adam Archiv", "GET", "/admin/audit?action=group", nil), 200); !strings.Contains(w.Body.String(), `"user":"Bea Bauhof"`) {
			t.Errorf("the audit log should name who was added: %s", w.Body)
		}
		o.want(o.ask("Ada Amtmann", "DELETE", member, nil), 204)
		o.want(o.ask("Ada Amtmann", "PATCH", path, map[string]any{"name": "Betriebshof"}), 200)
		o.want(o.ask("Ada Amtmann", "DELETE", path, nil), 204)
		o.want(o.ask("Ada Amtmann", "GET", path, nil), http.StatusNotFound)
		o.want(o.ask("Ada Amtmann", "GET", "/admin/groups/x", nil), http.StatusNotFound)
	})
}

func TestSettingsShowNoSecret_CVEClass31(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		w := o.want(o.ask("Ada Amtmann", "GET", "/admin/settings", nil), 200)
		if strings.Contains(w.Body.String(), "canary") || !strings.Contains(w.Body.String(), "kreis") {
			t.Errorf("the settings should name the provider and not its secret: %s", w.Body)
		}
	}, func(c *config.Config) {
		c.Database.DSN = "canary"
		c.Auth.OIDC = []config.OIDCProvider{{Name: "kreis", ClientSecret: "canary"}}
		c.Meet.TURN.Secret = "canary"
	})
}

func TestPublicPagesAndCoatOfArms(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "wappen.svg")
	if err := os.WriteFile(path, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 0o600); err != nil {
		t.Fatal(err)
	}
	onEach(t, func(o *office) {
		if w := o.want(o.ask("", "GET", "/town/texts/imprint", nil), 200); !strings.Contains(w.Body.String(), "Rathausplatz") {
			t.Errorf("got %s", w.Body)
		}
		o.want(o.ask("", "GET", "/town/texts/secret", nil), http.StatusUnprocessableEntity)
		w := o.want(o.ask("", "GET", "/town/coat-of-arms", nil), 200)
		if w.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("an image must not run: %v", w.Header())
		}
		plain := httptest.NewRecorder()
		o.admin.SecurityText(plain, nil)
		for _, want := range []string{"Contact: http://localhost:8080/imprint", "Expires: 20"} {
			if !strings.Contains(plain.Body.String(), want) {
				t.Errorf("security.txt should hold %q: %s", want, plain.Body)
			}
		}
	}, func(c *config.Config) { c.Town.Imprint, c.Town.CoatOfArms = "Rathausplatz 1", path })
}
