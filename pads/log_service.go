package pads

import (
	"context"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"rathaus/internal/fault"
	"rathaus/internal/realtime"
)

// Read returns what a client at some position misses.
func (s *Service) Read(ctx context.Context, pad string, at position) (CatchUp, error) {
	if _, err := s.admit(ctx, pad, Read); err != nil {
		return CatchUp{}, err
	}
	return s.readLog(ctx, pad, at)
}

// readLog reads in several steps. A snapshot taken meanwhile may prune what the
// next step looks for; it then starts again.
func (s *Service) readLog(ctx context.Context, pad string, at position) (CatchUp, error) {
	const attempts = 5
	for range attempts {
		found, whole, err := s.tryReadLog(ctx, pad, at)
		if err != nil || whole {
			return found, err
		}
	}
	return CatchUp{}, fault.Unavailable("pads.log_busy")
}

func (s *Service) tryReadLog(ctx context.Context, pad string, at position) (found CatchUp, whole bool, err error) {
	db := s.db.Read(ctx)
	h, err := readHead(db, pad)
	if err != nil {
		return CatchUp{}, false, err
	}
	found = CatchUp{Head: h.LastSeq, LatestSnapshot: h.SnapshotSeq, TailBytes: h.TailBytes, Updates: []Logged{}}
	limit := h.LastSeq + 1
	if at.olderThan > 0 {
		limit = min(limit, at.olderThan)
	}
	row, there, err := snapshotBefore(db, pad, limit)
	if err != nil {
		return CatchUp{}, false, err
	}
	from, budget := max(at.after, 0), at.budget
	if there && row.Seq > at.after {
		if !at.whole && row.Size > int64(budget) {
			return found, true, nil // too large for here: the client asks for it by HTTP
		}
		if found.Snapshot, err = readSnapshot(db, pad, row.Seq); err != nil || found.Snapshot == nil {
			return CatchUp{}, false, err
		}
		from, budget = row.Seq, budget-len(found.Snapshot.Frame)
	}
	if found.Updates, err = updatesAfter(db, pad, from, budget); err != nil {
		return CatchUp{}, false, err
	}
	pruned := len(found.Updates) > 0 && found.Updates[0].Seq != from+1 && at.olderThan == 0
	return found, !pruned, nil
}

// Append stores update frames in order and hands them to everybody else. It
// returns their places once they are durable. from is the sender's connection, or nil.
func (s *Service) append(ctx context.Context, g gate, raw [][]byte, from *realtime.Conn) ([]int64, error) {
	frames, err := s.checkUpdates(g, raw)
	if err != nil {
		return nil, err
	}
	stored := make([]appended, len(frames))
	err = s.db.Write(ctx, func(tx *gorm.DB) error {
		now := s.clock.Now()
		for i, f := range frames {
			var err error
			if stored[i], err = appendFrame(tx, g.pad, f, now); err != nil {
				return err
			}
		}
		return nil
	}, func() {
		s.wrote(g.pad)
		for i, f := range frames {
			if stored[i].fresh {
				s.hub.PublishBinary(topicOf(g.pad), stored[i].seq, byte(KindUpdate), f.Bytes(), from)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	seqs := make([]int64, len(stored))
	for i := range stored {
		seqs[i] = stored[i].seq
	}
	return seqs, nil
}

func (s *Service) checkUpdates(g gate, raw [][]byte) ([]Frame, error) {
	if err := demand(g.right, Write); err != nil {
		return nil, err
	}
	if len(raw) == 0 || len(raw) > maxBatchFrames {
		return nil, fault.Invalid("pads.wrong_frame")
	}
	frames := make([]Frame, len(raw))
	for i, one := range raw {
		if len(one) > s.maxUpdate {
			return nil, fault.TooLarge("pads.update_too_large", "max", s.maxUpdate)
		}
		f, err := ParseFrame(one)
		if err != nil {
			return nil, fault.Invalid("pads.wrong_frame").Because(err)
		}
		if err := g.check(f, KindUpdate); err != nil {
			return nil, err
		}
		frames[i] = f
	}
	return frames, nil
}

// Snapshot takes a snapshot if it is the first for its part of the log. It
// returns what the newest snapshot covers then, be it this one or another.
func (s *Service) Snapshot(ctx context.Context, pad string, raw []byte, shadow string) (int64, error) {
	g, err := s.admit(ctx, pad, Write)
	if err != nil {
		return 0, err
	}
	f, err := s.checkSnapshot(g, raw, shadow)
	if err != nil {
		return 0, err
	}
	var covers int64
	var taken bool
	err = s.db.Write(ctx, func(tx *gorm.DB) error {
		var err error
		covers, taken, err = takeSnapshot(tx, pad, f, g.class, readable(shadow), s)
		return err
	}, func() {
		if taken {
			s.changedText()
			s.hub.Publish(topicOf(pad), 0, "snapshot", SnapshotTaken{Covers: covers})
		}
	})
	return covers, err
}

func takeSnapshot(tx *gorm.DB, pad string, f Frame, class Class, shadow string, s *Service) (int64, bool, error) {
	h, err := readHead(tx, pad)
	if err != nil {
		return 0, false, err
	}
	if f.Covers > h.LastSeq {
		return 0, false, fault.Invalid("pads.snapshot_ahead")
	}
	late := f.Covers < h.SnapshotSeq+minSnapshotStep && h.TailBytes < minSnapshotBytes
	if late || f.Covers <= h.SnapshotSeq {
		return h.SnapshotSeq, false, nil
	}
	now := s.clock.Now()
	if err := insertSnapshot(tx, pad, f, now); err != nil {
		return 0, false, err
	}
	if class == Organisation {
		return f.Covers, true, putShadow(tx, pad, f.Covers, shadow, now)
	}
	return f.Covers, true, nil
}

func (s *Service) checkSnapshot(g gate, raw []byte, shadow string) (Frame, error) {
	if len(raw) > s.maxSnapshot {
		return Frame{}, fault.TooLarge("pads.snapshot_too_large", "max", s.maxSnapshot)
	}
	if len(shadow) > maxShadow || (shadow != "" && g.class != Organisation) {
		return Frame{}, fault.Invalid("pads.shadow_invalid")
	}
	f, err := ParseFrame(raw)
	if err != nil {
		return Frame{}, fault.Invalid("pads.wrong_frame").Because(err)
	}
	if f.Covers == 0 {
		return Frame{}, fault.Invalid("pads.wrong_frame")
	}
	return f, g.check(f, KindSnapshot)
}

// readable cuts what PostgreSQL cannot keep in a text.
func readable(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	return strings.ReplaceAll(s, "\x00", "")
}
