package directory

import (
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// userRow is a User as the table users holds it.
type userRow struct {
	ID         string
	Name       string
	SortName   string
	Email      *string
	EmailLower *string
	Words      string
	Role       string
	Title      string
	Unit       string
	Phone      string
	Room       string
	DeputyID   string
	// PhoneDigits is Phone in the form that number gives it.
	PhoneDigits string
	Locale      string
	Theme       string
	DisabledAt  *time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName implements gorm's Tabler.
func (userRow) TableName() string { return "users" }

func rowOf(u User) userRow {
	r := userRow{
		ID: u.ID, Name: u.Name, SortName: spell(u.Name), Words: wordsOf(u.Name, u.Email, u.Title, u.Unit, u.Room),
		Role: string(u.Role), Title: u.Title, Unit: u.Unit, Phone: u.Phone, PhoneDigits: number(u.Phone),
		Room: u.Room, DeputyID: u.DeputyID, Locale: u.Locale, Theme: u.Theme,
		DisabledAt: u.DisabledAt, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
	if u.Email != "" {
		lower := strings.ToLower(u.Email)
		r.Email, r.EmailLower = &u.Email, &lower
	}
	return r
}

func (r userRow) user() User {
	u := User{
		ID: r.ID, Name: r.Name, Role: access.Role(r.Role), Title: r.Title, Unit: r.Unit, Phone: r.Phone, Room: r.Room, DeputyID: r.DeputyID,
		Locale: r.Locale, Theme: r.Theme, DisabledAt: r.DisabledAt, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	if r.Email != nil {
		u.Email = *r.Email
	}
	return u
}

func users(rows []userRow) []User {
	all := make([]User, len(rows))
	for i, r := range rows {
		all[i] = r.user()
	}
	return all
}

func userByID(tx *gorm.DB, userID string) (User, error) {
	if !id.Valid(userID) {
		return User{}, fault.NotFound("directory.user_not_found")
	}
	var row userRow
	switch err := tx.Where("id = ?", userID).Take(&row).Error; {
	case store.NotFound(err):
		return User{}, fault.NotFound("directory.user_not_found").Because(err)
	case err != nil:
		return User{}, fmt.Errorf("read user %s: %w", userID, err)
	}
	return row.user(), nil
}

// idsAtOnce bounds the parameters of one statement.
const idsAtOnce = 500

func usersByID(tx *gorm.DB, ids []string) ([]User, error) {
	var rows []userRow
	if err := tx.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read %d users: %w", len(ids), err)
	}
	return users(rows), nil
}

func usersByEmail(tx *gorm.DB, email string) ([]User, error) {
	var rows []userRow
	err := tx.Where("email_lower = ?", strings.ToLower(email)).Order("created_at, id").Limit(maxPage).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read users by e-mail: %w", err)
	}
	return users(rows), nil
}

// choose narrows a query on users to what the filter wants.
func choose(tx *gorm.DB, f Filter) (*gorm.DB, error) {
	q := tx.Model(&userRow{})
	wishes, err := wishesOf(f.Query)
	if err != nil {
		return nil, err
	}
	for _, w := range wishes {
		q = w.narrow(q)
	}
	if f.Role != "" {
		q = q.Where("role = ?", string(f.Role))
	}
	if f.GroupID != "" {
		q = q.Where("id IN (SELECT user_id FROM memberships WHERE group_id = ?)", f.GroupID)
	}
	if f.Staff {
		q = q.Where("role <> ?", string(access.RoleGuest))
	}
	if f.Active {
		q = q.Where("disabled_at IS NULL")
	}
	if f.Disabled {
		q = q.Where("disabled_at IS NOT NULL")
	}
	return q, nil
}

// narrow keeps whom the wish is about.
func (w wish) narrow(q *gorm.DB) *gorm.DB {
	var words, digits []string
	var args []any
	for _, pattern := range w.patterns {
		words, args = append(words, `words LIKE ? ESCAPE '\'`), append(args, pattern)
	}
	either := "(" + strings.Join(words, " AND ") + ")"
	for _, n := range w.numbers {
		digits, args = append(digits, "phone_digits LIKE ?"), append(args, "%"+n+"%")
	}
	return q.Where("("+strings.Join(append([]string{either}, digits...), " OR ")+")", args...)
}

// usersByName returns up to limit people in order of their names, after a place.
func usersByName(tx *gorm.DB, f Filter, after place, limit int) ([]User, error) {
	q, err := choose(tx, f)
	if err != nil {
		return nil, err
	}
	if after.ID != "" {
		q = q.Where("(sort_name, id) > (?, ?)", after.Name, after.ID)
	}
	var rows []userRow
	if err := q.Order("sort_name, id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return users(rows), nil
}

func countUsers(tx *gorm.DB, f Filter) (int, error) {
	q, err := choose(tx, f)
	if err != nil {
		return 0, err
	}
	var n int64
	if err := q.Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count users: %w", err)
	}
	return int(n), nil
}

func (t *tables) user(userID string) (User, error) { return userByID(t.tx, userID) }

func (t *tables) insertUser(u User) error {
	row := rowOf(u)
	if err := t.tx.Create(&row).Error; err != nil {
		return fmt.Errorf("insert user %s: %w", u.ID, err)
	}
	return nil
}

func (t *tables) saveUser(u User) error {
	row := rowOf(u)
	if err := t.tx.Select("*").Where("id = ?", u.ID).Updates(&row).Error; err != nil {
		return fmt.Errorf("update user %s: %w", u.ID, err)
	}
	return nil
}

// otherAdministrators counts the active ones besides a person.
func (t *tables) otherAdministrators(userID string) (int, error) {
	var n int64
	err := t.tx.Model(&userRow{}).
		Where("role = ? AND disabled_at IS NULL AND id <> ?", string(access.RoleAdmin), userID).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count administrators: %w", err)
	}
	return int(n), nil
}
