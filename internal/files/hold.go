package files

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Ready returns files of a person that have arrived, in the order of the ids.
// It fails if one is missing or belongs to somebody else.
func (f *Files) Ready(ctx context.Context, owner string, ids []string) ([]File, error) {
	if err := distinct(ids); err != nil {
		return nil, err
	}
	rows, err := readFiles(f.DB.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	out := make([]File, 0, len(ids))
	for _, want := range ids {
		i := slices.IndexFunc(rows, func(r row) bool { return r.ID == want && r.OwnerID == owner })
		if i < 0 {
			return nil, errNoFile
		}
		out = append(out, rows[i].view())
	}
	return out, nil
}

func distinct(ids []string) error {
	for i, one := range ids {
		if !id.Valid(one) || slices.Contains(ids[:i], one) {
			return errNoFile
		}
	}
	return nil
}

// Hold gives files of a person to a module, in the module's transaction. Each
// file is held once: nobody can attach it a second time.
func (f *Files) Hold(tx *gorm.DB, owner, holder string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	n, err := setHolder(tx, owner, holder, ids)
	if err != nil {
		return err
	}
	if n != len(ids) {
		return fault.Conflict("files.already_sent")
	}
	return nil
}

// Keep keeps files of a person from expiring, until they are held or released:
// they belong to something that is sent later. Nobody else can read them.
func (f *Files) Keep(tx *gorm.DB, owner string, ids []string) error {
	if err := distinct(ids); err != nil {
		return err
	}
	return f.Hold(tx, owner, waiting, ids)
}

// ReleaseWaiting is Release for those of the files that are kept.
func ReleaseWaiting(tx *gorm.DB, owner string, ids []string) error {
	rows, err := readFiles(tx, ids)
	if err != nil {
		return err
	}
	return deleteFiles(tx, slices.DeleteFunc(rows, func(r row) bool { return r.Holder != waiting || r.OwnerID != owner }))
}

// Copy makes files of their own out of files that a module holds, with the same
// content, and returns their ids in the same order. The copies belong to owner
// and count to owner's share.
func (f *Files) Copy(tx *gorm.DB, owner, holder string, ids []string) ([]string, error) {
	rows, err := readFiles(tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(ids))
	for _, want := range ids {
		i := slices.IndexFunc(rows, func(r row) bool { return r.ID == want })
		if i < 0 {
			return nil, errNoFile
		}
		r := rows[i]
		if err := admit(tx, owner, r.Size, f.Limits); err != nil {
			return nil, err
		}
		r.ID, r.OwnerID, r.Holder, r.CreatedAt = id.New(), owner, holder, f.Clock.Now()
		if err := insertFile(tx, r); err != nil {
			return nil, fmt.Errorf("copy: %w", err)
		}
		out = append(out, r.ID)
	}
	return out, nil
}

// Release removes files for good, in the module's transaction. The caller calls
// Collect after the commit, so that the bytes go at once.
func Release(tx *gorm.DB, ids []string) error {
	for batch := range slices.Chunk(ids, collectAtOnce) {
		rows, err := readFiles(tx, batch)
		if err != nil {
			return err
		}
		if err := deleteFiles(tx, rows); err != nil {
			return err
		}
	}
	return nil
}

// Collect has the bytes of released files removed soon. It never blocks.
func (f *Files) Collect() {
	select {
	case f.wake <- struct{}{}:
	default: // somebody has asked already
	}
}

// Content opens the bytes of a file for the program itself: for the search,
// for an export. The caller has checked the right to it, and closes it.
func (f *Files) Content(ctx context.Context, fileID string) (ReadCloser, File, error) {
	r, err := readFile(f.DB.Read(ctx), fileID)
	if err != nil {
		return nil, File{}, err
	}
	b, err := f.Blobs.Get(r.Blob)
	if err != nil {
		return nil, File{}, err
	}
	return b, r.view(), nil
}
