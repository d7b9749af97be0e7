package pads

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/store"
)

// padRow is a row of pads.
type padRow struct {
	ID         string
	Class      string
	Kind       string
	Title      string
	FirstTitle string
	TitleFold  string
	TitleFrame []byte
	PublicKey  []byte
	Epoch      int64
	LastSeq    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

func (padRow) TableName() string { return "pads" }

func (r padRow) pad() Pad {
	return Pad{
		ID: r.ID, Class: Class(r.Class), Kind: r.Kind, Title: r.Title, FirstTitle: r.FirstTitle, TitleFrame: r.TitleFrame,
		PublicKey: r.PublicKey, Epoch: uint32(r.Epoch), LastSeq: r.LastSeq, //nolint:gosec // written from uint32
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

func insertPad(tx *gorm.DB, p Pad, owner string) error {
	row := padRow{
		ID: p.ID, Class: string(p.Class), Kind: p.Kind, Title: p.Title, FirstTitle: p.FirstTitle, TitleFold: fold(p.Title),
		PublicKey: p.PublicKey, Epoch: int64(p.Epoch), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("insert pad %s: %w", p.ID, err)
	}
	return putShare(tx, p.ID, Share{Kind: Person, SubjectID: owner, Right: Own})
}

func readPad(db *gorm.DB, pad string) (Pad, error) {
	var row padRow
	err := db.Where("id = ?", pad).Take(&row).Error
	if store.NotFound(err) {
		return Pad{}, notFound()
	}
	if err != nil {
		return Pad{}, fmt.Errorf("read pad %s: %w", pad, err)
	}
	return row.pad(), nil
}

func setTitle(tx *gorm.DB, pad, title string, frame []byte, at time.Time) error {
	result := tx.Exec("UPDATE pads SET title = ?, title_fold = ?, title_frame = ?, updated_at = ? WHERE id = ?",
		title, fold(title), frame, at, pad)
	if result.Error != nil {
		return fmt.Errorf("rename pad %s: %w", pad, result.Error)
	}
	if result.RowsAffected == 0 {
		return notFound()
	}
	return nil
}

// deletePad removes the pad and, by its foreign keys, everything that belongs to it.
func deletePad(tx *gorm.DB, pad string) error {
	if err := unindex(tx, pad); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM pads WHERE id = ?", pad).Error; err != nil {
		return fmt.Errorf("delete pad %s: %w", pad, err)
	}
	return nil
}

func noteVisit(tx *gorm.DB, user, pad string, at time.Time) error {
	err := tx.Exec(`INSERT INTO pad_visits (user_id, pad_id, at) VALUES (?, ?, ?)
		ON CONFLICT (user_id, pad_id) DO UPDATE SET at = excluded.at`, user, pad, at).Error
	if store.IsForeignKey(err) {
		return notFound()
	}
	if err != nil {
		return fmt.Errorf("note a visit of pad %s: %w", pad, err)
	}
	return nil
}

// rightRow is one reason for a right.
type rightRow struct {
	PadID     string
	May       string
	ExpiresAt *time.Time
}

// who are the names under which a person of the town may have a right.
type who struct {
	user   string
	groups []string
	now    time.Time
}

const memberRights = `SELECT a.pad_id, a.may, a.expires_at FROM pad_access a
	WHERE ((a.kind = 'person' AND a.subject_id = ?) OR (a.kind = 'everyone') OR (a.kind = 'group' AND a.subject_id IN ?))
	AND (a.expires_at IS NULL OR a.expires_at > ?)`

// rights returns every reason for a member's right on one pad.
func rights(db *gorm.DB, w who, pad string) ([]rightRow, error) {
	var rows []rightRow
	if err := db.Raw(memberRights+" AND a.pad_id = ?", w.user, some(w.groups), w.now, pad).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the rights on pad %s: %w", pad, err)
	}
	return rows, nil
}

// some makes a list usable after IN even if it is empty.
func some(ids []string) []string {
	if len(ids) == 0 {
		return []string{""}
	}
	return ids
}

// Listed is a pad in somebody's list.
type Listed struct {
	Pad
	Right     Right
	Shared    bool
	VisitedAt *time.Time
}

type listedRow struct {
	Row       padRow `gorm:"embedded"`
	Rank      int
	Shares    int64
	VisitedAt *time.Time
}

// listQuery narrows a list of pads.
type listQuery struct {
	text   string
	recent bool
	before time.Time // continue after this moment
	beyond string    // and this id
	limit  int
}

const rankOf = `max(CASE m.may WHEN 'own' THEN 3 WHEN 'write' THEN 2 ELSE 1 END)`

// listPads returns the pads that a member may open, latest first.
func listPads(db *gorm.DB, w who, q listQuery) ([]Listed, error) {
	sql := `SELECT p.id, p.class, p.kind, p.title, p.title_frame, p.public_key, p.epoch, p.last_seq, p.created_at, p.updated_at,
		r.rank, v.at AS visited_at, (SELECT count(*) FROM pad_access s WHERE s.pad_id = p.id AND s.may <> 'own') AS shares
		FROM pads p JOIN (SELECT m.pad_id, ` + rankOf + ` AS rank FROM (` + memberRights + `) m GROUP BY m.pad_id) r ON r.pad_id = p.id
		LEFT JOIN pad_visits v ON v.pad_id = p.id AND v.user_id = ? WHERE 1 = 1`
	args := []any{w.user, some(w.groups), w.now, w.user}
	at := "p.updated_at"
	if q.recent {
		at = "v.at"
		sql += " AND v.at IS NOT NULL"
	}
	if q.text != "" {
		sql += ` AND p.title_fold LIKE ? ESCAPE '!'`
		args = append(args, "%"+likeEscaped(fold(q.text))+"%")
	}
	if q.beyond != "" {
		sql += " AND (" + at + " < ? OR (" + at + " = ? AND p.id < ?))"
		args = append(args, q.before, q.before, q.beyond)
	}
	sql += " ORDER BY " + at + " DESC, p.id DESC LIMIT ?"
	var rows []listedRow
	if err := db.Raw(sql, append(args, q.limit)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list pads: %w", err)
	}
	return listed(rows), nil
}

func listed(rows []listedRow) []Listed {
	out := make([]Listed, 0, len(rows))
	for _, row := range rows {
		right := map[int]Right{1: Read, 2: Write, 3: Own}[row.Rank]
		out = append(out, Listed{Pad: row.Row.pad(), Right: right, Shared: row.Shares > 0, VisitedAt: row.VisitedAt})
	}
	return out
}

func likeEscaped(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '%' || r == '_' || r == '!' {
			out = append(out, '!')
		}
		out = append(out, r)
	}
	return string(out)
}
