package app

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/realtime"
)

// MyGroup is a group that the person belongs to, as the start page shows it.
type MyGroup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// tellGroups adds the person's groups to what the topic "me" answers.
func (p *Program) tellGroups() {
	realtime.Me(p.topics, "groups", func(ctx context.Context, who access.Principal) ([]MyGroup, error) {
		mine := []MyGroup{}
		if !who.IsMember() {
			return mine, nil
		}
		groups, err := p.directory.GroupsOf(ctx, who.UserID)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			mine = append(mine, MyGroup{ID: g.ID, Name: g.Name})
		}
		return mine, nil
	})
}
