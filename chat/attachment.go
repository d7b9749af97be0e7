package chat

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/files"
	"rathaus/internal/id"
)

// FileHolder is chat's name among those who hold files.
const FileHolder = "chat"

// File is an attached file as messages show it.
type File = files.File

// prepareFiles looks up the files that p sends, so that a refusal does not
// disturb the writer, and notes what is shown of them.
func (c *Chat) prepareFiles(ctx context.Context, p access.Principal, ids []string, post *posting) error {
	if len(ids) == 0 {
		return nil
	}
	if len(ids) > maxAttachments {
		return fault.Invalid("chat.too_many_files", "max", maxAttachments)
	}
	if c.files == nil {
		return fault.Unavailable("chat.no_files_here")
	}
	found, err := c.files.Ready(ctx, p.UserID, ids)
	if err != nil {
		return err
	}
	post.stored.Files = found
	return nil
}

// bringFiles makes the files of a new message chat's: those that its author
// has uploaded, and copies of those that are passed on.
func (c *Chat) bringFiles(tx *gorm.DB, m message, s *stored) error {
	if len(s.Files) == 0 {
		return nil
	}
	ids := idsOf(s.Files)
	if !s.passedOn() {
		return c.files.Hold(tx, m.AuthorID, FileHolder, ids)
	}
	copies, err := c.files.Copy(tx, m.AuthorID, FileHolder, ids)
	if err != nil {
		return err
	}
	s.Files = slices.Clone(s.Files) // a second run begins with the same ones
	for i := range s.Files {
		s.Files[i].ID = copies[i]
	}
	return nil
}

// namesOf is what stands for files in a line of text.
func namesOf(all []File) string {
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

func idsOf(all []File) []string {
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	return ids
}

// collectFiles has the bytes of a deleted message's files removed at once.
func (c *Chat) collectFiles(m message) {
	if m.DeletedAt != nil && c.files != nil {
		c.files.Collect()
	}
}

// keepWaiting keeps the files of a message that is sent later from expiring.
func (c *Chat) keepWaiting(tx *gorm.DB, owner string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return c.files.Keep(tx, owner, ids)
}

// allowEmpty lets a message be without words where it carries something else.
func allowEmpty(err error, carries bool) error {
	if carries && errors.Is(err, errEmpty) {
		return nil
	}
	return err
}

// MayReadFile lets those read a file who may read its message. It is the guard
// of the files that chat holds.
func (c *Chat) MayReadFile(ctx context.Context, p access.Principal, fileID string) error {
	m, err := messageOfFile(c.db.Read(ctx), fileID)
	if err != nil {
		return err
	}
	if m.DeletedAt != nil || m.ended(c.clock.Now()) {
		return errNoMessage
	}
	ros, err := c.rosterFor(ctx, p, m.RoomID)
	if err != nil {
		return err
	}
	return canRead(p, ros.room, ros.role(p.UserID))
}

// Attachment is a file with the message that carries it.
type Attachment struct {
	File      File   `json:"file"`
	MessageID string `json:"message_id"`
	Seq       int64  `json:"seq"`
	Author    Person `json:"author"`
	CreatedAt string `json:"created_at" format:"date-time"`
}

// Attachments is a stretch of the files of a room, the latest first.
type Attachments struct {
	Items []Attachment `json:"items" nullable:"false"`
	Next  int64        `json:"next" doc:"Ask for those before this place; 0: there are no more"`
}

// Attachments lists the files of a room. kind may be empty; before is 0 for the latest.
func (c *Chat) Attachments(ctx context.Context, p access.Principal, roomID, kind string, before int64, limit int) (Attachments, error) {
	out := Attachments{Items: []Attachment{}}
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return out, err
	}
	if err := canRead(p, ros.room, ros.role(p.UserID)); err != nil {
		return out, err
	}
	rows, err := messagesWithFiles(c.db.Read(ctx), roomID, kind, before, limit)
	if err != nil {
		return out, err
	}
	views, err := c.viewAll(ctx, rows)
	if err != nil {
		return out, err
	}
	for _, v := range views {
		for _, f := range v.Files {
			if kind == "" || string(f.Kind) == kind {
				out.Items = append(out.Items, Attachment{File: f, MessageID: v.ID, Seq: v.Seq, Author: v.Author, CreatedAt: v.CreatedAt})
			}
		}
	}
	if len(views) == limit {
		out.Next = views[limit-1].Seq
	}
	return out, nil
}

// OneselfRoom returns the room that p has with nobody, and makes it at its
// first use: notes, and files on their way to one's own phone.
func (c *Chat) OneselfRoom(ctx context.Context, p access.Principal) (Room, error) {
	key := directKey(p.UserID, p.UserID)
	found, err := directRoom(c.db.Read(ctx), key)
	if err == nil && found == "" {
		found, err = c.openDirect(ctx, p, room{ID: id.New(), Kind: Self, DirectKey: &key, CreatedBy: p.UserID}, nil)
	}
	if err != nil {
		return Room{}, err
	}
	return c.shownRoom(ctx, p, found)
}

// passedOn reports whether the words and files come from another message.
func (s stored) passedOn() bool { return s.Forward != nil }
