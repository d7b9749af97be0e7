package chat

import (
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
	feedLookup = 30 * time.Second // changes of other processes are seen so late
)

// scopeOf is the name of a room in the index.
func scopeOf(roomID string) string { return "room:" + roomID }

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
