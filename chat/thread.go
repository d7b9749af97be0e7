package chat

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
)

// Thread sums up the replies to a message.
type Thread struct {
	Replies int      `json:"replies"`
	LastSeq int64    `json:"last_seq" doc:"Place of the latest reply"`
	LastAt  string   `json:"last_at" format:"date-time"`
	People  []Person `json:"people" nullable:"false" doc:"Who answered, latest first, at most five"`
}

// storedThread is the same in the data of the message that began the thread.
type storedThread struct {
	Replies int       `json:"replies"`
	LastSeq int64     `json:"last_seq"`
	LastAt  time.Time `json:"last_at"`
	People  []string  `json:"people"`
}

var errNoThread = fault.Conflict("chat.thread_not_possible")

func (t *storedThread) view(people map[string]Person) *Thread {
	if t == nil || t.Replies == 0 {
		return nil
	}
	out := &Thread{Replies: t.Replies, LastSeq: t.LastSeq, LastAt: stamp(t.LastAt), People: []Person{}}
	for _, id := range t.People {
		out.People = append(out.People, named(people, id))
	}
	return out
}

// with returns the summary after one more reply.
func (t *storedThread) with(reply message) *storedThread {
	next := storedThread{Replies: 1, LastSeq: reply.Seq, LastAt: reply.CreatedAt, People: []string{reply.AuthorID}}
	if t == nil {
		return &next
	}
	next.Replies += t.Replies
	for _, id := range t.People {
		if id != reply.AuthorID && len(next.People) < maxThreadFaces {
			next.People = append(next.People, id)
		}
	}
	return &next
}

// canBegin says whether a message can have replies: words of a person, not
// themselves a reply, and still there unless the thread exists already.
func canBegin(m message, s stored) error {
	switch {
	case m.ThreadID != "" || m.Kind != KindText && m.Kind != KindCall:
		return errNoThread
	case m.DeletedAt != nil && s.Thread == nil:
		return errNoMessage
	}
	return nil
}

// growThread notes a new reply at the message that began the thread.
func growThread(tx *gorm.DB, reply message) (message, error) {
	return changeThread(tx, reply.RoomID, reply.ThreadID, func(root message, s *stored) error {
		if err := canBegin(root, *s); err != nil {
			return err
		}
		s.Thread = s.Thread.with(reply)
		return nil
	})
}

// callsOfFollowers calls those who follow the thread and are members. Whoever
// answers follows it, and whoever began it unless they have said no.
func callsOfFollowers(tx *gorm.DB, ros *roster, reply message) ([]called, error) {
	root, err := messageIn(tx, reply.RoomID, reply.ThreadID)
	if err != nil {
		return nil, err
	}
	if err := followUnasked(tx, root.ID, root.AuthorID); err != nil {
		return nil, err
	}
	if err := follow(tx, root.ID, reply.AuthorID, true); err != nil {
		return nil, err
	}
	users, err := followersOf(tx, reply.ThreadID)
	if err != nil {
		return nil, err
	}
	var out []called
	for _, u := range users {
		if u != reply.AuthorID && ros.role(u) != "" {
			out = append(out, called{u, byThread})
		}
	}
	return out, nil
}

// shrinkThread sums up a thread anew after a reply was deleted.
func shrinkThread(tx *gorm.DB, reply message) (message, error) {
	return changeThread(tx, reply.RoomID, reply.ThreadID, func(root message, s *stored) (err error) {
		s.Thread, err = sumUp(tx, root.ID)
		return err
	})
}

func changeThread(tx *gorm.DB, roomID, rootID string, change func(message, *stored) error) (message, error) {
	root, err := messageIn(tx, roomID, rootID)
	if err != nil {
		return root, err
	}
	s, err := root.stored()
	if err != nil {
		return root, err
	}
	if err := change(root, &s); err != nil {
		return root, err
	}
	if root.Data, err = s.encode(); err != nil {
		return root, err
	}
	if root.Rev, err = forcedSeq(tx, roomID); err != nil {
		return root, err
	}
	return root, rewriteMessage(tx, root)
}

// sumUp counts a thread's replies that are still there.
func sumUp(tx *gorm.DB, rootID string) (*storedThread, error) {
	n, err := countReplies(tx, rootID)
	if err != nil || n == 0 {
		return nil, err
	}
	latest, err := latestReplies(tx, rootID, threadFacesFrom)
	if err != nil {
		return nil, err
	}
	slices.Reverse(latest)
	var t *storedThread
	for _, m := range latest {
		t = t.with(m)
	}
	t.Replies = n
	return t, nil
}
