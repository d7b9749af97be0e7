package app_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"rathaus/auth"
	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// columns are those who ask, in the order of the cells of the matrix. Owner
// and insider belong to the thing that is asked for, the guest came by a link
// to it; the others have nothing to do with it.
var columns = []string{"nobody", "guest", "owner", "insider", "outsider", "auditor", "admin", "disabled"}

// cast is who plays in the scenes of one row, so that rows can't disturb each other.
type cast struct {
	town                                              *testkit.Town
	owner, insider, outsider, auditor, admin, removed *testkit.Person
}

func newCast(t *testing.T, town *testkit.Town) *cast {
	t.Helper()
	c := &cast{
		town:     town,
		owner:    town.Person("Emma Eigen", access.RoleMember),
		insider:  town.Person("Ida Innen", access.RoleMember),
		outsider: town.Person("Otto Aussen", access.RoleMember),
		auditor:  town.Person("Paula Prüf", access.RoleAuditor),
		admin:    town.Person("Anna Amt", access.RoleAdmin),
		removed:  town.Person("Dora Dort", access.RoleMember),
	}
	if err := town.Program.Directory().Disable(t.Context(), c.removed.ID); err != nil {
		t.Fatal(err)
	}
	return c
}

// scene is one cell: fresh things, made when they are needed, and one who asks.
type scene struct {
	*cast
	t       *testing.T
	column  string
	things  map[string]string
	foreign *testkit.Person // the target
}

func (c *cast) scene(t *testing.T, column string) *scene {
	return &scene{cast: c, t: t, column: column, things: map[string]string{}}
}

// asker is the one who asks, with a session of their own.
func (s *scene) asker() *testkit.Person {
	switch s.column {
	case "nobody":
		return s.town.Stranger()
	case "guest":
		return s.guest()
	case "visitor":
		return s.visitor()
	case "disabled":
		return s.removed
	}
	p := map[string]*testkit.Person{"owner": s.owner, "insider": s.insider, "outsider": s.outsider, "auditor": s.auditor, "admin": s.admin}[s.column]
	return s.town.SignIn(p.ID, p.Name)
}

// guest comes in by links to the pad, to the meeting and to the room.
func (s *scene) guest() *testkit.Person {
	g := s.town.Stranger()
	g.Name = "Gast"
	for _, l := range []auth.NewGuestLink{
		{Kind: "pad", ObjectID: s.pad(), Right: "write"},
		{Kind: "meeting", ObjectID: s.meetingID(), Right: "join"},
		{Kind: "room", ObjectID: s.room(), Right: "write"},
	} {
		_, header, body := g.Raw("POST", "/auth/guest", map[string]any{"token": s.link(l), "name": "Gast"}, nil)
		if g.Token != "" {
			continue // further links add to the session
		}
		cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
		if _, g.Token, _ = strings.Cut(cookie, "="); g.Token == "" {
			s.t.Fatalf("a guest should get in: %s", body)
		}
	}
	return g
}

// visitor is a guest with an account, who was brought into the room.
func (s *scene) visitor() *testkit.Person {
	v := s.town.Person("Vera Gast", access.RoleGuest)
	s.owner.Must("POST", "/chat/rooms/"+s.room()+"/members", map[string]any{"user_ids": []string{v.ID}}, nil)
	return s.town.SignIn(v.ID, v.Name)
}

