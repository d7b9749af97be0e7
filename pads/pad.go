package pads

import (
	"crypto/ed25519"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rathaus/internal/fault"
)

// Limits of what comes from outside.
const (
	maxTitle          = 200      // characters
	maxTitleFrame     = 4 << 10  // bytes
	maxAwareness      = 16 << 10 // bytes of one cursor frame
	maxShadow         = 1 << 20  // bytes of readable text
	maxBatchFrames    = 64       // frames of one request
	maxBatchBytes     = 2 << 20  // bytes of one request
	maxTail           = 64 << 20 // bytes of log that may wait for a snapshot
	maxShares         = 500      // of one pad
	maxLinks          = 50       // of one pad
	maxPage           = 200      // pads of one list
	minSnapshotStep   = 20       // updates between two snapshots, or
	minSnapshotBytes  = 8 << 10  // bytes
	joinBudget        = 256 << 10
	pageBudget        = 4 << 20
	maxUpdatesOfAPage = 2_000
)

// Pad is a document without its content.
type Pad struct {
	ID         string
	Class      Class
	Kind       string
	Title      string // empty in confidential pads
	FirstTitle string // with which it was made; never changes
	TitleFrame []byte // sealed title of confidential pads
	PublicKey  []byte // of the write key of confidential pads
	Epoch      uint32
	LastSeq    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// gate is what a writer or reader is checked against: the pad's constants and
// the right of one person.
type gate struct {
	pad     string
	raw     [16]byte
	class   Class
	epoch   uint32
	key     ed25519.PublicKey
	right   Right
	expires *time.Time // when the right ends by itself
}

// check refuses frames that do not belong into this pad or this place.
func (g gate) check(f Frame, kind FrameKind) error {
	if f.Kind != kind || f.Class != g.class {
		return fault.Invalid("pads.wrong_frame")
	}
	if f.Epoch != g.epoch {
		return fault.Conflict("pads.epoch_over")
	}
	if f.signed && !f.SignedBy(g.key, g.raw) {
		return fault.Forbidden("pads.signature_wrong")
	}
	return nil
}

func checkTitle(title string) error {
	if !utf8.ValidString(title) || utf8.RuneCountInString(title) > maxTitle {
		return fault.Invalid("pads.title_invalid", "max", maxTitle)
	}
	if strings.ContainsFunc(title, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fault.Invalid("pads.title_invalid", "max", maxTitle)
	}
	return nil
}

// fold is the form in which titles are compared when somebody searches.
func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(norm.NFKC.String(s)), "ß", "ss")
}
