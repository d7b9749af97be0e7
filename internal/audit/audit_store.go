package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
)

// entryRow is an Entry as the table audit_log holds it.
type entryRow struct {
	ID         string
	At         time.Time
	ActorID    string
	ActorName  string
	Action     string
	ObjectKind string
	ObjectID   string
	Detail     string
}

// TableName implements gorm's Tabler.
func (entryRow) TableName() string { return "audit_log" }

func (r entryRow) entry() (Entry, error) {
	e := Entry{
		ID: r.ID, At: r.At, ActorID: r.ActorID, ActorName: r.ActorName,
		Action: r.Action, ObjectKind: r.ObjectKind, ObjectID: r.ObjectID,
	}
	if err := json.Unmarshal([]byte(r.Detail), &e.Detail); err != nil {
		return Entry{}, fmt.Errorf("read detail of entry %s: %w", r.ID, err)
	}
	return e, nil
}

// Record adds an entry in a transaction of its own.
func (l *Log) Record(ctx context.Context, e Entry) error {
	return l.db.Write(ctx, func(tx *gorm.DB) error { return l.RecordTx(tx, e) })
}

// RecordTx adds an entry inside the caller's transaction, so that either both
// happen, the deed and its trace, or neither.
func (l *Log) RecordTx(tx *gorm.DB, e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	e = l.complete(tx.Statement.Context, e)
	detail, err := e.detail()
	if err != nil {
		return err
	}
	row := entryRow{
		ID: e.ID, At: e.At, ActorID: e.ActorID, ActorName: e.ActorName,
		Action: e.Action, ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, Detail: detail,
	}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}

// likeText escapes what has a meaning in LIKE patterns.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (l *Log) entries(ctx context.Context, f Filter, before place, limit int) ([]Entry, error) {
	q := l.db.Read(ctx).Model(&entryRow{})
	if f.Action != "" {
		q = q.Where(`(action = ? OR action LIKE ? ESCAPE '\')`, f.Action, likeText.Replace(f.Action)+".%")
	}
	for _, equal := range []struct{ column, value string }{
		{"actor_id", f.ActorID}, {"object_kind", f.ObjectKind}, {"object_id", f.ObjectID},
	} {
		if equal.value != "" {
			q = q.Where(equal.column+" = ?", equal.value)
		}
	}
	if !f.Since.IsZero() {
		q = q.Where("at >= ?", f.Since.UTC())
	}
	if !f.Before.IsZero() {
		q = q.Where("at < ?", f.Before.UTC())
	}
	if before.id != "" {
		q = q.Where("(at, id) < (?, ?)", before.at, before.id)
	}
	var rows []entryRow
	if err := q.Order("at DESC, id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list audit log: %w", err)
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		e, err := r.entry()
		if err != nil {
			return nil, err
		}
		entries[i] = e
	}
	return entries, nil
}
