package store

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/pressly/goose/v3"
)

// migrationFiles is the SQL of all modules in one flat folder, as goose wants it.
type migrationFiles map[string]fs.FS

// gather merges the folders of one dialect. Two files with the same number are
// a mistake of the programmer and are refused.
func gather(dialect string, sources []Source) (migrationFiles, error) {
	files := make(migrationFiles)
	owners := make(map[int64]string)
	for _, source := range sources {
		folder, err := fs.Sub(source.FS, dialect)
		if err != nil {
			return nil, fmt.Errorf("migrations of %s: %w", source.Name, err)
		}
		names, err := fs.Glob(folder, "*.sql")
		if err != nil {
			return nil, fmt.Errorf("migrations of %s: %w", source.Name, err)
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("module %s has no migrations for %s", source.Name, dialect)
		}
		for _, name := range names {
			version, err := goose.NumericComponent(name)
			if err != nil {
				return nil, fmt.Errorf("migration %s of %s: %w", name, source.Name, err)
			}
			if other, taken := owners[version]; taken {
				return nil, fmt.Errorf("migration number %d is used by %s and by %s", version, other, source.Name)
			}
			owners[version] = source.Name
			files[name] = folder
		}
	}
	return files, nil
}

// versions returns the numbers of all files, in order.
func (f migrationFiles) versions() []int64 {
	var all []int64
	for name := range f {
		if v, err := goose.NumericComponent(name); err == nil {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return all
}

// Open implements fs.FS.
func (f migrationFiles) Open(name string) (fs.File, error) {
	folder, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return folder.Open(name)
}

// Glob implements fs.GlobFS, by which goose finds the files.
func (f migrationFiles) Glob(pattern string) ([]string, error) {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		ok, err := path.Match(pattern, name)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, name)
		}
	}
	return found, nil
}
