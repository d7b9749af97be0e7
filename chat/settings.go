package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Policy says whether the town allows something that tells about people.
type Policy string

// The policies. Optional means: off, until a person switches it on for herself.
const (
	PolicyOff      Policy = "off"
	PolicyOptional Policy = "optional"
)

// Policies are those of the configuration.
type Policies struct {
	Presence     Policy `json:"presence" enum:"off,optional"`
	ReadReceipts Policy `json:"read_receipts" enum:"off,optional"`
}

// orOff reads an unknown policy as off.
func (p Policies) orOff() Policies {
	if p.Presence != PolicyOptional {
		p.Presence = PolicyOff
	}
	if p.ReadReceipts != PolicyOptional {
		p.ReadReceipts = PolicyOff
	}
	return p
}

// policiesFor are those that hold for p. Guests tell nobody whether they are here
// or have read, and are told it of nobody.
func (c *Chat) policiesFor(p access.Principal) Policies {
	if !p.IsMember() {
		return Policies{}.orOff()
	}
	return c.policies
}

// What is said aloud by screen readers, and what raises a notice.
const (
	LevelAll      = "all"
	LevelMentions = "mentions"
	LevelNone     = "none"
)

// Settings are what a person has set for the whole of chat.
type Settings struct {
	Quiet       Quiet  `json:"quiet"`
	HideContent bool   `json:"hide_content" doc:"Notices on the screen say that something came, not what"`
	Sound       bool   `json:"sound" doc:"Notices may be heard"`
	Announce    string `json:"announce" enum:"all,mentions,none" doc:"What of an open room is said aloud by screen readers"`
	Presence    bool   `json:"presence" doc:"Others see whether this person is here; needs the policy optional"`
	Receipts    bool   `json:"receipts" doc:"Others see that this person has read their messages; needs the policy optional"`
}

// Quiet says when a person does not want to be disturbed: until a moment, and
// at times of the week in the person's own time zone.
type Quiet struct {
	Until string      `json:"until,omitempty" maxLength:"40" doc:"RFC 3339; empty: not now"`
	Zone  string      `json:"zone,omitempty" maxLength:"64" doc:"Time zone of the times, such as Europe/Berlin"`
	Times []QuietTime `json:"times" nullable:"false" maxItems:"14"`
}

// QuietTime is a stretch of some days. One that ends before it begins goes on
// to the next morning.
type QuietTime struct {
	Days []int  `json:"days" nullable:"false" minItems:"1" maxItems:"7" doc:"1 is Monday, 7 is Sunday"`
	From string `json:"from" minLength:"5" maxLength:"5" doc:"18:00"`
	To   string `json:"to" minLength:"5" maxLength:"5" doc:"07:30; the same as from means the whole day"`
}

// oneself is a row of chat_people.
type oneself struct {
	UserID        string
	Settings      string
	Presence      bool
	Receipts      bool
	Layout        string
	LayoutVersion int64
	Status        string
	StatusUntil   *time.Time
}

var (
	clockTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	zoneName  = regexp.MustCompile(`^[A-Za-z0-9_+\-/]{0,64}$`)
)

// clean checks settings and leaves out what the policies do not allow.
func (s Settings) clean(p Policies) (Settings, error) {
	if s.Announce == "" {
		s.Announce = LevelAll
	}
	if !slices.Contains([]string{LevelAll, LevelMentions, LevelNone}, s.Announce) || !zoneName.MatchString(s.Quiet.Zone) {
		return s, fault.Invalid("invalid_input")
	}
	if s.Quiet.Until != "" {
		until, err := momentOf(s.Quiet.Until)
		if err != nil {
			return s, err
		}
		s.Quiet.Until = stamp(until)
	}
	if s.Quiet.Times == nil {
		s.Quiet.Times = []QuietTime{}
	}
	if len(s.Quiet.Times) > maxQuietTimes {
		return s, fault.Invalid("invalid_input")
	}
	for _, q := range s.Quiet.Times {
		if err := q.check(); err != nil {
			return s, err
		}
	}
	s.Presence = s.Presence && p.Presence == PolicyOptional
	s.Receipts = s.Receipts && p.ReadReceipts == PolicyOptional
	return s, nil
}

func (q QuietTime) check() error {
	if len(q.Days) == 0 || len(q.Days) > 7 || !clockTime.MatchString(q.From) || !clockTime.MatchString(q.To) {
		return fault.Invalid("chat.quiet_time_malformed")
	}
	for i, day := range q.Days {
		if day < 1 || day > 7 || slices.Contains(q.Days[:i], day) {
			return fault.Invalid("chat.quiet_time_malformed")
		}
	}
	return nil
}

// momentOf reads a time that a client has sent.
func momentOf(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1970 || t.Year() > farYear {
		return time.Time{}, fault.Invalid("chat.time_malformed")
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// settings returns what the row holds, within the policies.
func (o oneself) settings(p Policies) (Settings, error) {
	s := Settings{Announce: LevelAll, Sound: true, Quiet: Quiet{Times: []QuietTime{}}}
	if o.Settings != "" {
		if err := json.Unmarshal([]byte(o.Settings), &s); err != nil {
			return s, fmt.Errorf("decode settings: %w", err)
		}
	}
	s.Presence, s.Receipts = o.Presence, o.Receipts
	return s.clean(p)
}

// SettingsOf returns what p has set.
func (c *Chat) SettingsOf(ctx context.Context, p access.Principal) (Settings, error) {
	own, err := readOneself(c.db.Read(ctx), p.UserID)
	if err != nil {
		return Settings{}, err
	}
	return own.settings(c.policiesFor(p))
}

// Set replaces the settings of p and tells p's devices.
func (c *Chat) Set(ctx context.Context, p access.Principal, in Settings) (Settings, error) {
	in, err := in.clean(c.policiesFor(p))
	if err != nil {
		return in, err
	}
	b, err := json.Marshal(in)
	if err != nil {
		return in, fmt.Errorf("encode settings: %w", err)
	}
	var before oneself
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		if before, err = readOneself(tx, p.UserID); err != nil {
			return err
		}
		return writeSettings(tx, p.UserID, string(b), in.Presence, in.Receipts)
	}, func() { c.hub.Notify([]string{p.UserID}, "", "settings", in) })
	if err == nil && before.Presence != in.Presence {
		err = c.presenceChanged(ctx, p.UserID, in.Presence)
	}
	return in, err
}
