package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/access"
	"rathaus/internal/export"
	"rathaus/internal/id"
	"rathaus/internal/testkit"
)

// takeAlong fetches an export and returns its files by name.
func takeAlong(t *testing.T, p *testkit.Person, wish map[string]any) map[string]string {
	t.Helper()
	var job export.Progress
	p.Must("POST", "/exports", wish, &job)
	status, header, body := p.Raw("GET", "/exports/"+job.ID+"/archive", nil, nil)
	require.Equal(t, http.StatusOK, status, "%.300s", body)
	require.Equal(t, "application/zip", header.Get("Content-Type"))
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	out := map[string]string{}
	for _, f := range archive.File {
		require.False(t, strings.Contains(f.Name, "..") || path.IsAbs(f.Name) || strings.ContainsAny(f.Name, "\\:\x00") || path.Clean(f.Name) != f.Name, "unsafe name %q", f.Name)
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		out[f.Name] = string(content)
	}
	var after export.Progress
	p.Must("GET", "/exports/"+job.ID, nil, &after)
	require.Equal(t, "done", after.State)
	require.Equal(t, after.Total, after.Done)
	status, _, _ = p.Raw("GET", "/exports/"+job.ID+"/archive", nil, nil)
	require.Equal(t, http.StatusGone, status, "an export is fetched once")
	return out
}

// send posts a message of any kind and returns its id.
func send(t *testing.T, by *testkit.Person, room string, message map[string]any) string {
	t.Helper()
	message["client_id"] = id.New()
	var m struct {
		ID string `json:"id"`
	}
	by.Must("POST", "/chat/rooms/"+room+"/messages", message, &m)
	return m.ID
}

// contents returns what stands in the files of a folder, sorted.
func contents(files map[string]string, folder string) []string {
	var out []string
	for name, content := range files {
		if strings.Contains("/"+name, "/"+folder) {
			out = append(out, content)
		}
	}
	slices.Sort(out)
	return out
}

func messagesIn(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &all))
	return all
}

// Requirement row 000-29: what a member takes along of a room is what the
// database holds, and nobody else can.
func TestARoomCanBeTakenAlong(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert, admin := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brand", access.RoleMember), town.Person("Anna Amt", access.RoleAdmin)
	room := openRoom(t, ada, "private", "../Bau: hof\u202e", bert.ID)
	for range 25 {
		say(t, ada, room, "Zeile mit **Markdown** und [@Bert](person:"+bert.ID+")")
	}
	text, rest := "Ahornallee, Buchenweg", "\x00\x01\x02 rest \xff\xfe"
	send(t, ada, room, map[string]any{"text": "", "files": []string{upload(t, ada, "../Straßen: Liste.txt", text), upload(t, ada, "rest.bin", rest)}})
	gone := say(t, bert, room, "Das verschwindet")
	bert.Must("DELETE", "/chat/rooms/"+room+"/messages/"+gone, nil, nil)

	files := takeAlong(t, bert, map[string]any{"kind": "room", "room": room})
	var stored int
	require.NoError(t, town.Program.Database().Read(t.Context()).Raw("SELECT count(*) FROM chat_messages WHERE room_id = ? AND deleted_at IS NULL", room).Row().Scan(&stored))
	require.Len(t, messagesIn(t, files["nachrichten.json"]), stored)
	require.Contains(t, files["seite-0001.html"], "<strong>Markdown</strong>")
	require.Contains(t, files["index.html"], "seite-0001.html")
	for name, text := range files {
		require.NotContains(t, text, "verschwindet", name)
	}
	require.Equal(t, []string{rest, text}, contents(files, "dateien/"), "the files of the room")
	for name := range files {
		if strings.HasPrefix(name, "dateien/") {
			link := strings.ToLower("href=\"" + strings.ReplaceAll(url.PathEscape(name), "%2F", "/") + "\"")
			require.True(t, strings.Contains(strings.ToLower(files["seite-0001.html"]), link), "the page leads to %s", name)
		}
	}
	status, _, body := admin.Raw("POST", "/exports", map[string]any{"kind": "room", "room": room}, nil)
	require.Equal(t, http.StatusNotFound, status, "%s", body)
	var lines int
	require.NoError(t, town.Program.Database().Read(t.Context()).Raw("SELECT count(*) FROM audit_log WHERE action = 'export.room' AND object_id = ?", room).Row().Scan(&lines))
	require.Equal(t, 1, lines)
}

