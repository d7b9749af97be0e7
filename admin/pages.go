package admin

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"rathaus/internal/api"
	"rathaus/internal/fault"
)

type textIn struct {
	Name string `path:"name" enum:"imprint,privacy,accessibility"`
}

type textOut struct {
	Body struct {
		Markdown string `json:"markdown" doc:"Empty: the town has not written it yet"`
	}
}

func (a *Admin) readText(_ context.Context, in *textIn) (*textOut, error) {
	town := a.cfg.Town
	out := &textOut{}
	out.Body.Markdown = map[string]string{
		"imprint": town.Imprint, "privacy": town.Privacy, "accessibility": town.Accessibility,
	}[in.Name]
	return out, nil
}

// Link is a tile that leads to another service of the town.
type Link struct {
	Name    string `json:"name"`
	Address string `json:"address" doc:"http or https"`
	Text    string `json:"text" doc:"One line below the name; may be empty"`
	Icon    string `json:"icon" doc:"Name of the picture"`
}

type linksOut struct {
	Body struct {
		Items []Link `json:"items" nullable:"false"`
	}
}

// listLinks is for people of the town: the addresses may tell how it works inside.
func (a *Admin) listLinks(context.Context, *struct{}) (*linksOut, error) {
	out := &linksOut{}
	out.Body.Items = []Link{}
	for _, l := range a.cfg.Portal.Links {
		out.Body.Items = append(out.Body.Items, Link(l))
	}
	return out, nil
}

// arms is the coat of arms, read once.
type arms struct {
	kind  string
	bytes []byte
}

var imageKinds = map[string]string{".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}

func readArms(path string, read func(string) ([]byte, error)) (*arms, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // a town without a coat of arms
	}
	b, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("read the coat of arms: %w", err)
	}
	if len(b) > maxArmsBytes {
		return nil, fmt.Errorf("the coat of arms has %d bytes, more than %d", len(b), maxArmsBytes)
	}
	kind := imageKinds[strings.ToLower(filepath.Ext(path))]
	if kind == "" {
		return nil, fmt.Errorf("the coat of arms %s is neither SVG, PNG nor WebP", path)
	}
	return &arms{kind: kind, bytes: b}, nil
}

// serveArms sends the image so that nothing in it can run, even when somebody
// opens it by itself.
func (a *Admin) serveArms(w http.ResponseWriter, r *http.Request) {
	if a.arms == nil {
		api.WriteFault(w, r, fault.NotFound("admin.no_coat_of_arms"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.arms.kind)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("Cache-Control", "public, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.arms.bytes))
}

// SecurityText answers /.well-known/security.txt (RFC 9116): whoever finds a
// weakness turns to whom the imprint names.
func (a *Admin) SecurityText(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	address := strings.TrimSuffix(a.cfg.Server.PublicURL, "/")
	expires := a.clock.Now().AddDate(0, 6, 0).Truncate(24 * time.Hour)
	_, _ = fmt.Fprintf(w, "Contact: %s/imprint\nExpires: %s\nPreferred-Languages: de, en\nCanonical: %s/.well-known/security.txt\n",
		address, expires.Format(time.RFC3339), address)
}
