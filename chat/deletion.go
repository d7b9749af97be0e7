package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/fault"
	"rathaus/internal/files"
	"rathaus/internal/search"
)

// DeleteRoom deletes a room with everything in it, for good and for everybody.
// name must be what the room is called: who deletes it has seen which one.
//
// The room ends at once: nobody finds, reads or hears of it any more. Its
// messages are then removed in the background, some at a time, so that a large
// room does not hold up the others; a restart goes on where it stopped.
func (c *Chat) DeleteRoom(ctx context.Context, p access.Principal, roomID, name string) error {
	ros, err := c.rosterFor(ctx, p, roomID)
	if err != nil {
		return err
	}
	if err := canManage(p, ros.room, ros.role(p.UserID)); err != nil {
		return err
	}
	if name, err = cleanName(name); err != nil || name != ros.room.Name {
		return fault.Conflict("chat.room_name_differs", "name", ros.room.Name)
	}
	if err := c.endCallOf(ctx, roomID); err != nil {
		return err
	}
	var lists []arranged
	return c.countedAgain(ctx, ros, ToTown, func(tx *gorm.DB) error {
		now, err := readRoster(tx, roomID)
		if err != nil {
			return err
		}
		ros = now
		if lists, err = forgetPlaces(tx, roomID); err != nil {
			return err
		}
		return c.closeForGood(tx, p, now.room)
	}, func() {
		c.tellDeleted(ros)
		c.tellArranged(lists)
	})
}

// endCallOf ends the call that runs in a room, as long as there is somebody to
// tell.
func (c *Chat) endCallOf(ctx context.Context, roomID string) error {
	r, err := readRoom(c.db.Read(ctx), roomID)
	if err != nil || r.CallMeeting == "" || c.endMeeting == nil {
		return err
	}
	return c.endMeeting(ctx, r.CallMeeting)
}

// closeForGood takes the room from everybody, with what is personal in it.
func (c *Chat) closeForGood(tx *gorm.DB, p access.Principal, r room) error {
	if err := forgetWaiting(tx, r.ID); err != nil {
		return err
	}
	if err := dissolve(tx, r.ID, c.clock.Now()); err != nil {
		return err
	}
	return c.audit.RecordTx(tx, audit.Entry{
		Action: "room.deleted", ActorID: p.UserID, ActorName: p.Name, ObjectKind: "room", ObjectID: r.ID,
		Detail: map[string]any{"name": r.Name, "kind": string(r.Kind)},
	})
}

// tellDeleted tells all members that the room is gone, and ends what they have
// open of it.
func (c *Chat) tellDeleted(ros *roster) {
	c.rosters.forget(ros.room.ID)
	c.hub.Notify(ros.ids, "", "room_removed", RoomGone{RoomID: ros.room.ID, Reason: "deleted", Name: ros.room.Name})
	c.hub.EvictAll(topicOf(ros.room.ID), "access_ended")
	c.deleted.rouse()
}

// removeDeleted removes what is left of deleted rooms.
func (c *Chat) removeDeleted(ctx context.Context) (time.Time, error) {
	ids, err := deletedRooms(c.db.Read(ctx))
	if err != nil {
		return time.Time{}, err
	}
	var troubles []error
	for _, roomID := range ids {
		// What one of them meets must not hold up the others.
		troubles = append(troubles, c.removeRoom(ctx, roomID))
	}
	if c.files != nil && len(ids) > 0 {
		c.files.Collect()
	}
	return time.Time{}, errors.Join(troubles...)
}