// Requirement row 000-29: everybody takes along all that is theirs; the count
// equals the database's.
func TestEverythingOfMineCanBeTakenAlong(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brand", access.RoleMember)
	var direct struct {
		ID string `json:"id"`
	}
	ada.Must("POST", "/chat/direct", map[string]any{"user_id": bert.ID}, &direct)
	shared := openRoom(t, ada, "private", "Poststelle", bert.ID)
	say(t, ada, shared, "Meines eins")
	say(t, ada, shared, "Meines zwei")
	foreign := say(t, bert, shared, "Fremdes im Raum")
	say(t, ada, direct.ID, "Frage")
	say(t, bert, direct.ID, "Antwort")
	ada.Must("POST", "/pads", map[string]any{"class": "organisation", "title": "Mein Pad"}, nil)
	send(t, ada, shared, map[string]any{"text": "", "files": []string{upload(t, ada, "mein.txt", "Inhalt von Ada")}})
	send(t, bert, shared, map[string]any{"text": "", "files": []string{upload(t, bert, "seins.txt", "Inhalt von Bert")}})
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)
	ada.Must("POST", "/chat/rooms/"+shared+"/later", map[string]any{"send_at": tomorrow.Format(time.RFC3339), "message": map[string]any{
		"client_id": id.New(), "text": "Guten Morgen", "files": []string{upload(t, ada, "Anhang für später.txt", "Anhang für später")},
	}}, nil)
	ada.Must("PUT", "/chat/rooms/"+shared+"/draft", map[string]any{"text": "Noch nicht fertig", "meant": []any{}, "written_at": time.Now().UTC().Format(time.RFC3339)}, nil)
	ada.Must("PUT", "/chat/rooms/"+shared+"/messages/"+foreign+"/saved", map[string]any{"remind_at": tomorrow.Format(time.RFC3339)}, nil)

	files := takeAlong(t, ada, map[string]any{"kind": "mine", "lang": "en"})
	texts := map[string]int{}
	for name, text := range files {
		if path.Base(name) != "messages.json" {
			continue
		}
		for _, m := range messagesIn(t, text) {
			if m["kind"] == "text" {
				words, _ := m["text"].(string)
				texts[words]++
			}
		}
	}
	require.Equal(t, map[string]int{"Meines eins": 1, "Meines zwei": 1, "Frage": 1, "Antwort": 1, "": 1}, texts)
	require.Contains(t, files["profile.json"], "Ada Albers")
	require.Contains(t, files["pads.json"], "Mein Pad")
	require.Contains(t, files["index.html"], `<html lang="en">`)
	require.Equal(t, []string{"Inhalt von Ada"}, contents(files, "files/"), "what somebody else has sent is not mine")
	require.Equal(t, []string{"Anhang für später"}, contents(files, "waiting/"))

	var notes struct {
		Drafts []struct{ Text string }
		Later  []struct {
			Message struct{ Text string }
			SendAt  time.Time `json:"send_at"`
		}
		Saved []struct {
			Message  struct{ Text string }
			RemindAt time.Time `json:"remind_at"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(files["notes.json"]), &notes))
	require.Len(t, notes.Drafts, 1)
	require.Equal(t, "Noch nicht fertig", notes.Drafts[0].Text)
	require.Len(t, notes.Later, 1)
	require.Equal(t, "Guten Morgen", notes.Later[0].Message.Text)
	require.True(t, tomorrow.Equal(notes.Later[0].SendAt))
	require.Len(t, notes.Saved, 1)
	require.Equal(t, "Fremdes im Raum", notes.Saved[0].Message.Text)
	require.True(t, tomorrow.Equal(notes.Saved[0].RemindAt))
	for _, words := range []string{"Noch nicht fertig", "Guten Morgen", "Fremdes im Raum", "to be sent on", "reminder on", "Anhang für später.txt"} {
		require.Contains(t, files["notes.html"], words)
	}
	inGerman := takeAlong(t, ada, map[string]any{"kind": "mine", "lang": "de"})
	for english, german := range map[string]string{"notes.html": "notizen.html", "profile.json": "profil.json", "rooms.json": "raeume.json"} {
		require.Contains(t, files, english)
		require.NotContains(t, files, german)
		require.Contains(t, inGerman, german)
		require.NotContains(t, inGerman, english)
	}
	require.Contains(t, inGerman["index.html"], "Entwürfe, Geplantes und Gemerktes")
	require.NotContains(t, files["index.html"], "Notizen")
	status, _, body := bert.Raw("GET", "/search?q=morgen", nil, nil)
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, string(body), "Guten Morgen", "what waits is found by nobody")
}

// Vulnerability class 19: nothing that people write becomes active on the pages.
func TestPagesOfAnExportAreHarmless(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada := town.Person("<img src=x onerror=alert(1)>", access.RoleMember)
	room := openRoom(t, ada, "private", `"><script>alert(2)</script>`)
	for _, text := range []string{
		"<script>alert(3)</script>", "<img src=x onerror=alert(4)>", "[klick](javascript:alert(5))", "![bild](https://boese.example/pixel.png)",
		"<a href=\"data:text/html,<script>\">x</a>", "[x](data:text/html;base64,PHNjcmlwdD4=)", "<svg/onload=alert(6)>", "`</code><script>alert(7)</script>`",
		"```html\n</pre><script>alert(8)</script>\n```", "<iframe src=//boese.example>", "<style>@import '//boese.example'</style>", "[a](<javascript:alert(9)>)", "<math><mtext></mtext><script>alert(10)</script></math>",
	} {
		say(t, ada, room, text)
	}
	for name, text := range takeAlong(t, ada, map[string]any{"kind": "room", "room": room}) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, bad := range []string{"<script", "<img src=x", "<svg", "<iframe", "href=\"javascript:", "href=\"data:", "boese.example/pixel", "@import"} {
			require.NotContains(t, strings.ReplaceAll(strings.ToLower(text), "&lt;", "‹"), bad, name)
		}
	}
}

func TestExportsAreBounded(t *testing.T) {
	t.Parallel()
	town := testkit.Start(t)
	ada, bert := town.Person("Ada Albers", access.RoleMember), town.Person("Bert Brand", access.RoleMember)
	var job export.Progress
	ada.Must("POST", "/exports", map[string]any{"kind": "mine"}, &job)
	status, _, _ := bert.Raw("GET", "/exports/"+job.ID+"/archive", nil, nil)
	require.Equal(t, http.StatusNotFound, status)
	ada.Must("DELETE", "/exports/"+job.ID, nil, nil)
	status, _, _ = ada.Raw("GET", "/exports/"+job.ID+"/archive", nil, nil)
	require.Equal(t, http.StatusGone, status, "a cancelled export")
	limited := false
	for range 12 {
		status, _, _ := ada.Raw("POST", "/exports", map[string]any{"kind": "mine"}, nil)
		limited = limited || status == http.StatusTooManyRequests
	}
	require.True(t, limited)
}
