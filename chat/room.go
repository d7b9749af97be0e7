package chat

import (
	"time"

	"rathaus/internal/fault"
)

// RoomKind says who may find and read a room.
type RoomKind string

// The kinds of room.
const (
	Public  RoomKind = "public"
	Private RoomKind = "private"
	Direct  RoomKind = "direct"
)

// Role is what a member may do in a room.
type Role string

// The roles. Direct rooms have members only.
const (
	Owner  Role = "owner"
	Member Role = "member"
)

// Room is a room as one person sees it.
type Room struct {
	ID          string   `json:"id"`
	Kind        RoomKind `json:"kind" enum:"public,private,direct"`
	Name        string   `json:"name" doc:"Empty for direct rooms, which show the partner"`
	Topic       string   `json:"topic"`
	Description string   `json:"description"`
	Partner     *Person  `json:"partner,omitempty" doc:"The other person of a direct room"`
	Role        string   `json:"role" enum:"owner,member,none" doc:"none: may read and join"`
	LastSeq     int64    `json:"last_seq" doc:"Number of the latest change"`
	LastAt      string   `json:"last_at" format:"date-time" doc:"Time of the latest message"`
	ReadSeq     int64    `json:"read_seq"`
	Unread      int      `json:"unread" doc:"Counting stops at 1000"`
	Mentions    int      `json:"mentions" doc:"Unread messages that call this person"`
	Members     int      `json:"members" doc:"0 in lists"`
	Call        string   `json:"call" doc:"Id of the meeting that runs in this room, or empty"`
	Level       string   `json:"level" enum:"all,mentions,none" doc:"What of the room raises a notice for this person"`
	MutedUntil  string   `json:"muted_until,omitempty" format:"date-time" doc:"The room is silent for this person and does not count until then"`
	ExpireAfter int      `json:"expire_after" doc:"Seconds after which new messages remove themselves; 0: they stay"`
	CreatedAt   string   `json:"created_at" format:"date-time"`
	ArchivedAt  string   `json:"archived_at,omitempty" format:"date-time"`
	CanManage   bool     `json:"can_manage" doc:"May rename, archive, and remove people"`
	CanAdd      bool     `json:"can_add" doc:"May add people"`
}

// room is the row.
type room struct {
	ID          string
	Kind        RoomKind
	Name        string
	Topic       string
	Description string
	DirectKey   *string
	LastSeq     int64
	LastAt      time.Time
	CallMeeting string
	ExpireAfter int
	CreatedBy   string
	CreatedAt   time.Time
	ArchivedAt  *time.Time
}

// member is the row.
type member struct {
	RoomID  string
	UserID  string
	Role    Role
	ReadSeq int64
}

// NewRoom is what a person says to open a room.
type NewRoom struct {
	Kind        RoomKind `json:"kind" enum:"public,private"`
	Name        string   `json:"name" minLength:"1" maxLength:"200"`
	Topic       string   `json:"topic,omitempty" maxLength:"1000"`
	Description string   `json:"description,omitempty" maxLength:"8000"`
	Members     []string `json:"members,omitempty" maxItems:"200" doc:"People to add at once"`
}

// RoomChange holds what shall change; what is left out stays.
type RoomChange struct {
	Name        *string `json:"name,omitempty" maxLength:"200"`
	Topic       *string `json:"topic,omitempty" maxLength:"1000"`
	Description *string `json:"description,omitempty" maxLength:"8000"`
	Archived    *bool   `json:"archived,omitempty"`
	ExpireAfter *int    `json:"expire_after,omitempty" minimum:"0" maximum:"31622400" doc:"Seconds after which new messages remove themselves; 0: they stay"`
}

// clean checks and tidies what the person typed.
func (n NewRoom) clean() (NewRoom, error) {
	if n.Kind != Public && n.Kind != Private {
		return n, fault.Invalid("chat.room_kind_unknown")
	}
	var err error
	if n.Name, err = cleanName(n.Name); err != nil {
		return n, err
	}
	if n.Topic, err = cleanLine(n.Topic, maxTopicText, "chat.topic_too_long"); err != nil {
		return n, err
	}
	n.Description, err = cleanProse(n.Description, maxDescription, "chat.description_too_long")
	return n, err
}

// apply returns the room as it shall be.
func (ch RoomChange) apply(r room) (room, error) {
	var err error
	if ch.Name != nil {
		if r.Name, err = cleanName(*ch.Name); err != nil {
			return r, err
		}
	}
	if ch.Topic != nil {
		if r.Topic, err = cleanLine(*ch.Topic, maxTopicText, "chat.topic_too_long"); err != nil {
			return r, err
		}
	}
	if ch.Description != nil {
		if r.Description, err = cleanProse(*ch.Description, maxDescription, "chat.description_too_long"); err != nil {
			return r, err
		}
	}
	if ch.ExpireAfter != nil {
		r.ExpireAfter, err = cleanExpiry(*ch.ExpireAfter, shortestRoomAge)
	}
	return r, err
}

// directKey names the one room of two people, whoever asks first.
func directKey(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + ":" + b
}

// partnerOf returns the other person of a direct room.
func (r room) partnerOf(user string) string {
	if r.DirectKey == nil {
		return ""
	}
	const id = 36
	key := *r.DirectKey
	if len(key) != 2*id+1 {
		return ""
	}
	if key[:id] == user {
		return key[id+1:]
	}
	return key[:id]
}

// stamp is how times appear outside.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func stampOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return stamp(*t)
}
