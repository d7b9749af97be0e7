package chat

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"rathaus/internal/fault"
)

// CalledGroup is a group that a text calls, with its current name.
type CalledGroup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// wideCall matches the target of a link that calls many: a group of the town,
// everybody of this room, or everybody of it who is connected.
var wideCall = regexp.MustCompile(`\]\((group|all|here):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)`)

// wide is what a text says about calling many.
type wide struct {
	groups    []string
	all, here bool
}

func (w wide) none() bool { return len(w.groups) == 0 && !w.all && !w.here }

// widerThan says whether w calls somebody in a way that the other does not.
func (w wide) widerThan(other wide) bool {
	return w.all && !other.all || w.here && !other.here ||
		slices.ContainsFunc(w.groups, func(g string) bool { return !slices.Contains(other.groups, g) })
}

// wideIn reads what a text in a room calls. The room's own id stands in @alle and
// @hier, so that words copied elsewhere call nobody there.
func wideIn(text, roomID string) wide {
	var w wide
	if !strings.Contains(text, "](group:") && !strings.Contains(text, "](all:") && !strings.Contains(text, "](here:") {
		return w
	}
	for _, m := range wideCall.FindAllStringSubmatch(text, -1) {
		switch {
		case m[1] == "all":
			w.all = w.all || m[2] == roomID
		case m[1] == "here":
			w.here = w.here || m[2] == roomID
		case len(w.groups) < maxCalledGroups && !slices.Contains(w.groups, m[2]):
			w.groups = append(w.groups, m[2])
		}
	}
	return w
}

// calls finds out whom a text by author calls in a room. Many are called only
// if the author knows how many.
func (c *Chat) calls(ctx context.Context, ros *roster, author, text string, confirmed bool) ([]called, error) {
	calls := callsByName(ros, author, mentionsIn(text))
	w := wideIn(text, ros.room.ID)
	if w.none() {
		return calls, nil
	}
	many, err := c.resolve(ctx, ros, author, w)
	if err != nil {
		return nil, err
	}
	calls = joinCalls(calls, many)
	if len(calls) > askAbove && !confirmed {
		return nil, fault.Conflict("chat.many_called", "count", len(calls))
	}
	return calls, nil
}

// resolve lists the members whom a wide call reaches, without the author.
func (c *Chat) resolve(ctx context.Context, ros *roster, author string, w wide) ([]called, error) {
	var calls []called
	reach := func(why cause, users []string) {
		for _, u := range users {
			if u != author && ros.role(u) != "" {
				calls = append(calls, called{u, why})
			}
		}
	}
	if len(w.groups) > 0 {
		users, err := c.people.GroupMembers(ctx, w.groups)
		if err != nil {
			return nil, err
		}
		reach(byGroup, users)
	}
	if w.here {
		reach(byHere, slices.DeleteFunc(slices.Clone(ros.ids), func(u string) bool { return !c.hub.Online(u) }))
	}
	if w.all {
		reach(byAll, ros.ids)
	}
	return joinCalls(nil, calls), nil
}

// callsAfterEdit finds out whom a changed text calls. Who was called with many
// others stays so while the text calls them as it did; only new wide calls are
// resolved, so that a corrected letter does not call anybody again.
func (c *Chat) callsAfterEdit(ctx context.Context, ros *roster, m message, text string, confirmed bool) (func([]called) []called, error) {
	was, now := wideIn(m.Text, m.RoomID), wideIn(text, m.RoomID)
	fresh := callsByName(ros, m.AuthorID, mentionsIn(text))
	if now.widerThan(was) {
		var err error
		if fresh, err = c.calls(ctx, ros, m.AuthorID, text, confirmed); err != nil {
			return nil, err
		}
	}
	still, err := c.resolve(ctx, ros, m.AuthorID, wide{groups: now.groups, all: now.all})
	if err != nil {
		return nil, err
	}
	reached := peopleOf(still)
	return func(before []called) []called {
		after := callsOf(before, byThread)
		after = joinCalls(after, fresh)
		if now.here {
			after = joinCalls(after, callsOf(before, byHere))
		}
		return joinCalls(after, slices.DeleteFunc(slices.Clone(before), func(one called) bool { return !slices.Contains(reached, one.UserID) }))
	}, nil
}
