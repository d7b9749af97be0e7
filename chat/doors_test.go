package chat_test

import (
	"context"
	"maps"
	"sync"
	"time"

	"gorm.io/gorm"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// doors keeps links into rooms, in memory. What sign-in makes of links is
// tested with the whole program.
type doors struct {
	mu   sync.Mutex
	made map[string]*door // by secret; guarded by mu
}

type door struct {
	chat.Link
	room string
}

func (d *doors) Make(_ context.Context, room string, by access.Principal, in chat.NewLink) (chat.Link, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made == nil {
		d.made = map[string]*door{}
	}
	now := time.Now()
	token := id.Token()
	d.made[token] = &door{room: room, Link: chat.Link{
		ID: id.New(), Right: in.Right, Name: in.Name, By: chat.Person{ID: by.UserID}, MaxUses: in.MaxUses,
		CreatedAt: now, ExpiresAt: now.Add(time.Duration(in.Days) * 24 * time.Hour),
	}}
	return d.made[token].Link, token, nil
}

func (d *doors) Of(_ context.Context, room string) ([]chat.Link, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := []chat.Link{}
	for _, l := range d.made {
		if l.room == room {
			out = append(out, l.Link)
		}
	}
	return out, nil
}

func (d *doors) End(_ context.Context, room, link string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for token, l := range d.made {
		if l.room == room && l.ID == link {
			delete(d.made, token)
			return nil
		}
	}
	return fault.NotFound("auth.guest_link_not_found")
}

func (d *doors) EndAll(_ context.Context, room string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.made, func(_ string, l *door) bool { return l.room == room })
	return nil
}

func (d *doors) Find(_ context.Context, token string) (chat.Link, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l, ok := d.made[token]; ok {
		return l.Link, l.room, nil
	}
	return chat.Link{}, "", fault.Gone("auth.link_unknown")
}

func (d *doors) Spend(_ *gorm.DB, token string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, ok := d.made[token]
	if !ok || l.MaxUses > 0 && l.Uses >= l.MaxUses {
		return fault.Gone("auth.link_used")
	}
	l.Uses++
	return nil
}
