package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Draft is what a person has written and not sent, on all devices. Of two
// versions the one written later counts.
type Draft struct {
	RoomID    string  `json:"room_id"`
	ThreadID  string  `json:"thread_id,omitempty"`
	Text      string  `json:"text" doc:"As it stands in the composer; empty: there is none any more"`
	Meant     []Meant `json:"meant" nullable:"false" doc:"Who and what was chosen from a list while writing"`
	WrittenAt string  `json:"written_at" format:"date-time"`
}

// Meant is somebody or something that a draft names.
type Meant struct {
	Sign   string `json:"sign" enum:"@,#"`
	Name   string `json:"name" maxLength:"200"`
	Target string `json:"target" maxLength:"60" doc:"What it is and its id, such as person:0199…"`
}

var meantTarget = regexp.MustCompile(`^[a-z]{1,16}:[0-9a-f-]{36}$`)

// NewDraft is a draft as a device has it.
type NewDraft struct {
	ThreadID  string  `json:"thread_id,omitempty" maxLength:"36"`
	Text      string  `json:"text" maxLength:"65536"`
	Meant     []Meant `json:"meant" nullable:"false" maxItems:"50"`
	WrittenAt string  `json:"written_at" maxLength:"40"`
}

// draftRow is the row.
type draftRow struct {
	UserID    string
	RoomID    string
	ThreadID  string
	Text      string
	Meant     string
	WrittenAt time.Time
}

func (r draftRow) view() (Draft, error) {
	d := Draft{RoomID: r.RoomID, ThreadID: r.ThreadID, Text: r.Text, Meant: []Meant{}, WrittenAt: stamp(r.WrittenAt)}
	if r.Meant == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(r.Meant), &d.Meant); err != nil {
		return d, fmt.Errorf("decode draft in room %s: %w", r.RoomID, err)
	}
	return d, nil
}

// same reports whether both say the same, written at the same time.
func (r draftRow) same(o draftRow) bool {
	return r.Text == o.Text && r.Meant == o.Meant && r.WrittenAt.Equal(o.WrittenAt)
}

// row checks a draft and makes a row of it. A clock that runs ahead is not
// believed, or it would win for hours.
func (in NewDraft) row(user, roomID string, now time.Time, maxBytes int) (draftRow, error) {
	at, err := momentOf(in.WrittenAt)
	if err != nil {
		return draftRow{}, err
	}
	if at.After(now) {
		at = now
	}
	if in.ThreadID != "" && !id.Valid(in.ThreadID) {
		return draftRow{}, errNoMessage
	}
	text := stripped(in.Text, true)
	if len(text) > maxBytes || utf8.RuneCountInString(text) > maxMessageChars {
		return draftRow{}, fault.TooLarge("chat.message_too_long", "max", maxMessageChars)
	}
	r := draftRow{UserID: user, RoomID: roomID, ThreadID: in.ThreadID, Text: text, WrittenAt: at}
	if text == "" || len(in.Meant) == 0 {
		return r, nil
	}
	for i, one := range in.Meant {
		name, err := cleanLine(one.Name, maxName*2, "chat.person_unknown")
		if err != nil || i >= maxMentions || one.Sign != "@" && one.Sign != "#" || !meantTarget.MatchString(one.Target) {
			return r, fault.Invalid("chat.person_unknown")
		}
		in.Meant[i].Name = name
	}
	b, err := json.Marshal(in.Meant)
	if err != nil {
		return r, fmt.Errorf("encode draft: %w", err)
	}
	r.Meant = string(b)
	return r, nil
}

// KeepDraft stores a draft unless a newer one is there, and tells p's devices.
// It returns the draft that counts.
func (c *Chat) KeepDraft(ctx context.Context, p access.Principal, roomID string, in NewDraft) (Draft, error) {
	if _, err := c.memberOf(ctx, p, roomID); err != nil {
		return Draft{}, err
	}
	row, err := in.row(p.UserID, roomID, c.clock.Now(), c.limits.messageBytes)
	if err != nil {
		return Draft{}, err
	}
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Draft{}, err
	}
	var counts draftRow
	var out Draft
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if counts, err = putDraft(tx, row, c.clock.Now()); err != nil {
			return err
		}
		out, err = counts.view()
		return err
	}, func() {
		if counts.same(row) {
			c.hub.Notify([]string{p.UserID}, "", "draft", out)
		}
	})
	return out, err
}

// Drafts lists what p has not sent, latest first.
func (c *Chat) Drafts(ctx context.Context, p access.Principal) ([]Draft, error) {
	rows, err := draftsOf(c.db.Read(ctx), p.UserID)
	if err != nil {
		return nil, err
	}
	out := make([]Draft, 0, len(rows))
	for _, r := range rows {
		d, err := r.view()
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
