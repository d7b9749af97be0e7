package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/search"
)

// Bounds of what is taken into the index of words at once.
const (
	feedName   = "chat"
	feedBatch  = 64 // messages in one transaction
	feedRooms  = 500
	feedPause  = 250 * time.Millisecond // changes gather so long,
	feedBusy   = time.Second            // and so long where one round follows the other
	feedLookup = 30 * time.Second       // changes of other processes are seen so late
)

// scopeOf is the name of a room in the index.
func scopeOf(roomID string) string { return "room:" + roomID }

// gathering lets changes gather before each round of work, longer while people
// keep writing: a round costs a transaction for each room.
func gathering(work func(context.Context) (time.Time, error)) func(context.Context) (time.Time, error) {
	var before time.Time
	return func(ctx context.Context) (time.Time, error) {
		gather := feedPause
		if time.Since(before) < feedBusy {
			gather = feedBusy
		}
		if err := pause(ctx, gather); err != nil {
			return time.Time{}, nil //nolint:nilerr // the house closes
		}
		due, err := work(ctx)
		before = time.Now()
		return due, err
	}
}

// takeIn takes what changed in all rooms into the index of words. The mark of a
// room is the number of the last change that is in; since numbers of a room are
// given in the order of commits, nothing is passed over.
func (c *Chat) takeIn(ctx context.Context) (time.Time, error) {
	for {
		rooms, err := roomsBehind(c.db.Read(ctx))
		if err != nil {
			return time.Time{}, err
		}
		for _, r := range rooms {
			if err := c.takeInRoom(ctx, r); err != nil {
				return time.Time{}, err
			}
		}
		if len(rooms) < feedRooms {
			return c.clock.Now().Add(feedLookup), nil
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Chat) takeInRoom(ctx context.Context, r behind) error {
	count := 0
	for r.Mark < r.LastSeq && ctx.Err() == nil {
		rows, err := manyMessages(c.db.Read(ctx), "room_id = ? AND rev > ? ORDER BY rev LIMIT ?", r.RoomID, r.Mark, feedBatch)
		if err != nil {
			return err
		}
		// Numbers without a message (its room was renamed) move the mark, too.
		mark := r.LastSeq
		if len(rows) == feedBatch {
			mark = rows[len(rows)-1].Rev
		}
		taken, err := c.takeInRows(ctx, r, rows, mark)
		if err != nil || !taken {
			return err
		}
		r.Mark = mark
		count += len(rows)
	}
	c.index.Grown(scopeOf(r.RoomID), count)
	c.index.Grown(filesScope(r.RoomID), count) // more than it gets, so it is looked at in time
	c.reader.rouse()
	return ctx.Err()
}

// takeInRows writes rows to the index that have not changed since they were read.
// The others come again under a later number. It reports false if the mark of the room
// was moved by somebody else, as it is when the index begins anew.
func (c *Chat) takeInRows(ctx context.Context, r behind, rows []message, mark int64) (taken bool, err error) {
	docs := make(map[int64]search.Doc, len(rows))
	for _, m := range rows {
		if text := findable(m); text != "" {
			docs[m.Seq] = search.Doc{
				Scope: scopeOf(r.RoomID), Place: m.Seq, At: m.CreatedAt, Author: m.AuthorID, Flags: flagsOf(m), Text: text,
			}
		}
	}
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		taken = false
		if there, err := roomStays(tx, r.RoomID); err != nil || !there {
			return err
		}
		was, err := c.index.Mark(tx, feedName, r.RoomID)
		if err != nil || was != r.Mark {
			return err
		}
		current, err := revisions(tx, r.RoomID, rows)
		if err != nil {
			return err
		}
		var put []search.Doc
		for _, m := range rows {
			d, found := docs[m.Seq]
			if current[m.Seq] != m.Rev {
				continue
			}
			if !found {
				if err := search.RemovePlaces(tx, scopeOf(r.RoomID), m.Seq); err != nil {
					return err
				}
				continue
			}
			put = append(put, d)
			carried, err := fileDocs(tx, m)
			if err != nil {
				return err
			}
			put = append(put, carried...)
		}
		if err := c.index.Put(tx, put...); err != nil {
			return err
		}
		taken = true
		return c.index.SetMark(tx, feedName, r.RoomID, mark)
	})
	return taken, err
}

