package app_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/search"
	"rathaus/internal/testkit"
)

// finds is what a person is answered.
func finds(t *testing.T, p *testkit.Person, query string, more ...string) map[string]search.Group {
	t.Helper()
	values := url.Values{"q": {query}}
	for i := 0; i+1 < len(more); i += 2 {
		values.Add(more[i], more[i+1])
	}
	var out search.Answer
	p.Must("GET", "/search?"+values.Encode(), nil, &out)
	groups := map[string]search.Group{}
	for _, g := range out.Groups {
		groups[g.Kind] = g
	}
	return groups
}

func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, 10*time.Second, 250*time.Millisecond, what)
}

func openRoom(t *testing.T, by *testkit.Person, kind, name string, members ...string) string {
	t.Helper()
	var room struct {
		ID string `json:"id"`
	}
	by.Must("POST", "/chat/rooms", map[string]any{"kind": kind, "name": name, "members": members}, &room)
	return room.ID
}

func say(t *testing.T, by *testkit.Person, room, text string) string {
	t.Helper()
	var m struct {
		ID string `json:"id"`
	}
	by.Must("POST", "/chat/rooms/"+room+"/messages", map[string]any{"client_id": id.New(), "text": text}, &m)
	return m.ID
}

// Requirement row 002-17, vulnerability class 9: a hit of a foreign room never
// appears, not even in the count, whatever is asked and by whom.
func TestNobodyFindsWhatTheyMayNotRead(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brand", access.RoleMember)
	admin := town.Person("Anna Amt", access.RoleAdmin)
	secret := openRoom(t, ada, "private", "Vorzimmer")
	shared := openRoom(t, ada, "private", "Poststelle", bert.ID)
	say(t, ada, secret, "Gartenzwergerlass streng geheim https://stadt.example/zwerg")
	say(t, ada, shared, "Gartenzwergverordnung im Umlauf")
	within(t, "both are in the index", func() bool { return finds(t, ada, "gartenzwerg")["message"].Total == 2 })

	for _, who := range []*testkit.Person{bert, admin} {
		want := map[*testkit.Person]int{bert: 1, admin: 0}[who]
		for _, query := range []string{"gartenzwerg", "Gartenzwerg von:ada", "gartenzwerg seit:2020", "hat:link gartenzwerg", `"Gartenzwergerlass"`, "in:Vorzimmer gartenzwerg", "in:" + secret, "von:" + ada.ID + " zwerg"} {
			g := finds(t, who, query)["message"]
			require.LessOrEqual(t, g.Total, want, "%s asks %q", who.Name, query)
			require.False(t, g.More, "%s asks %q", who.Name, query)
			for _, h := range g.Items {
				require.Equal(t, shared, h.Room.ID)
			}
		}
		require.Empty(t, finds(t, who, "zwerg", "in", secret)["message"].Items)
		require.Zero(t, finds(t, who, "Vorzimmer")["room"].Total)
	}
	require.Equal(t, 1, finds(t, bert, "Poststelle")["room"].Total)

	// Who leaves finds nothing any more, at once.
	bert.Must("POST", "/chat/rooms/"+shared+"/leave", nil, nil)
	require.Zero(t, finds(t, bert, "gartenzwerg")["message"].Total)
}

// Guests see neither the directory nor rooms that are not theirs.
func TestGuestsFindNothingOfTheTown(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	c := newCast(t, town)
	s := c.scene(t, "guest")
	room := openRoom(t, c.owner, "public", "Marktplatz")
	say(t, c.owner, room, "Wochenmarkt am Samstag")
	within(t, "it is in the index", func() bool { return finds(t, c.outsider, "wochenmarkt")["message"].Total == 1 })
	guest := s.guest()
	for _, query := range []string{"wochenmarkt", "Marktplatz", "Emma", "Protokoll"} {
		for kind, g := range finds(t, guest, query) {
			require.Zero(t, g.Total, "%s of %s", query, kind)
		}
	}
	var out search.Answer
	guest.Must("GET", "/search?q="+url.QueryEscape("von:Emma markt"), nil, &out)
	require.Equal(t, []string{"von:Emma"}, out.Unknown, "a name must not tell a guest who is in the directory")
}

