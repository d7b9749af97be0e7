package search

import (
	"context"
	"time"

	"rathaus/internal/access"
)

// ExcerptWidth is how much of a text stands around a hit, in characters.
const ExcerptWidth = 220

// Request is what a finder is asked.
type Request struct {
	Query
	Authors []string // ids that von: stands for
	Offset  int
	Limit   int
}

// OnlyWords reports whether nothing but words is asked for, as where things
// have neither author nor room.
func (r Request) OnlyWords() bool { return len(r.Terms) > 0 && r.OnlyText() }

// Excerpt is [Excerpt] for the words of this request, in the usual width.
func (r Request) Excerpt(text string) []Piece { return Excerpt(text, r.Terms, ExcerptWidth) }

// Page is the part of all hits that a request wants to see.
func Page[T any](all []T, r Request) []T {
	return all[min(r.Offset, len(all)):min(r.Offset+r.Limit, len(all))]
}

// Stamp renders a time for a [Hit].
func Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// Finder finds things of one kind. It looks only at what the person may read.
type Finder interface {
	Kind() string
	Search(ctx context.Context, p access.Principal, r Request) (Group, error)
}

// People tells whom a part of a name means.
type People interface {
	Named(ctx context.Context, name string, limit int) ([]string, error)
}
