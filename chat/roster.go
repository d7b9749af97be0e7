package chat

import (
	"container/list"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"rathaus/internal/store"
)

// roster is a room with its members, as the hot path needs it. It is never
// changed once made.
type roster struct {
	room     room
	roles    map[string]Role
	ids      []string             // of the members, sorted
	silenced map[string]time.Time // until when somebody may not write
	blockers []string             // of a direct room: who wants nothing from the other
}

func (r *roster) role(user string) Role { return r.roles[user] }

func (r *roster) owners() int {
	n := 0
	for _, role := range r.roles {
		if role == Owner {
			n++
		}
	}
	return n
}

// rosters caches rosters, bounded by the number of members in them. A change
// of a room or its members is applied after its commit; what was read before
// the commit and arrives later is not kept. The last_seq and last_at in a
// cached room are those of the time of reading.
type rosters struct {
	db *store.DB

	mu      sync.Mutex
	byRoom  map[string]*list.Element // guarded by mu
	used    *list.List               // of *roster, latest first; guarded by mu
	members int                      // in all of them; guarded by mu
	epoch   uint64                   // counts the changes; guarded by mu
}

func newRosters(db *store.DB) *rosters {
	return &rosters{db: db, byRoom: map[string]*list.Element{}, used: list.New()}
}

// get returns the room with its members, or errNoRoom.
func (rs *rosters) get(ctx context.Context, roomID string) (*roster, error) {
	rs.mu.Lock()
	if e, ok := rs.byRoom[roomID]; ok {
		rs.used.MoveToFront(e)
		rs.mu.Unlock()
		return e.Value.(*roster), nil //nolint:forcetypeassert // the list holds nothing else
	}
	epoch := rs.epoch
	rs.mu.Unlock()

	r, err := readRoster(rs.db.Read(ctx), roomID)
	if err != nil {
		return nil, err
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.epoch == epoch {
		rs.keep(r)
	}
	return r, nil
}

// keep puts a roster into the cache. The caller holds mu.
func (rs *rosters) keep(r *roster) {
	if _, ok := rs.byRoom[r.room.ID]; ok {
		return
	}
	rs.byRoom[r.room.ID] = rs.used.PushFront(r)
	rs.members += weight(r)
	for rs.members > maxRosterMembers && rs.used.Len() > 1 {
		rs.drop(rs.used.Back())
	}
}

// change applies a committed change of a room to its roster. It runs on the
// writer's goroutine, so that a roster in the cache is that of the latest
// commit whose followers are being told. Applying a change twice does no harm.
func (rs *rosters) change(roomID string, apply func(r room, roles map[string]Role) room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.epoch++
	e, ok := rs.byRoom[roomID]
	if !ok {
		return
	}
	old := e.Value.(*roster) //nolint:forcetypeassert // the list holds nothing else
	rs.drop(e)
	next := *old
	next.roles = maps.Clone(old.roles)
	next.room = apply(old.room, next.roles)
	next.ids = slices.Sorted(maps.Keys(next.roles))
	rs.keep(&next)
}

// silence notes until when somebody may not write; nil lets them speak.
func (rs *rosters) silence(roomID, user string, until *time.Time) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.epoch++
	e, ok := rs.byRoom[roomID]
	if !ok {
		return
	}
	next := *e.Value.(*roster) //nolint:forcetypeassert // the list holds nothing else
	rs.drop(e)
	next.silenced = maps.Clone(next.silenced)
	if until == nil {
		delete(next.silenced, user)
	} else {
		if next.silenced == nil {
			next.silenced = map[string]time.Time{}
		}
		next.silenced[user] = *until
	}
	rs.keep(&next)
}

// forget makes the room be read afresh.
func (rs *rosters) forget(roomID string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.epoch++
	if e, ok := rs.byRoom[roomID]; ok {
		rs.drop(e)
	}
}

// latest returns the roster in the cache, or the one given if there is none.
func (rs *rosters) latest(r *roster) *roster {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if e, ok := rs.byRoom[r.room.ID]; ok {
		return e.Value.(*roster) //nolint:forcetypeassert // the list holds nothing else
	}
	return r
}

func (rs *rosters) drop(e *list.Element) {
	r := rs.used.Remove(e).(*roster) //nolint:forcetypeassert // the list holds nothing else
	delete(rs.byRoom, r.room.ID)
	rs.members -= weight(r)
}

// weight counts an empty room too, so that the cache stays bounded.
func weight(r *roster) int { return len(r.ids) + 10 }

func rosterOf(r room, members []member) *roster {
	out := &roster{room: r, roles: make(map[string]Role, len(members)), ids: make([]string, 0, len(members))}
	for _, m := range members {
		out.roles[m.UserID] = m.Role
		out.ids = append(out.ids, m.UserID)
		if m.SilencedUntil != nil {
			if out.silenced == nil {
				out.silenced = map[string]time.Time{}
			}
			out.silenced[m.UserID] = *m.SilencedUntil
		}
	}
	slices.Sort(out.ids)
	return out
}
