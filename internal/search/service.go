package search

import (
	"context"
	"errors"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/pace"
)

// The kinds of things that can be found, in the order in which they are shown.
const (
	KindRoom    = "room"
	KindMessage = "message"
	KindFile    = "file"
	KindPad     = "pad"
	KindPerson  = "person"
	KindMeeting = "meeting"
)

// Limits of one search.
const (
	maxPage       = 50
	fewOfKind     = 5 // where all kinds are asked for, except messages
	searchTimeout = 5 * time.Second
	maxZone       = 14 * 60 // minutes
	peopleByName  = 50      // whom a part of a name may mean
	// How fast a person may search: typing asks a few times for each word.
	searchesPerSecond = 4
	searchBurst       = 30

	atOnce = 4 // searches that run at the same time; others wait
)

// Group is what was found of one kind.
type Group struct {
	Kind  string `json:"kind" enum:"room,message,file,pad,person,meeting"`
	Total int    `json:"total" doc:"How many there are, of those that this person may read"`
	More  bool   `json:"more" doc:"There may be further, older ones that were not counted"`
	Items []Hit  `json:"items" nullable:"false"`
}

// Ref names a room or a person.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind,omitempty" doc:"Of a room: public, private, direct and so on"`
}

// Hit is one thing that was found.
type Hit struct {
	ID       string  `json:"id"`
	Title    []Piece `json:"title,omitempty" nullable:"false" doc:"Name of a room, file, pad, person or meeting"`
	Excerpt  []Piece `json:"excerpt,omitempty" nullable:"false" doc:"The surroundings of the first place"`
	Room     *Ref    `json:"room,omitempty"`
	Author   *Ref    `json:"author,omitempty"`
	At       string  `json:"at,omitempty" format:"date-time"`
	Seq      int64   `json:"seq,omitempty" doc:"Place of a message in its room"`
	ThreadID string  `json:"thread_id,omitempty"`
	Name     string  `json:"name,omitempty" doc:"Last part of a meeting's address"`
}

// Answer is what was found.
type Answer struct {
	Groups  []Group  `json:"groups" nullable:"false"`
	Unknown []string `json:"unknown" nullable:"false" doc:"Filters that mean nothing here"`
}

// ServiceDeps is what searching everywhere needs.
type ServiceDeps struct {
	Finders []Finder
	People  People
	Clock   clock.Clock
}

// Service searches everywhere. It is safe for concurrent use.
type Service struct {
	finders []Finder
	people  People
	clock   clock.Clock
	turns   chan struct{}
	pace    *pace.Pace
}

// NewService returns the search through the finders, in their order.
func NewService(d ServiceDeps) (*Service, error) {
	if d.People == nil || d.Clock == nil {
		return nil, errors.New("search: people and clock are needed")
	}
	return &Service{finders: d.Finders, people: d.People, clock: d.Clock, turns: make(chan struct{}, atOnce), pace: pace.New(searchesPerSecond, searchBurst)}, nil
}

// Wish is a search as it arrives.
type Wish struct {
	Text   string
	Kind   string   // "" for all
	From   []string // ids of people
	In     []string // ids of rooms
	Zone   int      // minutes east of UTC
	Offset int
	Limit  int
}

// Search answers a wish of p.
func (s *Service) Search(ctx context.Context, p access.Principal, w Wish) (Answer, error) {
	out := Answer{Groups: []Group{}, Unknown: []string{}}
	if w.Zone < -maxZone || w.Zone > maxZone {
		return out, fault.Invalid("invalid_input")
	}
	q, err := Parse(w.Text, s.clock.Now().In(time.FixedZone("", w.Zone*60)))
	if err != nil {
		return out, err
	}
	q.From, q.In = append(q.From, w.From...), append(q.In, w.In...)
	out.Unknown = append(out.Unknown, q.Unknown...)
	if q.Empty() {
		return out, nil
	}
	if !s.pace.Allow(p.UserID, s.clock.Now()) {
		return out, fault.RateLimited("search.too_fast")
	}
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return out, fault.Unavailable("search.busy")
	}
	r := Request{Query: q, Offset: max(w.Offset, 0), Limit: min(max(w.Limit, 1), maxPage)}
	if err := s.whom(ctx, p, &r, &out); err != nil {
		return out, err
	}
	if len(out.Unknown) > 0 {
		return out, nil // a filter that is not understood must not widen what is found
	}
	out.Groups, err = s.ask(ctx, p, r, w.Kind)
	if errors.Is(err, context.DeadlineExceeded) {
		return out, fault.Unavailable("search.busy").Because(err)
	}
	return out, err
}

func (s *Service) ask(ctx context.Context, p access.Principal, r Request, kind string) ([]Group, error) {
	groups := []Group{}
	for _, f := range s.finders {
		one := r
		switch {
		case kind != "" && kind != f.Kind():
			continue
		case kind == "" && f.Kind() != KindMessage:
			one.Offset, one.Limit = 0, min(r.Limit, fewOfKind)
		}
		g, err := f.Search(ctx, p, one)
		if err != nil {
			return groups, err
		}
		g.Kind = f.Kind()
		if g.Items == nil {
			g.Items = []Hit{}
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// whom finds out whom von: means. Guests name people by their ids only: names
// would tell them who is in the directory.
func (s *Service) whom(ctx context.Context, p access.Principal, r *Request, out *Answer) error {
	for _, name := range r.From {
		switch folded := Fold(name); {
		case id.Valid(name):
			r.Authors = append(r.Authors, name)
			continue
		case folded == "ich" || folded == "mir" || folded == "me":
			r.Authors = append(r.Authors, p.UserID)
			continue
		case !p.IsMember():
			out.Unknown = append(out.Unknown, "von:"+name)
			continue
		}
		ids, err := s.people.Named(ctx, name, peopleByName)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			out.Unknown = append(out.Unknown, "von:"+name)
		}
		r.Authors = append(r.Authors, ids...)
	}
	return nil
}
