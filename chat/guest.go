package chat

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
)

// guestPrefix begins the id of whoever came by a link.
const guestPrefix = "guest-"

// guest is a row: somebody who came into a room by a link.
type guest struct {
	GuestID   string
	RoomID    string
	SessionID string
	Name      string
}

// asPerson is how p appears as an author.
func asPerson(p access.Principal) Person {
	return Person{ID: p.UserID, Name: p.Name, Guest: p.IsGuest(), Active: true}
}

// rosterFor returns a room with its members for p. A guest whose link opens the
// room, and who has not been sent away, becomes a member on the way.
func (c *Chat) rosterFor(ctx context.Context, p access.Principal, roomID string) (*roster, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil || !byLink(p) || ros.role(p.UserID) != "" {
		return ros, err
	}
	if _, ok := p.Grant("room", roomID); !ok || !ros.room.Kind.named() {
		return ros, nil
	}
	if err := c.admit(ctx, p, ros); err != nil {
		return nil, err
	}
	return c.rosters.get(ctx, roomID)
}

// admit makes a guest a member of a room.
func (c *Chat) admit(ctx context.Context, p access.Principal, ros *roster) error {
	in := ros.room
	row := guest{GuestID: p.UserID, RoomID: in.ID, SessionID: p.SessionID, Name: p.Name}
	var entry message
	came := false
	var silenced map[string]time.Time
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		now, err := readRoster(tx, in.ID)
		if err != nil {
			return err
		}
		if len(now.ids) >= c.limits.roomMembers {
			return errRoomFull(c.limits.roomMembers)
		}
		if err := insertGuest(tx, row, c.clock.Now()); err != nil {
			return err
		}
		added, err := addMembers(tx, in.ID, []string{p.UserID}, Guest, now.room.LastSeq+1, c.clock.Now())
		came = len(added) > 0
		if err == nil && came {
			silenced, err = silencesOf(tx, in.ID, added)
		}
		if err != nil || !came || now.room.ArchivedAt != nil {
			return err
		}
		return c.note(tx, in.ID, p.UserID, KindJoined, stored{People: added}, &entry)
	}, func() {
		if !came {
			return
		}
		c.rosters.change(in.ID, func(r room, roles map[string]Role) room {
			roles[p.UserID] = Guest
			return r
		})
		if until, ok := silenced[p.UserID]; ok {
			c.rosters.silence(in.ID, p.UserID, &until)
		}
		now := c.rosters.latest(ros)
		if entry.ID != "" {
			c.tellEntry(now, p, entry, map[string]Person{p.UserID: asPerson(p)})
		}
		c.tellFacts(now)
	})
}

// renameGuest notes what a guest calls themselves now.
func (c *Chat) renameGuest(ctx context.Context, p access.Principal) error {
	names, err := guestNames(c.db.Read(ctx), []string{p.UserID})
	if err != nil || names[p.UserID] == p.Name {
		return err
	}
	return c.db.Write(ctx, func(tx *gorm.DB) error { return setGuestName(tx, p.UserID, p.Name) })
}

// GuestLinkEnded takes those out of a room whose link to it ended. A guest
// whose other link still holds comes back by asking again.
func (c *Chat) GuestLinkEnded(ctx context.Context, roomID string, sessions []string) error {
	rows, err := guestsOfSessions(c.db.Read(ctx), roomID, sessions)
	if err != nil {
		return err
	}
	return c.guestsGone(ctx, rows)
}

// GuestGone takes a guest out of all rooms, because their session ended.
func (c *Chat) GuestGone(ctx context.Context, session string) error {
	rows, err := guestsOfSessions(c.db.Read(ctx), "", []string{session})
	if err != nil {
		return err
	}
	return c.guestsGone(ctx, rows)
}

func (c *Chat) guestsGone(ctx context.Context, rows []guest) error {
	for _, g := range rows {
		ros, err := c.rosters.get(ctx, g.RoomID)
		if err != nil {
			return err
		}
		if ros.role(g.GuestID) == "" {
			continue
		}
		p := access.Principal{UserID: g.GuestID, Name: g.Name, Role: access.RoleGuest}
		if err := c.takeOut(ctx, p, ros, g.GuestID, KindLeft); err != nil {
			return err
		}
	}
	return nil
}

// admitAll makes a guest a member of all rooms that their links open.
func (c *Chat) admitAll(ctx context.Context, p access.Principal) error {
	for _, g := range p.Grants {
		if g.Kind != "room" {
			continue
		}
		if _, err := c.rosterFor(ctx, p, g.ID); err != nil && !isNoRoom(err) {
			return err
		}
	}
	return nil
}

// nameGuests adds the names of guests by link.
func (c *Chat) nameGuests(ctx context.Context, ids []string, out map[string]Person) error {
	if len(ids) == 0 {
		return nil
	}
	names, err := guestNames(c.db.Read(ctx), ids)
	for u, name := range names {
		out[u] = Person{ID: u, Name: name, Guest: true, Active: true}
	}
	return err
}

// split divides ids into those that fit and the others.
func split(ids []string, fits func(string) bool) (fit, others []string) {
	for _, one := range ids {
		if fits(one) {
			fit = append(fit, one)
		} else {
			others = append(others, one)
		}
	}
	return fit, others
}
