package chat

import (
	"encoding/json"
	"fmt"
	"time"
)

// The kinds of message. Only texts and calls count as unread; the others are
// entries of the house.
const (
	KindText    = "text"
	KindCall    = "call"
	KindCreated = "created"
	KindJoined  = "joined"
	KindAdded   = "added"
	KindLeft    = "left"
	KindRemoved = "removed"
	KindRenamed = "renamed"

	KindRole     = "role"
	KindArchived = "archived"
	KindReopened = "reopened"
	KindExpiry   = "expiry"
)

// countedKinds is countable as a list for SQL.
const countedKinds = "('text', 'call')"

func countable(kind string) bool { return kind == KindText || kind == KindCall }

// Message is a message as it goes out. All readers get the same bytes.
type Message struct {
	ID        string        `json:"id"`
	Seq       int64         `json:"seq" doc:"Place in the room; never changes"`
	Rev       int64         `json:"rev" doc:"Number of the latest change of this message"`
	Kind      string        `json:"kind" enum:"text,call,created,joined,added,left,removed,renamed,role,archived,reopened,expiry"`
	Author    Person        `json:"author"`
	ClientID  string        `json:"client_id,omitempty"`
	ThreadID  string        `json:"thread_id,omitempty" doc:"The message that began the thread, if this is a reply"`
	Root      *Reference    `json:"root,omitempty" doc:"The same message as it is now"`
	Thread    *Thread       `json:"thread,omitempty" doc:"What was answered to this message"`
	Quote     *Reference    `json:"quote,omitempty" doc:"The message to which this one refers, as it is now"`
	Forward   *Forward      `json:"forward,omitempty" doc:"Where the words come from, if they were passed on"`
	Title     string        `json:"title,omitempty" doc:"Of a topic in a forum room"`
	SolvedAt  string        `json:"solved_at,omitempty" format:"date-time" doc:"When the topic was marked as solved"`
	Text      string        `json:"text" doc:"Markdown; empty once deleted"`
	People    []Person      `json:"people,omitempty" nullable:"false" doc:"Who is called in the text or concerned by the entry, with current names"`
	Groups    []CalledGroup `json:"groups,omitempty" nullable:"false" doc:"Which groups are called in the text, with current names"`
	Files     []File        `json:"files,omitempty" nullable:"false" doc:"What is attached; the bytes are at /files/{id}"`
	Reactions []Reaction    `json:"reactions,omitempty" nullable:"false"`
	Poll      *Poll         `json:"poll,omitempty"`
	Pinned    *Pin          `json:"pinned,omitempty"`
	Versions  int           `json:"versions,omitempty" doc:"How often the words were changed"`
	Data      MessageData   `json:"data"`
	Silent    bool          `json:"silent,omitempty" doc:"It raised no notice"`
	ExpiresAt string        `json:"expires_at,omitempty" format:"date-time" doc:"When it removes itself; a deleted message keeps it"`
	CreatedAt string        `json:"created_at" format:"date-time"`
	EditedAt  string        `json:"edited_at,omitempty" format:"date-time"`
	DeletedAt string        `json:"deleted_at,omitempty" format:"date-time"`
}

// MessageData is what kinds other than text carry.
type MessageData struct {
	Name      string `json:"name,omitempty" doc:"renamed: the new name"`
	MeetingID string `json:"meeting_id,omitempty" doc:"call: the meeting"`
	State     string `json:"state,omitempty" enum:"running,ended" doc:"call: whether it still runs"`
	EndedAt   string `json:"ended_at,omitempty" format:"date-time" doc:"call: when it ended"`
	Role      string `json:"role,omitempty" enum:"owner,moderator,member" doc:"role: what the person is now"`
	Seconds   int    `json:"seconds,omitempty" doc:"expiry: after how long new messages remove themselves from now on; 0: they stay"`
	Count     int    `json:"count,omitempty" doc:"added: how many, if they are more than are named"`
}

// The states of a call card.
const (
	CallRunning = "running"
	CallEnded   = "ended"
)

// stored is what chat_messages.data holds: what is shown with a message but
// never searched for. It is the same for all readers.
type stored struct {
	MessageData
	People    []string         `json:"people,omitempty"`
	Silent    bool             `json:"silent,omitempty"`
	Thread    *storedThread    `json:"thread,omitempty"`
	Quote     string           `json:"quote,omitempty"` // id of a message of the same room
	Forward   *storedForward   `json:"forward,omitempty"`
	Reactions []storedReaction `json:"reactions,omitempty"`
	Poll      *storedPoll      `json:"poll,omitempty"`
	Pin       *storedPin       `json:"pin,omitempty"`
	Versions  int              `json:"versions,omitempty"`
	Title     string           `json:"title,omitempty"`
	SolvedAt  string           `json:"solved_at,omitempty"`
	Files     []File           `json:"files,omitempty"`
}

// message is the row.
type message struct {
	ID        string
	RoomID    string
	Seq       int64
	Rev       int64
	Kind      string
	AuthorID  string
	ClientID  string
	ThreadID  string
	Text      string
	Data      string
	CreatedAt time.Time
	EditedAt  *time.Time
	DeletedAt *time.Time
	ExpiresAt *time.Time
}

func (s stored) encode() (string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("encode message data: %w", err)
	}
	if string(b) == "{}" {
		return "", nil
	}
	return string(b), nil
}

func (m message) stored() (stored, error) {
	var s stored
	if m.Data == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(m.Data), &s); err != nil {
		return s, fmt.Errorf("decode data of message %s: %w", m.ID, err)
	}
	return s, nil
}

// concerns returns the ids of the people that a message names.
func (m message) concerns(s stored) []string {
	if m.Kind == KindText {
		return mentionsIn(m.Text)
	}
	return s.People
}

func named(people map[string]Person, id string) Person {
	if p, ok := people[id]; ok {
		return p
	}
	return Person{ID: id}
}
