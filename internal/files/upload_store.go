package files

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/store"
)

const uploadColumns = "id, owner_id, name, size, received, voice, keep, width, height, duration_ms, waveform, created_at, expires_at"

func readUpload(tx *gorm.DB, id, owner string) (upload, error) {
	var all []upload
	err := tx.Raw("SELECT "+uploadColumns+" FROM file_uploads WHERE id = ? AND owner_id = ?", id, owner).Scan(&all).Error
	if err != nil {
		return upload{}, fmt.Errorf("read upload %s: %w", id, err)
	}
	if len(all) == 0 {
		return upload{}, errNoUpload
	}
	return all[0], nil
}

// usage is how much of a person's share is taken.
type usage struct {
	Bytes      int64
	Unfinished int
	Unsent     int
}

func usageOf(tx *gorm.DB, owner string) (usage, error) {
	var u usage
	err := tx.Raw(`SELECT
		(SELECT COALESCE(SUM(size), 0) FROM files WHERE owner_id = ?) + (SELECT COALESCE(SUM(size), 0) FROM file_uploads WHERE owner_id = ?) AS bytes,
		(SELECT count(*) FROM file_uploads WHERE owner_id = ?) AS unfinished,
		(SELECT count(*) FROM files WHERE owner_id = ? AND holder = '') AS unsent`, owner, owner, owner, owner).Scan(&u).Error
	if err != nil {
		return u, fmt.Errorf("measure the files of a person: %w", err)
	}
	return u, nil
}

// admit checks a person's share in the transaction that uses it.
func admit(tx *gorm.DB, owner string, size int64, l Limits) error {
	if err := store.Serialize(tx, "files of "+owner); err != nil {
		return err
	}
	u, err := usageOf(tx, owner)
	switch {
	case err != nil:
		return err
	case u.Unfinished >= maxUnfinished || u.Unsent >= maxUnsent:
		return fault.Conflict("files.too_many_unfinished", "max", maxUnfinished)
	case l.QuotaPerson > 0 && u.Bytes+size > l.QuotaPerson:
		return fault.TooLarge("files.quota_exceeded", "max", l.QuotaPerson, "used", u.Bytes)
	}
	return nil
}

func insertUpload(tx *gorm.DB, u upload) error {
	err := tx.Exec("INSERT INTO file_uploads (id, owner_id, name, size, voice, keep, width, height, duration_ms, waveform, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		u.ID, u.OwnerID, u.Name, u.Size, flag(u.Voice), flag(u.Keep), u.Width, u.Height, u.DurationMS, u.Waveform, u.CreatedAt, u.ExpiresAt).Error
	if err != nil {
		return fmt.Errorf("store upload %s: %w", u.ID, err)
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func setReceived(tx *gorm.DB, id string, received int64, expires time.Time) error {
	res := tx.Exec("UPDATE file_uploads SET received = ?, expires_at = ? WHERE id = ?", received, expires, id)
	if res.Error != nil {
		return fmt.Errorf("note what has arrived of upload %s: %w", id, res.Error)
	}
	if res.RowsAffected == 0 {
		return errNoUpload
	}
	return nil
}

func deleteUpload(tx *gorm.DB, id string) (bool, error) {
	res := tx.Exec("DELETE FROM file_uploads WHERE id = ?", id)
	if res.Error != nil {
		return false, fmt.Errorf("remove upload %s: %w", id, res.Error)
	}
	return res.RowsAffected > 0, nil
}

func expiredUploads(tx *gorm.DB, now time.Time) ([]string, error) {
	return texts(tx, "list expired uploads", "SELECT id FROM file_uploads WHERE expires_at < ? LIMIT ?", now, expireAtOnce)
}

func knownUploads(tx *gorm.DB, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return texts(tx, "find uploads", "SELECT id FROM file_uploads WHERE id IN ?", ids)
}

func texts(tx *gorm.DB, what, sql string, args ...any) ([]string, error) {
	var out []string
	if err := tx.Raw(sql, args...).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}
