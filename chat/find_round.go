package chat

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/search"
)

// part is what one transaction takes in of one room.
type part struct {
	room  behind
	rows  []message
	docs  map[int64]search.Doc // by place; what can't be found has none
	mark  int64                // the last change that is in afterwards
	taken bool                 // set by the transaction
}

// takeIn takes what changed in all rooms into the index of words. The mark of a
// room is the number of the last change that is in; since numbers of a room are
// given in the order of commits, nothing is passed over.
func (c *Chat) takeIn(ctx context.Context) (time.Time, error) {
	for {
		rooms, err := roomsBehind(c.db.Read(ctx))
		if err != nil {
			return time.Time{}, err
		}
		if err := c.takeInRooms(ctx, rooms); err != nil {
			return time.Time{}, err
		}
		if len(rooms) < feedRooms {
			return c.clock.Now().Add(feedLookup), nil
		}
	}
}

// takeInRooms takes in what rooms are behind, as many of them in one
// transaction as fit.
func (c *Chat) takeInRooms(ctx context.Context, rooms []behind) error {
	for len(rooms) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		parts, err := c.nextParts(ctx, rooms)
		if err != nil {
			return err
		}
		if err := c.takeInParts(ctx, parts); err != nil {
			return err
		}
		rooms = rooms[len(parts):]
		// Only the last part can have left something over.
		if last := parts[len(parts)-1]; last.taken && last.mark < last.room.LastSeq {
			last.room.Mark = last.mark
			rooms = append([]behind{last.room}, rooms...)
		}
	}
	return nil
}

// nextParts reads the changes of the first rooms, at most feedBatch in all.
func (c *Chat) nextParts(ctx context.Context, rooms []behind) ([]*part, error) {
	var parts []*part
	for left := feedBatch; len(rooms) > 0 && left > 0; rooms = rooms[1:] {
		r := rooms[0]
		rows, err := manyMessages(c.db.Read(ctx), "room_id = ? AND rev > ? ORDER BY rev LIMIT ?", r.RoomID, r.Mark, left)
		if err != nil {
			return nil, err
		}
		p := &part{room: r, rows: rows, docs: docsOf(r.RoomID, rows), mark: r.LastSeq}
		if len(rows) == left {
			p.mark = rows[left-1].Rev
		} // else numbers without a message (its room was renamed) move the mark, too
		parts = append(parts, p)
		left -= len(rows)
	}
	return parts, nil
}

func docsOf(roomID string, rows []message) map[int64]search.Doc {
	docs := make(map[int64]search.Doc, len(rows))
	for _, m := range rows {
		if text := findable(m); text != "" {
			docs[m.Seq] = search.Doc{
				Scope: scopeOf(roomID), Place: m.Seq, At: m.CreatedAt, Author: m.AuthorID, Flags: flagsOf(m), Text: text,
			}
		}
	}
	return docs
}

func (c *Chat) takeInParts(ctx context.Context, parts []*part) error {
	err := c.db.Write(ctx, func(tx *gorm.DB) error {
		var put []search.Doc
		for _, p := range parts {
			docs, err := c.takeInPart(tx, p)
			if err != nil {
				return err
			}
			put = append(put, docs...)
		}
		return c.index.Put(tx, put...)
	})
	if err != nil {
		return err
	}
	files := false
	for _, p := range parts {
		if p.taken {
			c.index.Grown(scopeOf(p.room.RoomID), len(p.rows))
			c.index.Grown(filesScope(p.room.RoomID), len(p.rows)) // more than it gets, so it is looked at in time
		}
		for _, d := range p.docs {
			files = files || d.Flags&search.HasFile != 0
		}
	}
	if files {
		c.reader.rouse()
	}
	return nil
}

// takeInPart returns what is to be put into the index of the messages that have
// not changed since they were read; the others come again under a later number. The part
// is not taken if the mark of its room was moved by somebody else, as it is when the index
// begins anew.
func (c *Chat) takeInPart(tx *gorm.DB, p *part) ([]search.Doc, error) {
	p.taken = false // the transaction may be tried again
	if there, err := roomStays(tx, p.room.RoomID); err != nil || !there {
		return nil, err
	}
	was, err := c.index.Mark(tx, feedName, p.room.RoomID)
	if err != nil || was != p.room.Mark {
		return nil, err
	}
	current, err := revisions(tx, p.room.RoomID, p.rows)
	if err != nil {
		return nil, err
	}
	var put []search.Doc
	for _, m := range p.rows {
		if current[m.Seq] != m.Rev {
			continue
		}
		d, found := p.docs[m.Seq]
		if !found {
			if err := search.RemovePlaces(tx, scopeOf(p.room.RoomID), m.Seq); err != nil {
				return nil, err
			}
			continue
		}
		carried, err := fileDocs(tx, m)
		if err != nil {
			return nil, err
		}
		put = append(append(put, d), carried...)
	}
	p.taken = true
	return put, c.index.SetMark(tx, feedName, p.room.RoomID, p.mark)
}
