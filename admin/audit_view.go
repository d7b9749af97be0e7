package admin

import (
	"context"
	"slices"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/audit"
)

// Entry is a line of the audit log with the names that people know.
type Entry struct {
	ID         string         `json:"id"`
	At         time.Time      `json:"at"`
	ActorID    string         `json:"actor_id"`
	ActorName  string         `json:"actor_name" doc:"Empty for the program itself and for strangers"`
	Action     string         `json:"action" doc:"area.what_happened"`
	ObjectKind string         `json:"object_kind"`
	ObjectID   string         `json:"object_id"`
	ObjectName string         `json:"object_name" doc:"Name of a person or group, if there still is one"`
	Detail     map[string]any `json:"detail" nullable:"false"`
}

type auditIn struct {
	Action     string    `query:"action" maxLength:"80" doc:"An action, or the area it begins with"`
	Actor      string    `query:"actor" maxLength:"60"`
	ObjectKind string    `query:"object_kind" maxLength:"40"`
	Object     string    `query:"object" maxLength:"60"`
	Since      time.Time `query:"since"`
	Before     time.Time `query:"before"`
	Cursor     string    `query:"cursor" maxLength:"1000"`
	Limit      int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type auditOut struct {
	Body struct {
		Items []Entry `json:"items" nullable:"false"`
		Next  string  `json:"next"`
	}
}

func (a *Admin) listAudit(ctx context.Context, in *auditIn) (*auditOut, error) {
	f := audit.Filter{
		Action: in.Action, ActorID: in.Actor, ObjectKind: in.ObjectKind, ObjectID: in.Object,
		Since: in.Since, Before: in.Before,
	}
	page, err := a.audit.List(ctx, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	names, err := a.namesIn(ctx, page.Items)
	if err != nil {
		return nil, err
	}
	out := &auditOut{}
	out.Body.Items, out.Body.Next = make([]Entry, len(page.Items)), page.Next
	for i, e := range page.Items {
		out.Body.Items[i] = entryOf(e, names)
	}
	return out, nil
}

func entryOf(e audit.Entry, names map[string]string) Entry {
	if e.ActorName == "" {
		e.ActorName = names[e.ActorID]
	}
	// A person named in the details is shown by name.
	if id, ok := e.Detail["user"].(string); ok && names[id] != "" {
		e.Detail["user"] = names[id]
	}
	return Entry{
		ID: e.ID, At: e.At, ActorID: e.ActorID, ActorName: e.ActorName, Action: e.Action,
		ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, ObjectName: names[e.ObjectID], Detail: e.Detail,
	}
}

// namesIn finds the names of the people in the entries.
func (a *Admin) namesIn(ctx context.Context, entries []audit.Entry) (map[string]string, error) {
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ActorID)
		if e.ObjectKind == "user" {
			ids = append(ids, e.ObjectID)
		}
		if id, ok := e.Detail["user"].(string); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	users, err := a.directory.ByIDs(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(users))
	for id, u := range users {
		if u.Role.Valid() && u.Role != access.RoleGuest {
			names[id] = u.Name
		}
	}
	for _, e := range entries {
		if e.ObjectKind != "group" || names[e.ObjectID] != "" {
			continue
		}
		if g, err := a.directory.Group(ctx, e.ObjectID); err == nil { // a group may be gone
			names[e.ObjectID] = g.Name
		}
	}
	return names, nil
}
