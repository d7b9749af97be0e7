package chat

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// known is what rendering needs beyond the rows: current names, and the
// messages that the rows refer to.
type known struct {
	people   map[string]Person
	messages map[string]message
	groups   map[string]string
}

// newKnown knows p, who is acting.
func newKnown(people ...Person) *known {
	k := &known{people: map[string]Person{}, messages: map[string]message{}, groups: map[string]string{}}
	for _, p := range people {
		k.people[p.ID] = p
	}
	return k
}

// names returns the same names without the messages, which a transaction reads
// for itself.
func (k *known) names() *known {
	if len(k.messages) == 0 {
		return k
	}
	return &known{people: maps.Clone(k.people), messages: map[string]message{}, groups: maps.Clone(k.groups)}
}

// refersTo returns the ids of the messages that a row shows beside itself.
func (m message) refersTo(s stored) []string {
	var ids []string
	if m.ThreadID != "" {
		ids = append(ids, m.ThreadID)
	}
	if s.Quote != "" {
		ids = append(ids, s.Quote)
	}
	return ids
}

// shows returns the ids of everybody whose name stands in a row.
func (m message) shows(s stored) []string {
	ids := append([]string{m.AuthorID}, m.concerns(s)...)
	if s.Thread != nil {
		ids = append(ids, s.Thread.People...)
	}
	if s.Forward != nil {
		ids = append(ids, s.Forward.Author)
	}
	if s.Pin != nil {
		ids = append(ids, s.Pin.By)
	}
	if s.Poll != nil {
		ids = append(ids, s.Poll.people()...)
	}
	for _, r := range s.Reactions {
		ids = append(ids, r.People...)
	}
	return ids
}

// learn finds out what the rows need and k does not know yet. Messages are read
// in tx, so that inside a transaction they are as they are at its end.
func (c *Chat) learn(ctx context.Context, tx *gorm.DB, k *known, rows []message, data []stored) error {
	var refs, people, groups []string
	for i, m := range rows {
		refs = append(refs, m.refersTo(data[i])...)
		people = append(people, m.shows(data[i])...)
		groups = append(groups, wideIn(m.Text, m.RoomID).groups...)
	}
	if err := c.learnMessages(tx, k, refs); err != nil {
		return err
	}
	for _, m := range k.messages {
		people = append(append(people, m.AuthorID), mentionsIn(m.Text)...)
	}
	if err := c.learnGroups(ctx, k, groups); err != nil {
		return err
	}
	return c.learnPeople(ctx, k, people)
}

func (c *Chat) learnMessages(tx *gorm.DB, k *known, refs []string) error {
	refs = slices.DeleteFunc(refs, func(id string) bool { _, ok := k.messages[id]; return ok })
	if len(refs) == 0 {
		return nil
	}
	found, err := messagesByID(tx, slices.Compact(slices.Sorted(slices.Values(refs))))
	if err != nil {
		return err
	}
	for _, m := range found {
		if m.ended(c.clock.Now()) {
			m = m.emptied()
		}
		k.messages[m.ID] = m
	}
	return nil
}

func (c *Chat) learnGroups(ctx context.Context, k *known, groups []string) error {
	groups = slices.DeleteFunc(groups, func(id string) bool { _, ok := k.groups[id]; return ok })
	if len(groups) == 0 {
		return nil
	}
	names, err := c.people.GroupNames(ctx, slices.Compact(slices.Sorted(slices.Values(groups))))
	if err != nil {
		return err
	}
	for _, id := range groups {
		k.groups[id] = names[id]
	}
	return nil
}

func (c *Chat) learnPeople(ctx context.Context, k *known, people []string) error {
	people = slices.DeleteFunc(people, func(id string) bool { _, ok := k.people[id]; return ok })
	if len(people) == 0 {
		return nil
	}
	names, err := c.names(ctx, people)
	if err != nil {
		return err
	}
	for _, id := range people {
		k.people[id] = named(names, id) // who is gone is not asked for again
	}
	return nil
}

// names asks the directory for people, each once, and knows the guests by link.
// The answer is the caller's own.
func (c *Chat) names(ctx context.Context, ids []string) (map[string]Person, error) {
	out := map[string]Person{}
	if len(ids) == 0 {
		return out, nil
	}
	all := slices.Compact(slices.Sorted(slices.Values(ids)))
	guests, others := split(all, isLinkGuest)
	if err := c.nameGuests(ctx, guests, out); err != nil || len(others) == 0 {
		return out, err
	}
	found, err := c.people.People(ctx, others)
	maps.Copy(out, found)
	return out, err
}

// view renders a row with what is known.
func (k *known) view(m message, s stored) Message {
	v := Message{
		ID: m.ID, Seq: m.Seq, Rev: m.Rev, Kind: m.Kind, Author: named(k.people, m.AuthorID), ClientID: m.ClientID,
		ThreadID: m.ThreadID, Root: k.refer(m.ThreadID), Thread: s.Thread.view(k.people), Quote: k.refer(s.Quote),
		Forward: s.Forward.view(k.people), Poll: s.Poll.view(k.people), Pinned: s.Pin.view(k.people), Versions: s.Versions,
		Title: s.Title, SolvedAt: s.SolvedAt, Text: m.Text, Data: s.MessageData, Files: s.Files, Silent: s.Silent, ExpiresAt: stampOf(m.ExpiresAt),
		CreatedAt: stamp(m.CreatedAt), EditedAt: stampOf(m.EditedAt), DeletedAt: stampOf(m.DeletedAt),
	}
	for _, id := range m.concerns(s) {
		v.People = append(v.People, named(k.people, id))
	}
	for _, id := range wideIn(m.Text, m.RoomID).groups {
		v.Groups = append(v.Groups, CalledGroup{ID: id, Name: k.groups[id]})
	}
	for _, r := range s.Reactions {
		one := Reaction{Emoji: r.Emoji, People: make([]Person, 0, len(r.People))}
		for _, id := range r.People {
			one.People = append(one.People, named(k.people, id))
		}
		v.Reactions = append(v.Reactions, one)
	}
	return v
}

// render renders one row. In a transaction it shows what will be true at its end.
func (c *Chat) render(ctx context.Context, tx *gorm.DB, k *known, m message) (Message, error) {
	s, err := m.stored()
	if err != nil {
		return Message{}, err
	}
	if err := c.learn(ctx, tx, k, []message{m}, []stored{s}); err != nil {
		return Message{}, err
	}
	return k.view(m, s), nil
}

// viewOne renders one row.
func (c *Chat) viewOne(ctx context.Context, m message) (Message, error) {
	return c.render(ctx, c.db.Read(ctx), newKnown(), m)
}

// viewAll renders rows with one question to the directory.
func (c *Chat) viewAll(ctx context.Context, rows []message) ([]Message, error) {
	data := make([]stored, len(rows))
	for i, m := range rows {
		if m.ended(c.clock.Now()) {
			m = m.emptied()
			rows[i] = m
		}
		var err error
		if data[i], err = m.stored(); err != nil {
			return nil, err
		}
	}
	k := newKnown()
	if err := c.learn(ctx, c.db.Read(ctx), k, rows, data); err != nil {
		return nil, err
	}
	out := make([]Message, len(rows))
	for i, m := range rows {
		out[i] = k.view(m, data[i])
	}
	return out, nil
}
