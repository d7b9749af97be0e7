package pads

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// PadPath names a pad in an address.
type PadPath struct {
	Pad string `path:"pad" maxLength:"36"`
}

type listInput struct {
	Query  string `query:"q" maxLength:"100" doc:"Part of the title"`
	Recent bool   `query:"recent" doc:"Only pads I have opened, latest first"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"200"`
}

type listOutput struct {
	Body struct {
		Items []PadView `json:"items"`
		Next  string    `json:"next" doc:"Cursor of the next page, empty at the end"`
	}
}

func (s *Service) handleList(ctx context.Context, in *listInput) (*listOutput, error) {
	q := listQuery{text: in.Query, recent: in.Recent, limit: min(in.Limit, maxPage) + 1}
	if in.Cursor != "" {
		var err error
		if q.before, q.beyond, err = readCursor(in.Cursor); err != nil {
			return nil, err
		}
	}
	found, err := s.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	if len(found) == q.limit {
		found = found[:q.limit-1]
		out.Body.Next = cursorOf(found[len(found)-1], in.Recent)
	}
	out.Body.Items = make([]PadView, 0, len(found))
	for _, one := range found {
		out.Body.Items = append(out.Body.Items, view(one))
	}
	return out, nil
}

func cursorOf(last Listed, recent bool) string {
	at := last.UpdatedAt
	if recent && last.VisitedAt != nil {
		at = *last.VisitedAt
	}
	return base64.RawURLEncoding.EncodeToString([]byte(at.UTC().Format(time.RFC3339Nano) + "|" + last.ID))
}

func readCursor(cursor string) (time.Time, string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return time.Time{}, "", fault.Invalid("invalid_input").Because(err)
	}
	text, pad, _ := strings.Cut(string(raw), "|")
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || !id.Valid(pad) {
		return time.Time{}, "", fault.Invalid("invalid_input")
	}
	return at.UTC(), pad, nil
}

type createInput struct {
	Body struct {
		Class     string `json:"class" enum:"organisation,confidential"`
		Title     string `json:"title,omitempty" maxLength:"200"`
		PublicKey []byte `json:"public_key,omitempty" maxLength:"64" doc:"Of the write key of a confidential pad"`
	}
}

type padOutput struct{ Body PadView }

func (s *Service) handleCreate(ctx context.Context, in *createInput) (*padOutput, error) {
	made, err := s.Create(ctx, NewPad{Class: Class(in.Body.Class), Title: in.Body.Title, PublicKey: in.Body.PublicKey})
	if err != nil {
		return nil, err
	}
	return &padOutput{view(made)}, nil
}

func (s *Service) handleGet(ctx context.Context, in *PadPath) (*padOutput, error) {
	found, err := s.Get(ctx, in.Pad)
	if err != nil {
		return nil, err
	}
	return &padOutput{view(found)}, nil
}

type renameInput struct {
	PadPath
	Body struct {
		Title      string `json:"title,omitempty" maxLength:"200"`
		TitleFrame []byte `json:"title_frame,omitempty" maxLength:"8192"`
	}
}

func (s *Service) handleRename(ctx context.Context, in *renameInput) (*struct{}, error) {
	return nil, s.Rename(ctx, in.Pad, in.Body.Title, in.Body.TitleFrame)
}

func (s *Service) handleDelete(ctx context.Context, in *PadPath) (*struct{}, error) {
	return nil, s.Delete(ctx, in.Pad)
}

type readLogInput struct {
	PadPath
	After     int64 `query:"after" minimum:"-1" default:"-1" doc:"The last seq the client has; -1: nothing"`
	OlderThan int64 `query:"older_than" minimum:"0" doc:"Use a snapshot that covers less than this"`
}

type readLogOutput struct{ Body CatchUp }

func (s *Service) handleReadLog(ctx context.Context, in *readLogInput) (*readLogOutput, error) {
	at := position{after: in.After, olderThan: in.OlderThan, budget: pageBudget, whole: true}
	found, err := s.Read(ctx, in.Pad, at)
	if err != nil {
		return nil, err
	}
	return &readLogOutput{found}, nil
}

type appendInput struct {
	PadPath
	Body struct {
		Frames [][]byte `json:"frames" minItems:"1" maxItems:"64" doc:"Update frames in order, base64"`
	}
}

type appendOutput struct {
	Body struct {
		Seqs []int64 `json:"seqs" doc:"The place of each frame; a frame sent again keeps its place"`
	}
}

func (s *Service) handleAppend(ctx context.Context, in *appendInput) (*appendOutput, error) {
	g, err := s.admit(ctx, in.Pad, Write)
	if err != nil {
		return nil, err
	}
	seqs, err := s.append(ctx, g, in.Body.Frames, nil)
	if err != nil {
		return nil, err
	}
	out := &appendOutput{}
	out.Body.Seqs = seqs
	return out, nil
}

type snapshotInput struct {
	PadPath
	Body struct {
		Frame  []byte `json:"frame"`
		Shadow string `json:"shadow,omitempty" maxLength:"1048576" doc:"Readable text, organisation pads only"`
	}
}

type snapshotOutput struct{ Body SnapshotTaken }

func (s *Service) handleSnapshot(ctx context.Context, in *snapshotInput) (*snapshotOutput, error) {
	covers, err := s.Snapshot(ctx, in.Pad, in.Body.Frame, in.Body.Shadow)
	if err != nil {
		return nil, err
	}
	return &snapshotOutput{SnapshotTaken{Covers: covers}}, nil
}
