package pads

import (
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// ShareKind says with whom a pad is shared.
type ShareKind string

// The kinds of shares.
const (
	Person   ShareKind = "person"
	Group    ShareKind = "group"
	Everyone ShareKind = "everyone"
)

// everyoneID stands in the place of a subject for shares with everyone.
const everyoneID = "everyone"

// Share is a right that somebody has on a pad.
type Share struct {
	Kind      ShareKind
	SubjectID string
	Right     Right
	Name      string // of the person or group, when listed
	ByLink    bool   // came by a link and ends with it
}

func (s Share) check() error {
	switch s.Kind {
	case Person, Group:
		if !id.Valid(s.SubjectID) {
			return fault.Invalid("pads.share_invalid")
		}
	case Everyone:
		if s.SubjectID != everyoneID {
			return fault.Invalid("pads.share_invalid")
		}
	default:
		return fault.Invalid("pads.share_invalid")
	}
	if !s.Right.Includes(Read) || (s.Right == Own && s.Kind != Person) {
		return fault.Invalid("pads.share_invalid")
	}
	return nil
}
