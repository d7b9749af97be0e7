package doctext

import (
	"context"
	"errors"

	"rathaus/internal/files"
)

// Uploads reads the words of uploaded files, for the index.
type Uploads struct {
	Files  *files.Files
	Reader Reader
}

// Text returns the words of a file; none if it is no document.
func (u Uploads) Text(ctx context.Context, fileID string) (text string, err error) {
	content, f, err := u.Files.Content(ctx, fileID)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	format := FormatOf(f.Name, f.Type)
	if format == None {
		return "", nil
	}
	return u.Reader.Text(ctx, format, content, f.Size)
}
