package blob

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rathaus/internal/id"
)

// Part is a blob that is still arriving, open for what comes next.
type Part struct {
	file *os.File
	size int64
}

// OpenPart opens the part of an upload to go on at offset. What lies beyond it
// was never acknowledged and is cut off. A part shorter than that is an error.
func (f *Folder) OpenPart(upload string, offset int64) (*Part, error) {
	path, err := f.partPath(upload)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open part %s: %w", upload, err)
	}
	p := &Part{file: file, size: offset}
	if err := p.cutTo(offset); err != nil {
		return nil, errors.Join(fmt.Errorf("go on with part %s: %w", upload, err), file.Close())
	}
	return p, nil
}

func (p *Part) cutTo(offset int64) error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < offset {
		return fmt.Errorf("%d bytes were acknowledged, %d are there", offset, info.Size())
	}
	if info.Size() > offset {
		if err := p.file.Truncate(offset); err != nil {
			return err
		}
	}
	_, err = p.file.Seek(offset, io.SeekStart)
	return err
}

// Write appends.
func (p *Part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.size += int64(n)
	return n, err
}

// Size is how much has been written.
func (p *Part) Size() int64 { return p.size }

// Sync makes what was written durable.
func (p *Part) Sync() error { return p.file.Sync() }

// Close ends writing.
func (p *Part) Close() error { return p.file.Close() }

// Scratch makes a file for work in between. The caller closes and removes it;
// SweepParts removes it after a crash.
func (f *Folder) Scratch() (*os.File, error) {
	file, err := os.CreateTemp(filepath.Join(f.dir, arrivingDir), "scratch-*")
	if err != nil {
		return nil, fmt.Errorf("make a scratch file: %w", err)
	}
	return file, nil
}

// ReadPart opens a part for reading.
func (f *Folder) ReadPart(upload string) (*os.File, error) {
	path, err := f.partPath(upload)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read part %s: %w", upload, err)
	}
	return file, nil
}

// KeepPart makes a complete part a blob, without copying it.
func (f *Folder) KeepPart(upload string) (Hold, error) {
	path, err := f.partPath(upload)
	if err != nil {
		return Hold{}, err
	}
	hold, err := f.keepFile(path)
	if err != nil {
		return Hold{}, fmt.Errorf("keep part %s: %w", upload, err)
	}
	return hold, nil
}

func (f *Folder) keepFile(path string) (Hold, error) {
	file, err := os.Open(path)
	if err != nil {
		return Hold{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err := errors.Join(err, file.Close()); err != nil {
		return Hold{}, err
	}
	return f.keep(path, keyOf(sum), size)
}

// DropPart forgets a part.
func (f *Folder) DropPart(upload string) error {
	path, err := f.partPath(upload)
	if err != nil {
		return err
	}
	return gone(os.Remove(path))
}

func (f *Folder) partPath(upload string) (string, error) {
	if !id.Valid(upload) {
		return "", fmt.Errorf("%w: part %q", ErrNotFound, upload)
	}
	return filepath.Join(f.dir, arrivingDir, upload+partSuffix), nil
}

const partSuffix = ".part"

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
