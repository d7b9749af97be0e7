package pads

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/search"
)

// Organisation pads are found by their titles and their readable text, and only by
// people who may read them. The server knows neither of confidential pads.
const (
	findScope = "pads"
	findFeed  = "pads"
	findEvery = 20 * time.Second // changes of other processes are seen so late
	maxFound  = 5000             // pads of one person that are looked through
)

// FoundPad is a pad that was found.
type FoundPad struct {
	ID    string
	Title string
	Text  string
	At    time.Time
}

// Find returns organisation pads that p may read, and how many there are.
func (s *Service) Find(ctx context.Context, p access.Principal, terms []search.Term, since, before time.Time, offset, limit int) ([]FoundPad, int, bool, error) {
	if s.index == nil || !p.IsMember() {
		return nil, 0, false, nil
	}
	w, err := s.who(ctx, p)
	if err != nil {
		return nil, 0, false, err
	}
	list, err := listPads(s.db.Read(ctx), w, listQuery{limit: maxFound})
	if err != nil {
		return nil, 0, false, err
	}
	mine := make(map[string]Listed, len(list))
	for _, l := range list {
		if l.Class == Organisation {
			mine[l.ID] = l
		}
	}
	m, err := s.index.Find(ctx, search.Ask{
		Scopes: []string{findScope}, Terms: terms, Flags: search.IsPad, Since: since, Before: before,
		Only: func(ref string) bool { _, ok := mine[ref]; return ok },
	})
	if err != nil {
		return nil, 0, false, err
	}
	var out []FoundPad
	for _, hit := range m.Items[min(offset, len(m.Items)):min(offset+limit, len(m.Items))] {
		l := mine[hit.Ref]
		body, err := shadowOf(s.db.Read(ctx), l.ID)
		if err != nil {
			return nil, 0, false, err
		}
		out = append(out, FoundPad{ID: l.ID, Title: l.Title, Text: body, At: l.UpdatedAt})
	}
	return out, len(m.Items), m.More, nil
}

// changedText says that a title or readable text may have changed.
func (s *Service) changedText() { s.stale.Store(true) }

// takeIn takes pads into the index whose title or text is not the one that was
// taken in last.
func (s *Service) takeIn(ctx context.Context) error {
	if s.index == nil {
		return nil
	}
	s.stale.Store(false)
	texts, err := padTexts(s.db.Read(ctx))
	if err != nil {
		return err
	}
	for _, t := range texts {
		if err := s.takeInPad(ctx, t.ID); err != nil {
			return err
		}
	}
	if len(texts) > 0 {
		s.index.Grown(findScope, len(texts))
	}
	return nil
}

func (s *Service) takeInPad(ctx context.Context, pad string) error {
	return s.db.Write(ctx, func(tx *gorm.DB) error {
		t, ok, err := padText(tx, pad)
		if err != nil || !ok {
			return err
		}
		if err := s.index.Put(tx, search.Doc{Scope: findScope, Ref: t.ID, At: t.At, Flags: search.IsPad, Text: t.Title + "\n" + t.Body}); err != nil {
			return err
		}
		return s.index.SetMark(tx, findFeed, t.ID, t.mark())
	})
}

// textRow is what can be found of a pad.
type textRow struct {
	ID    string
	Title string
	At    time.Time
	Seq   int64
	Mark  *int64
	Body  string
}

// mark changes with title and text.
func (t textRow) mark() int64 {
	sum := fnv.New64a()
	_, _ = fmt.Fprintf(sum, "%s\x00%d", t.Title, t.Seq)
	return int64(sum.Sum64() >> 1)
}

const textColumns = `p.id, p.title, p.updated_at AS at, coalesce(s.seq, 0) AS seq, m.mark
	FROM pads p LEFT JOIN pad_shadow s ON s.pad_id = p.id LEFT JOIN search_marks m ON m.feed = '` + findFeed + `' AND m.part = p.id
	WHERE p.class = 'organisation'`

// padTexts lists the pads whose mark is not the one of their text.
func padTexts(tx *gorm.DB) ([]textRow, error) {
	var all, out []textRow
	if err := tx.Raw("SELECT " + textColumns).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("list pads for the index: %w", err)
	}
	for _, t := range all {
		if t.Mark == nil || *t.Mark != t.mark() {
			out = append(out, t)
		}
	}
	return out, nil
}

func padText(tx *gorm.DB, pad string) (textRow, bool, error) {
	var rows []textRow
	if err := tx.Raw("SELECT "+textColumns+" AND p.id = ?", pad).Scan(&rows).Error; err != nil {
		return textRow{}, false, fmt.Errorf("read pad %s for the index: %w", pad, err)
	}
	if len(rows) == 0 {
		return textRow{}, false, nil
	}
	var err error
	rows[0].Body, err = shadowOf(tx, pad)
	return rows[0], true, err
}

func shadowOf(tx *gorm.DB, pad string) (string, error) {
	var bodies []string
	if err := tx.Raw("SELECT body FROM pad_shadow WHERE pad_id = ?", pad).Scan(&bodies).Error; err != nil {
		return "", fmt.Errorf("read the text of pad %s: %w", pad, err)
	}
	if len(bodies) == 0 {
		return "", nil
	}
	return bodies[0], nil
}

// unindex takes a pad out of the index, in the transaction that deletes it.
func unindex(tx *gorm.DB, pad string) error {
	if err := search.RemoveUnder(tx, findScope, pad); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM search_marks WHERE feed = ? AND part = ?", findFeed, pad).Error; err != nil {
		return fmt.Errorf("forget the mark of pad %s: %w", pad, err)
	}
	return nil
}

// OwnedPad is a pad in the list that its owner takes along.
type OwnedPad struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// OwnedBy lists the organisation pads that belong to p. Guests own none, and
// those of somebody who became a guest are closed to them.
func (s *Service) OwnedBy(ctx context.Context, p access.Principal) ([]OwnedPad, error) {
	if !p.IsMember() {
		return []OwnedPad{}, nil
	}
	w, err := s.who(ctx, p)
	if err != nil {
		return nil, err
	}
	list, err := listPads(s.db.Read(ctx), w, listQuery{limit: maxFound})
	out := []OwnedPad{}
	for _, l := range list {
		if l.Class == Organisation && l.Right == Own {
			out = append(out, OwnedPad{ID: l.ID, Title: l.Title, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt})
		}
	}
	return out, err
}