// What was written, changed or deleted a moment before is found as it is now.
func TestTheIndexFollowsEditsAndDeletions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, on testkit.Option) {
		theIndexFollows(t, testkit.Start(t, on))
	})
}

func theIndexFollows(t *testing.T, town *testkit.Town) {
	ada := town.Person("Ada Albers", access.RoleMember)
	room := openRoom(t, ada, "private", "Notizen")
	first, second := say(t, ada, room, "Schlüsselübergabe am Montag"), say(t, ada, room, "Kehrmaschine ist kaputt")
	require.Equal(t, 1, finds(t, ada, "schluesseluebergabe")["message"].Total)

	ada.Must("PATCH", "/chat/rooms/"+room+"/messages/"+first, map[string]any{"text": "Schlüsselrückgabe am Dienstag"}, nil)
	require.Equal(t, 1, finds(t, ada, "rückgabe")["message"].Total)
	require.Zero(t, finds(t, ada, "übergabe")["message"].Total)

	ada.Must("DELETE", "/chat/rooms/"+room+"/messages/"+second, nil, nil)
	require.Zero(t, finds(t, ada, "Kehrmaschine")["message"].Total)
	var left int
	require.NoError(t, town.Program.Database().Read(t.Context()).Raw("SELECT count(*) FROM search_docs WHERE text LIKE '%kehrmaschine%'").Row().Scan(&left))
	require.Zero(t, left)
}

// Requirement row 002-16: a poll is found by its question and its answers, the hit
// leads to it, and it is gone from the index with its message.
func TestPollsAreFoundByQuestionAndAnswers(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brand", access.RoleMember)
	room := openRoom(t, ada, "private", "Betriebsausflug")
	poll := send(t, ada, room, map[string]any{"text": "Bitte abstimmen", "poll": map[string]any{"question": "Wohin fahren wir im Frühling?", "options": []string{"Schwebefähre", "Salzbergwerk"}}})
	within(t, "the question is in the index", func() bool { return finds(t, ada, "fruehling")["message"].Total == 1 })
	for _, query := range []string{"schwebefaehre", "bergwerk", `"fahren wir"`, "frühling hat:umfrage", "abstimmen salzbergwerk"} {
		g := finds(t, ada, query)["message"]
		require.Equal(t, 1, g.Total, query)
		require.Equal(t, poll, g.Items[0].ID, query)
		var around struct{ Messages []struct{ ID string } }
		ada.Must("GET", "/chat/rooms/"+room+"/messages?around="+strconv.FormatInt(g.Items[0].Seq, 10), nil, &around)
		require.True(t, slices.ContainsFunc(around.Messages, func(m struct{ ID string }) bool { return m.ID == poll }), "the place of the hit")
		require.Zero(t, finds(t, bert, query)["message"].Total, query)
	}
	text := ""
	for _, piece := range finds(t, ada, "salzbergwerk")["message"].Items[0].Excerpt {
		text += piece.Text
	}
	require.Contains(t, text, "Salzbergwerk", "the answer stands in the excerpt")
	ada.Must("DELETE", "/chat/rooms/"+room+"/messages/"+poll, nil, nil)
	require.Zero(t, finds(t, ada, "salzbergwerk")["message"].Total)
	var left int
	require.NoError(t, town.Program.Database().Read(t.Context()).Raw("SELECT count(*) FROM search_docs WHERE text LIKE '%salzbergwerk%'").Row().Scan(&left))
	require.Zero(t, left)
}

