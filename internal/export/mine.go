package export

import (
	"context"
	"time"

	"rathaus/internal/access"
)

// Part is what a module adds to everything of one person.
type Part interface {
	// Count says how many messages, files and so on there will be.
	Count(ctx context.Context, p access.Principal) (int, error)
	// Write writes them and returns the links of the first page that lead there.
	Write(ctx context.Context, p access.Principal, a *Archive) ([]Link, error)
}

// Mine is the chapter of everything that belongs to one person.
type Mine struct{ Parts []Part }

// Count implements [Chapter].
func (m Mine) Count(ctx context.Context, p access.Principal, w Wish) (n int, name string, err error) {
	if w.Kind != KindMine {
		return 0, "", nil
	}
	for _, part := range m.Parts {
		c, err := part.Count(ctx, p)
		if err != nil {
			return 0, "", err
		}
		n += c
	}
	return n, WordsIn(w.Lang).Mine, nil
}

// Write implements [Chapter].
func (m Mine) Write(ctx context.Context, p access.Principal, w Wish, a *Archive) error {
	if w.Kind != KindMine {
		return nil
	}
	words := WordsIn(a.Lang)
	first := Page{Lang: a.Lang, Title: words.Mine, About: p.Name, Footer: a.Footer()}
	for _, part := range m.Parts {
		links, err := part.Write(ctx, p, a)
		if err != nil {
			return err
		}
		first.Links = append(first.Links, links...)
	}
	return a.Page("index.html", first)
}

// Footer says when the archive was made.
func (a *Archive) Footer() string {
	return WordsIn(a.Lang).Made + " " + Moment(a.Lang, a.now.In(time.UTC))
}

// Page writes a page as a file.
func (a *Archive) Page(path string, p Page) error {
	w, err := a.Create(path)
	if err != nil {
		return err
	}
	return p.Write(w)
}
