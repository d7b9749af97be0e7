package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/blob"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

var errDiskFull = fault.Unavailable("files.disk_full")

// Create announces a file. Nothing has arrived yet.
func (f *Files) Create(ctx context.Context, p access.Principal, in NewUpload) (upload, error) {
	if err := mayUpload(p); err != nil {
		return upload{}, err
	}
	in, err := in.check(f.Limits)
	if err != nil {
		return upload{}, err
	}
	if err := f.room(in.Size); err != nil {
		return upload{}, err
	}
	now := f.Clock.Now()
	u := upload{
		ID: id.New(), OwnerID: p.UserID, Name: in.Name, Size: in.Size, Voice: in.Voice, Keep: in.Keep, Width: in.Width, Height: in.Height,
		DurationMS: in.DurationMS, Waveform: in.waveform(), CreatedAt: now, ExpiresAt: now.Add(f.Limits.UnfinishedValid),
	}
	err = f.DB.Write(ctx, func(tx *gorm.DB) error {
		if err := admit(tx, p.UserID, in.Size, f.Limits); err != nil {
			return err
		}
		return insertUpload(tx, u)
	})
	return u, err
}

// room says whether the disk has room for so many bytes and the rest of the house.
func (f *Files) room(size int64) error {
	free, err := blob.Free(f.Blobs.Dir())
	if err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	if free < uint64(size)+reserve { //nolint:gosec // sizes are positive
		f.count.full.Add(1)
		return errDiskFull
	}
	return nil
}

// state is how far an upload is.
type state struct {
	upload
	done bool // it is a file
}

// Offset is what the sender is told to have arrived.
func (s state) Offset() int64 {
	if s.done {
		return s.Size
	}
	return s.acknowledged()
}

// State tells how far an upload of p is. Who sends at the moment is interrupted:
// who asks wants to go on over a new connection.
func (f *Files) State(ctx context.Context, p access.Principal, uploadID string) (state, error) {
	release, err := f.turns.take(ctx, uploadID, func() {})
	if err != nil {
		return state{}, err
	}
	defer release()
	return f.state(ctx, p, uploadID)
}

func (f *Files) state(ctx context.Context, p access.Principal, uploadID string) (state, error) {
	if !id.Valid(uploadID) {
		return state{}, errNoUpload
	}
	tx := f.DB.Read(ctx)
	u, err := readUpload(tx, uploadID, p.UserID)
	if !errors.Is(err, errNoUpload) {
		return state{upload: u}, err
	}
	r, err := readFile(tx, uploadID)
	if err != nil || r.OwnerID != p.UserID {
		if err == nil || errors.Is(err, errNoFile) {
			err = errNoUpload
		}
		return state{}, err
	}
	return state{upload: upload{ID: r.ID, OwnerID: r.OwnerID, Size: r.Size, Received: r.Size}, done: true}, nil
}

// Append takes in bytes from offset on. When the last one has arrived the file
// is looked at and stored before Append returns. interrupt must make the body
// fail at once. What has arrived before an error stays.
func (f *Files) Append(ctx context.Context, p access.Principal, uploadID string, offset int64, body io.Reader, interrupt func()) (state, error) {
	release, err := f.turns.take(ctx, uploadID, interrupt)
	if err != nil {
		return state{}, err
	}
	defer release()
	s, err := f.state(ctx, p, uploadID)
	if err != nil {
		return s, err
	}
	if offset != s.Offset() || s.done {
		return s, fault.Conflict("files.wrong_offset", "offset", s.Offset())
	}
	// Storing goes on when the sender has gone: what has arrived has arrived.
	ctx = context.WithoutCancel(ctx)
	if err := f.receive(ctx, &s.upload, offset, body); err != nil {
		return s, err
	}
	if s.Received < s.Size {
		return s, nil
	}
	ctx, cancel := context.WithTimeout(ctx, finishTimeout)
	defer cancel()
	if err := f.finish(ctx, s.upload); err != nil {
		return s, f.refused(ctx, s.upload, err)
	}
	s.done = true
	return s, nil
}

