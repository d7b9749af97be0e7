package chat

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// roomsOfOffice returns the ids of all conversations with an office. The id of
// the office is one of the directory, so it holds no sign of a pattern.
func roomsOfOffice(tx *gorm.DB, office string) ([]string, error) {
	var ids []string
	err := tx.Raw("SELECT id FROM chat_rooms WHERE kind = ? AND deleted_at IS NULL AND direct_key LIKE ? ORDER BY id",
		OfficeRoom, officeKey(office, "%")).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("list conversations with office %s: %w", office, err)
	}
	return ids, nil
}

// officesWithRooms returns the ids of all offices that somebody has written to.
func officesWithRooms(tx *gorm.DB) ([]string, error) {
	var rooms []room
	if err := tx.Raw("SELECT id, kind, direct_key FROM chat_rooms WHERE kind = ? AND deleted_at IS NULL", OfficeRoom).Scan(&rooms).Error; err != nil {
		return nil, fmt.Errorf("list conversations with offices: %w", err)
	}
	var offices []string
	for _, r := range rooms {
		if office, _ := r.officeOf(); office != "" {
			offices = append(offices, office)
		}
	}
	slices.Sort(offices)
	return slices.Compact(offices), nil
}
