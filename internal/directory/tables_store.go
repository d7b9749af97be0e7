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

// within runs one use case inside the caller's transaction and returns what to
// run after the commit.
func (d *Directory) within(tx *gorm.DB, useCase func(*tables) error) (func(), error) {
	t, err := d.inside(tx)
	if err != nil {
		return d.poke, err
	}
	return d.poke, useCase(t)
}

// CreateTx creates a person inside the caller's transaction. The function that
// it and its likes return tells the hooks; it is to be run after the commit,
// for example as an after function of Write.
func (d *Directory) CreateTx(tx *gorm.DB, n NewUser) (u User, tell func(), err error) {
	tell, err = d.within(tx, func(t *tables) error {
		u, err = t.create(n)
		return err
	})
	return u, tell, err
}

// UpdateTx is Update inside the caller's transaction.
func (d *Directory) UpdateTx(tx *gorm.DB, userID string, c UserChange) (u User, tell func(), err error) {
	tell, err = d.within(tx, func(t *tables) error {
		u, err = t.update(userID, c)
		return err
	})
	return u, tell, err
}

// SetRoleTx is SetRole inside the caller's transaction.
func (d *Directory) SetRoleTx(tx *gorm.DB, userID string, role access.Role) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.setRole(userID, role) })
}

// DisableTx is Disable inside the caller's transaction.
func (d *Directory) DisableTx(tx *gorm.DB, userID string) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.disable(userID) })
}

// EnableTx is Enable inside the caller's transaction.
func (d *Directory) EnableTx(tx *gorm.DB, userID string) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.enable(userID) })
}

// AddMemberTx is AddMember inside the caller's transaction.
func (d *Directory) AddMemberTx(tx *gorm.DB, groupID, userID string) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.putMember(groupID, userID) })
}

// RemoveMemberTx is RemoveMember inside the caller's transaction.
func (d *Directory) RemoveMemberTx(tx *gorm.DB, groupID, userID string) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.takeMember(groupID, userID) })
}

// CreateGroupTx is CreateGroup inside the caller's transaction.
func (d *Directory) CreateGroupTx(tx *gorm.DB, name, description string) (g Group, tell func(), err error) {
	tell, err = d.within(tx, func(t *tables) error {
		g, err = t.createGroup(name, description)
		return err
	})
	return g, tell, err
}

// UpdateGroupTx is UpdateGroup inside the caller's transaction.
func (d *Directory) UpdateGroupTx(tx *gorm.DB, groupID string, c GroupChange) (g Group, tell func(), err error) {
	tell, err = d.within(tx, func(t *tables) error {
		g, err = t.updateGroup(groupID, c)
		return err
	})
	return g, tell, err
}

// DeleteGroupTx is DeleteGroup inside the caller's transaction.
func (d *Directory) DeleteGroupTx(tx *gorm.DB, groupID string) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.dissolve(groupID) })
}

// SyncGroupsTx is SyncGroups inside the caller's transaction.
func (d *Directory) SyncGroupsTx(tx *gorm.DB, userID, source string, names []string) (tell func(), err error) {
	return d.within(tx, func(t *tables) error { return t.syncGroups(userID, source, names) })
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

func (t *tables) group(groupID string) (Group, error) { return groupByID(t.tx, groupID) }

func (t *tables) sourcesOf(groupID, userID string) ([]string, error) {
	return sourcesOf(t.tx, groupID, userID)
}

func (t *tables) membersOf(groupID string) ([]string, error) {
	return memberIDs(t.tx, []string{groupID})
}

// record leaves a trace of a change for Run.
func (t *tables) record(c Change) error {
	row := changeRow{Kind: string(c.Kind), UserID: c.UserID, GroupID: c.GroupID, At: t.at}
	if err := t.tx.Omit("Seq").Create(&row).Error; err != nil {
		return fmt.Errorf("record %s: %w", c.Kind, err)
	}
	return nil
}
