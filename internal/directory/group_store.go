package directory

import (
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// groupRow is a Group as the table groups holds it.
type groupRow struct {
	ID          string
	Name        string
	SortName    string
	Description string
	Origin      string
	Office      bool
	CreatedAt   time.Time
}

// TableName implements gorm's Tabler.
func (groupRow) TableName() string { return "groups" }

func (r groupRow) group() Group {
	return Group{ID: r.ID, Name: r.Name, Description: r.Description, Origin: r.Origin, Office: r.Office, CreatedAt: r.CreatedAt}
}

func groupRowOf(g Group) groupRow {
	return groupRow{
		ID: g.ID, Name: g.Name, SortName: spell(g.Name), Description: g.Description,
		Origin: g.Origin, Office: g.Office, CreatedAt: g.CreatedAt,
	}
}

func groups(rows []groupRow) []Group {
	all := make([]Group, len(rows))
	for i, r := range rows {
		all[i] = r.group()
	}
	return all
}

// membershipRow is a Membership as the table memberships holds it.
type membershipRow struct {
	GroupID string
	UserID  string
	Source  string
	AddedAt time.Time
}

// TableName implements gorm's Tabler.
func (membershipRow) TableName() string { return "memberships" }

func groupByID(tx *gorm.DB, groupID string) (Group, error) {
	if !id.Valid(groupID) {
		return Group{}, fault.NotFound("directory.group_not_found")
	}
	var row groupRow
	switch err := tx.Where("id = ?", groupID).Take(&row).Error; {
	case store.NotFound(err):
		return Group{}, fault.NotFound("directory.group_not_found").Because(err)
	case err != nil:
		return Group{}, fmt.Errorf("read group %s: %w", groupID, err)
	}
	return row.group(), nil
}

func groupsByName(tx *gorm.DB, after place, limit int, offices bool) ([]Group, error) {
	q := tx.Model(&groupRow{})
	if after.ID != "" {
		q = q.Where("(sort_name, id) > (?, ?)", after.Name, after.ID)
	}
	if offices {
		q = q.Where("office")
	}
	var rows []groupRow
	if err := q.Order("sort_name, id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	return groups(rows), nil
}

func groupsOfUser(tx *gorm.DB, userID string) ([]Group, error) {
	var rows []groupRow
	err := tx.Where("id IN (SELECT group_id FROM memberships WHERE user_id = ?)", userID).
		Order("sort_name, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read groups of user %s: %w", userID, err)
	}
	return groups(rows), nil
}

// memberIDs lists everybody in any of the groups, disabled people included.
func memberIDs(tx *gorm.DB, groupIDs []string) ([]string, error) {
	var ids []string
	err := tx.Model(&membershipRow{}).Distinct("user_id").Where("group_id IN ?", groupIDs).
		Order("user_id").Pluck("user_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("read members of %d groups: %w", len(groupIDs), err)
	}
	return ids, nil
}

// sourcesOf lists who says that a person is in a group.
func sourcesOf(tx *gorm.DB, groupID, userID string) ([]string, error) {
	var sources []string
	err := tx.Model(&membershipRow{}).Where("group_id = ? AND user_id = ?", groupID, userID).
		Order("source").Pluck("source", &sources).Error
	if err != nil {
		return nil, fmt.Errorf("read membership of user %s in group %s: %w", userID, groupID, err)
	}
	return sources, nil
}

// groupsFrom lists the groups in which a source has put a person.
func (t *tables) groupsFrom(userID, source string) ([]Group, error) {
	var rows []groupRow
	err := t.tx.Where("id IN (SELECT group_id FROM memberships WHERE user_id = ? AND source = ?)", userID, source).
		Order("sort_name, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read groups of user %s: %w", userID, err)
	}
	return groups(rows), nil
}

// groupNamed returns the group of an origin with this name, made now if need be.
func (t *tables) groupNamed(origin, name string) (Group, error) {
	g, err := Group{ID: id.New(), Name: name, Origin: origin, CreatedAt: t.at}.tidy()
	if err != nil {
		return Group{}, err
	}
	row := groupRowOf(g)
	if err := t.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return Group{}, fmt.Errorf("insert group: %w", err)
	}
	var found groupRow
	if err := t.tx.Where("origin = ? AND name = ?", origin, g.Name).Take(&found).Error; err != nil {
		return Group{}, fmt.Errorf("read group by name: %w", err)
	}
	return found.group(), nil
}

func (t *tables) insertGroup(g Group) error {
	row := groupRowOf(g)
	return groupTaken(g, t.tx.Create(&row).Error)
}

func (t *tables) saveGroup(g Group) error {
	row := groupRowOf(g)
	return groupTaken(g, t.tx.Select("*").Where("id = ?", g.ID).Updates(&row).Error)
}

func groupTaken(g Group, err error) error {
	switch {
	case store.IsUnique(err):
		return fault.Conflict("directory.group_name_taken", "name", g.Name).Because(err)
	case err != nil:
		return fmt.Errorf("store group %s: %w", g.ID, err)
	}
	return nil
}

func (t *tables) deleteGroup(groupID string) error {
	if err := t.tx.Where("id = ?", groupID).Delete(&groupRow{}).Error; err != nil {
		return fmt.Errorf("delete group %s: %w", groupID, err)
	}
	return nil
}

// insertMembership reports whether the word of this source is new.
func (t *tables) insertMembership(m Membership) (bool, error) {
	row := membershipRow{GroupID: m.GroupID, UserID: m.UserID, Source: m.Source, AddedAt: t.at}
	done := t.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil {
		return false, fmt.Errorf("add user %s to group %s: %w", m.UserID, m.GroupID, done.Error)
	}
	return done.RowsAffected > 0, nil
}

// deleteMembership reports whether the source had said so.
func (t *tables) deleteMembership(m Membership) (bool, error) {
	done := t.tx.Where("group_id = ? AND user_id = ? AND source = ?", m.GroupID, m.UserID, m.Source).
		Delete(&membershipRow{})
	if done.Error != nil {
		return false, fmt.Errorf("remove user %s from group %s: %w", m.UserID, m.GroupID, done.Error)
	}
	return done.RowsAffected > 0, nil
}
