package chat

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Audience is who deals with a report.
type Audience string

// A report goes to those who moderate the room, or to the administration of
// the town.
const (
	ToRoom Audience = "room"
	ToTown Audience = "town"
)

// NewReport says why a message should be looked at.
type NewReport struct {
	Reason string `json:"reason" enum:"offensive,private,spam,other"`
	Note   string `json:"note,omitempty" maxLength:"2000"`
	Town   bool   `json:"town,omitempty" doc:"Show it to the administration, with the text of the message, instead of the moderators"`
}

// Report is a message that somebody wants to be looked at.
type Report struct {
	ID        string   `json:"id"`
	RoomID    string   `json:"room_id"`
	RoomName  string   `json:"room_name" doc:"Empty for direct rooms and groups"`
	MessageID string   `json:"message_id"`
	Seq       int64    `json:"seq" doc:"Place of the message"`
	Author    Person   `json:"author"`
	Text      string   `json:"text" doc:"What was said; empty once deleted"`
	Deleted   bool     `json:"deleted"`
	Reporter  Person   `json:"reporter"`
	Audience  Audience `json:"audience" enum:"room,town"`
	Reason    string   `json:"reason" enum:"offensive,private,spam,other"`
	Note      string   `json:"note"`
	CreatedAt string   `json:"created_at" format:"date-time"`
}

// The outcomes of a report.
const (
	outcomeDeleted   = "deleted"
	outcomeDone      = "done"
	outcomeDismissed = "dismissed"
)

// report is the row, with what it is about.
type report struct {
	ID, RoomID, MessageID, ReporterID string
	Audience                          Audience
	Reason, Note, Quote, Outcome      string
	CreatedAt                         time.Time
	RoomName, AuthorID, Text          string
	Seq                               int64
	DeletedAt                         *time.Time
}

// Reported tells those who moderate a room how many reports wait.
type Reported struct {
	RoomID string `json:"room_id"`
	Open   int    `json:"open"`
}

// TownReported tells those who administer the town how many reports wait for
// them.
type TownReported struct {
	Open int `json:"open"`
}

// Report asks for a message to be looked at. A second report of the same
// message by the same person changes nothing.
func (c *Chat) Report(ctx context.Context, p access.Principal, roomID, messageID string, in NewReport) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if !id.Valid(messageID) {
		return errNoMessage
	}
	m, err := messageIn(c.db.Read(ctx), roomID, messageID)
	if err != nil {
		return err
	}
	r, err := c.reportOf(p, ros, m, in)
	if err != nil {
		return err
	}
	if err := c.keepPace(c.reports, p.UserID); err != nil {
		return err
	}
	return c.countedAgain(ctx, ros, r.Audience, func(tx *gorm.DB) error { return insertReport(tx, r) })
}

// countedAgain changes reports of a room and tells those who deal with them how
// many wait now.
func (c *Chat) countedAgain(ctx context.Context, ros *roster, to Audience, change func(*gorm.DB) error, after ...func()) error {
	var admins []string
	var err error
	if to == ToTown {
		if admins, err = c.people.Admins(ctx); err != nil {
			return err
		}
	}
	open := 0
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		if err := change(tx); err != nil {
			return err
		}
		if to == ToTown {
			open, err = countTownReports(tx)
		} else {
			open, err = countReports(tx, ros.room.ID)
		}
		return err
	}, append(after, func() {
		if to == ToTown {
			c.hub.Notify(admins, "", "town_reported", TownReported{Open: open})
			return
		}
		c.tellReports(ros, open)
	})...)
}

func (c *Chat) reportOf(p access.Principal, ros *roster, m message, in NewReport) (report, error) {
	if m.DeletedAt != nil || m.Kind != KindText {
		return report{}, errNoMessage
	}
	if m.AuthorID == p.UserID {
		return report{}, fault.Invalid("chat.own_message")
	}
	if !slices.Contains([]string{"offensive", "private", "spam", "other"}, in.Reason) {
		return report{}, fault.Invalid("invalid_input")
	}
	note, err := cleanProse(in.Note, maxReportNote, "chat.note_too_long")
	if err != nil {
		return report{}, err
	}
	r := report{
		ID: id.New(), RoomID: m.RoomID, MessageID: m.ID, ReporterID: p.UserID, Audience: ToRoom,
		Reason: in.Reason, Note: note, CreatedAt: c.clock.Now(),
	}
	// Nobody moderates a direct room, so its people turn to the town. They show
	// what administrators can't read otherwise, and are told so before.
	if in.Town || !ros.room.Kind.named() {
		r.Audience, r.Quote = ToTown, m.Text
	}
	return r, nil
}