// removeRoom removes a deleted room: its words from the index first, then its
// links, its messages, and the row.
func (c *Chat) removeRoom(ctx context.Context, roomID string) error {
	if err := c.db.Write(ctx, func(tx *gorm.DB) error { return unindexRoom(tx, roomID) }); err != nil {
		return err
	}
	if err := c.links.EndAll(ctx, roomID); err != nil {
		return fmt.Errorf("end the links of room %s: %w", roomID, err)
	}
	for done := false; !done && ctx.Err() == nil; {
		err := c.db.Write(ctx, func(tx *gorm.DB) (err error) {
			done, err = removeSome(tx, roomID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// forgetWaiting removes what waits to be sent in a room, with its files.
func forgetWaiting(tx *gorm.DB, roomID string) error {
	var rows []laterRow
	if err := tx.Raw("SELECT "+laterColumns+" FROM chat_later WHERE room_id = ?", roomID).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find what waits in room %s: %w", roomID, err)
	}
	for _, row := range rows {
		m, err := row.message()
		if err != nil {
			return err
		}
		if err := files.ReleaseWaiting(tx, row.UserID, m.Files); err != nil {
			return err
		}
	}
	return nil
}

// ownedByRoom are the tables whose rows belong to a room as such, by room_id.
// What belongs to its messages stands in belongings.
var ownedByRoom = []string{
	"chat_later", "chat_drafts", "chat_saved", "chat_members", "chat_slow", "chat_guests", "chat_silences", "chat_pictures",
	"chat_polls", "chat_reports",
}

// dissolve empties a room of people and facts and marks it as deleted. Its name
// is free again.
func dissolve(tx *gorm.DB, roomID string, now time.Time) error {
	for _, table := range ownedByRoom {
		if err := tx.Exec("DELETE FROM "+table+" WHERE room_id = ?", roomID).Error; err != nil {
			return fmt.Errorf("remove what room %s has in %s: %w", roomID, table, err)
		}
	}
	err := tx.Exec(`UPDATE chat_rooms SET kind = 'private', name = '', name_key = '', topic = '', description = '', emoji = '',
		picture = '', call_meeting = '', direct_key = NULL, archived_at = ?, deleted_at = ? WHERE id = ?`, now, now, roomID).Error
	if err != nil {
		return fmt.Errorf("mark room %s as deleted: %w", roomID, err)
	}
	return nil
}

func deletedRooms(tx *gorm.DB) ([]string, error) {
	var ids []string
	err := tx.Raw("SELECT id FROM chat_rooms WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT ?", dueAtOnce).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("list deleted rooms: %w", err)
	}
	return ids, nil
}

// unindexRoom takes a room out of the index of words.
func unindexRoom(tx *gorm.DB, roomID string) error {
	if err := search.RemoveScope(tx, scopeOf(roomID)); err != nil {
		return err
	}
	if err := search.RemoveScope(tx, filesScope(roomID)); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM search_marks WHERE feed = ? AND part = ?", feedName, roomID).Error; err != nil {
		return fmt.Errorf("forget how far room %s is in the index: %w", roomID, err)
	}
	return nil
}

// removeSome removes some messages of a deleted room with all that belongs to
// them, and the room itself when none is left. It reports whether it is gone.
func removeSome(tx *gorm.DB, roomID string) (bool, error) {
	var ids []string
	if err := tx.Raw("SELECT id FROM chat_messages WHERE room_id = ? ORDER BY seq LIMIT ?", roomID, rowsAtOnce).Scan(&ids).Error; err != nil {
		return false, fmt.Errorf("read messages of deleted room %s: %w", roomID, err)
	}
	if len(ids) == 0 {
		if err := tx.Exec("DELETE FROM chat_rooms WHERE id = ?", roomID).Error; err != nil {
			return false, fmt.Errorf("remove room %s: %w", roomID, err)
		}
		// Once more, for words that were on their way into the index.
		return true, unindexRoom(tx, roomID)
	}
	if err := forget(tx, ids...); err != nil {
		return false, err
	}
	for _, sql := range []string{"DELETE FROM chat_thread_followers WHERE message_id IN ?", "DELETE FROM chat_messages WHERE id IN ?"} {
		if err := tx.Exec(sql, ids).Error; err != nil {
			return false, fmt.Errorf("remove messages of room %s: %w", roomID, err)
		}
	}
	return false, nil
}
