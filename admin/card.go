package admin

import (
	"context"
	"fmt"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/fault"
)

// Named is a person of whom only the name is told.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Card is what the address book says about a person.
type Card struct {
	Colleague
	Active bool       `json:"active" doc:"False: the person has left; then only the name is told"`
	Deputy *Named     `json:"deputy,omitempty" doc:"Who stands in"`
	Groups []GroupRef `json:"groups" doc:"Groups to which whoever asks belongs as well" nullable:"false"`
}

// Card returns the card of a person of the town for whoever asks. Of those who
// have left only the name remains: it stands at old messages. Of the groups it
// shows those which both are in, for a group may say more about somebody than
// the town wants everybody to know.
func (a *Admin) Card(ctx context.Context, userID string) (Card, error) {
	u, err := a.directory.ByID(ctx, userID)
	if err != nil {
		return Card{}, err
	}
	if u.Role == access.RoleGuest {
		return Card{}, fault.NotFound("directory.user_not_found")
	}
	if u.Disabled() {
		return Card{Colleague: Colleague{ID: u.ID, Name: u.Name}, Groups: []GroupRef{}}, nil
	}
	c := Card{Colleague: colleague(u), Active: true}
	if c.Deputy, err = a.deputyOf(ctx, u); err != nil {
		return Card{}, err
	}
	c.Groups, err = a.sharedGroups(ctx, userID)
	return c, err
}

func (a *Admin) deputyOf(ctx context.Context, u directory.User) (*Named, error) {
	deputy, err := a.directory.DeputyOf(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("deputy of %s: %w", u.ID, err)
	}
	if deputy.ID == "" {
		return nil, nil //nolint:nilnil // nobody is an answer: left out of the document
	}
	return &Named{ID: deputy.ID, Name: deputy.Name}, nil
}

// sharedGroups returns the groups of a person that whoever asks is in, too.
func (a *Admin) sharedGroups(ctx context.Context, userID string) ([]GroupRef, error) {
	theirs, err := a.directory.GroupsOf(ctx, userID)
	if err != nil {
		return nil, fmt.Errorf("groups of %s: %w", userID, err)
	}
	mine, err := a.directory.GroupsOf(ctx, access.From(ctx).UserID)
	if err != nil {
		return nil, fmt.Errorf("own groups: %w", err)
	}
	own := make(map[string]bool, len(mine))
	for _, g := range mine {
		own[g.ID] = true
	}
	shared := []GroupRef{}
	for _, g := range theirs {
		if own[g.ID] {
			shared = append(shared, GroupRef{ID: g.ID, Name: g.Name, Origin: g.Origin})
		}
	}
	return shared, nil
}
