package directory

import (
	"context"
	"slices"
)

// CreateGroup makes a local group.
func (d *Directory) CreateGroup(ctx context.Context, name, description string) (g Group, err error) {
	err = d.write(ctx, func(t *tables) error {
		g, err = t.createGroup(name, description)
		return err
	})
	return g, err
}

// Group returns a group.
func (d *Directory) Group(ctx context.Context, groupID string) (Group, error) {
	return groupByID(d.db.Read(ctx), groupID)
}

// Groups returns a page of all groups by name. The cursor is empty or a page's Next.
func (d *Directory) Groups(ctx context.Context, cursor string, limit int) (Page[Group], error) {
	return d.pageOfGroups(ctx, cursor, limit, false)
}

func (d *Directory) pageOfGroups(ctx context.Context, cursor string, limit int, offices bool) (Page[Group], error) {
	after, err := placeOf(cursor)
	if err != nil {
		return Page[Group]{}, err
	}
	limit = pageSize(limit)
	found, err := groupsByName(d.db.Read(ctx), after, limit+1, offices)
	if err != nil {
		return Page[Group]{}, err
	}
	return cut(found, limit, func(g Group) place { return place{Name: spell(g.Name), ID: g.ID} }), nil
}

// Offices returns a page of the groups that take messages, by name.
func (d *Directory) Offices(ctx context.Context, cursor string, limit int) (Page[Group], error) {
	return d.pageOfGroups(ctx, cursor, limit, true)
}

// UpdateGroup changes a group and returns the result. The name of an issuer's
// group is the issuer's.
func (d *Directory) UpdateGroup(ctx context.Context, groupID string, c GroupChange) (g Group, err error) {
	err = d.write(ctx, func(t *tables) error {
		g, err = t.updateGroup(groupID, c)
		return err
	})
	return g, err
}

// DeleteGroup removes a group with its memberships. An issuer's group comes
// back when somebody signs in whom the issuer counts to it.
func (d *Directory) DeleteGroup(ctx context.Context, groupID string) error {
	return d.write(ctx, func(t *tables) error { return t.dissolve(groupID) })
}

// AddMember puts a person into a group, on the town's own word.
func (d *Directory) AddMember(ctx context.Context, groupID, userID string) error {
	return d.write(ctx, func(t *tables) error { return t.putMember(groupID, userID) })
}

// RemoveMember takes the town's own word back. A person whom an issuer counts
// to the group as well cannot be removed here.
func (d *Directory) RemoveMember(ctx context.Context, groupID, userID string) error {
	return d.write(ctx, func(t *tables) error { return t.takeMember(groupID, userID) })
}

// GroupsOf returns all groups of a person, by name.
func (d *Directory) GroupsOf(ctx context.Context, userID string) ([]Group, error) {
	return groupsOfUser(d.db.Read(ctx), userID)
}

// MembersOf returns a page of a group's members by name, disabled people included.
func (d *Directory) MembersOf(ctx context.Context, groupID, cursor string, limit int) (Page[User], error) {
	if _, err := d.Group(ctx, groupID); err != nil {
		return Page[User]{}, err
	}
	return d.List(ctx, Filter{GroupID: groupID}, cursor, limit)
}

// MemberIDs returns the ids of everybody in any of the groups.
func (d *Directory) MemberIDs(ctx context.Context, groupIDs ...string) ([]string, error) {
	groupIDs = slices.DeleteFunc(slices.Clone(groupIDs), invalidID)
	if len(groupIDs) == 0 {
		return nil, nil
	}
	return memberIDs(d.db.Read(ctx), groupIDs)
}

// SyncGroups makes the groups in which an issuer counts a person be exactly
// those named, making groups of that origin as needed. Memberships from other
// sources stay. Names that break the rules for names are left out: what an
// issuer calls its groups must not keep anybody from signing in.
func (d *Directory) SyncGroups(ctx context.Context, userID, source string, names []string) error {
	return d.write(ctx, func(t *tables) error { return t.syncGroups(userID, source, names) })
}
