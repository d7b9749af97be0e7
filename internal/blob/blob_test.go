package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/blob"
	"rathaus/internal/id"
)

func open(t *testing.T) *blob.Folder {
	t.Helper()
	f, err := blob.Open(filepath.Join(t.TempDir(), "files"))
	require.NoError(t, err)
	return f
}

func put(t *testing.T, f *blob.Folder, text string) blob.Key {
	t.Helper()
	hold, err := f.Put(t.Context(), strings.NewReader(text))
	require.NoError(t, err)
	hold.Release()
	return hold.Key
}

// files lists what lies in the folder, as paths below it.
func files(t *testing.T, f *blob.Folder) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(f.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(f.Dir(), path)
		out = append(out, rel)
		return err
	}))
	return out
}

func unused() (bool, error) { return false, nil }

func TestFolder(t *testing.T) {
	t.Parallel()
	t.Run("names a blob by its content and keeps it once", func(t *testing.T) {
		f := open(t)
		sum := sha256.Sum256([]byte("Satzung"))
		key := put(t, f, "Satzung")
		require.Equal(t, hex.EncodeToString(sum[:]), string(key))
		require.Equal(t, key, put(t, f, "Satzung"))
		require.Len(t, files(t, f), 1)
		b, err := f.Get(key)
		require.NoError(t, err)
		defer b.Close()
		content, err := io.ReadAll(b)
		require.NoError(t, err)
		require.Equal(t, "Satzung", string(content))
		require.EqualValues(t, 7, b.Size)
	})

	t.Run("removes what nobody needs and nothing else", func(t *testing.T) {
		f := open(t)
		key := put(t, f, "Satzung")
		require.NoError(t, f.Remove(key, func() (bool, error) { return true, nil }))
		require.Len(t, files(t, f), 1)
		broken := errors.New("the database is away")
		require.ErrorIs(t, f.Remove(key, func() (bool, error) { return false, broken }), broken)
		require.Len(t, files(t, f), 1)
		require.NoError(t, f.Remove(key, unused))
		require.Empty(t, files(t, f))
		_, err := f.Get(key)
		require.ErrorIs(t, err, blob.ErrNotFound)
	})

	t.Run("keeps what is held until it is released", func(t *testing.T) {
		f := open(t)
		hold, err := f.Put(t.Context(), strings.NewReader("Satzung"))
		require.NoError(t, err)
		second, err := f.Put(t.Context(), strings.NewReader("Satzung"))
		require.NoError(t, err)
		hold.Release()
		hold.Release()
		require.NoError(t, f.Remove(hold.Key, unused))
		require.Len(t, files(t, f), 1)
		second.Release()
		require.NoError(t, f.Remove(hold.Key, unused))
		require.Empty(t, files(t, f))
	})

	t.Run("leaves nothing behind when writing is cut off", func(t *testing.T) {
		f := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := f.Put(ctx, strings.NewReader("Satzung"))
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, files(t, f))
	})

	t.Run("may be used by many at once", func(t *testing.T) {
		f := open(t)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for i := range 20 {
					hold, err := f.Put(context.Background(), bytes.NewReader([]byte{byte(i % 3)}))
					if err != nil {
						t.Error(err)
						return
					}
					if b, err := f.Get(hold.Key); err != nil {
						t.Error("a held blob is gone:", err)
					} else if err := b.Close(); err != nil {
						t.Error(err)
					}
					hold.Release()
					if err := f.Remove(hold.Key, unused); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		require.Empty(t, files(t, f))
	})
}