// refused forgets an upload that can never become a file. After any other
// error the sender may try again.
func (f *Files) refused(ctx context.Context, u upload, cause error) error {
	if e := fault.From(cause); e.Kind == fault.KindInternal || e.Kind == fault.KindUnavailable {
		return cause
	}
	f.count.refused.Add(1)
	return errors.Join(cause, f.drop(ctx, u.ID))
}

// receive writes the body behind what has arrived, and notes every few
// megabytes how far it is.
func (f *Files) receive(ctx context.Context, u *upload, offset int64, body io.Reader) (err error) {
	part, err := f.Blobs.OpenPart(u.ID, offset)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	for u.Received = offset; ; {
		n, copyErr := io.Copy(part, io.LimitReader(body, min(checkpoint, u.Size-part.Size())))
		if err := f.note(ctx, u, part); err != nil {
			return f.writing(err)
		}
		f.count.bytes.Add(n)
		switch {
		case blob.IsFull(copyErr):
			return f.writing(copyErr)
		case copyErr != nil:
			return fault.Unavailable("files.cut_off").Because(copyErr)
		case u.Received == u.Size:
			return f.ended(body)
		case n == 0:
			return nil // the sender will go on later
		}
		if err := f.room(u.Size - u.Received); err != nil {
			return err
		}
	}
}

// writing turns a full disk into something to tell the sender.
func (f *Files) writing(err error) error {
	if blob.IsFull(err) {
		f.count.full.Add(1)
		return errDiskFull.Because(err)
	}
	return err
}

// ended makes sure that nothing follows what was announced.
func (f *Files) ended(body io.Reader) error {
	if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
		return fault.TooLarge("files.more_than_announced")
	}
	return nil
}

// note makes what has arrived durable, first the bytes, then the number.
func (f *Files) note(ctx context.Context, u *upload, part *blob.Part) error {
	if part.Size() == u.Received {
		return nil
	}
	if err := part.Sync(); err != nil {
		return fmt.Errorf("make upload %s durable: %w", u.ID, err)
	}
	expires := f.Clock.Now().Add(f.Limits.UnfinishedValid)
	if err := f.DB.Write(ctx, func(tx *gorm.DB) error { return setReceived(tx, u.ID, part.Size(), expires) }); err != nil {
		return err
	}
	u.Received, u.ExpiresAt = part.Size(), expires
	return nil
}

// Cancel forgets an upload, or a file that was not sent.
func (f *Files) Cancel(ctx context.Context, p access.Principal, uploadID string) error {
	release, err := f.turns.take(ctx, uploadID, func() {})
	if err != nil {
		return err
	}
	defer release()
	s, err := f.state(ctx, p, uploadID)
	if err != nil {
		return err
	}
	if !s.done {
		return f.drop(ctx, s.ID)
	}
	err = f.DB.Write(ctx, func(tx *gorm.DB) error {
		r, err := readFile(tx, uploadID)
		if err == nil && r.Holder != "" {
			err = errNoUpload
		}
		if err != nil {
			return err
		}
		return deleteFiles(tx, []row{r})
	})
	f.Collect()
	return err
}

func (f *Files) drop(ctx context.Context, uploadID string) error {
	err := f.DB.Write(ctx, func(tx *gorm.DB) error {
		_, err := deleteUpload(tx, uploadID)
		return err
	})
	if err != nil {
		return err
	}
	return f.Blobs.DropPart(uploadID)
}

// Interrupt ends all uploads that are under way, before the house closes. They
// go on at the next start.
func (f *Files) Interrupt() { f.turns.close() }

// Share is what a person may upload.
type Share struct {
	MaxSize int64 `json:"max_size" doc:"Bytes of one file"`
	Quota   int64 `json:"quota" doc:"Bytes of all files; 0: no limit"`
	Used    int64 `json:"used"`
}

// ShareOf tells what p may upload.
func (f *Files) ShareOf(ctx context.Context, p access.Principal) (Share, error) {
	if err := mayUpload(p); err != nil {
		return Share{}, err
	}
	u, err := usageOf(f.DB.Read(ctx), p.UserID)
	return Share{MaxSize: f.Limits.MaxSize, Quota: f.Limits.QuotaPerson, Used: u.Bytes}, err
}