func (s *scene) link(l auth.NewGuestLink) string {
	s.t.Helper()
	l.CreatedBy, l.ExpiresAt = s.owner.ID, time.Now().Add(time.Hour)
	_, token, err := s.town.Program.Auth().MintGuestLink(context.Background(), l)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// made makes a thing once for the scene.
func (s *scene) made(name string, make func() string) string {
	if _, ok := s.things[name]; !ok {
		s.things[name] = make()
	}
	return s.things[name]
}

func (s *scene) post(path string, in any) string {
	s.t.Helper()
	var out struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	s.owner.Must("POST", path, in, &out)
	s.things["name of "+out.ID] = out.Name
	return out.ID
}

func (s *scene) room() string {
	return s.made("room", func() string {
		return s.post("/chat/rooms", map[string]any{"kind": "private", "name": "Raum " + id.New(), "members": []string{s.insider.ID}})
	})
}

// direct is the conversation of owner and insider.
func (s *scene) direct() string {
	return s.made("direct", func() string { return s.post("/chat/direct", map[string]any{"user_id": s.insider.ID}) })
}

// office is a group that takes messages, with the insider in it.
func (s *scene) office() string {
	return s.made("office", func() string {
		var g struct{ ID string }
		s.admin.Must("POST", "/admin/groups", map[string]any{"name": "Amt " + id.New(), "office": true}, &g)
		s.admin.Must("PUT", "/admin/groups/"+g.ID+"/members/"+s.insider.ID, nil, nil)
		return g.ID
	})
}

func (s *scene) publicRoom() string {
	return s.made("public", func() string {
		return s.post("/chat/rooms", map[string]any{"kind": "public", "name": "Markt " + id.New()})
	})
}

func (s *scene) message() string {
	return s.made("message", func() string {
		return s.post("/chat/rooms/"+s.room()+"/messages", s.newMessage())
	})
}

func (*scene) newMessage() any { return map[string]any{"client_id": id.New(), "text": "Guten Tag"} }

func (s *scene) poll() string {
	return s.made("poll", func() string {
		poll := map[string]any{"question": "Wann?", "options": []string{"heute", "morgen"}}
		return s.post("/chat/rooms/"+s.room()+"/messages", map[string]any{"client_id": id.New(), "poll": poll})
	})
}

// onePixel is a picture.
const onePixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

// newEmoji is a picture of one pixel under a name of its own.
func (*scene) newEmoji() any {
	return map[string]any{"code": "e" + strings.ReplaceAll(id.New(), "-", "")[:24] + id.New()[29:], "picture": onePixel}
}

// roomPicture is the address of the picture of the room.
func (s *scene) roomPicture() string {
	return s.made("room picture", func() string {
		var out struct {
			Picture string `json:"picture"`
		}
		at := "/chat/rooms/" + s.room() + "/picture"
		s.owner.Must("PUT", at, map[string]any{"picture": onePixel}, &out)
		return at + "/" + out.Picture
	})
}

func (s *scene) emoji() string {
	return s.made("emoji", func() string {
		var out struct {
			ID string `json:"id"`
		}
		s.admin.Must("POST", "/chat/emoji", s.newEmoji(), &out)
		return out.ID
	})
}

func (s *scene) pad() string {
	return s.made("pad", func() string {
		pad := s.post("/pads", map[string]any{"class": "organisation", "title": "Protokoll"})
		s.owner.Must("PUT", "/pads/"+pad+"/shares/person/"+s.insider.ID, map[string]any{"right": "read"}, nil)
		return pad
	})
}

func (s *scene) padLink() string {
	return s.made("padlink", func() string {
		return s.post("/pads/"+s.pad()+"/links", map[string]any{"right": "read"})
	})
}

func (s *scene) meetingID() string {
	return s.made("meeting", func() string {
		return s.post("/meet/meetings", map[string]any{"room_id": s.room()})
	})
}

func (s *scene) meetingName() string { return s.things["name of "+s.meetingID()] }

func (s *scene) group() string {
	return s.made("group", func() string {
		g, err := s.town.Program.Directory().CreateGroup(context.Background(), "Gruppe "+id.New(), "")
		if err != nil {
			s.t.Fatal(err)
		}
		return g.ID
	})
}

// third is the address of a further member of the room.
func (s *scene) third() string {
	s.owner.Must("POST", "/chat/rooms/"+s.room()+"/members", map[string]any{"user_ids": []string{s.target()}}, nil)
	return "/chat/rooms/" + s.room() + "/members/" + s.target()
}

func (s *scene) roomLink() string {
	return s.made("roomlink", func() string {
		return s.post("/chat/rooms/"+s.room()+"/links", map[string]any{"right": "join", "days": 7})
	})
}

// foreignMessage is a message of the room by somebody who does not ask here.
func (s *scene) foreignMessage() string {
	return s.made("foreign message", func() string {
		s.third()
		var m struct {
			ID string `json:"id"`
		}
		s.foreign.Must("POST", "/chat/rooms/"+s.room()+"/messages", s.newMessage(), &m)
		return m.ID
	})
}

// report is a report of it: to those who moderate the room, or to the town.
func (s *scene) report(town bool) string {
	s.owner.Must("POST", "/chat/rooms/"+s.room()+"/messages/"+s.foreignMessage()+"/reports", map[string]any{"reason": "spam", "town": town}, nil)
	var list struct {
		Items []struct {
			ID     string `json:"id"`
			RoomID string `json:"room_id"`
		} `json:"items"`
	}
	if town {
		s.admin.Must("GET", "/chat/reports", nil, &list)
	} else {
		s.owner.Must("GET", "/chat/rooms/"+s.room()+"/reports", nil, &list)
	}
	for _, r := range list.Items {
		if r.RoomID == s.room() {
			return r.ID
		}
	}
	s.t.Fatal("the report is not in the list")
	return ""
}

// foreignSession is a device of the target.
func (s *scene) foreignSession() string {
	var list struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	s.target()
	s.foreign.Must("GET", "/auth/sessions", nil, &list)
	return list.Items[0].ID
}

// target is somebody whom administrators change.
func (s *scene) target() string {
	return s.made("target", func() string {
		s.foreign = s.town.Person("Ziel", access.RoleMember)
		return s.foreign.ID
	})
}

func (s *scene) invitation() string {
	return s.made("invitation", func() string {
		s.admin.Must("POST", "/auth/invitations", map[string]any{"name": "Neue Kollegin"}, nil)
		var list struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		s.admin.Must("GET", "/auth/invitations", nil, &list)
		return list.Items[0].ID
	})
}

// update is an update frame of an organisation pad.
func (*scene) update() []byte {
	raw := make([]byte, 40)
	raw[0], raw[1], raw[2], raw[7] = 1, 1, 1, 1
	_, _ = rand.Read(raw[8:24])
	return raw
}

func (s *scene) updates() any {
	return map[string]any{"frames": []string{base64.StdEncoding.EncodeToString(s.update())}}
}

// path fills the names in a route's path with the scene's things.
func (s *scene) path(route string) string {
	for name, value := range map[string]func() string{
		"{room}": s.room, "{message}": s.message, "{emoji}": s.emoji, "{user}": func() string { return s.insider.ID },
		"{pad}": s.pad, "{link}": s.padLink, "{kind}": func() string { return "person" }, "{subject}": func() string { return s.outsider.ID },
		"{upload}": s.upload, "{file}": s.file, "{session}": id.New, "{export}": id.New, "{later}": id.New, "{invitation}": s.invitation, "{person}": s.target, "{group}": s.group,
	} {
		if strings.Contains(route, name) {
			route = strings.ReplaceAll(route, name, value())
		}
	}
	switch {
	case strings.HasPrefix(route, "/meet/"):
		if strings.Contains(route, "{name}") {
			route = strings.ReplaceAll(route, "{name}", s.meetingName())
		}
	case strings.HasPrefix(route, "/town/"):
		route = strings.ReplaceAll(route, "{name}", "privacy")
	default:
		route = strings.ReplaceAll(route, "{name}", "nowhere")
	}
	return route
}

func guestLinkTo(kind, object string) auth.NewGuestLink {
	return auth.NewGuestLink{Kind: kind, ObjectID: object, Right: "read"}
}
