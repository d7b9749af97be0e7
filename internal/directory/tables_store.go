package directory

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/store"
)

// tables is the directory inside one writing transaction.
type tables struct {
	tx *gorm.DB
	at time.Time
}

// inside opens the directory within a caller's transaction. Changes of the
// directory follow one another on all nodes: rules such as "one administrator
// stays" look at several people, and the order of directory_changes must be
// that of the commits, or a reader's cursor would pass one by.
func (d *Directory) inside(tx *gorm.DB) (*tables, error) {
	if err := store.Serialize(tx, "directory"); err != nil {
		return nil, err
	}
	return &tables{tx: tx, at: d.clock.Now()}, nil
}

// write runs one use case in a transaction of its own and tells the hooks.
func (d *Directory) write(ctx context.Context, useCase func(*tables) error) error {
	return d.db.Write(ctx, func(tx *gorm.DB) error {
		t, err := d.inside(tx)
		if err != nil {
			return err
		}
		return useCase(t)
	}, d.poke)
}

// CreateTx creates a person inside the caller's transaction. The function that
// it returns is to be run after the commit, as an after function of Write.
func (d *Directory) CreateTx(tx *gorm.DB, n NewUser) (User, func(), error) {
	t, err := d.inside(tx)
	if err != nil {
		return User{}, nil, err
	}
	u, err := t.create(n)
	return u, d.poke, err
}

// UpdateTx changes a person's fields inside the caller's transaction; see
// CreateTx for the function returned.
func (d *Directory) UpdateTx(tx *gorm.DB, userID string, c UserChange) (User, func(), error) {
	t, err := d.inside(tx)
	if err != nil {
		return User{}, nil, err
	}
	u, err := t.update(userID, c)
	return u, d.poke, err
}

// SetRoleTx gives a person another role inside the caller's transaction; see
// CreateTx for the function returned.
func (d *Directory) SetRoleTx(tx *gorm.DB, userID string, role access.Role) (func(), error) {
	t, err := d.inside(tx)
	if err != nil {
		return nil, err
	}
	return d.poke, t.setRole(userID, role)
}

// SyncGroupsTx is SyncGroups inside the caller's transaction; see CreateTx for
// the function returned.
func (d *Directory) SyncGroupsTx(tx *gorm.DB, userID, source string, names []string) (func(), error) {
	t, err := d.inside(tx)
	if err != nil {
		return nil, err
	}
	return d.poke, t.syncGroups(userID, source, names)
}

// ByIDTx returns a person as the caller's transaction sees it.
func (d *Directory) ByIDTx(tx *gorm.DB, userID string) (User, error) {
	return userByID(tx, userID)
}

// CountTx returns the number of people as the caller's transaction sees it.
func (d *Directory) CountTx(tx *gorm.DB) (int, error) {
	return countUsers(tx, Filter{})
}

// AloneTx makes transactions that call it follow one another on all nodes, so
// that what they find out first, such as "nobody is here yet", stays true.
func (d *Directory) AloneTx(tx *gorm.DB) error {
	return store.Serialize(tx, "directory")
}

// record leaves a trace of a change for Run.
func (t *tables) record(c Change) error {
	row := changeRow{Kind: string(c.Kind), UserID: c.UserID, GroupID: c.GroupID, At: t.at}
	if err := t.tx.Omit("Seq").Create(&row).Error; err != nil {
		return fmt.Errorf("record %s: %w", c.Kind, err)
	}
	return nil
}
