package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// doors is a private room with a link into it.
type doors struct {
	t     *testing.T
	town  *testkit.Town
	owner *testkit.Person
	room  string
	link  struct {
		ID    string `json:"id"`
		Token string `json:"token"`
	}
}

func newDoors(t *testing.T, town *testkit.Town, link map[string]any) *doors {
	t.Helper()
	d := &doors{t: t, town: town, owner: town.Person("Emma Eigen", access.RoleMember)}
	var room struct {
		ID string `json:"id"`
	}
	d.owner.Must("POST", "/chat/rooms", map[string]any{"kind": "private", "name": "Bauausschuss " + id.New()}, &room)
	d.room = room.ID
	d.owner.Must("POST", "/chat/rooms/"+d.room+"/links", link, &d.link)
	return d
}

// guest takes the link and says their name at the door.
func (d *doors) guest(name string) *testkit.Person {
	d.t.Helper()
	g := d.town.Stranger()
	g.Name = name
	status, header, body := g.Raw("POST", "/auth/guest", map[string]any{"token": d.link.Token, "name": name}, nil)
	if status != http.StatusOK {
		d.t.Fatalf("%s should get in: %d %s", name, status, body)
	}
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	_, g.Token, _ = strings.Cut(cookie, "=")
	return g
}

func (d *doors) count(table, where string, args ...any) int {
	d.t.Helper()
	var n int
	if err := d.town.Program.Database().Read(d.t.Context()).Raw("SELECT count(*) FROM "+table+" WHERE "+where, args...).Row().Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// CVE class 7: of many who use a link at the same time, as many get in as it
// has uses; guests and people of the town alike.
func TestRoomLinkLetsInAsManyAsItSays(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		d := newDoors(t, town, map[string]any{"right": "write", "days": 1, "max_uses": 3})
		var in atomic.Int32
		var all sync.WaitGroup
		for n := range 12 {
			if n%2 == 0 {
				p := town.Person("Neu", access.RoleMember)
				all.Go(func() {
					if status, code := p.Do("POST", "/chat/room-links/open", map[string]any{"token": d.link.Token}, nil); status == http.StatusOK {
						in.Add(1)
					} else if code != "auth.link_used" {
						t.Errorf("refused with %s", code)
					}
				})
				continue
			}
			g := town.Stranger()
			all.Go(func() {
				if status, _, _ := g.Raw("POST", "/auth/guest", map[string]any{"token": d.link.Token, "name": "Gast"}, nil); status == http.StatusOK {
					in.Add(1)
				}
			})
		}
		all.Wait()
		if in.Load() != 3 {
			t.Errorf("%d got in by a link for three", in.Load())
		}
		if n := d.count("guest_links", "id = ? AND uses = 3", d.link.ID); n != 1 {
			t.Error("the link should have counted three uses")
		}
	})
}

