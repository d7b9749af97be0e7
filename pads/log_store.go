package pads

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/fault"
)

// appended is how storing one frame went.
type appended struct {
	seq   int64
	fresh bool // false: it was stored before
}

// appendFrame gives a frame the next seq, unless it is there already.
func appendFrame(tx *gorm.DB, pad string, f Frame, at time.Time) (appended, error) {
	var known []int64
	if err := tx.Raw("SELECT seq FROM pad_updates WHERE pad_id = ? AND frame_id = ?", pad, f.IDText()).Scan(&known).Error; err != nil {
		return appended{}, fmt.Errorf("look for a frame in pad %s: %w", pad, err)
	}
	if len(known) > 0 {
		return appended{seq: known[0]}, nil
	}
	size := int64(len(f.Bytes()))
	var next []int64
	err := tx.Raw(`UPDATE pads SET last_seq = last_seq + 1, tail_bytes = tail_bytes + ?, updated_at = ?
		WHERE id = ? AND tail_bytes < ? RETURNING last_seq`, size, at, pad, int64(maxTail)).Scan(&next).Error
	if err != nil {
		return appended{}, fmt.Errorf("count up pad %s: %w", pad, err)
	}
	if len(next) == 0 {
		return appended{}, refusal(tx, pad)
	}
	err = tx.Exec("INSERT INTO pad_updates (pad_id, seq, frame_id, frame, size, at) VALUES (?, ?, ?, ?, ?, ?)",
		pad, next[0], f.IDText(), f.Bytes(), size, at).Error
	if err != nil {
		return appended{}, fmt.Errorf("store a frame of pad %s: %w", pad, err)
	}
	return appended{seq: next[0], fresh: true}, nil
}

// refusal says why a pad did not take a frame: it is gone, or too much waits for a snapshot.
func refusal(tx *gorm.DB, pad string) error {
	if _, err := readPad(tx, pad); err != nil {
		return err
	}
	return fault.TooLarge("pads.log_full")
}

// head is the state of a pad's log.
type head struct {
	LastSeq     int64
	SnapshotSeq int64
	TailBytes   int64
}

func readHead(db *gorm.DB, pad string) (head, error) {
	var h head
	result := db.Raw("SELECT last_seq, snapshot_seq, tail_bytes FROM pads WHERE id = ?", pad).Scan(&h)
	if result.Error != nil {
		return h, fmt.Errorf("read the head of pad %s: %w", pad, result.Error)
	}
	if result.RowsAffected == 0 {
		return h, notFound()
	}
	return h, nil
}

type snapshotRow struct {
	Seq   int64
	Size  int64
	Frame []byte
}

// snapshotBefore returns the newest snapshot that covers less than seq, without its bytes.
func snapshotBefore(db *gorm.DB, pad string, seq int64) (snapshotRow, bool, error) {
	var row snapshotRow
	err := db.Raw("SELECT seq, size FROM pad_snapshots WHERE pad_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1", pad, seq).
		Scan(&row).Error
	if err != nil {
		return row, false, fmt.Errorf("find a snapshot of pad %s: %w", pad, err)
	}
	return row, row.Seq > 0, nil
}

func readSnapshot(db *gorm.DB, pad string, seq int64) (*Logged, error) {
	var frames [][]byte
	err := db.Table("pad_snapshots").Where("pad_id = ? AND seq = ?", pad, seq).Limit(1).Pluck("frame", &frames).Error
	if err != nil {
		return nil, fmt.Errorf("read a snapshot of pad %s: %w", pad, err)
	}
	if len(frames) == 0 {
		return nil, nil //nolint:nilnil // pruned meanwhile; the caller reads again
	}
	return &Logged{Seq: seq, Frame: frames[0]}, nil
}

// updatesAfter returns updates in order until about budget bytes, at least one.
func updatesAfter(db *gorm.DB, pad string, after int64, budget int) (found []Logged, err error) {
	rows, err := db.Raw("SELECT seq, frame FROM pad_updates WHERE pad_id = ? AND seq > ? ORDER BY seq LIMIT ?",
		pad, after, maxUpdatesOfAPage).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the log of pad %s: %w", pad, err)
	}
	defer func() {
		if closing := rows.Close(); closing != nil && err == nil {
			err = fmt.Errorf("read the log of pad %s: %w", pad, closing)
		}
	}()
	found = []Logged{}
	for size := 0; size < budget && rows.Next(); {
		var u Logged
		if err := rows.Scan(&u.Seq, &u.Frame); err != nil {
			return nil, fmt.Errorf("read the log of pad %s: %w", pad, err)
		}
		size += len(u.Frame)
		found = append(found, u)
	}
	return found, rows.Err()
}

// insertSnapshot stores a snapshot, keeps it and the one before, and prunes the
// log that nobody needs any more.
func insertSnapshot(tx *gorm.DB, pad string, f Frame, at time.Time) error {
	size := int64(len(f.Bytes()))
	err := tx.Exec("INSERT INTO pad_snapshots (pad_id, seq, frame, size, at) VALUES (?, ?, ?, ?, ?)",
		pad, f.Covers, f.Bytes(), size, at).Error
	if err != nil {
		return fmt.Errorf("store a snapshot of pad %s: %w", pad, err)
	}
	err = tx.Exec(`UPDATE pads SET snapshot_seq = ?, tail_bytes =
		(SELECT coalesce(sum(size), 0) FROM pad_updates WHERE pad_id = ? AND seq > ?) WHERE id = ?`,
		f.Covers, pad, f.Covers, pad).Error
	if err != nil {
		return fmt.Errorf("note a snapshot of pad %s: %w", pad, err)
	}
	older, there, err := snapshotBefore(tx, pad, f.Covers)
	if err != nil || !there {
		return err
	}
	for _, sql := range []string{
		"DELETE FROM pad_snapshots WHERE pad_id = ? AND seq < ?",
		"DELETE FROM pad_updates WHERE pad_id = ? AND seq <= ?",
	} {
		if err := tx.Exec(sql, pad, older.Seq).Error; err != nil {
			return fmt.Errorf("prune pad %s: %w", pad, err)
		}
	}
	return nil
}

func putShadow(tx *gorm.DB, pad string, seq int64, body string, at time.Time) error {
	err := tx.Exec(`INSERT INTO pad_shadow (pad_id, seq, body, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (pad_id) DO UPDATE SET seq = excluded.seq, body = excluded.body, at = excluded.at`,
		pad, seq, body, at).Error
	if err != nil {
		return fmt.Errorf("store the text of pad %s: %w", pad, err)
	}
	return nil
}
