package chat

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/export"
)

// TakeRoom is a room that somebody takes along.
type TakeRoom struct {
	Room
	// Mine says that only this person's own words of it are taken.
	Mine bool `json:"-"`
	// Title is what the room is called for this person.
	Title string `json:"title"`
	Count int    `json:"messages"`
	Head  int64  `json:"-"`
}

// TakeOne returns a room for one of its members to take along.
func (c *Chat) TakeOne(ctx context.Context, p access.Principal, roomID string) (TakeRoom, []RoomMember, error) {
	ros, err := c.rosters.get(ctx, roomID)
	if err != nil {
		return TakeRoom{}, nil, err
	}
	role := ros.role(p.UserID)
	if err := canRead(p, ros.room, role); err != nil {
		return TakeRoom{}, nil, err
	}
	if role == "" {
		return TakeRoom{}, nil, errNotMember
	}
	room, err := c.Room(ctx, p, roomID)
	if err != nil {
		return TakeRoom{}, nil, err
	}
	out, err := c.takeRoom(ctx, p, room, false)
	if err != nil {
		return out, nil, err
	}
	members, err := c.Members(ctx, p, roomID)
	return out, members, err
}

// TakeMine lists the rooms of a person, archived ones included. Direct rooms
// are whole; of the others it is what the person wrote.
func (c *Chat) TakeMine(ctx context.Context, p access.Principal) ([]TakeRoom, error) {
	rows, err := readableRooms(c.db.Read(ctx), p)
	if err != nil {
		return nil, err
	}
	var out []TakeRoom
	for _, l := range rows {
		if l.Role == "" || canRead(p, l.Room, l.Role) != nil {
			continue
		}
		room, err := c.Room(ctx, p, l.Room.ID)
		if err != nil {
			return nil, err
		}
		t, err := c.takeRoom(ctx, p, room, l.Room.Kind != Direct)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func (c *Chat) takeRoom(ctx context.Context, p access.Principal, room Room, mine bool) (TakeRoom, error) {
	t := TakeRoom{Room: room, Mine: mine, Title: room.Name, Head: room.LastSeq}
	if room.Partner != nil {
		t.Title = room.Partner.Name
	}
	if room.Sender != nil {
		t.Title = room.Name + " · " + room.Sender.Name
	}
	if room.Kind == Group {
		var names []string
		for _, one := range room.People {
			names = append(names, one.Name)
		}
		t.Title = strings.Join(names, ", ")
	}
	var err error
	t.Count, err = countTaken(c.db.Read(ctx), t, p.UserID)
	return t, err
}

// titleIn is what a room is called in a language.
func (t TakeRoom) titleIn(lang string) string {
	if t.Title == "" && t.Kind == Self {
		return export.WordsIn(lang).Self
	}
	return t.Title
}

// TakePage returns up to takePage messages of a room above a place, in order.
func (c *Chat) TakePage(ctx context.Context, p access.Principal, t TakeRoom, after int64) ([]Message, error) {
	// The right is asked for each page: it may end while the export runs.
	ros, err := c.rosters.get(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return nil, err
	}
	if ros.role(p.UserID) == "" {
		return nil, errNotMember
	}
	where, args := takenWhere(t, p.UserID)
	rows, err := manyMessages(c.db.Read(ctx), where+" AND seq > ? ORDER BY seq LIMIT ?", append(args, after, takePage)...)
	if err != nil {
		return nil, err
	}
	return c.viewAll(ctx, rows)
}

// takePage is how many messages of an export are in memory.
const takePage = 200

func takenWhere(t TakeRoom, user string) (string, []any) {
	where, args := "room_id = ? AND seq <= ? AND deleted_at IS NULL", []any{t.ID, t.Head}
	if t.Mine {
		where += " AND author_id = ? AND kind = 'text'"
		args = append(args, user)
	}
	return where, args
}

func countTaken(tx *gorm.DB, t TakeRoom, user string) (int, error) {
	where, args := takenWhere(t, user)
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_messages WHERE "+where, args...).Row().Scan(&n); err != nil {
		return 0, fmt.Errorf("count messages to take along: %w", err)
	}
	return n, nil
}

// TakenFile is a file that a message carries.
type TakenFile struct {
	ID   string
	Name string
	Kind string
	Size int64
}

// TakeFiles returns the files of the messages of one page, by message id.
func (c *Chat) TakeFiles(ctx context.Context, messages []Message) (map[string][]TakenFile, error) {
	ids := make([]string, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	rows, err := messagesByID(c.db.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	out := map[string][]TakenFile{}
	for _, m := range rows {
		for _, f := range m.sought().Files {
			out[m.ID] = append(out[m.ID], TakenFile{ID: f.ID, Name: f.Name, Kind: f.Kind, Size: f.Size})
		}
	}
	return out, nil
}
