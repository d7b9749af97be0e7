package chat

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

func insertReport(tx *gorm.DB, r report) error {
	err := tx.Exec(`INSERT INTO chat_reports (id, room_id, message_id, reporter_id, audience, reason, note, quote, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id, reporter_id) DO NOTHING`,
		r.ID, r.RoomID, r.MessageID, r.ReporterID, r.Audience, r.Reason, r.Note, r.Quote, r.CreatedAt).Error
	if err != nil {
		return fmt.Errorf("store report of message %s: %w", r.MessageID, err)
	}
	return nil
}

const reportSQL = `SELECT p.id, p.room_id, p.message_id, p.reporter_id, p.audience, p.reason, p.note, p.quote, p.created_at, p.outcome,
		r.name AS room_name, m.author_id, m.text, m.seq, m.deleted_at
	FROM chat_reports p JOIN chat_rooms r ON r.id = p.room_id JOIN chat_messages m ON m.id = p.message_id WHERE p.closed_at IS NULL AND `

// waitingReports lists open reports, the oldest first: of one room, or of all.
func waitingReports(tx *gorm.DB, to Audience, roomID string) ([]report, error) {
	var rows []report
	err := tx.Raw(reportSQL+"p.audience = ? AND (? = '' OR p.room_id = ?) ORDER BY p.created_at, p.id LIMIT ?", to, roomID, roomID, maxQueue).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	return rows, nil
}

func openReport(tx *gorm.DB, reportID string) (report, error) {
	var rows []report
	if err := tx.Raw(reportSQL+"p.id = ?", reportID).Scan(&rows).Error; err != nil {
		return report{}, fmt.Errorf("read report %s: %w", reportID, err)
	}
	if len(rows) == 0 {
		return report{}, errNoReport
	}
	return rows[0], nil
}

// closeReports ends all reports of the same message to the same audience, and
// forgets what they quoted.
func closeReports(tx *gorm.DB, r report, by, outcome string, at time.Time) error {
	err := tx.Exec(`UPDATE chat_reports SET closed_at = ?, closed_by = ?, outcome = ?, quote = '', note = ''
		WHERE message_id = ? AND audience = ? AND closed_at IS NULL`, at, by, outcome, r.MessageID, r.Audience).Error
	if err != nil {
		return fmt.Errorf("close reports of message %s: %w", r.MessageID, err)
	}
	return nil
}

// countReports counts the reports that wait for those who moderate a room.
func countReports(tx *gorm.DB, roomID string) (int, error) {
	var n int
	err := tx.Raw("SELECT count(*) FROM chat_reports WHERE audience = 'room' AND room_id = ? AND closed_at IS NULL", roomID).Row().Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count reports of room %s: %w", roomID, err)
	}
	return n, nil
}

// countTownReports counts the reports that wait for the administration.
func countTownReports(tx *gorm.DB) (int, error) {
	var n int
	err := tx.Raw("SELECT count(*) FROM chat_reports WHERE audience = 'town' AND closed_at IS NULL").Row().Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count reports to the administration: %w", err)
	}
	return n, nil
}

// openReports counts what waits in the rooms that a person moderates.
func openReports(tx *gorm.DB, user string) (map[string]int, error) {
	var rows []struct {
		RoomID string
		Open   int
	}
	err := tx.Raw(`SELECT p.room_id, count(*) AS open FROM chat_reports p
		JOIN chat_members m ON m.room_id = p.room_id AND m.user_id = ? AND m.role IN ('owner', 'moderator')
		WHERE p.audience = 'room' AND p.closed_at IS NULL GROUP BY p.room_id`, user).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count reports of a moderator: %w", err)
	}
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.RoomID] = r.Open
	}
	return out, nil
}
