package files

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/blob"
)

const fileColumns = "id, owner_id, name, type, kind, size, width, height, duration_ms, waveform, blob, preview, thumb, holder, created_at"

func readFile(tx *gorm.DB, id string) (row, error) {
	all, err := readFiles(tx, []string{id})
	if err != nil {
		return row{}, err
	}
	if len(all) == 0 {
		return row{}, errNoFile
	}
	return all[0], nil
}

// readFiles returns those of the ids that exist, in no particular order.
func readFiles(tx *gorm.DB, ids []string) ([]row, error) {
	var all []row
	if len(ids) == 0 {
		return nil, nil
	}
	if err := tx.Raw("SELECT "+fileColumns+" FROM files WHERE id IN ?", ids).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	return all, nil
}

func insertFile(tx *gorm.DB, r row) error {
	err := tx.Exec("INSERT INTO files ("+fileColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, r.OwnerID, r.Name, r.Type, r.Kind, r.Size, r.Width, r.Height, r.DurationMS, r.Waveform, r.Blob, r.Preview, r.Thumb, r.Holder, r.CreatedAt).Error
	if err != nil {
		return fmt.Errorf("store file %s: %w", r.ID, err)
	}
	return nil
}

// setHolder gives files of a person that nobody holds to a module. It returns
// how many there were.
func setHolder(tx *gorm.DB, owner, holder string, ids []string) (int, error) {
	res := tx.Exec("UPDATE files SET holder = ? WHERE id IN ? AND owner_id = ? AND (holder = '' OR holder = ? AND ? <> holder)", holder, ids, owner, waiting, holder)
	if res.Error != nil {
		return 0, fmt.Errorf("hold files: %w", res.Error)
	}
	return int(res.RowsAffected), nil
}

// deleteFiles removes rows and notes their blobs for collection.
func deleteFiles(tx *gorm.DB, rows []row) error {
	for _, r := range rows {
		if err := tx.Exec("DELETE FROM files WHERE id = ?", r.ID).Error; err != nil {
			return fmt.Errorf("remove file %s: %w", r.ID, err)
		}
		for _, k := range r.keys() {
			if err := tx.Exec("INSERT INTO file_garbage (blob) VALUES (?) ON CONFLICT (blob) DO NOTHING", k).Error; err != nil {
				return fmt.Errorf("note the blobs of file %s: %w", r.ID, err)
			}
		}
	}
	return nil
}

func garbage(tx *gorm.DB) ([]blob.Key, error) {
	var out []blob.Key
	if err := tx.Raw("SELECT blob FROM file_garbage LIMIT ?", collectAtOnce).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("list removed blobs: %w", err)
	}
	return out, nil
}

func deleteGarbage(tx *gorm.DB, keys []blob.Key) error {
	if err := tx.Exec("DELETE FROM file_garbage WHERE blob IN ?", keys).Error; err != nil {
		return fmt.Errorf("forget removed blobs: %w", err)
	}
	return nil
}

// usedBlobs returns those of the keys that a file needs.
func usedBlobs(tx *gorm.DB, keys []blob.Key) (map[blob.Key]bool, error) {
	var found []blob.Key
	err := tx.Raw("SELECT blob FROM files WHERE blob IN ? UNION SELECT preview FROM files WHERE preview IN ? UNION SELECT thumb FROM files WHERE thumb IN ?", keys, keys, keys).Scan(&found).Error
	if err != nil {
		return nil, fmt.Errorf("find the files of blobs: %w", err)
	}
	out := make(map[blob.Key]bool, len(found))
	for _, k := range found {
		out[k] = true
	}
	return out, nil
}

// unsentFiles lists files that nobody has held in time.
func unsentFiles(tx *gorm.DB, before time.Time) ([]row, error) {
	var all []row
	err := tx.Raw("SELECT "+fileColumns+" FROM files WHERE holder = '' AND created_at < ? LIMIT ?", before, expireAtOnce).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list files that were not sent: %w", err)
	}
	return all, nil
}