func (c *Chat) tellReports(ros *roster, open int) {
	now := c.rosters.latest(ros)
	var moderators []string
	for u, role := range now.roles {
		if role == Owner || role == Moderator {
			moderators = append(moderators, u)
		}
	}
	c.hub.Notify(moderators, "", "room_reported", Reported{RoomID: now.room.ID, Open: open})
}

// Reports lists what was reported in a room and waits.
func (c *Chat) Reports(ctx context.Context, p access.Principal, roomID string) ([]Report, error) {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return nil, err
	}
	if err := canModerate(p, ros.room, ros.role(p.UserID)); err != nil {
		return nil, err
	}
	rows, err := waitingReports(c.db.Read(ctx), ToRoom, roomID)
	if err != nil {
		return nil, err
	}
	return c.viewReports(ctx, rows)
}

// TownReports lists what was reported to the administration and waits.
func (c *Chat) TownReports(ctx context.Context, p access.Principal) ([]Report, error) {
	if !p.IsAdmin() {
		return nil, fault.Forbidden("not_allowed")
	}
	rows, err := waitingReports(c.db.Read(ctx), ToTown, "")
	if err != nil {
		return nil, err
	}
	return c.viewReports(ctx, rows)
}

func (c *Chat) viewReports(ctx context.Context, rows []report) ([]Report, error) {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.AuthorID, r.ReporterID)
	}
	people, err := c.names(ctx, ids)
	out := make([]Report, 0, len(rows))
	for _, r := range rows {
		text := r.Text
		if r.Audience == ToTown {
			text = r.Quote
		}
		out = append(out, Report{
			ID: r.ID, RoomID: r.RoomID, RoomName: r.RoomName, MessageID: r.MessageID, Seq: r.Seq, Audience: r.Audience,
			Author: named(people, r.AuthorID), Reporter: named(people, r.ReporterID), Text: text, Deleted: r.DeletedAt != nil,
			Reason: r.Reason, Note: r.Note, CreatedAt: stamp(r.CreatedAt),
		})
	}
	return out, err
}

// CloseReport ends a report, and deletes the message if that is the outcome.
func (c *Chat) CloseReport(ctx context.Context, p access.Principal, reportID, outcome string) error {
	if !slices.Contains([]string{outcomeDeleted, outcomeDone, outcomeDismissed}, outcome) {
		return fault.Invalid("invalid_input")
	}
	if !id.Valid(reportID) {
		return errNoReport
	}
	r, err := openReport(c.db.Read(ctx), reportID)
	if err != nil {
		return err
	}
	ros, err := c.rosters.get(ctx, r.RoomID)
	if err != nil {
		return err
	}
	if err := canClose(p, ros.room, ros.role(p.UserID), r.Audience); err != nil {
		return err
	}
	if outcome == outcomeDeleted && r.DeletedAt == nil {
		if err := c.deleteReported(ctx, p, ros, r); err != nil {
			return err
		}
	}
	return c.countedAgain(ctx, ros, r.Audience, func(tx *gorm.DB) error {
		return closeReports(tx, r, p.UserID, outcome, c.clock.Now())
	})
}

// deleteReported deletes what was reported. To the town, it was shown by one of
// its readers: administrators need no right in the room then.
func (c *Chat) deleteReported(ctx context.Context, p access.Principal, ros *roster, r report) error {
	if r.Audience == ToRoom {
		_, err := c.Delete(ctx, p, r.RoomID, r.MessageID)
		return err
	}
	_, err := c.amend(ctx, ros, newKnown(), r.MessageID, func(_ *roster, ch *change) error {
		ch.erase(c.clock.Now())
		return nil
	})
	return err
}

var errNoReport = fault.NotFound("chat.report_not_found")

// canClose lets those deal with a report to whom it was addressed. To others it
// does not exist.
func canClose(p access.Principal, r room, role Role, to Audience) error {
	if to == ToTown {
		if !p.IsAdmin() {
			return errNoReport
		}
		return nil
	}
	if canModerate(p, r, role) != nil {
		return errNoReport
	}
	return nil
}
