package chat

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/files"
	"rathaus/internal/search"
)

// FileTexts reads the words of files. It has its own limits of time and size.
type FileTexts interface {
	// Text returns the words of a file; none if it has none or can't be read.
	Text(ctx context.Context, fileID string) (string, error)
}

// filesAtOnce is how many files are looked into before looking for new ones.
const filesAtOnce = 8

// filesScope is the name of the files of a room in the index.
func filesScope(roomID string) string { return "files:" + roomID }

// fileRef names a file in the index by its message.
func fileRef(seq int64, fileID string) string { return strconv.FormatInt(seq, 10) + "/" + fileID }

// fileDocs are the documents of the files of a message, with what is known of their words.
func fileDocs(tx *gorm.DB, m message) ([]search.Doc, error) {
	s, err := m.stored()
	if err != nil || len(s.Files) == 0 || m.DeletedAt != nil {
		return nil, nil //nolint:nilerr // what can't be read can't be found
	}
	ids := make([]string, len(s.Files))
	for i, f := range s.Files {
		ids[i] = f.ID
	}
	bodies, err := search.Bodies(tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]search.Doc, len(s.Files))
	for i, f := range s.Files {
		out[i] = search.Doc{
			Scope: filesScope(m.RoomID), Ref: fileRef(m.Seq, f.ID), At: m.CreatedAt, Author: m.AuthorID,
			Flags: search.IsFile | search.HasFile | kindFlags[string(f.Kind)], Text: f.Name + "\n" + bodies[f.ID],
		}
	}
	return out, nil
}

// readFiles looks into files that nobody has looked into yet.
func (c *Chat) readFiles(ctx context.Context) (time.Time, error) {
	for ctx.Err() == nil {
		ids, err := unreadFiles(c.db.Read(ctx))
		if err != nil || len(ids) == 0 {
			return c.clock.Now().Add(feedLookup), err
		}
		for _, id := range ids {
			if err := c.readFile(ctx, id); err != nil {
				return time.Time{}, err
			}
		}
	}
	return time.Time{}, nil
}

// readFile keeps the words of a file, none if it can't be read, so that it is
// looked into once.
func (c *Chat) readFile(ctx context.Context, fileID string) error {
	text, err := c.fileTexts.Text(ctx, fileID)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.log.Info("a file is found by its name only", "file", fileID, "err", err)
	}
	var scope string
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		scope = ""
		m, err := messageOfFile(tx, fileID)
		if err != nil {
			return nil //nolint:nilerr // deleted in the meantime
		}
		if there, err := roomStays(tx, m.RoomID); err != nil || !there {
			return err
		}
		if err := search.KeepBody(tx, fileID, text); err != nil {
			return err
		}
		docs, err := fileDocs(tx, m)
		if err != nil {
			return err
		}
		scope = filesScope(m.RoomID)
		return c.index.Put(tx, docs...)
	})
	if err == nil && scope != "" {
		c.index.Grown(scope, 1)
	}
	return err
}

func unreadFiles(tx *gorm.DB) ([]string, error) {
	var ids []string
	err := tx.Raw(`SELECT a.file_id FROM chat_attachments a LEFT JOIN search_bodies b ON b.ref = a.file_id
		WHERE b.ref IS NULL ORDER BY a.file_id DESC LIMIT ?`, filesAtOnce).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find files that were not looked into: %w", err)
	}
	return ids, nil
}

// unindexFiles takes the files of messages out of the index.
func unindexFiles(tx *gorm.DB, roomID string, seq int64, messageID string) error {
	if err := search.RemoveUnder(tx, filesScope(roomID), strconv.FormatInt(seq, 10)+"/"); err != nil {
		return err
	}
	err := tx.Exec("DELETE FROM search_bodies WHERE ref IN (SELECT file_id FROM chat_attachments WHERE message_id = ?)", messageID).Error
	if err != nil {
		return fmt.Errorf("forget the words of files: %w", err)
	}
	return nil
}

// FoundFile is a file that was found.
type FoundFile struct {
	FoundMessage
	File files.File
	Body string
}

// FindFiles looks for files in the rooms that p may read, by their names and words.
func (c *Chat) FindFiles(ctx context.Context, p access.Principal, q FindQuery) ([]FoundFile, int, bool, error) {
	rooms, err := c.searchable(ctx, p, q.Rooms)
	if err != nil || len(rooms) == 0 || c.index == nil {
		return nil, 0, false, err
	}
	c.feed.catchUp(ctx)
	byScope := make(map[string]Findable, len(rooms))
	scopes := make([]string, 0, len(rooms))
	for _, r := range rooms {
		scopes = append(scopes, filesScope(r.ID))
		byScope[filesScope(r.ID)] = r
	}
	m, err := c.index.Find(ctx, search.Ask{
		Scopes: scopes, Terms: q.Terms, Authors: q.Authors, Since: q.Since, Before: q.Before, Flags: q.Has | search.IsFile,
	})
	if err != nil {
		return nil, 0, false, err
	}
	var out []FoundFile
	for _, hit := range m.Items[min(q.Offset, len(m.Items)):min(q.Offset+q.Limit, len(m.Items))] {
		seq, fileID, _ := strings.Cut(hit.Ref, "/")
		place, _ := strconv.ParseInt(seq, 10, 64)
		found, err := c.foundRows(ctx, map[string]Findable{hit.Scope: byScope[hit.Scope]}, []search.Match{{Scope: hit.Scope, Place: place}})
		if err != nil {
			return nil, 0, false, err
		}
		for _, one := range found {
			for _, f := range one.Files {
				if f.ID != fileID {
					continue
				}
				bodies, err := search.Bodies(c.db.Read(ctx), []string{fileID})
				if err != nil {
					return nil, 0, false, err
				}
				out = append(out, FoundFile{FoundMessage: one, File: f, Body: cmp.Or(bodies[fileID], "")})
			}
		}
	}
	return out, len(m.Items), m.More, nil
}
