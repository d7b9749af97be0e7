package pads

import (
	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Right is what somebody may do with a pad. Each includes those before it.
type Right string

// The rights, rising. The zero value is none.
const (
	NoRight Right = ""
	Read    Right = "read"
	Write   Right = "write"
	Own     Right = "own"
)

func (r Right) rank() int {
	switch r {
	case Read:
		return 1
	case Write:
		return 2
	case Own:
		return 3
	default:
		return 0
	}
}

// Includes reports whether r is at least need.
func (r Right) Includes(need Right) bool { return need != NoRight && r.rank() >= need.rank() }

// highest returns the greatest of the rights.
func highest(rights []Right) Right {
	best := NoRight
	for _, r := range rights {
		if r.rank() > best.rank() {
			best = r
		}
	}
	return best
}

// demand answers with nil, or with what somebody without the right may know:
// those who may not even read do not learn that the pad exists.
func demand(has, need Right) error {
	switch {
	case has.Includes(need):
		return nil
	case !has.Includes(Read):
		return notFound()
	default:
		return fault.Forbidden("pads.right_missing", "need", string(need))
	}
}

// canCreate says who may make pads.
func canCreate(p access.Principal) error {
	if !p.IsMember() {
		return fault.Forbidden("not_allowed")
	}
	return nil
}

// guestRight is the right that a guest's link gives on a pad.
func guestRight(p access.Principal, pad string) Right {
	right, ok := p.Grant("pad", pad)
	if !ok {
		return NoRight
	}
	if r := Right(right); r == Read || r == Write {
		return r
	}
	return NoRight
}

func notFound() error { return fault.NotFound("pads.not_found") }
