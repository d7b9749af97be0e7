package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rathaus/internal/id"
)

// The two places inside the folder.
const (
	keptDir     = "blobs"    // by key, fanned out by its first characters
	arrivingDir = "incoming" // parts, and blobs being written
)

// ErrNotFound says that there is no such blob or part.
var ErrNotFound = errors.New("blob: not found")

// Folder is a store of blobs on a file system.
type Folder struct {
	dir string

	mu   sync.Mutex
	held map[Key]int // how many holds there are; guarded by mu, which also makes removing exclusive
}

// Open prepares the folder, and makes it if needed.
func Open(dir string) (*Folder, error) {
	for _, sub := range []string{keptDir, arrivingDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of files: %w", err)
		}
	}
	return &Folder{dir: dir, held: map[Key]int{}}, nil
}

// Dir is where the folder lies.
func (f *Folder) Dir() string { return f.dir }

// Hold is a blob that can't be removed until it is released.
type Hold struct {
	Key  Key
	Size int64

	release func()
}

// Release lets go. It may be called more than once.
func (h Hold) Release() {
	if h.release != nil {
		h.release()
	}
}

// Put stores what r gives and returns its key, held. The caller releases it
// when the key has been stored, or is no longer wanted.
func (f *Folder) Put(ctx context.Context, r io.Reader) (Hold, error) {
	name := filepath.Join(f.dir, arrivingDir, id.New()+".new")
	hold, err := f.write(ctx, name, r)
	if err != nil {
		return Hold{}, errors.Join(fmt.Errorf("store a blob: %w", err), gone(os.Remove(name)))
	}
	return hold, nil
}

func (f *Folder) write(ctx context.Context, name string, r io.Reader) (Hold, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Hold{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), reader(ctx, r))
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return Hold{}, err
	}
	return f.keep(name, keyOf(sum), size)
}

// keep gives a synced file its final name.
func (f *Folder) keep(name string, key Key, size int64) (Hold, error) {
	hold := f.hold(key, size)
	path := f.path(key)
	if info, err := os.Stat(path); err == nil && info.Size() == size {
		// It is young again, so that the sweep of another node leaves it alone.
		now := time.Now()
		return hold, errors.Join(os.Chtimes(path, now, now), gone(os.Remove(name)))
	}
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.Rename(name, path)
	}
	if err == nil {
		err = f.syncTo(filepath.Dir(path))
	}
	if err != nil {
		hold.Release()
		return Hold{}, err
	}
	return hold, nil
}

// syncTo makes directory entries durable, from dir up to the folder itself.
func (f *Folder) syncTo(dir string) error {
	for ; len(dir) >= len(f.dir); dir = filepath.Dir(dir) {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) hold(key Key, size int64) Hold {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held[key]++
	once := sync.Once{}
	return Hold{Key: key, Size: size, release: func() {
		once.Do(func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.held[key]--; f.held[key] == 0 {
				delete(f.held, key)
			}
		})
	}}
}

// Blob is an open blob. The reader closes it.
type Blob struct {
	*os.File
	Size int64
}

// Get opens a blob.
func (f *Folder) Get(key Key) (*Blob, error) {
	if !key.Valid() {
		return nil, ErrNotFound
	}
	file, err := os.Open(f.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", key, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open blob %s: %w", key, err), file.Close())
	}
	return &Blob{File: file, Size: info.Size()}, nil
}

// Remove deletes a blob unless it is held or used says that somebody needs it.
func (f *Folder) Remove(key Key, used func() (bool, error)) error {
	if !key.Valid() {
		return nil
	}
	// Holding the lock while asking keeps a new hold out: what is stored again
	// in this moment is either seen by used, or written anew afterwards.
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held[key] > 0 {
		return nil
	}
	needed, err := used()
	if err != nil || needed {
		return err
	}
	return gone(os.Remove(f.path(key)))
}

func (f *Folder) path(key Key) string {
	return filepath.Join(f.dir, keptDir, string(key[:2]), string(key[2:4]), string(key))
}

// gone forgives that there is nothing to remove.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// reader ends with the context.
func reader(ctx context.Context, r io.Reader) io.Reader {
	return readFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	})
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
