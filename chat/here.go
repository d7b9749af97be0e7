package chat

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"
)

// Here tells a person that somebody has opened the portal or left it. It is
// told only where the town allows it, among those who tell it themselves, and
// it carries no time.
type Here struct {
	PersonID string `json:"person_id"`
	Here     *bool  `json:"here,omitempty" doc:"Left out: the person does not tell it any more"`
}

// comings are the people who have come or gone and of whom nobody was told yet.
// It is bounded: when it is full, others hear of it when they ask next.
type comings struct {
	mu     sync.Mutex
	people map[string]time.Time // since when they stand here; guarded by mu
}

func (cs *comings) note(user string, now time.Time) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.people == nil {
		cs.people = map[string]time.Time{}
	}
	if len(cs.people) < maxComings || !cs.people[user].IsZero() {
		cs.people[user] = now
	}
}

// due takes those out who have stood here long enough, and says when the next
// will have; zero: nobody stands here.
func (cs *comings) due(now time.Time) (users []string, next time.Time) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for u, since := range cs.people {
		at := since.Add(presencePause)
		switch {
		case !now.Before(at):
			users = append(users, u)
			delete(cs.people, u)
		case next.IsZero() || at.Before(next):
			next = at
		}
	}
	return users, next
}

// came notes that somebody has opened the portal or left it. It never waits.
func (c *Chat) came(user string) {
	if isLinkGuest(user) {
		return
	}
	c.comings.note(user, c.clock.Now())
	c.presence.rouse()
}

// tellHere tells others who came and went. Reloading a page is neither, so it
// waits a moment.
func (c *Chat) tellHere(ctx context.Context) (time.Time, error) {
	users, next := c.comings.due(c.clock.Now())
	for _, u := range users {
		others, err := presenceSharers(c.db.Read(ctx), u, true)
		if err != nil {
			return time.Time{}, err
		}
		here := c.hub.Online(u)
		c.hub.Notify(others, "", "here", Here{PersonID: u, Here: &here})
	}
	return next, nil
}

// presenceSharers returns who is told whether a person is here: those who share
// a room with them and tell it themselves. With mutual, the person must tell it, too.
func presenceSharers(tx *gorm.DB, user string, mutual bool) ([]string, error) {
	var ids []string
	err := tx.Raw(`SELECT DISTINCT o.user_id FROM chat_members m JOIN chat_members o ON o.room_id = m.room_id AND o.user_id <> m.user_id
		JOIN chat_people p ON p.user_id = o.user_id AND p.presence
		WHERE m.user_id = ? AND (NOT ? OR EXISTS (SELECT 1 FROM chat_people me WHERE me.user_id = ? AND me.presence)) LIMIT ?`,
		user, mutual, user, maxCompanions).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find who is told that somebody is here: %w", err)
	}
	return ids, nil
}

// RoleChanged ends what somebody tells by being here, and by reading, when they
// have become a guest.
func (c *Chat) RoleChanged(ctx context.Context, user string) error {
	people, err := c.names(ctx, []string{user})
	if err != nil || !named(people, user).Guest {
		return err
	}
	if err := c.db.Write(ctx, func(tx *gorm.DB) error { return tellNothing(tx, user) }); err != nil {
		return err
	}
	return c.presenceChanged(ctx, user, false)
}

// presenceChanged tells others that a person tells from now on whether they are
// here, or does not any more.
func (c *Chat) presenceChanged(ctx context.Context, user string, on bool) error {
	if c.policies.Presence != PolicyOptional {
		return nil
	}
	if on {
		c.came(user)
		return nil
	}
	others, err := presenceSharers(c.db.Read(ctx), user, false)
	if err == nil {
		c.hub.Notify(others, "", "here", Here{PersonID: user})
	}
	return err
}
