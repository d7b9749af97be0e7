package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"gorm.io/gorm"

	"rathaus/internal/blob"
	"rathaus/internal/fault"
	"rathaus/internal/picture"
)

// ReadCloser is an open content that can be read again.
type ReadCloser interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// finish makes a complete upload a file.
func (f *Files) finish(ctx context.Context, u upload) (err error) {
	part, err := f.Blobs.ReadPart(u.ID)
	if err != nil {
		return err
	}
	r := row{ID: u.ID, OwnerID: u.OwnerID, Name: u.Name, Size: u.Size, DurationMS: u.DurationMS, Width: u.Width, Height: u.Height, Waveform: u.Waveform, CreatedAt: f.Clock.Now()}
	if r.Type, err = sniff(part); err == nil {
		err = f.scan(ctx, u)
	}
	if err != nil {
		return errors.Join(err, part.Close())
	}
	r.classify(u)
	var held []blob.Hold
	defer func() {
		for _, h := range held {
			h.Release()
		}
	}()
	if r.Kind == Image {
		held, err = f.takePicture(ctx, u, &r, part)
	}
	if err := errors.Join(err, part.Close()); err != nil {
		return f.writing(err)
	}
	if r.Blob == "" {
		hold, err := f.Blobs.KeepPart(u.ID)
		if err != nil {
			return err
		}
		held = append(held, hold)
		r.Blob, r.Size = hold.Key, hold.Size
	}
	err = f.DB.Write(ctx, func(tx *gorm.DB) error {
		if there, err := deleteUpload(tx, u.ID); err != nil || !there {
			return errors.Join(err, missing(there))
		}
		return insertFile(tx, r)
	})
	if err != nil {
		return err
	}
	f.count.files.Add(1)
	return f.Blobs.DropPart(u.ID)
}

func missing(there bool) error {
	if there {
		return nil
	}
	return errNoUpload
}

// classify says how the file is shown. What the sender has said about sound
// and moving pictures is believed, because it only decides about space.
func (r *row) classify(u upload) {
	if sound, ok := voiceTypes[r.Type]; ok && u.Voice {
		r.Type, r.Kind, r.Width, r.Height = sound, Voice, 0, 0
		return
	}
	r.Waveform = ""
	r.Kind = kindOf(r.Type)
	if r.Kind == Video && u.Width == 0 && u.DurationMS > 0 {
		if sound, ok := voiceTypes[r.Type]; ok { // only sound in a container for both
			r.Type, r.Kind = sound, Audio
		}
	}
	switch r.Kind {
	case Video, Image:
	case Audio:
		r.Width, r.Height = 0, 0
	default:
		r.Width, r.Height, r.DurationMS = 0, 0, 0
	}
}

// takePicture checks a picture, takes its metadata out and makes its previews.
func (f *Files) takePicture(ctx context.Context, u upload, r *row, part ReadCloser) ([]blob.Hold, error) {
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	info, err := picture.Inspect(part, picture.Format(r.Type))
	if err != nil {
		return nil, fault.Invalid("files.picture_broken").Because(err)
	}
	if info.Pixels() > f.Limits.ImageMaxPixels {
		return nil, fault.TooLarge("files.picture_too_large", "max", f.Limits.ImageMaxPixels, "pixels", info.Pixels())
	}
	r.Width, r.Height, r.DurationMS = info.Width, info.Height, 0
	var held []blob.Hold
	if !u.Keep {
		hold, err := f.strip(ctx, part, info)
		if err != nil {
			return held, err
		}
		held = append(held, hold)
		r.Blob, r.Size = hold.Key, hold.Size
	}
	smalls, err := f.previews(ctx, part, info, r.Size)
	if err != nil {
		return held, err
	}
	for i, at := range []*blob.Key{&r.Preview, &r.Thumb} {
		if len(smalls) < 2 {
			break
		}
		hold, err := f.Blobs.Put(ctx, bytes.NewReader(smalls[i].Bytes))
		if err != nil {
			return held, err
		}
		held = append(held, hold)
		*at = hold.Key
	}
	return held, nil
}

// strip stores the picture without its metadata.
func (f *Files) strip(ctx context.Context, part io.ReadSeeker, info picture.Info) (blob.Hold, error) {
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return blob.Hold{}, err
	}
	clean, err := f.Blobs.Scratch()
	if err != nil {
		return blob.Hold{}, fmt.Errorf("take out metadata: %w", err)
	}
	hold, err := f.stripInto(ctx, clean, part, info)
	return hold, errors.Join(err, clean.Close(), os.Remove(clean.Name()))
}

func (f *Files) stripInto(ctx context.Context, clean *os.File, part io.Reader, info picture.Info) (blob.Hold, error) {
	if err := picture.Strip(clean, part, info); err != nil {
		if blob.IsFull(err) {
			return blob.Hold{}, err
		}
		return blob.Hold{}, fault.Invalid("files.picture_broken").Because(err)
	}
	if _, err := clean.Seek(0, io.SeekStart); err != nil {
		return blob.Hold{}, err
	}
	return f.Blobs.Put(ctx, clean)
}

// previews decodes a picture, when there is memory for it. A picture that
// needs more than all of it, or that this program can't decode, has none.
func (f *Files) previews(ctx context.Context, part io.ReadSeeker, info picture.Info, size int64) ([]picture.Small, error) {
	tiny := size <= plainThumbSize && max(info.Width, info.Height) <= thumbSize
	if info.Cost > decodeBytes || tiny {
		return nil, nil
	}
	if err := f.decode.Acquire(ctx, info.Cost); err != nil {
		return nil, fmt.Errorf("wait for memory to decode: %w", err)
	}
	defer f.decode.Release(info.Cost)
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	smalls, err := picture.Preview(part, info, previewSize, thumbSize)
	if errors.Is(err, picture.ErrBroken) {
		return nil, nil // browsers may still show it, a moving WebP for one
	}
	return smalls, err
}

// scan lets the scanner look at the upload.
func (f *Files) scan(ctx context.Context, u upload) error {
	if f.Scanner == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, scanTimeout)
	defer cancel()
	found, err := f.Scanner.Scan(ctx, u.ID, func() (ReadCloser, error) { return f.Blobs.ReadPart(u.ID) })
	switch {
	case err != nil && f.ScanRequired:
		f.count.unscanned.Add(1)
		f.Log.Error("file not scanned, refused", "upload", u.ID, "err", err)
		return fault.Unavailable("files.scan_unavailable").Because(err)
	case err != nil:
		f.count.unscanned.Add(1)
		f.Log.Warn("file not scanned, let through", "upload", u.ID, "err", err)
		return nil
	case found != "":
		f.count.infected.Add(1)
		f.Log.Warn("scanner refused a file", "upload", u.ID, "found", found)
		return fault.Invalid("files.malicious", "found", found)
	}
	return nil
}
