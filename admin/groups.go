package admin

import (
	"context"
	"time"

	"rathaus/internal/audit"
	"rathaus/internal/directory"
)

// Group is a group as administrators see it.
type Group struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Origin      string    `json:"origin" doc:"local, or the provider that names its members"`
	Office      bool      `json:"office" doc:"People write to it as a whole"`
	CreatedAt   time.Time `json:"created_at"`
	Members     int       `json:"members"`
}

func (a *Admin) groupOf(ctx context.Context, g directory.Group) (Group, error) {
	n, err := a.directory.Count(ctx, directory.Filter{GroupID: g.ID})
	return Group{ID: g.ID, Name: g.Name, Description: g.Description, Origin: g.Origin, Office: g.Office, CreatedAt: g.CreatedAt, Members: n}, err
}

// CreateGroup makes a group of the town, an office if that is wanted.
func (a *Admin) CreateGroup(ctx context.Context, name, description string, office bool) (Group, error) {
	var g directory.Group
	tell := func() {}
	err := a.db.Write(ctx, func(tx Tx) (err error) {
		if g, tell, err = a.directory.CreateGroupTx(tx, name, description); err != nil {
			return err
		}
		if !office {
			return a.audit.RecordTx(tx, groupEntry("group.created", g.ID))
		}
		if g, tell, err = a.directory.UpdateGroupTx(tx, g.ID, directory.GroupChange{Office: &office}); err != nil {
			return err
		}
		return a.audit.RecordTx(tx, officeEntry("group.created", g.ID, &office))
	})
	if err != nil {
		return Group{}, err
	}
	tell()
	return a.groupOf(ctx, g)
}

// ChangeGroup renames or describes a group.
func (a *Admin) ChangeGroup(ctx context.Context, groupID string, c directory.GroupChange) (Group, error) {
	var g directory.Group
	err := a.deed(ctx, officeEntry("group.changed", groupID, c.Office), func(tx Tx) (tell func(), err error) {
		g, tell, err = a.directory.UpdateGroupTx(tx, groupID, c)
		return tell, err
	})
	if err != nil {
		return Group{}, err
	}
	return a.groupOf(ctx, g)
}

// DeleteGroup removes a group with its memberships.
func (a *Admin) DeleteGroup(ctx context.Context, groupID string) error {
	return a.deed(ctx, groupEntry("group.deleted", groupID), func(tx Tx) (func(), error) {
		return a.directory.DeleteGroupTx(tx, groupID)
	})
}

// AddMember puts a person into a group.
func (a *Admin) AddMember(ctx context.Context, groupID, userID string) error {
	return a.deed(ctx, memberEntry("group.member_added", groupID, userID), func(tx Tx) (func(), error) {
		return a.directory.AddMemberTx(tx, groupID, userID)
	})
}

// RemoveMember takes a person out of a group.
func (a *Admin) RemoveMember(ctx context.Context, groupID, userID string) error {
	return a.deed(ctx, memberEntry("group.member_removed", groupID, userID), func(tx Tx) (func(), error) {
		return a.directory.RemoveMemberTx(tx, groupID, userID)
	})
}

func groupEntry(action, groupID string) audit.Entry {
	return audit.Entry{Action: action, ObjectKind: "group", ObjectID: groupID}
}

// officeEntry says also whether people may write to the group from now on.
func officeEntry(action, groupID string, office *bool) audit.Entry {
	e := groupEntry(action, groupID)
	if office != nil {
		e.Detail = map[string]any{"office": *office}
	}
	return e
}

func memberEntry(action, groupID, userID string) audit.Entry {
	e := groupEntry(action, groupID)
	e.Detail = map[string]any{"user": userID}
	return e
}
