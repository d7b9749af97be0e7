package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
)

const draftColumns = "d.user_id, d.room_id, d.thread_id, d.text, d.meant, d.written_at"

// putDraft stores a draft that is newer than what is there, and returns which counts.
func putDraft(tx *gorm.DB, r draftRow, now time.Time) (draftRow, error) {
	// What says that there is none any more has done its work after a while.
	err := tx.Exec("DELETE FROM chat_drafts WHERE user_id = ? AND text = '' AND written_at < ?", r.UserID, now.Add(-emptyDraftKept)).Error
	if err != nil {
		return r, fmt.Errorf("clear drafts: %w", err)
	}
	if r.Text != "" {
		var n int
		if err := tx.Raw("SELECT count(*) FROM chat_drafts WHERE user_id = ? AND text <> ''", r.UserID).Row().Scan(&n); err != nil {
			return r, fmt.Errorf("count drafts: %w", err)
		}
		if n >= maxDrafts {
			return r, fault.Conflict("chat.too_many_drafts", "max", maxDrafts)
		}
	}
	err = tx.Exec(`INSERT INTO chat_drafts (user_id, room_id, thread_id, text, meant, written_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, room_id, thread_id) DO UPDATE SET text = excluded.text, meant = excluded.meant, written_at = excluded.written_at
		WHERE chat_drafts.written_at <= excluded.written_at`, r.UserID, r.RoomID, r.ThreadID, r.Text, r.Meant, r.WrittenAt).Error
	if err != nil {
		return r, fmt.Errorf("store draft in room %s: %w", r.RoomID, err)
	}
	var all []draftRow
	err = tx.Raw("SELECT "+draftColumns+" FROM chat_drafts d WHERE d.user_id = ? AND d.room_id = ? AND d.thread_id = ?", r.UserID, r.RoomID, r.ThreadID).Scan(&all).Error
	if err != nil {
		return r, fmt.Errorf("read draft in room %s: %w", r.RoomID, err)
	}
	if len(all) == 0 {
		return r, nil
	}
	return all[0], nil
}

// draftsOf lists a person's drafts in rooms that are still theirs, latest first.
func draftsOf(tx *gorm.DB, user string) ([]draftRow, error) {
	var all []draftRow
	err := tx.Raw(`SELECT `+draftColumns+` FROM chat_drafts d JOIN chat_members m ON m.room_id = d.room_id AND m.user_id = d.user_id
		WHERE d.user_id = ? AND d.text <> '' ORDER BY d.written_at DESC LIMIT ?`, user, maxDrafts).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	return all, nil
}
