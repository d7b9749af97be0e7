package chat

import (
	"fmt"

	"gorm.io/gorm"

	"rathaus/internal/files"
)

func insertAttachments(tx *gorm.DB, m message, all []files.File) error {
	for _, f := range all {
		err := tx.Exec("INSERT INTO chat_attachments (file_id, message_id, room_id, seq, kind) VALUES (?, ?, ?, ?, ?)", f.ID, m.ID, m.RoomID, m.Seq, f.Kind).Error
		if err != nil {
			return fmt.Errorf("attach a file to message %s: %w", m.ID, err)
		}
	}
	return nil
}

// releaseFiles removes the files of messages; their bytes follow after the commit.
func releaseFiles(tx *gorm.DB, messageIDs []string) error {
	var ids []string
	if err := tx.Raw("SELECT file_id FROM chat_attachments WHERE message_id IN ?", messageIDs).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find the files of %d messages: %w", len(messageIDs), err)
	}
	return files.Release(tx, ids)
}

// messageOfFile returns the message that carries a file, or errNoMessage.
func messageOfFile(tx *gorm.DB, fileID string) (message, error) {
	m, ok, err := oneMessage(tx, "id = (SELECT message_id FROM chat_attachments WHERE file_id = ?)", fileID)
	if err == nil && !ok {
		err = errNoMessage
	}
	return m, err
}

// messagesWithFiles returns messages of a room that carry files of a kind, or
// of any, the latest first.
func messagesWithFiles(tx *gorm.DB, roomID, kind string, before int64, limit int) ([]message, error) {
	return manyMessages(tx, `room_id = ? AND (seq < ? OR ? = 0) AND deleted_at IS NULL AND id IN
		(SELECT message_id FROM chat_attachments WHERE room_id = ? AND (kind = ? OR ? = '')) ORDER BY seq DESC LIMIT ?`,
		roomID, before, before, roomID, kind, kind, limit)
}
