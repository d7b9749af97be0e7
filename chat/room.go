package chat

import (
	"time"

	"rathaus/internal/fault"
)

// RoomKind says who may find and read a room.
type RoomKind string

// The kinds of room. A direct room has exactly two people, a group three to
// eight, in one's own room one is alone, and in that of an office are one person
// and everybody of the office; none of them has a name of its own, a description
// or anybody who manages it.
const (
	Public     RoomKind = "public"
	Private    RoomKind = "private"
	Direct     RoomKind = "direct"
	Group      RoomKind = "group"
	Self       RoomKind = "self"
	OfficeRoom RoomKind = "office"
)

// named says whether rooms of the kind have a name and are managed.
func (k RoomKind) named() bool { return k == Public || k == Private }

// Form says who writes what in a public or private room.
type Form string

// The forms: everybody writes to everybody; few write and all read; topics
// with titles and answers.
const (
	Talk         Form = "talk"
	Announcement Form = "announcement"
	Forum        Form = "forum"
)

// Role is what a member may do in a room.
type Role string

// The roles. Direct rooms and groups have members only. Guests of the
// directory and by link are always guests.
const (
	Owner     Role = "owner"
	Moderator Role = "moderator"
	Member    Role = "member"
	Guest     Role = "guest"
)

// Room is a room as one person sees it.
type Room struct {
	ID          string   `json:"id"`
	Kind        RoomKind `json:"kind" enum:"public,private,direct,group,self,office"`
	Form        Form     `json:"form" enum:"talk,announcement,forum"`
	Name        string   `json:"name" doc:"Empty for direct rooms and groups, which show their people"`
	Topic       string   `json:"topic"`
	Description string   `json:"description"`
	Color       string   `json:"color" doc:"Colour of the room's sign, or empty"`
	Emoji       string   `json:"emoji" doc:"The room's sign, or empty"`
	Picture     string   `json:"picture" doc:"Id of the room's picture, or empty"`
	Partner     *Person  `json:"partner,omitempty" doc:"The other person of a direct room"`
	People      []Person `json:"people,omitempty" nullable:"false" doc:"The others of a group"`
	Sender      *Person  `json:"sender,omitempty" doc:"Who writes to the office, for its people; the sender gets none"`
	Role        string   `json:"role" enum:"owner,moderator,member,guest,none" doc:"none: may read and join"`
	LastSeq     int64    `json:"last_seq" doc:"Number of the latest change"`
	LastAt      string   `json:"last_at" format:"date-time" doc:"Time of the latest message"`
	ReadSeq     int64    `json:"read_seq"`
	Unread      int      `json:"unread" doc:"Counting stops at 1000"`
	Mentions    int      `json:"mentions" doc:"Unread messages that call this person"`
	Members     int      `json:"members" doc:"0 in lists"`
	Call        string   `json:"call" doc:"Id of the meeting that runs in this room, or empty"`
	Hidden      bool     `json:"hidden,omitempty" doc:"This person has taken the conversation out of their list; the next message brings it back"`
	Level       string   `json:"level" enum:"all,mentions,none" doc:"What of the room raises a notice for this person"`
	MutedUntil  string   `json:"muted_until,omitempty" format:"date-time" doc:"The room is silent for this person and does not count until then"`
	ExpireAfter int      `json:"expire_after" doc:"Seconds after which new messages remove themselves; 0: they stay"`
	CreatedAt   string   `json:"created_at" format:"date-time"`
	ArchivedAt  string   `json:"archived_at,omitempty" format:"date-time"`
	CanManage   bool     `json:"can_manage" doc:"May rename and archive, and say who manages the room"`
	CanModerate bool     `json:"can_moderate" doc:"May remove messages and people, silence people and see what was reported"`
	CanAdd      bool     `json:"can_add" doc:"May add people and make links that do"`
	CanPost     bool     `json:"can_post" doc:"May write here, apart from being silenced or in slow mode"`
	SlowSeconds int      `json:"slow_seconds" doc:"Seconds between two messages of one person; 0: no slow mode"`
	WaitSeconds int      `json:"wait_seconds" doc:"How long this person has to wait before writing again"`
	Silenced    string   `json:"silenced_until,omitempty" format:"date-time" doc:"Until when this person may not write"`
	Blocked     bool     `json:"blocked,omitempty" doc:"This person wants no messages from the partner"`
	Reports     int      `json:"reports,omitempty" doc:"Open reports, for those who moderate"`
}

