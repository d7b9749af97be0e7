package admin

import (
	"context"

	"rathaus/internal/directory"
)

type pageIn struct {
	Cursor string `query:"cursor" maxLength:"1000"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type groupNamesOut struct {
	Body struct {
		Items []GroupRef `json:"items" nullable:"false"`
		Next  string     `json:"next"`
	}
}

type groupNamesIn struct {
	Cursor  string `query:"cursor" maxLength:"1000"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Offices bool   `query:"offices" doc:"Only those to which people write as a whole"`
}

func (a *Admin) listGroupNames(ctx context.Context, in *groupNamesIn) (*groupNamesOut, error) {
	list := a.directory.Groups
	if in.Offices {
		list = a.directory.Offices
	}
	page, err := list(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &groupNamesOut{}
	out.Body.Items, out.Body.Next = make([]GroupRef, 0, len(page.Items)), page.Next
	for _, g := range page.Items {
		out.Body.Items = append(out.Body.Items, GroupRef{ID: g.ID, Name: g.Name, Origin: g.Origin, Office: g.Office})
	}
	return out, nil
}

type groupsOut struct {
	Body struct {
		Items []Group `json:"items" nullable:"false"`
		Next  string  `json:"next"`
	}
}

func (a *Admin) listGroups(ctx context.Context, in *pageIn) (*groupsOut, error) {
	page, err := a.directory.Groups(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &groupsOut{}
	out.Body.Items, out.Body.Next = make([]Group, 0, len(page.Items)), page.Next
	for _, g := range page.Items {
		full, err := a.groupOf(ctx, g)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, full)
	}
	return out, nil
}

type newGroupIn struct {
	Body struct {
		Name        string `json:"name" minLength:"1" maxLength:"80"`
		Description string `json:"description,omitempty" maxLength:"500"`
		Office      bool   `json:"office,omitempty" doc:"People write to it as a whole"`
	}
}

type groupOut struct{ Body Group }

func asGroup(g Group, err error) (*groupOut, error) {
	if err != nil {
		return nil, err
	}
	return &groupOut{Body: g}, nil
}

func (a *Admin) postGroup(ctx context.Context, in *newGroupIn) (*groupOut, error) {
	return asGroup(a.CreateGroup(ctx, in.Body.Name, in.Body.Description, in.Body.Office))
}

// GroupIn names a group in the path.
type GroupIn struct {
	Group string `path:"group" maxLength:"36"`
}

func (a *Admin) readGroup(ctx context.Context, in *GroupIn) (*groupOut, error) {
	g, err := a.directory.Group(ctx, in.Group)
	if err != nil {
		return nil, err
	}
	return asGroup(a.groupOf(ctx, g))
}

type patchGroupIn struct {
	GroupIn
	Body struct {
		Name        *string `json:"name,omitempty" minLength:"1" maxLength:"80"`
		Description *string `json:"description,omitempty" maxLength:"500"`
		Office      *bool   `json:"office,omitempty" doc:"People write to it as a whole"`
	}
}

func (a *Admin) patchGroup(ctx context.Context, in *patchGroupIn) (*groupOut, error) {
	return asGroup(a.ChangeGroup(ctx, in.Group, directory.GroupChange{Name: in.Body.Name, Description: in.Body.Description, Office: in.Body.Office}))
}

func (a *Admin) deleteGroup(ctx context.Context, in *GroupIn) (*struct{}, error) {
	return nil, a.DeleteGroup(ctx, in.Group)
}

type membersIn struct {
	GroupIn
	Cursor string `query:"cursor" maxLength:"1000"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type membersOut struct {
	Body struct {
		Items []Person `json:"items" nullable:"false"`
		Next  string   `json:"next"`
	}
}

func (a *Admin) listMembers(ctx context.Context, in *membersIn) (*membersOut, error) {
	page, err := a.directory.MembersOf(ctx, in.Group, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &membersOut{}
	out.Body.Items, out.Body.Next = people(page.Items), page.Next
	return out, nil
}

type memberIn struct {
	GroupIn
	PersonIn
}

func (a *Admin) putMember(ctx context.Context, in *memberIn) (*struct{}, error) {
	return nil, a.AddMember(ctx, in.Group, in.Person)
}

func (a *Admin) deleteMember(ctx context.Context, in *memberIn) (*struct{}, error) {
	return nil, a.RemoveMember(ctx, in.Group, in.Person)
}
