package chat

import (
	"context"
	"math"
	"strconv"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// ThreadPage is a stretch of a thread.
type ThreadPage struct {
	Root      Message   `json:"root" doc:"What began the thread"`
	Messages  []Message `json:"messages" nullable:"false" doc:"Replies in order of place"`
	Before    bool      `json:"before" doc:"There are older replies"`
	Following bool      `json:"following" doc:"The reader hears of new replies"`
	Head      int64     `json:"head" doc:"Number of the latest change of the room that is included"`
}

// MyThread is a thread that a person follows.
type MyThread struct {
	RoomID string  `json:"room_id"`
	Root   Message `json:"root"`
	Last   Message `json:"last" doc:"The latest reply"`
	Unread int     `json:"unread" doc:"Counting stops at 100"`
}

// MyThreads is a stretch of the list of a person's threads.
type MyThreads struct {
	Items []MyThread `json:"items" nullable:"false" doc:"Those with unread replies first, then by the latest reply"`
	Next  string     `json:"next" doc:"Cursor of the next stretch, or empty"`
}

// Following says whether a person follows a thread. All their devices hear it.
type Following struct {
	RoomID    string `json:"room_id"`
	MessageID string `json:"message_id"`
	Following bool   `json:"following"`
}

// Thread returns the latest replies to a message, or those before a place.
func (c *Chat) Thread(ctx context.Context, p access.Principal, roomID, rootID string, before int64, limit int) (ThreadPage, error) {
	root, err := c.threadRoot(ctx, p, roomID, rootID)
	if err != nil {
		return ThreadPage{}, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	if limit <= 0 || limit > maxPage {
		limit = defaultPage
	}
	tx := c.db.Read(ctx)
	// The head is read first: what is newer arrives as an event.
	r, err := readRoom(tx, roomID)
	if err != nil {
		return ThreadPage{}, err
	}
	rows, err := threadPage(tx, rootID, before, limit+1)
	if err != nil {
		return ThreadPage{}, err
	}
	page := ThreadPage{Head: r.LastSeq, Before: len(rows) > limit}
	if page.Before {
		rows = rows[1:]
	}
	all, err := c.viewAll(ctx, append([]message{root}, rows...))
	if err != nil {
		return ThreadPage{}, err
	}
	page.Root, page.Messages = all[0], all[1:]
	page.Following, err = isFollowing(tx, rootID, p.UserID)
	return page, err
}

// threadRoot returns a message that may have replies, if p may read it. It may
// be deleted: its thread stays.
func (c *Chat) threadRoot(ctx context.Context, p access.Principal, roomID, rootID string) (message, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return message{}, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return message{}, err
	}
	if !id.Valid(rootID) {
		return message{}, errNoMessage
	}
	root, err := messageIn(c.db.Read(ctx), roomID, rootID)
	if err != nil {
		return root, err
	}
	s, err := root.stored()
	if err != nil {
		return root, err
	}
	return root, canBegin(root, s)
}

// Follow makes p hear of new replies to a message, or not any more.
func (c *Chat) Follow(ctx context.Context, p access.Principal, roomID, rootID string, on bool) (Following, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Following{}, err
	}
	if _, err := c.threadRoot(ctx, p, roomID, rootID); err != nil {
		return Following{}, err
	}
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return Following{}, err
	}
	if ros.role(p.UserID) == "" {
		return Following{}, errNotMember
	}
	now := Following{RoomID: roomID, MessageID: rootID, Following: on}
	err = c.db.Write(ctx, func(tx *gorm.DB) error { return follow(tx, rootID, p.UserID, on) }, func() {
		c.hub.Notify([]string{p.UserID}, "", "following", now)
	})
	return now, err
}

// ThreadsOf lists the threads that p follows.
func (c *Chat) ThreadsOf(ctx context.Context, p access.Principal, cursor string, limit int) (MyThreads, error) {
	after, err := parseThreadCursor(cursor)
	if err != nil {
		return MyThreads{}, err
	}
	if limit <= 0 || limit > maxPage {
		limit = defaultPage
	}
	tx := c.db.Read(ctx)
	rows, err := threadsOf(tx, p.UserID, after, limit+1)
	if err != nil {
		return MyThreads{}, err
	}
	out := MyThreads{Items: []MyThread{}}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = strconv.Itoa(rows[limit-1].Fresh) + rows[limit-1].LastID
	}
	views, err := c.viewsByID(ctx, tx, rows)
	if err != nil {
		return MyThreads{}, err
	}
	for _, f := range rows {
		root, ok := views[f.MessageID]
		if ok {
			out.Items = append(out.Items, MyThread{RoomID: root.room, Root: root.Message, Last: views[f.LastID].Message, Unread: f.Unread})
		}
	}
	return out, nil
}

// placed is a message with the room in which it is.
type placed struct {
	Message
	room string
}

func (c *Chat) viewsByID(ctx context.Context, tx *gorm.DB, rows []followed) (map[string]placed, error) {
	ids := make([]string, 0, 2*len(rows))
	for _, f := range rows {
		ids = append(ids, f.MessageID, f.LastID)
	}
	found, err := messagesByID(tx, ids)
	if err != nil {
		return nil, err
	}
	all, err := c.viewAll(ctx, found)
	if err != nil {
		return nil, err
	}
	out := make(map[string]placed, len(all))
	for i, m := range all {
		out[m.ID] = placed{m, found[i].RoomID}
	}
	return out, nil
}

func parseThreadCursor(cursor string) (*followed, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // from the beginning
	}
	if len(cursor) < 1 || cursor[0] != '0' && cursor[0] != '1' || !id.Valid(cursor[1:]) {
		return nil, fault.Invalid("invalid_input")
	}
	return &followed{Fresh: int(cursor[0] - '0'), LastID: cursor[1:]}, nil
}
