package files

import (
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"rathaus/internal/picture"
)

// meaningless is the type of what may not be understood by anybody.
const meaningless = "application/octet-stream"

// sniff tells the media type of a content by looking at its beginning.
func sniff(r io.Reader) (string, error) {
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && n == 0 {
		return "", err
	}
	head = head[:n]
	kind, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	if kind == "application/pdf" && !strings.HasPrefix(string(head), "%PDF-") {
		return meaningless, nil // something else in front: a file with two faces
	}
	return kind, nil
}

// kindOf says how a type is shown.
func kindOf(mediaType string) Kind {
	switch {
	case picture.Known(mediaType):
		return Image
	case mediaType == "application/pdf":
		return PDF
	case playable[mediaType]:
		kind, _, _ := strings.Cut(mediaType, "/")
		return Kind(kind)
	}
	return Other
}

// playable are the types of sound and moving pictures that browsers play.
var playable = map[string]bool{
	"audio/mpeg": true, "audio/mp4": true, "audio/x-m4a": true, "audio/aac": true, "audio/ogg": true, "audio/webm": true,
	"audio/wav": true, "audio/flac": true, "video/mp4": true, "video/webm": true, "video/ogg": true, "video/quicktime": true,
}

// voiceTypes are the containers that recorders use, and what they are called
// when there is nothing but sound in them.
var voiceTypes = map[string]string{
	"video/webm": "audio/webm", "audio/webm": "audio/webm", "audio/ogg": "audio/ogg", "application/ogg": "audio/ogg", "video/ogg": "audio/ogg",
	"video/mp4": "audio/mp4", "audio/mp4": "audio/mp4", "audio/x-m4a": "audio/mp4", "video/quicktime": "audio/mp4", "audio/wav": "audio/wav",
}

// shown reports whether a type may be shown in our origin. Everything else is
// only handed out for saving, and as bytes without a meaning.
func shown(mediaType string) bool {
	return picture.Known(mediaType) || playable[mediaType] || mediaType == "application/pdf" || mediaType == "text/plain"
}
