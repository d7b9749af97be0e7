package admin

import (
	"context"
	"fmt"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/directory"
)

// Colleague is a person as other people of the town see them.
type Colleague struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Unit  string `json:"unit"`
	Email string `json:"email"`
	Phone string `json:"phone"`
	Room  string `json:"room" doc:"Where the office is"`
	Guest bool   `json:"guest,omitempty" doc:"A guest of the town, who sees only the rooms they were brought into"`
}

func colleague(u directory.User) Colleague {
	return Colleague{ID: u.ID, Name: u.Name, Title: u.Title, Unit: u.Unit, Email: u.Email, Phone: u.Phone, Room: u.Room, Guest: u.Role == access.RoleGuest}
}

// Person is a person as administrators see them.
type Person struct {
	Colleague
	Role      access.Role `json:"role"`
	Disabled  bool        `json:"disabled"`
	CreatedAt time.Time   `json:"created_at"`
	Deputy    *Named      `json:"deputy,omitempty" doc:"Who stands in; left out in lists"`
	Groups    []GroupRef  `json:"groups,omitempty"`
}

// GroupRef names a group.
type GroupRef struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Origin string `json:"origin" doc:"local, or the provider that names its members"`
	Office bool   `json:"office" doc:"People write to it as a whole"`
}

func personOf(u directory.User) Person {
	return Person{Colleague: colleague(u), Role: u.Role, Disabled: u.Disabled(), CreatedAt: u.CreatedAt}
}

// PersonChange names what to change of a person; nil leaves it as it is.
type PersonChange struct {
	Name  *string `json:"name,omitempty" minLength:"1" maxLength:"80"`
	Email *string `json:"email,omitempty" maxLength:"254"`
	Title *string `json:"title,omitempty" maxLength:"80"`
	Unit  *string `json:"unit,omitempty" maxLength:"80"`
	Phone *string `json:"phone,omitempty" maxLength:"40"`
	Room  *string `json:"room,omitempty" maxLength:"80"`
	// DeputyID names a person of the town; empty takes the deputy away.
	DeputyID *string      `json:"deputy_id,omitempty" maxLength:"36" doc:"Who stands in; empty: nobody"`
	Role     *access.Role `json:"role,omitempty" enum:"guest,member,auditor,admin"`
}

func (c PersonChange) fields() directory.UserChange {
	return directory.UserChange{Name: c.Name, Email: c.Email, Title: c.Title, Unit: c.Unit, Phone: c.Phone, Room: c.Room, DeputyID: c.DeputyID}
}

func (c PersonChange) touchesFields() bool { return c.fields() != directory.UserChange{} }

// ChangePerson changes a person's fields and role together.
func (a *Admin) ChangePerson(ctx context.Context, userID string, c PersonChange) (Person, error) {
	before, err := a.directory.ByID(ctx, userID)
	if err != nil {
		return Person{}, err
	}
	if c.touchesFields() {
		e := audit.Entry{Action: "user.changed", ObjectKind: "user", ObjectID: userID}
		err := a.deed(ctx, e, func(tx Tx) (func(), error) {
			_, tell, err := a.directory.UpdateTx(tx, userID, c.fields())
			return tell, err
		})
		if err != nil {
			return Person{}, err
		}
	}
	if c.Role != nil && *c.Role != before.Role {
		if err := a.setRole(ctx, before, *c.Role); err != nil {
			return Person{}, err
		}
	}
	return a.Person(ctx, userID)
}

func (a *Admin) setRole(ctx context.Context, before directory.User, role access.Role) error {
	if err := notOneself(ctx, before.ID); err != nil {
		return err
	}
	e := audit.Entry{
		Action: "user.role_changed", ObjectKind: "user", ObjectID: before.ID,
		Detail: map[string]any{"from": string(before.Role), "to": string(role)},
	}
	return a.deed(ctx, e, func(tx Tx) (func(), error) { return a.directory.SetRoleTx(tx, before.ID, role) })
}

// Person returns a person with their groups.
func (a *Admin) Person(ctx context.Context, userID string) (Person, error) {
	u, err := a.directory.ByID(ctx, userID)
	if err != nil {
		return Person{}, err
	}
	groups, err := a.directory.GroupsOf(ctx, userID)
	if err != nil {
		return Person{}, fmt.Errorf("groups of %s: %w", userID, err)
	}
	p := personOf(u)
	if p.Deputy, err = a.deputyOf(ctx, u); err != nil {
		return Person{}, err
	}
	p.Groups = []GroupRef{}
	for _, g := range groups {
		p.Groups = append(p.Groups, GroupRef{ID: g.ID, Name: g.Name, Origin: g.Origin})
	}
	return p, nil
}

// Disable shuts a person out.
func (a *Admin) Disable(ctx context.Context, userID string) error {
	if err := notOneself(ctx, userID); err != nil {
		return err
	}
	e := audit.Entry{Action: "user.disabled", ObjectKind: "user", ObjectID: userID}
	return a.deed(ctx, e, func(tx Tx) (func(), error) { return a.directory.DisableTx(tx, userID) })
}

// Enable lets a person in again.
func (a *Admin) Enable(ctx context.Context, userID string) error {
	e := audit.Entry{Action: "user.enabled", ObjectKind: "user", ObjectID: userID}
	return a.deed(ctx, e, func(tx Tx) (func(), error) { return a.directory.EnableTx(tx, userID) })
}
