package files

import (
	"encoding/json"
	"time"

	"rathaus/internal/blob"
	"rathaus/internal/fault"
)

// Kind says how a file is shown.
type Kind string

// The kinds of file.
const (
	Image Kind = "image"
	Video Kind = "video"
	Audio Kind = "audio"
	Voice Kind = "voice" // recorded in the portal
	PDF   Kind = "pdf"
	Other Kind = "other"
)

// File is a file as it goes out.
type File struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Type       string `json:"type" doc:"Media type by content"`
	Kind       Kind   `json:"kind" enum:"image,video,audio,voice,pdf,other"`
	Size       int64  `json:"size" doc:"Bytes"`
	Width      int    `json:"width,omitempty" doc:"Pixels, upright"`
	Height     int    `json:"height,omitempty"`
	DurationMS int64  `json:"duration_ms,omitempty"`
	Waveform   []int  `json:"waveform,omitempty" nullable:"false" doc:"Loudness from 0 to 100, over the whole length"`
	Thumb      bool   `json:"thumb,omitempty" doc:"There is a small picture of it"`
}

var (
	errNoFile   = fault.NotFound("files.not_found")
	errNoUpload = fault.NotFound("files.upload_not_found")
)

// waiting is the holder of files whose owner will send them at a time.
const waiting = "waiting"

// row is the table files.
type row struct {
	ID         string
	OwnerID    string
	Name       string
	Type       string
	Kind       Kind
	Size       int64
	Width      int
	Height     int
	DurationMS int64 `gorm:"column:duration_ms"`
	Waveform   string
	Blob       blob.Key
	Preview    blob.Key
	Thumb      blob.Key
	Holder     string
	CreatedAt  time.Time
}

func (r row) view() File {
	v := File{
		ID: r.ID, Name: r.Name, Type: r.Type, Kind: r.Kind, Size: r.Size, Width: r.Width, Height: r.Height,
		DurationMS: r.DurationMS, Thumb: r.Thumb != "",
	}
	if r.Waveform != "" {
		if err := json.Unmarshal([]byte(r.Waveform), &v.Waveform); err != nil {
			v.Waveform = nil // it is an ornament
		}
	}
	return v
}

// keys are the blobs of a file.
func (r row) keys() []blob.Key {
	var out []blob.Key
	for _, k := range []blob.Key{r.Blob, r.Preview, r.Thumb} {
		if k != "" {
			out = append(out, k)
		}
	}
	return out
}
