package export

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/fault"
	"rathaus/internal/module"
)

// Wish is what somebody wants to take along.
type Wish struct {
	Kind string // KindRoom or KindMine
	Room string
	Lang string
}

// Chapter is a part of an export. It checks the rights itself, when counting and
// when writing.
type Chapter interface {
	// Count says how many messages, files and so on there will be, and how the
	// export is called.
	Count(ctx context.Context, p access.Principal, w Wish) (n int, name string, err error)
	// Write writes them. It calls Step for each.
	Write(ctx context.Context, p access.Principal, w Wish, a *Archive) error
}

// Deps is all that exports need.
type Deps struct {
	Chapters []Chapter
	Audit    *audit.Log
	Clock    clock.Clock
	Log      *slog.Logger
}

// Service lets people take along what is theirs. It is safe for concurrent use.
type Service struct {
	Deps
	jobs  *jobs
	turns chan struct{}
}

// New returns the use cases.
func New(d Deps) (*Service, error) {
	if len(d.Chapters) == 0 || d.Audit == nil || d.Clock == nil || d.Log == nil {
		return nil, errors.New("export: chapters, audit log, clock and log are needed")
	}
	return &Service{Deps: d, jobs: newJobs(), turns: make(chan struct{}, runningJobs)}, nil
}

// Module is the entry in the list of modules.
func (s *Service) Module() module.Module { return module.Module{Name: "export", Routes: s.routes} }

func (s *Service) routes(h huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return api.Op(method, "/exports"+path, "export-"+id, access.Account, summary)
	}
	huma.Register(h, op("POST", "", "begin", "Prepare an export of a room or of everything of mine"), s.post)
	huma.Register(h, op("GET", "/{export}", "follow", "How far an export is"), s.get)
	huma.Register(h, op("DELETE", "/{export}", "cancel", "Cancel an export"), s.delete)
	raw := op("GET", "/{export}/archive", "fetch", "The ZIP, once")
	raw.Parameters = []*huma.Param{{Name: "export", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}}
	api.Raw(h, raw, http.HandlerFunc(s.fetch))
}

type body struct{ Body Progress }

func (s *Service) post(ctx context.Context, in *struct {
	Body struct {
		Kind string `json:"kind" enum:"room,mine"`
		Room string `json:"room,omitempty" maxLength:"36"`
		Lang string `json:"lang,omitempty" enum:"de,en"`
	}
},
) (*body, error) {
	w := Wish{Kind: in.Body.Kind, Room: in.Body.Room, Lang: in.Body.Lang}
	if w.Lang == "" {
		w.Lang = "de"
	}
	p := access.From(ctx)
	if w.Kind == KindRoom && p.IsGuest() {
		// A room belongs to its people; a guest takes along what is their own.
		return nil, fault.Forbidden("export.guests_take_theirs")
	}
	total := 0
	for _, c := range s.Chapters {
		n, _, err := c.Count(ctx, p, w)
		if err != nil {
			return nil, err
		}
		total += n
	}
	j, err := s.jobs.add(p, w, total, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	return &body{j.progress()}, nil
}

// Path names an export.
type Path struct {
	Export string `path:"export" minLength:"36" maxLength:"36"`
}

func (s *Service) get(ctx context.Context, in *Path) (*body, error) {
	j, err := s.jobs.get(access.From(ctx), in.Export)
	if err != nil {
		return nil, err
	}
	return &body{j.progress()}, nil
}

func (s *Service) delete(ctx context.Context, in *Path) (*struct{}, error) {
	j, err := s.jobs.get(access.From(ctx), in.Export)
	if err != nil {
		return nil, err
	}
	j.stop(s.Clock.Now())
	return nil, nil
}

// fetch writes the archive to the browser. Only the session that has made the
// wish may fetch it.
func (s *Service) fetch(w http.ResponseWriter, r *http.Request) {
	p := access.From(r.Context())
	j, err := s.jobs.get(p, api.Param(r.Context(), "export"))
	if err == nil && j.session != p.SessionID {
		err = fault.NotFound("export.not_found")
	}
	if err != nil {
		api.WriteFault(w, r, err)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	if !j.begin(cancel) {
		api.WriteFault(w, r, fault.Gone("export.fetched"))
		return
	}
	if err := s.turn(ctx); err != nil {
		j.end(stateFailed, s.Clock.Now())
		api.WriteFault(w, r, fault.Unavailable("export.busy").Because(err))
		return
	}
	defer func() { <-s.turns }()
	if err := s.write(ctx, w, p, j); err != nil {
		j.end(stateFailed, s.Clock.Now())
		if ctx.Err() == nil {
			s.Log.Error("export broke off", "kind", j.wish.Kind, "err", err)
		}
		// What the browser has so far must not look complete.
		panic(http.ErrAbortHandler)
	}
	j.end(stateDone, s.Clock.Now())
}

func (s *Service) turn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	select {
	case s.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Service) write(ctx context.Context, w http.ResponseWriter, p access.Principal, j *job) error {
	name := "rathaus"
	for _, c := range s.Chapters {
		if _, n, err := c.Count(ctx, p, j.wish); err != nil {
			return err
		} else if n != "" {
			name = n
		}
	}
	now := s.Clock.Now()
	entry := audit.Entry{Action: "export." + j.wish.Kind, ActorID: p.UserID, ActorName: p.Name, ObjectKind: "user", ObjectID: p.UserID}
	if j.wish.Room != "" {
		entry.ObjectKind, entry.ObjectID = "room", j.wish.Room
	}
	if err := s.Audit.Record(ctx, entry); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", disposition(name, now))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	a := newArchive(ctx, counting{w, j}, j, now, j.wish.Lang)
	for _, c := range s.Chapters {
		if err := c.Write(ctx, p, j.wish, a); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

// disposition names the file in letters that every browser takes.
func disposition(name string, now time.Time) string {
	plain := []byte(SafeName(name))
	for i, c := range plain {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == ' ' || c == ';' || c == '%' {
			plain[i] = '_'
		}
	}
	return `attachment; filename="` + string(plain) + now.Format("-2006-01-02") + `.zip"`
}

// counting counts what goes out.
type counting struct {
	w http.ResponseWriter
	j *job
}

func (c counting) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.j.wrote(n)
	return n, err
}
