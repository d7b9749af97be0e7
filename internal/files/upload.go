package files

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// upload is the table file_uploads.
type upload struct {
	ID         string
	OwnerID    string
	Name       string
	Size       int64
	Received   int64
	Voice      bool
	Keep       bool
	Width      int
	Height     int
	DurationMS int64 `gorm:"column:duration_ms"`
	Waveform   string
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// acknowledged is what the sender is told to have arrived. The last byte is
// held back until the file is stored: who asks again sends it again.
func (u upload) acknowledged() int64 { return min(u.Received, u.Size-1) }

// NewUpload is what a person says about a file before it arrives.
type NewUpload struct {
	Name string
	Size int64
	// Voice says that the portal has recorded it, Keep that metadata stays.
	Voice, Keep bool
	// The following are hints for showing it; the content overrules them.
	Width, Height int
	DurationMS    int64
	Waveform      []int
}

// mayUpload lets people of the town, its guests, and guests by a link that lets
// them write in a room send files.
func mayUpload(p access.Principal) error {
	if p.IsMember() || p.IsGuest() && id.Valid(p.UserID) {
		return nil
	}
	for _, g := range p.Grants {
		if g.Kind == "room" && g.Right == "write" {
			return nil
		}
	}
	return fault.Forbidden("not_allowed")
}

// check returns the upload as it will be stored.
func (n NewUpload) check(l Limits) (NewUpload, error) {
	switch {
	case n.Size <= 0:
		return n, fault.Invalid("files.empty")
	case n.Size > l.MaxSize:
		return n, fault.TooLarge("files.too_large", "max", l.MaxSize)
	}
	n.Name = cleanName(n.Name)
	n.Width, n.Height = clamp(n.Width, maxSide), clamp(n.Height, maxSide)
	n.DurationMS = int64(clamp(int(min(n.DurationMS, int64(maxDuration/time.Millisecond)+1)), int(maxDuration/time.Millisecond)))
	if len(n.Waveform) > maxWaveform {
		n.Waveform = nil
	}
	for i, v := range n.Waveform {
		n.Waveform[i] = min(max(v, 0), 100)
	}
	return n, nil
}

// clamp forgets numbers that can't be right.
func clamp(n, most int) int {
	if n < 0 || n > most {
		return 0
	}
	return n
}

func (n NewUpload) waveform() string {
	if len(n.Waveform) == 0 {
		return ""
	}
	b, err := json.Marshal(n.Waveform)
	if err != nil {
		return ""
	}
	return string(b)
}

// parseMetadata reads the header Upload-Metadata of tus: names and values in
// base64, between commas. What nobody knows is ignored.
func parseMetadata(header string, size int64) (NewUpload, error) {
	n := NewUpload{Size: size}
	if len(header) > maxMetadata {
		return n, fault.Invalid("files.metadata_malformed")
	}
	for pair := range strings.SplitSeq(header, ",") {
		name, coded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(coded)
		if err != nil {
			return n, fault.Invalid("files.metadata_malformed")
		}
		n.set(name, string(value))
	}
	return n, nil
}

func (n *NewUpload) set(name, value string) {
	switch name {
	case "filename", "name":
		n.Name = value
	case "voice":
		n.Voice = value == "1"
	case "keep":
		n.Keep = value == "1"
	case "width":
		n.Width = number(value)
	case "height":
		n.Height = number(value)
	case "duration":
		n.DurationMS = int64(number(value))
	case "waveform":
		for bar := range strings.SplitSeq(value, ",") {
			if len(n.Waveform) > maxWaveform {
				return
			}
			n.Waveform = append(n.Waveform, number(bar))
		}
	}
}

// number reads a whole number; what is none is 0.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
