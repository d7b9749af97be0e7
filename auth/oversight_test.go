package auth

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestAdministratorsSeeAndEndSessions(t *testing.T) {
	t.Parallel()
	onEach(t, func(h *house) {
		admin := h.setUp()
		u, b := h.member("Bea Bauhof", "bea@musterstadt.example")
		_, token := h.guestLink()
		guest := h.surfer()
		guest.want(guest.take(token, "Frau Bürger"), 200)

		var page struct{ Items []Presence }
		h.must(json.Unmarshal(admin.want(admin.do("GET", "/admin/sessions", nil), 200).body, &page))
		var names []string
		for _, p := range page.Items {
			names = append(names, p.Name)
			if p.Guest != (p.PersonID == "") || p.Current != (p.Name == "Ada Amtmann") {
				t.Errorf("got %+v", p)
			}
		}
		if !slices.Equal(names, []string{"Frau Bürger", "Bea Bauhof", "Ada Amtmann"}) {
			t.Errorf("got %v", names)
		}
		admin.want(admin.do("DELETE", "/admin/sessions/"+page.Items[0].ID, nil), http.StatusNoContent)
		admin.want(admin.do("DELETE", "/admin/sessions/"+page.Items[0].ID, nil), http.StatusNotFound)
		if guest.state().Me != nil {
			t.Error("the guest should be out")
		}
		how := string(admin.want(admin.do("GET", "/admin/people/"+u.ID+"/sign-in", nil), 200).body)
		if !strings.Contains(how, "bea@musterstadt.example") || !strings.Contains(how, `"has_password":true`) {
			t.Errorf("got %s", how)
		}
		admin.want(admin.do("DELETE", "/admin/people/"+u.ID+"/sessions", nil), 200)
		if b.state().Me != nil {
			t.Error("the person should be signed out everywhere")
		}
		if how := admin.do("GET", "/admin/people/"+u.ID+"/sign-in", nil); !strings.Contains(string(how.body), `"sessions":[]`) {
			t.Errorf("an empty list is a list: %s", how.body)
		}
		admin.want(admin.do("POST", "/admin/people/"+u.ID+"/reset-link", nil), 200)
		for _, want := range []string{"auth.session_ended", "auth.sessions_ended", "auth.reset_link_made"} {
			if !slices.Contains(h.actions(), want) {
				t.Errorf("%s should be in the audit log", want)
			}
		}
		for _, path := range []string{"/admin/sessions", "/admin/people/" + u.ID + "/sign-in"} {
			b.want(b.login("bea@musterstadt.example", goodPassword), 200)
			b.want(b.do("GET", path, nil), http.StatusForbidden)
		}
	})
}
