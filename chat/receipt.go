package chat

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Receipt says up to where somebody has read. There is no time in it.
type Receipt struct {
	PersonID string `json:"person_id"`
	ReadSeq  int64  `json:"read_seq"`
}

// ReceiptEvent tells those who moderate a room of announcements that somebody
// has read on, or has marked something as unread.
type ReceiptEvent struct {
	RoomID string `json:"room_id"`
	Receipt
}

var errReceiptsOff = fault.NotFound("chat.receipts_off")

// seesReceipts lets those who moderate a room of announcements know who has read
// what they say, where the town allows it.
func (c *Chat) seesReceipts(p access.Principal, r room, role Role) error {
	if c.policies.ReadReceipts != PolicyOptional || r.Form != Announcement {
		return errReceiptsOff
	}
	return canModerate(p, r, role)
}

// ReceiptsOf returns up to where the members of a room of announcements have
// read. It names only those who tell it, and only to those who tell it too.
func (c *Chat) ReceiptsOf(ctx context.Context, p access.Principal, roomID string) ([]Receipt, error) {
	ros, err := c.memberOf(ctx, p, roomID)
	if err != nil {
		return nil, err
	}
	if err := c.seesReceipts(p, ros.room, ros.role(p.UserID)); err != nil {
		return nil, err
	}
	tx := c.db.Read(ctx)
	own, err := readOneself(tx, p.UserID)
	if err != nil {
		return nil, err
	}
	if !own.Receipts {
		return nil, fault.Forbidden("chat.receipts_not_shared")
	}
	out := []Receipt{}
	err = tx.Raw(`SELECT m.user_id AS person_id, m.read_seq FROM chat_members m JOIN chat_people o ON o.user_id = m.user_id AND o.receipts
		WHERE m.room_id = ? ORDER BY m.user_id LIMIT ?`, roomID, maxReceipts).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list who has read room %s: %w", roomID, err)
	}
	return out, nil
}

// watchers returns who is told that somebody has read on in a room.
func (c *Chat) watchers(tx *gorm.DB, ros *roster, reader string) ([]string, error) {
	if c.policies.ReadReceipts != PolicyOptional || ros.room.Form != Announcement {
		return nil, nil
	}
	var ids []string
	err := tx.Raw(`SELECT m.user_id FROM chat_members m JOIN chat_people o ON o.user_id = m.user_id AND o.receipts
		WHERE m.room_id = ? AND m.role IN ('owner', 'moderator') AND m.user_id <> ?
			AND EXISTS (SELECT 1 FROM chat_people r WHERE r.user_id = ? AND r.receipts)`, ros.room.ID, reader, reader).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find who sees receipts of room %s: %w", ros.room.ID, err)
	}
	return ids, nil
}

func (c *Chat) tellReceipt(watchers []string, reader string, mark ReadMark) {
	if len(watchers) > 0 {
		c.hub.Notify(watchers, "", "receipt", ReceiptEvent{mark.RoomID, Receipt{reader, mark.ReadSeq}})
	}
}
