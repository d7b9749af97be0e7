package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sweepBatch is how many names are asked for at once.
const sweepBatch = 200

// Sweep removes blobs that are older than before and that nobody uses: what a
// crash between two steps has left behind. used returns those of the keys that
// are needed. It reports how many it has removed.
func (f *Folder) Sweep(ctx context.Context, before time.Time, used func([]Key) (map[Key]bool, error)) (int, error) {
	removed := 0
	ask := func(names []string) error {
		keys := make([]Key, len(names))
		for i, n := range names {
			keys[i] = Key(n)
		}
		needed, err := used(keys)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if needed[k] {
				continue
			}
			// Asked once more for the one key, because time has passed.
			if err := f.Remove(k, func() (bool, error) { return isUsed(used, k) }); err != nil {
				return err
			}
			if !exists(f.path(k)) {
				removed++
			}
		}
		return nil
	}
	err := walk(ctx, filepath.Join(f.dir, keptDir), before, func(name string) (string, bool) { return name, Key(name).Valid() }, ask)
	return removed, err
}

func isUsed(used func([]Key) (map[Key]bool, error), k Key) (bool, error) {
	needed, err := used([]Key{k})
	return needed[k], err
}

// SweepParts removes parts that are older than before and belong to no upload,
// and blobs whose writing was cut off. known returns those that do belong.
func (f *Folder) SweepParts(ctx context.Context, before time.Time, known func(uploads []string) (map[string]bool, error)) (int, error) {
	dir := filepath.Join(f.dir, arrivingDir)
	removed := 0
	name := func(file string) (string, bool) { return file, true }
	err := walk(ctx, dir, before, name, func(files []string) error {
		var uploads []string
		for _, file := range files {
			if upload, ok := strings.CutSuffix(file, partSuffix); ok {
				uploads = append(uploads, upload)
			}
		}
		needed, err := known(uploads)
		if err != nil {
			return err
		}
		for _, file := range files {
			if upload, ok := strings.CutSuffix(file, partSuffix); ok && needed[upload] {
				continue
			}
			if err := gone(os.Remove(filepath.Join(dir, file))); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}

// walk hands the names of old files below root to each, some at a time.
func walk(ctx context.Context, root string, before time.Time, name func(string) (string, bool), each func([]string) error) error {
	var batch []string
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		names := batch
		batch = nil
		return each(names)
	}
	err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		if err := errors.Join(ctx.Err(), gone(err)); err != nil || d == nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || !info.ModTime().Before(before) {
			return gone(err)
		}
		n, ok := name(d.Name())
		if !ok {
			return nil
		}
		if batch = append(batch, n); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush())
}