func TestSearchFindsPadsPeopleAndMeetings(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brückner", access.RoleMember)
	var pad struct {
		ID string `json:"id"`
	}
	ada.Must("POST", "/pads", map[string]any{"class": "organisation", "title": "Friedhofssatzung Entwurf"}, &pad)
	ada.Must("POST", "/meet/meetings", map[string]any{"title": "Satzungsrunde", "access": "town"}, nil)
	within(t, "the pad is found", func() bool { return finds(t, ada, "satzung")["pad"].Total == 1 })
	require.Zero(t, finds(t, bert, "friedhof")["pad"].Total, "a pad that is not shared")
	require.Equal(t, 1, finds(t, ada, "Brueckner")["person"].Total)
	require.Equal(t, 1, finds(t, ada, "satzung")["meeting"].Total)
	ada.Must("PUT", "/pads/"+pad.ID+"/shares/person/"+bert.ID, map[string]any{"right": "read"}, nil)
	require.Equal(t, 1, finds(t, bert, "friedhof")["pad"].Total)
	ada.Must("DELETE", "/pads/"+pad.ID, nil, nil)
	require.Zero(t, finds(t, ada, "friedhof")["pad"].Total)
}

// Vulnerability class 30: long, strange and many searches are refused in good order.
func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada := town.Person("Ada Albers", access.RoleMember)
	for _, query := range []string{string(make([]byte, 3000)), "q=" + url.QueryEscape("a\xff"), "zone=99999&q=a", "offset=-1&q=a", "limit=5000&q=a", "kind=secret&q=a"} {
		status, _, _ := ada.Raw("GET", "/search?"+url.QueryEscape(query), nil, nil)
		require.Less(t, status, http.StatusInternalServerError, query)
	}
	var limited atomic.Bool
	var all sync.WaitGroup
	for range 80 {
		all.Go(func() {
			if status, _, _ := ada.Raw("GET", "/search?q=die", nil, nil); status == http.StatusTooManyRequests {
				limited.Store(true)
			}
		})
	}
	all.Wait()
	require.True(t, limited.Load(), "somebody searches as fast as they like")
}

// Requirement row 002-17: files are found by their names and by what stands in
// them, by those who may read them, and are gone with their message.
func TestFilesAreFoundByNameAndText(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brand", access.RoleMember)
	room := openRoom(t, ada, "private", "Ablage")
	file := upload(t, ada, "Straßenverzeichnis.txt", "Liste der Straßen: Ahornallee, Buchenweg, Kastanienplatz")
	var sent struct {
		ID string `json:"id"`
	}
	ada.Must("POST", "/chat/rooms/"+room+"/messages", map[string]any{"client_id": id.New(), "files": []string{file}}, &sent)
	within(t, "the name is found", func() bool { return finds(t, ada, "strassenverzeichnis")["file"].Total == 1 })
	within(t, "the text is found", func() bool { return finds(t, ada, "kastanienplatz")["file"].Total == 1 })
	require.Equal(t, 1, finds(t, ada, "strassenverzeichnis hat:datei")["message"].Total)
	require.Zero(t, finds(t, bert, "kastanienplatz")["file"].Total)
	ada.Must("DELETE", "/chat/rooms/"+room+"/messages/"+sent.ID, nil, nil)
	require.Zero(t, finds(t, ada, "kastanienplatz")["file"].Total)
	var left int
	require.NoError(t, town.Program.Database().Read(t.Context()).Raw("SELECT count(*) FROM search_bodies").Row().Scan(&left))
	require.Zero(t, left)
}

// upload sends a file in one piece and returns its id.
func upload(t *testing.T, p *testkit.Person, name, content string) string {
	t.Helper()
	meta := "filename " + base64.StdEncoding.EncodeToString([]byte(name))
	_, header, body := p.Raw("POST", "/files/uploads", content, tusHead("Upload-Length", strconv.Itoa(len(content)), "Upload-Metadata", meta))
	place := header.Get("Location")
	require.NotEmpty(t, place, "%s", body)
	return place[strings.LastIndex(place, "/")+1:]
}
