package meet

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

// row is a meeting as the table keeps it.
type row struct {
	ID              string `gorm:"primaryKey"`
	Name            string
	Title           string
	Access          string
	Guests          bool
	RoomID          *string
	CreatedBy       string
	MaxParticipants int
	CreatedAt       time.Time
	StartedAt       time.Time
	EndedAt         *time.Time
	ExpiresAt       *time.Time
}

// TableName is where gorm finds the rows.
func (row) TableName() string { return "meetings" }

func rowOf(m Meeting) row {
	r := row{
		ID: m.ID, Name: m.Name, Title: m.Title, Access: string(m.Access), Guests: m.Guests,
		CreatedBy: m.CreatedBy, MaxParticipants: m.MaxParticipants,
		CreatedAt: m.CreatedAt, StartedAt: m.StartedAt, EndedAt: m.EndedAt, ExpiresAt: m.ExpiresAt,
	}
	if m.RoomID != "" {
		r.RoomID = &m.RoomID
	}
	return r
}

func (r row) meeting() Meeting {
	m := Meeting{
		ID: r.ID, Name: r.Name, Title: r.Title, Access: Access(r.Access), Guests: r.Guests,
		CreatedBy: r.CreatedBy, MaxParticipants: r.MaxParticipants,
		CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, EndedAt: r.EndedAt, ExpiresAt: r.ExpiresAt,
	}
	if r.RoomID != nil {
		m.RoomID = *r.RoomID
	}
	return m
}

// meetingByName finds a meeting by its address.
func meetingByName(ctx context.Context, db *store.DB, name string) (Meeting, error) {
	return one(db.Read(ctx).Where("name = ?", name))
}

// meetingByID finds a meeting by its id.
func meetingByID(ctx context.Context, db *store.DB, id string) (Meeting, error) {
	return one(db.Read(ctx).Where("id = ?", id))
}

// runningInRoom finds the one call of a chat room.
func runningInRoom(tx *gorm.DB, roomID string) (Meeting, error) {
	return one(tx.Where("room_id = ? AND ended_at IS NULL", roomID))
}

func one(q *gorm.DB) (Meeting, error) {
	var r row
	err := q.Take(&r).Error
	if store.NotFound(err) {
		return Meeting{}, errNotFound
	}
	if err != nil {
		return Meeting{}, fmt.Errorf("read meeting: %w", err)
	}
	return r.meeting(), nil
}

// running lists the meetings that have not ended, the newest first.
func running(ctx context.Context, db *store.DB, limit int) ([]Meeting, error) {
	return many(db.Read(ctx).Where("ended_at IS NULL").Order("started_at DESC, id DESC").Limit(limit))
}

// ofCreator lists the meetings of a person with an address of their own, the
// newest first. Calls of chat rooms belong to the room and are not among them.
func ofCreator(ctx context.Context, db *store.DB, userID string, limit int) ([]Meeting, error) {
	return many(db.Read(ctx).Where("created_by = ? AND access <> ?", userID, AccessRoom).
		Order("created_at DESC, id DESC").Limit(limit))
}

func many(q *gorm.DB) ([]Meeting, error) {
	var rows []row
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	all := make([]Meeting, 0, len(rows))
	for _, r := range rows {
		all = append(all, r.meeting())
	}
	return all, nil
}

func insertMeeting(tx *gorm.DB, m Meeting) error {
	r := rowOf(m)
	return tx.Create(&r).Error
}

// endMeeting marks a meeting as ended. It reports whether it was running.
func endMeeting(tx *gorm.DB, id string, at time.Time) (bool, error) {
	res := tx.Model(&row{}).Where("id = ? AND ended_at IS NULL", id).Update("ended_at", at)
	return res.RowsAffected > 0, res.Error
}

// reopenMeeting makes an ended meeting run again. It reports whether it had ended.
func reopenMeeting(tx *gorm.DB, id string, at time.Time) (bool, error) {
	res := tx.Model(&row{}).Where("id = ? AND ended_at IS NOT NULL", id).
		Updates(map[string]any{"ended_at": nil, "started_at": at})
	return res.RowsAffected > 0, res.Error
}
