package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// Direct returns the one room of p and another person, or of p and two to seven
// others, and makes it if needed. A group that somebody has left is not the one
// of its people any more: asking for them again makes another.
func (c *Chat) Direct(ctx context.Context, p access.Principal, others []string) (Room, error) {
	others = slices.Compact(slices.Sorted(slices.Values(others)))
	if slices.Contains(others, p.UserID) || len(others) == 0 || slices.ContainsFunc(others, func(u string) bool { return !id.Valid(u) }) {
		return Room{}, fault.Invalid("chat.partner_unknown")
	}
	if len(others) >= maxGroup {
		return Room{}, fault.Invalid("chat.group_too_big", "max", maxGroup)
	}
	r := room{ID: id.New(), Kind: Direct, CreatedBy: p.UserID}
	key := directKey(p.UserID, others[0])
	if len(others)+1 >= minGroup {
		r.Kind, key = Group, groupKey(append([]string{p.UserID}, others...))
	}
	r.DirectKey = &key
	found, err := directRoom(c.db.Read(ctx), key)
	if err != nil {
		return Room{}, err
	}
	if found == "" {
		found, err = c.openDirect(ctx, p, r, others)
	}
	if err != nil {
		return Room{}, err
	}
	return c.shownRoom(ctx, p, found)
}

// groupKey names the one room of a set of people, whoever asks first. It can't
// be taken for that of a direct room.
func groupKey(people []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(people)), " ")))
	return "group:" + hex.EncodeToString(sum[:])
}

// openDirect makes the room that r describes. People of the town write to each
// other directly; guests only in rooms.
func (c *Chat) openDirect(ctx context.Context, p access.Principal, r room, others []string) (string, error) {
	people, err := c.addable(ctx, others)
	if err != nil {
		return "", err
	}
	maps.DeleteFunc(people, func(_ string, who Person) bool { return who.Guest })
	if len(people) < len(others) {
		return "", fault.NotFound("chat.partner_unknown")
	}
	unwilling, err := blockersOf(c.db.Read(ctx), p.UserID, others)
	if err != nil {
		return "", err
	}
	if len(unwilling) > 0 {
		return "", fault.Forbidden("chat.not_wanted")
	}
	if err := c.keepPace(c.creates, p.UserID); err != nil {
		return "", err
	}
	r.CreatedAt = c.clock.Now()
	r.LastAt = r.CreatedAt
	roomID, made := "", false
	err = c.db.Write(ctx, func(tx *gorm.DB) (err error) {
		roomID, made, err = insertDirect(tx, r, others)
		return err
	}, func() {
		if made {
			c.tellAdded(r, append([]string{p.UserID}, others...))
		}
	})
	if store.IsUnique(err) {
		return directRoom(c.db.Read(ctx), *r.DirectKey)
	}
	return roomID, err
}

func insertDirect(tx *gorm.DB, r room, others []string) (roomID string, made bool, err error) {
	roomID, err = directRoom(tx, *r.DirectKey)
	if err != nil || roomID != "" {
		return roomID, false, err
	}
	if err := insertRoom(tx, r); err != nil {
		return "", false, err
	}
	_, err = addMembers(tx, r.ID, append([]string{r.CreatedBy}, others...), Member, 0, r.CreatedAt)
	return r.ID, true, err
}