// Trust class 18: no name from outside becomes part of a path.
func TestNamesFromOutsideReachNoPath(t *testing.T) {
	t.Parallel()
	f := open(t)
	secret := filepath.Join(filepath.Dir(f.Dir()), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("geheim"), 0o600))
	for _, name := range []string{
		"", "..", "../secret", "../../secret", "/etc/passwd", `..\secret`, "secret\x00", "CON", "a/b", strings.Repeat("A", 64), strings.Repeat("g", 64),
		"..%2fsecret", strings.Repeat("../", 20) + "etc/passwd", strings.Repeat(".", 64), strings.ToUpper(id.New()), id.New() + "/../../secret",
	} {
		_, err := f.Get(blob.Key(name))
		require.ErrorIs(t, err, blob.ErrNotFound, "%q", name)
		require.NoError(t, f.Remove(blob.Key(name), unused))
		_, err = f.OpenPart(name, 0)
		require.ErrorIs(t, err, blob.ErrNotFound, "%q", name)
		require.ErrorIs(t, f.DropPart(name), blob.ErrNotFound, "%q", name)
		_, err = f.ReadPart(name)
		require.ErrorIs(t, err, blob.ErrNotFound, "%q", name)
		_, err = f.KeepPart(name)
		require.ErrorIs(t, err, blob.ErrNotFound, "%q", name)
	}
	require.FileExists(t, secret)
	require.Empty(t, files(t, f))
}

func TestParts(t *testing.T) {
	t.Parallel()
	t.Run("go on where they were acknowledged, and become a blob", func(t *testing.T) {
		f := open(t)
		upload := id.New()
		p, err := f.OpenPart(upload, 0)
		require.NoError(t, err)
		_, err = p.Write([]byte("Haushalt never acknowledged"))
		require.NoError(t, err)
		require.NoError(t, p.Close())

		p, err = f.OpenPart(upload, 8)
		require.NoError(t, err)
		_, err = p.Write([]byte("ssatzung"))
		require.NoError(t, err)
		require.NoError(t, p.Sync())
		require.EqualValues(t, 16, p.Size())
		require.NoError(t, p.Close())

		hold, err := f.KeepPart(upload)
		require.NoError(t, err)
		defer hold.Release()
		require.EqualValues(t, 16, hold.Size)
		require.Equal(t, hold.Key, put(t, f, "Haushaltssatzung"))
		require.Len(t, files(t, f), 1)
	})

	t.Run("that lost acknowledged bytes are refused", func(t *testing.T) {
		f := open(t)
		_, err := f.OpenPart(id.New(), 8)
		require.ErrorContains(t, err, "8 bytes were acknowledged, 0 are there")
	})

	t.Run("can be dropped, twice as well", func(t *testing.T) {
		f := open(t)
		upload := id.New()
		p, err := f.OpenPart(upload, 0)
		require.NoError(t, err)
		require.NoError(t, p.Close())
		require.NoError(t, f.DropPart(upload))
		require.NoError(t, f.DropPart(upload))
		require.Empty(t, files(t, f))
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	f := open(t)
	kept, orphan := put(t, f, "kept"), put(t, f, "orphan")
	held, err := f.Put(t.Context(), strings.NewReader("held"))
	require.NoError(t, err)
	defer held.Release()
	mine, other := id.New(), id.New()
	for _, upload := range []string{mine, other} {
		p, err := f.OpenPart(upload, 0)
		require.NoError(t, err)
		require.NoError(t, p.Close())
	}
	used := func([]blob.Key) (map[blob.Key]bool, error) { return map[blob.Key]bool{kept: true}, nil }
	known := func([]string) (map[string]bool, error) { return map[string]bool{mine: true}, nil }

	young := time.Now().Add(-time.Hour)
	n, err := f.Sweep(t.Context(), young, used)
	require.NoError(t, err)
	require.Zero(t, n, "what is young may still be on its way into a table")
	n, err = f.SweepParts(t.Context(), young, known)
	require.NoError(t, err)
	require.Zero(t, n)

	old := time.Now().Add(time.Hour)
	n, err = f.Sweep(t.Context(), old, used)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = f.SweepParts(t.Context(), old, known)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = f.Get(orphan)
	require.ErrorIs(t, err, blob.ErrNotFound)
	require.Len(t, files(t, f), 3)
}
