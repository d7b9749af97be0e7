package directory

import (
	"slices"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

func (t *tables) createGroup(name, description string) (Group, error) {
	g, err := Group{Name: name, Description: description, Origin: Local}.tidy()
	if err != nil {
		return Group{}, err
	}
	g.ID, g.CreatedAt = id.New(), t.at
	return g, t.insertGroup(g)
}

func (t *tables) updateGroup(groupID string, c GroupChange) (Group, error) {
	before, err := t.group(groupID)
	if err != nil {
		return Group{}, err
	}
	after, err := c.apply(before)
	if err != nil || after == before {
		return after, err
	}
	if after.Name != before.Name && before.Origin != Local {
		return Group{}, fault.Conflict("directory.group_of_issuer", "origin", before.Origin)
	}
	if err := t.fitsOffice(before, after); err != nil {
		return Group{}, err
	}
	if err := t.saveGroup(after); err != nil {
		return Group{}, err
	}
	return after, t.record(Change{Kind: GroupChanged, GroupID: groupID})
}

// fitsOffice refuses to make an office of too many people: each of them is in
// every conversation with it.
func (t *tables) fitsOffice(before, after Group) error {
	if before.Office || !after.Office {
		return nil
	}
	members, err := t.membersOf(after.ID)
	if err == nil && len(members) > MaxOffice {
		err = fault.Conflict("directory.office_too_big", "max", MaxOffice)
	}
	return err
}

func (t *tables) dissolve(groupID string) error {
	if _, err := t.group(groupID); err != nil {
		return err
	}
	members, err := t.membersOf(groupID)
	if err != nil {
		return err
	}
	for _, userID := range members {
		if err := t.record(Change{Kind: MembershipRemoved, UserID: userID, GroupID: groupID}); err != nil {
			return err
		}
	}
	if err := t.deleteGroup(groupID); err != nil {
		return err
	}
	return t.record(Change{Kind: GroupChanged, GroupID: groupID})
}

func (t *tables) putMember(groupID, userID string) error {
	if _, err := t.group(groupID); err != nil {
		return err
	}
	if _, err := t.user(userID); err != nil {
		return err
	}
	return t.addMember(Membership{GroupID: groupID, UserID: userID, Source: Local})
}

func (t *tables) takeMember(groupID, userID string) error {
	if _, err := t.group(groupID); err != nil {
		return err
	}
	if _, err := t.user(userID); err != nil {
		return err
	}
	sources, err := t.sourcesOf(groupID, userID)
	if err != nil {
		return err
	}
	if others := without(sources, Local); len(others) > 0 {
		return fault.Conflict("directory.member_by_issuer", "origin", others[0])
	}
	return t.removeMember(Membership{GroupID: groupID, UserID: userID, Source: Local})
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
	sources, err := t.sourcesOf(m.GroupID, m.UserID)
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
	sources, err := t.sourcesOf(m.GroupID, m.UserID)
	if err != nil || len(sources) > 0 {
		return err
	}
	return t.record(Change{Kind: MembershipRemoved, UserID: m.UserID, GroupID: m.GroupID})
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == item })
}
