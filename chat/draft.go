package chat

import (
	"context"
	"encoding/json"
	"fmt"
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
	RoomID    string   `json:"room_id"`
	ThreadID  string   `json:"thread_id,omitempty"`
	Text      string   `json:"text" doc:"As it stands in the composer; empty: there is none any more"`
	People    []Person `json:"people" nullable:"false" doc:"Who was chosen after an @"`
	WrittenAt string   `json:"written_at" format:"date-time"`
}

// NewDraft is a draft as a device has it.
type NewDraft struct {
	ThreadID  string   `json:"thread_id,omitempty" maxLength:"36"`
	Text      string   `json:"text" maxLength:"65536"`
	People    []Person `json:"people" nullable:"false" maxItems:"50"`
	WrittenAt string   `json:"written_at" maxLength:"40"`
}

// draftRow is the row.
type draftRow struct {
	UserID    string
	RoomID    string
	ThreadID  string
	Text      string
	People    string
	WrittenAt time.Time
}

func (r draftRow) view() (Draft, error) {
	d := Draft{RoomID: r.RoomID, ThreadID: r.ThreadID, Text: r.Text, People: []Person{}, WrittenAt: stamp(r.WrittenAt)}
	if r.People == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(r.People), &d.People); err != nil {
		return d, fmt.Errorf("decode draft in room %s: %w", r.RoomID, err)
	}
	return d, nil
}

// same reports whether both say the same, written at the same time.
func (r draftRow) same(o draftRow) bool {
	return r.Text == o.Text && r.People == o.People && r.WrittenAt.Equal(o.WrittenAt)
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
	if text == "" || len(in.People) == 0 {
		return r, nil
	}
	for i, who := range in.People {
		name, err := cleanLine(who.Name, maxName*2, "chat.person_unknown")
		if err != nil || len(who.ID) > 36 || i >= maxMentions {
			return r, fault.Invalid("chat.person_unknown")
		}
		in.People[i].Name = name
	}
	b, err := json.Marshal(in.People)
	if err != nil {
		return r, fmt.Errorf("encode draft: %w", err)
	}
	r.People = string(b)
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
	if err := c.sends.take(p.UserID); err != nil {
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