// room is the row.
type room struct {
	ID          string
	Kind        RoomKind
	Form        Form
	Name        string
	Topic       string
	Description string
	Color       string
	Emoji       string
	Picture     string // id of the picture, or empty
	SlowSeconds int
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
	// SilencedUntil is when somebody may write again.
	SilencedUntil *time.Time
}

// NewRoom is what a person says to open a room.
type NewRoom struct {
	Kind        RoomKind `json:"kind" enum:"public,private"`
	Form        Form     `json:"form,omitempty" enum:"talk,announcement,forum"`
	Name        string   `json:"name" minLength:"1" maxLength:"200"`
	Topic       string   `json:"topic,omitempty" maxLength:"1000"`
	Description string   `json:"description,omitempty" maxLength:"8000"`
	Color       string   `json:"color,omitempty" maxLength:"20"`
	Emoji       string   `json:"emoji,omitempty" maxLength:"64"`
	Members     []string `json:"members,omitempty" maxItems:"200" doc:"People to add at once"`
	Groups      []string `json:"groups,omitempty" maxItems:"20" doc:"Groups of the directory whose people to add at once"`
}

// RoomChange holds what shall change; what is left out stays.
type RoomChange struct {
	Name        *string `json:"name,omitempty" maxLength:"200"`
	Topic       *string `json:"topic,omitempty" maxLength:"1000"`
	Description *string `json:"description,omitempty" maxLength:"8000"`
	Color       *string `json:"color,omitempty" maxLength:"20"`
	Emoji       *string `json:"emoji,omitempty" maxLength:"64"`
	SlowSeconds *int    `json:"slow_seconds,omitempty" minimum:"0" maximum:"3600"`
	Archived    *bool   `json:"archived,omitempty"`
	ExpireAfter *int    `json:"expire_after,omitempty" minimum:"0" maximum:"31622400" doc:"Seconds after which new messages remove themselves; 0: they stay"`
}

// clean checks and tidies what the person typed.
func (n NewRoom) clean() (NewRoom, error) {
	if n.Kind != Public && n.Kind != Private {
		return n, fault.Invalid("chat.room_kind_unknown")
	}
	if n.Form == "" {
		n.Form = Talk
	}
	if n.Form != Talk && n.Form != Announcement && n.Form != Forum {
		return n, fault.Invalid("chat.room_form_unknown")
	}
	var err error
	if n.Name, err = cleanName(n.Name); err != nil {
		return n, err
	}
	if n.Color, n.Emoji, err = cleanSign(n.Color, n.Emoji); err != nil {
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
		if r.ExpireAfter, err = cleanExpiry(*ch.ExpireAfter, shortestRoomAge); err != nil {
			return r, err
		}
	}
	if ch.SlowSeconds != nil {
		if *ch.SlowSeconds < 0 || *ch.SlowSeconds > maxSlowSeconds {
			return r, fault.Invalid("invalid_input")
		}
		r.SlowSeconds = *ch.SlowSeconds
	}
	return ch.sign(r)
}

// sign returns the room with the sign as it shall be.
func (ch RoomChange) sign(r room) (room, error) {
	if ch.Color != nil {
		r.Color = *ch.Color
	}
	if ch.Emoji != nil {
		r.Emoji = *ch.Emoji
	}
	var err error
	r.Color, r.Emoji, err = cleanSign(r.Color, r.Emoji)
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
	if r.Kind != Direct || r.DirectKey == nil {
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
