package meet

import (
	"strings"
	"time"
	"unicode/utf8"

	"rathaus/internal/fault"
)

// Access says who of the town may enter a meeting.
type Access string

// The three kinds of meeting.
const (
	AccessTown Access = "town" // everybody of the town, who also see it in their list
	AccessLink Access = "link" // everybody of the town who knows the address
	AccessRoom Access = "room" // those who may enter the chat room
)

// Meeting is a conversation with a stable address. It runs while EndedAt is nil.
type Meeting struct {
	ID              string
	Name            string
	Title           string
	Access          Access
	Guests          bool   // whoever knows the address comes in with a name only
	RoomID          string // of the chat room, or empty
	CreatedBy       string // a person's id; empty when started without an account
	MaxParticipants int
	CreatedAt       time.Time
	StartedAt       time.Time
	EndedAt         *time.Time
	ExpiresAt       *time.Time // hard end of meetings started without an account
}

// Running reports whether people can enter.
func (m Meeting) Running() bool { return m.EndedAt == nil }

// Public reports whether somebody without an account has started it.
func (m Meeting) Public() bool { return m.CreatedBy == "" }

// Topic names the meeting on the socket.
func (m Meeting) Topic() string { return topicOf(m.ID) }

func topicOf(meetingID string) string { return "meeting:" + meetingID }

// cleanTitle trims a title and refuses what is too long or holds control characters.
func cleanTitle(title string) (string, error) {
	title = strings.TrimSpace(title)
	if !utf8.ValidString(title) || strings.ContainsFunc(title, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fault.Invalid("meet.title_invalid")
	}
	if utf8.RuneCountInString(title) > maxTitle {
		return "", fault.Invalid("meet.title_too_long", "max", maxTitle)
	}
	return title, nil
}

// cleanAccess fills in what a new meeting leaves open.
func cleanAccess(a Access, roomID string) (Access, error) {
	switch {
	case roomID != "":
		return AccessRoom, nil
	case a == "":
		return AccessLink, nil
	case a == AccessTown || a == AccessLink:
		return a, nil
	}
	return "", fault.Invalid("meet.access_invalid")
}
