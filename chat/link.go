package chat

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Links keeps the links that lead into rooms, with all other links of the town.
type Links interface {
	// Make makes a link and returns it with its secret, which nobody can read again.
	Make(ctx context.Context, room string, by access.Principal, in NewLink) (Link, string, error)
	// Of lists the links of a room that hold, the latest first.
	Of(ctx context.Context, room string) ([]Link, error)
	// End ends a link, and the access of the guests who came by it.
	End(ctx context.Context, room, link string) error
	// EndAll ends all links of a room that goes away, and the access of their guests.
	EndAll(ctx context.Context, room string) error
	// Find returns the link with this secret and its room. Guesses are limited.
	Find(ctx context.Context, token string) (link Link, room string, err error)
	// Spend takes one use of a link inside the transaction, or refuses.
	Spend(tx *gorm.DB, token string) error
}

// LinkRight is whom a link lets in, and to do what.
type LinkRight string

// The rights of links. People of the town become members by any of them.
const (
	LinkForPeople LinkRight = "join"  // people of the town only
	LinkToRead    LinkRight = "read"  // guests may read
	LinkToWrite   LinkRight = "write" // guests may read and write
)

// Link leads into a room until it expires, is used up or is ended.
type Link struct {
	ID        string    `json:"id"`
	Right     LinkRight `json:"right" enum:"join,read,write" doc:"join: people of the town only; read and write: what guests may"`
	Name      string    `json:"name" doc:"What its maker calls it; may be empty"`
	By        Person    `json:"by"`
	MaxUses   int       `json:"max_uses" doc:"0: any number"`
	Uses      int       `json:"uses"`
	ExpiresAt time.Time `json:"expires_at"`
	CreatedAt time.Time `json:"created_at"`
}

// NewLink is what a link is made of.
type NewLink struct {
	Right   LinkRight `json:"right" enum:"join,read,write"`
	Name    string    `json:"name,omitempty" maxLength:"80"`
	MaxUses int       `json:"max_uses,omitempty" minimum:"0" maximum:"1000" doc:"0: any number"`
	Days    int       `json:"days" minimum:"1" maximum:"365" doc:"How long it holds"`
}

// MadeLink is a new link with its secret, which is shown once.
type MadeLink struct {
	Link
	Token string `json:"token"`
}

// canLink lets those who moderate let others in by link.
func canLink(p access.Principal, r room, role Role) error {
	if err := canModerate(p, r, role); err != nil {
		return err
	}
	if r.ArchivedAt != nil {
		return errArchived
	}
	return nil
}

// MakeLink makes a link that leads into a room.
func (c *Chat) MakeLink(ctx context.Context, p access.Principal, roomID string, in NewLink) (MadeLink, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return MadeLink{}, err
	}
	if err := canLink(p, ros.room, ros.role(p.UserID)); err != nil {
		return MadeLink{}, err
	}
	known := slices.Contains([]LinkRight{LinkForPeople, LinkToRead, LinkToWrite}, in.Right)
	if !known || in.MaxUses < 0 || in.MaxUses > maxLinkUses || in.Days < 1 || in.Days > maxLinkDays || utf8.RuneCountInString(in.Name) > maxName {
		return MadeLink{}, fault.Invalid("invalid_input")
	}
	if in.Name, err = cleanLine(in.Name, maxName, "invalid_input"); err != nil {
		return MadeLink{}, err
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return MadeLink{}, err
	}
	all, err := c.links.Of(ctx, roomID)
	if err != nil {
		return MadeLink{}, err
	}
	if len(all) >= maxRoomLinks {
		return MadeLink{}, fault.Conflict("chat.too_many_links", "max", maxRoomLinks)
	}
	link, token, err := c.links.Make(ctx, roomID, p, in)
	link.By = asPerson(p)
	return MadeLink{Link: link, Token: token}, err
}

// RoomLinks lists the links that lead into a room.
func (c *Chat) RoomLinks(ctx context.Context, p access.Principal, roomID string) ([]Link, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return nil, err
	}
	if err := canModerate(p, ros.room, ros.role(p.UserID)); err != nil {
		return nil, err
	}
	all, err := c.links.Of(ctx, roomID)
	if err != nil {
		return nil, err
	}
	var makers []string
	for _, l := range all {
		makers = append(makers, l.By.ID)
	}
	people, err := c.names(ctx, makers)
	for i := range all {
		all[i].By = named(people, all[i].By.ID)
	}
	return all, err
}

// EndLink ends a link and the access of the guests who came by it.
func (c *Chat) EndLink(ctx context.Context, p access.Principal, roomID, link string) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canModerate(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	return c.links.End(ctx, roomID, link)
}

// JoinByLink makes somebody with an account a member of the room that a link
// leads to. The use is taken in the same transaction; who is a member already
// takes none. Guests without account come in through sign-in.
func (c *Chat) JoinByLink(ctx context.Context, p access.Principal, token string) (Room, error) {
	if byLink(p) {
		return Room{}, fault.Forbidden("not_allowed")
	}
	link, roomID, err := c.links.Find(ctx, token)
	if err != nil {
		return Room{}, err
	}
	ros, err := c.rosters.get(ctx, roomID)
	switch {
	case err != nil:
		return Room{}, err
	case ros.role(p.UserID) != "":
		return c.Room(ctx, p, roomID)
	case ros.room.ArchivedAt != nil:
		return Room{}, errArchived
	case p.IsGuest() && link.Right == LinkForPeople:
		return Room{}, fault.Forbidden("auth.link_for_people")
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return Room{}, err
	}
	people := map[string]Person{p.UserID: asPerson(p)}
	var came arrival
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		now, err := readRoster(tx, roomID)
		if err != nil {
			return err
		}
		if now.role(p.UserID) != "" {
			return nil
		}
		if len(now.ids) >= c.limits.roomMembers {
			return errRoomFull(c.limits.roomMembers)
		}
		if err := c.links.Spend(tx, token); err != nil {
			return err
		}
		came, err = c.addWithEntry(tx, p, roomID, people, KindJoined)
		return err
	}, func() { c.tellNew(p, ros, came, people) })
	if err != nil {
		return Room{}, err
	}
	return c.Room(ctx, p, roomID)
}

// RoomName returns what a room is called, for whoever has a link to it.
func (c *Chat) RoomName(ctx context.Context, roomID string) (string, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return "", err
	}
	return ros.room.Name, nil
}
