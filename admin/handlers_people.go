package admin

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/directory"
)

type searchIn struct {
	Query  string `query:"q" maxLength:"100"`
	Guests bool   `query:"guests" doc:"Guests of the town, too"`
	Cursor string `query:"cursor" maxLength:"1000"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

type searchOut struct {
	Body struct {
		Items []Colleague `json:"items" nullable:"false"`
		Next  string      `json:"next" doc:"Cursor of the next page; empty on the last one"`
	}
}

func (a *Admin) searchPeople(ctx context.Context, in *searchIn) (*searchOut, error) {
	found, err := a.directory.List(ctx, directory.Filter{Query: in.Query, Staff: !in.Guests, Active: true}, in.Cursor, min(in.Limit, maxFound))
	if err != nil {
		return nil, err
	}
	out := &searchOut{}
	out.Body.Items, out.Body.Next = make([]Colleague, 0, len(found.Items)), found.Next
	for _, u := range found.Items {
		out.Body.Items = append(out.Body.Items, colleague(u))
	}
	return out, nil
}

// PersonIn names a person in the path.
type PersonIn struct {
	Person string `path:"person" maxLength:"36"`
}

type cardOut struct{ Body Card }

func (a *Admin) readPerson(ctx context.Context, in *PersonIn) (*cardOut, error) {
	c, err := a.Card(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	return &cardOut{Body: c}, nil
}

type peopleIn struct {
	Query  string      `query:"q" maxLength:"100"`
	Role   access.Role `query:"role" enum:",guest,member,auditor,admin"`
	State  string      `query:"state" enum:",active,disabled"`
	Group  string      `query:"group" maxLength:"36"`
	Cursor string      `query:"cursor" maxLength:"1000"`
	Limit  int         `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in peopleIn) filter() directory.Filter {
	return directory.Filter{
		Query: in.Query, Role: in.Role, GroupID: in.Group,
		Active: in.State == "active", Disabled: in.State == "disabled",
	}
}

type peopleOut struct {
	Body struct {
		Items []Person `json:"items" nullable:"false"`
		Next  string   `json:"next"`
		Total int      `json:"total" doc:"People whom the filter chooses"`
	}
}

func (a *Admin) listPeople(ctx context.Context, in *peopleIn) (*peopleOut, error) {
	page, err := a.directory.List(ctx, in.filter(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	total, err := a.directory.Count(ctx, in.filter())
	if err != nil {
		return nil, err
	}
	out := &peopleOut{}
	out.Body.Items, out.Body.Next, out.Body.Total = people(page.Items), page.Next, total
	return out, nil
}

func people(users []directory.User) []Person {
	list := make([]Person, len(users))
	for i, u := range users {
		list[i] = personOf(u)
	}
	return list
}

type personOut struct{ Body Person }

func (a *Admin) adminPerson(ctx context.Context, in *PersonIn) (*personOut, error) {
	p, err := a.Person(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	return &personOut{Body: p}, nil
}

type patchPersonIn struct {
	PersonIn
	Body PersonChange
}

func (a *Admin) patchPerson(ctx context.Context, in *patchPersonIn) (*personOut, error) {
	p, err := a.ChangePerson(ctx, in.Person, in.Body)
	if err != nil {
		return nil, err
	}
	return &personOut{Body: p}, nil
}

func (a *Admin) disablePerson(ctx context.Context, in *PersonIn) (*struct{}, error) {
	return nil, a.Disable(ctx, in.Person)
}

func (a *Admin) enablePerson(ctx context.Context, in *PersonIn) (*struct{}, error) {
	return nil, a.Enable(ctx, in.Person)
}