// Requirement row 001-20: a guest sees one room and nothing else, and is out
// within a second when the link ends: on HTTP and on the socket.
func TestGuestInARoom_001_20(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		town := testkit.Start(t, on)
		d := newDoors(t, town, map[string]any{"right": "write", "days": 1})
		stranger := town.Stranger()
		if _, code := stranger.Do("POST", "/auth/guest", map[string]any{"token": d.link.Token, "name": " "}, nil); code != "auth.guest_name_needed" {
			t.Errorf("a guest says a name at the door, got %s", code)
		}
		g := d.guest("Frau Bürger")
		var mine struct {
			Rooms []struct {
				ID   string `json:"id"`
				Role string `json:"role"`
			} `json:"rooms"`
		}
		g.Must("GET", "/chat/rooms", nil, &mine)
		if len(mine.Rooms) != 1 || mine.Rooms[0].ID != d.room || mine.Rooms[0].Role != "guest" {
			t.Errorf("the guest's rooms: %+v", mine)
		}
		for _, path := range []string{"/people", "/groups", "/chat/public-rooms", "/chat/blocks", "/chat/rooms/" + d.room + "/links"} {
			if status, code := g.Do("GET", path, nil, nil); status != http.StatusForbidden || code != "not_allowed" {
				t.Errorf("GET %s answers a guest %d %s", path, status, code)
			}
		}
		other := newDoors(t, town, map[string]any{"right": "join", "days": 1})
		if _, code := g.Do("GET", "/chat/rooms/"+other.room, nil, nil); code != "chat.room_not_found" {
			t.Errorf("another room: %s", code)
		}
		if _, code := town.Stranger().Do("POST", "/auth/guest", map[string]any{"token": other.link.Token, "name": "x"}, nil); code != "auth.link_for_people" {
			t.Errorf("a link for people of the town lets no guest in: %s", code)
		}

		tab, ours := g.Socket(), d.owner.Socket()
		defer tab.Close()
		defer ours.Close()
		ours.Join("room:"+d.room, -1)
		tab.Join("room:"+d.room, -1)
		tab.Ask("send", "room:"+d.room, map[string]any{"client_id": id.New(), "text": "Guten Tag"})
		var said struct {
			Author struct {
				Name  string `json:"name"`
				Guest bool   `json:"guest"`
			} `json:"author"`
		}
		ours.Until("what the guest says", func(f testkit.Frame) bool {
			return f.Event == "message" && json.Unmarshal(f.Data, &said) == nil && said.Author.Guest
		})
		if said.Author.Name != "Frau Bürger" {
			t.Errorf("said by %+v", said.Author)
		}

		began := time.Now()
		d.owner.Must("DELETE", "/chat/rooms/"+d.room+"/links/"+d.link.ID, nil, nil)
		if code, _ := tab.Ended(); code == 0 {
			t.Error("the guest's socket should have been closed")
		}
		if _, code := g.Do("GET", "/chat/rooms/"+d.room, nil, nil); code != "not_signed_in" {
			t.Errorf("after the end: %s", code)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
		if n := d.count("chat_members", "room_id = ? AND role = 'guest'", d.room); n != 0 {
			t.Errorf("%d guests are still in the list", n)
		}
	})
}

// A guest who was sent away stays out, though the link still holds.
func TestGuestWhoWasRemovedStaysOut(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	d := newDoors(t, town, map[string]any{"right": "write", "days": 1})
	g := d.guest("Störer")
	g.Must("GET", "/chat/rooms/"+d.room, nil, nil)
	var me struct {
		Me struct {
			ID string `json:"id"`
		} `json:"me"`
	}
	g.Must("GET", "/auth/session", nil, &me)
	tab := g.Socket()
	defer tab.Close()
	tab.Join("room:"+d.room, -1)
	d.owner.Must("DELETE", "/chat/rooms/"+d.room+"/members/"+me.Me.ID, nil, nil)
	tab.Until("the end of the right", func(f testkit.Frame) bool { return f.Event == "closed" })
	if _, code := g.Do("GET", "/chat/rooms/"+d.room+"/messages", nil, nil); code != "chat.room_not_found" {
		t.Errorf("HTTP answers %s", code)
	}
	if f := tab.Ask("join", "room:"+d.room, nil); f.Error == nil || f.Error.Code != "chat.room_not_found" {
		t.Errorf("the socket answers %+v", f)
	}
	if n := d.count("chat_members", "room_id = ? AND user_id = ?", d.room, me.Me.ID); n != 0 {
		t.Error("the guest has come back")
	}
}

func TestReadingGuestDoesNotWrite(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	d := newDoors(t, town, map[string]any{"right": "read", "days": 1})
	g := d.guest("Zuhörer")
	if _, code := g.Do("POST", "/chat/rooms/"+d.room+"/messages", map[string]any{"client_id": id.New(), "text": "x"}, nil); code != "chat.guest_reads_only" {
		t.Errorf("got %s", code)
	}
}