// revisions locks the rows where the database has several writers.
func revisions(tx *gorm.DB, roomID string, rows []message) (map[int64]int64, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	seqs := make([]int64, len(rows))
	for i, m := range rows {
		seqs[i] = m.Seq
	}
	sql := "SELECT seq, rev FROM chat_messages WHERE room_id = ? AND seq IN ?"
	if tx.Name() == "postgres" {
		sql += " FOR SHARE"
	}
	var now []struct{ Seq, Rev int64 }
	if err := tx.Raw(sql, roomID, seqs).Scan(&now).Error; err != nil {
		return nil, fmt.Errorf("compare messages for the index: %w", err)
	}
	out := make(map[int64]int64, len(now))
	for _, n := range now {
		out[n.Seq] = n.Rev
	}
	return out, nil
}

// roomStays reports whether a room is not deleted, and keeps its row until the
// transaction ends where the database has several writers.
func roomStays(tx *gorm.DB, roomID string) (bool, error) {
	sql := "SELECT id FROM chat_rooms WHERE id = ? AND deleted_at IS NULL"
	if tx.Name() == "postgres" {
		sql += " FOR KEY SHARE"
	}
	var ids []string
	if err := tx.Raw(sql, roomID).Scan(&ids).Error; err != nil {
		return false, fmt.Errorf("look whether room %s stays: %w", roomID, err)
	}
	return len(ids) > 0, nil
}

// behind is a room with changes that are not in the index.
type behind struct {
	RoomID  string
	LastSeq int64
	Mark    int64
}

func roomsBehind(tx *gorm.DB) ([]behind, error) {
	var out []behind
	err := tx.Raw(`SELECT r.id AS room_id, r.last_seq, coalesce(m.mark, 0) AS mark
		FROM chat_rooms r LEFT JOIN search_marks m ON m.feed = ? AND m.part = r.id
		WHERE r.last_seq > coalesce(m.mark, 0) AND r.deleted_at IS NULL LIMIT ?`, feedName, feedRooms).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list rooms that are not in the index: %w", err)
	}
	return out, nil
}

// sought is what can be found of a message beside its text.
type sought struct {
	Title string `json:"title"`
	Poll  *struct {
		Question string `json:"question"`
		Options  []struct {
			Text string `json:"text"`
		} `json:"options"`
	} `json:"poll"`
	Files []soughtFile `json:"files"`
}

type soughtFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

func (m message) sought() sought {
	var s sought
	if m.Data != "" && json.Unmarshal([]byte(m.Data), &s) != nil {
		return sought{} // what can't be read can't be found
	}
	return s
}

// findable is the text by which a message is found; "" if it is not.
func findable(m message) string {
	if m.DeletedAt != nil || m.Kind != KindText {
		return ""
	}
	s := m.sought()
	parts := []string{s.Title, readable(m.Text)}
	if s.Poll != nil {
		parts = append(parts, s.Poll.Question)
		for _, o := range s.Poll.Options {
			parts = append(parts, o.Text)
		}
	}
	for _, f := range s.Files {
		parts = append(parts, f.Name)
	}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

var kindFlags = map[string]search.Flags{
	"image": search.HasImage, "video": search.HasVideo, "audio": search.HasAudio, "voice": search.HasVoice | search.HasAudio, "pdf": search.HasPDF,
}

func flagsOf(m message) search.Flags {
	f := search.IsMessage
	if strings.Contains(m.Text, "https://") || strings.Contains(m.Text, "http://") {
		f |= search.HasLink
	}
	if strings.Contains(m.Text, "```") {
		f |= search.HasCode
	}
	s := m.sought()
	if s.Poll != nil {
		f |= search.HasPoll
	}
	for _, file := range s.Files {
		f |= search.HasFile | kindFlags[file.Kind]
	}
	return f
}

// unindex takes messages out of the index, in the transaction that deletes them.
func unindex(tx *gorm.DB, messageIDs []string) error {
	var rows []struct {
		ID     string
		RoomID string
		Seq    int64
	}
	if err := tx.Raw("SELECT id, room_id, seq FROM chat_messages WHERE id IN ?", messageIDs).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find messages in the index: %w", err)
	}
	for _, r := range rows {
		if err := search.RemovePlaces(tx, scopeOf(r.RoomID), r.Seq); err != nil {
			return err
		}
		if err := unindexFiles(tx, r.RoomID, r.Seq, r.ID); err != nil {
			return err
		}
	}
	return nil
}
