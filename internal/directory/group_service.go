package directory

import (
	"context"
	"slices"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// CreateGroup makes a local group.
func (d *Directory) CreateGroup(ctx context.Context, name, description string) (g Group, err error) {
	err = d.write(ctx, func(t *tables) error {
		g, err = Group{Name: name, Description: description, Origin: Local}.tidy()
		if err != nil {
			return err
		}
		g.ID, g.CreatedAt = id.New(), t.at
		return t.insertGroup(g)
	})
	return g, err
}

// Group returns a group.
func (d *Directory) Group(ctx context.Context, groupID string) (Group, error) {
	return groupByID(d.db.Read(ctx), groupID)
}

// Groups returns a page of all groups by name. The cursor is empty or a page's Next.
func (d *Directory) Groups(ctx context.Context, cursor string, limit int) (Page[Group], error) {
	after, err := afterCursor(cursor)
	if err != nil {
		return Page[Group]{}, err
	}
	limit = pageSize(limit)
	found, err := groupsByName(d.db.Read(ctx), after, limit+1)
	if err != nil {
		return Page[Group]{}, err
	}
	return cut(found, limit, func(g Group) place { return place{Name: spell(g.Name), ID: g.ID} }), nil
}

// UpdateGroup changes a group and returns the result. The name of an issuer's
// group is the issuer's.
func (d *Directory) UpdateGroup(ctx context.Context, groupID string, c GroupChange) (g Group, err error) {
	err = d.write(ctx, func(t *tables) error {
		before, err := groupByID(t.tx, groupID)
		if err != nil {
			return err
		}
		if g, err = c.apply(before); err != nil || g == before {
			return err
		}
		if g.Name != before.Name && g.Origin != Local {
			return fault.Conflict("directory.group_of_issuer", "origin", g.Origin)
		}
		return t.saveGroup(g)
	})
	return g, err
}

// DeleteGroup removes a group with its memberships. An issuer's group comes
// back when somebody signs in whom the issuer counts to it.
func (d *Directory) DeleteGroup(ctx context.Context, groupID string) error {
	return d.write(ctx, func(t *tables) error {
		if _, err := groupByID(t.tx, groupID); err != nil {
			return err
		}
		members, err := memberIDs(t.tx, []string{groupID})
		if err != nil {
			return err
		}
		for _, userID := range members {
			if err := t.record(Change{Kind: MembershipRemoved, UserID: userID, GroupID: groupID}); err != nil {
				return err
			}
		}
		return t.deleteGroup(groupID)
	})
}

// AddMember puts a person into a group, on the town's own word.
func (d *Directory) AddMember(ctx context.Context, groupID, userID string) error {
	return d.write(ctx, func(t *tables) error {
		if _, err := groupByID(t.tx, groupID); err != nil {
			return err
		}
		if _, err := t.user(userID); err != nil {
			return err
		}
		return t.addMember(Membership{GroupID: groupID, UserID: userID, Source: Local})
	})
}

// RemoveMember takes the town's own word back. A person whom an issuer counts
// to the group as well cannot be removed here.
func (d *Directory) RemoveMember(ctx context.Context, groupID, userID string) error {
	return d.write(ctx, func(t *tables) error {
		if _, err := groupByID(t.tx, groupID); err != nil {
			return err
		}
		sources, err := sourcesOf(t.tx, groupID, userID)
		if err != nil {
			return err
		}
		if others := without(sources, Local); len(others) > 0 {
			return fault.Conflict("directory.member_by_issuer", "origin", others[0])
		}
		return t.removeMember(Membership{GroupID: groupID, UserID: userID, Source: Local})
	})
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

func (t *tables) syncGroups(userID, source string, names []string) error {
	if source == "" || source == Local {
		return fault.Invalid("directory.source_invalid")
	}
	if _, err := t.user(userID); err != nil {
		return err
	}
	before, err := t.groupsFrom(userID, source)
	if err != nil {
		return err
	}
	wanted := tidyNames(names)
	for _, g := range before {
		if slices.Contains(wanted, g.Name) {
			continue
		}
		if err := t.removeMember(Membership{GroupID: g.ID, UserID: userID, Source: source}); err != nil {
			return err
		}
	}
	for _, name := range wanted {
		if slices.ContainsFunc(before, func(g Group) bool { return g.Name == name }) {
			continue
		}
		g, err := t.groupNamed(source, name)
		if err != nil {
			return err
		}
		if err := t.addMember(Membership{GroupID: g.ID, UserID: userID, Source: source}); err != nil {
			return err
		}
	}
	return nil
}

// tidyNames cleans an issuer's list: each valid name once, up to the limit.
func tidyNames(names []string) []string {
	var wanted []string
	for _, name := range names {
		name, err := tidyName(name, "directory.group_name")
		if err != nil || slices.Contains(wanted, name) {
			continue
		}
		if wanted = append(wanted, name); len(wanted) == maxGroupsOfUser {
			break
		}
	}
	return wanted
}

// addMember tells of the membership when this is the first source to say so.
func (t *tables) addMember(m Membership) error {
	fresh, err := t.insertMembership(m)
	if err != nil || !fresh {
		return err
	}
	sources, err := sourcesOf(t.tx, m.GroupID, m.UserID)
	if err != nil || len(sources) > 1 {
		return err
	}
	return t.record(Change{Kind: MembershipAdded, UserID: m.UserID, GroupID: m.GroupID})
}

// removeMember tells of the end of the membership when nobody says so any more.
func (t *tables) removeMember(m Membership) error {
	gone, err := t.deleteMembership(m)
	if err != nil || !gone {
		return err
	}
	sources, err := sourcesOf(t.tx, m.GroupID, m.UserID)
	if err != nil || len(sources) > 0 {
		return err
	}
	return t.record(Change{Kind: MembershipRemoved, UserID: m.UserID, GroupID: m.GroupID})
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == item })
}
