// Command gen writes the list of open-source software inside the program; see package licenses.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rathaus/internal/licenses"
)

func main() {
	if err := generate(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func generate(ctx context.Context) error {
	root, err := treeRoot()
	if err != nil {
		return err
	}
	parts, err := licenses.Inventory(ctx, root)
	if err != nil {
		return err
	}
	var list []licenses.Package
	var failures []error
	for _, part := range parts {
		one, err := describe(part)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s %s: %w", part.Name, part.Version, err))
			continue
		}
		list = append(list, one)
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	return write(filepath.Join(root, "internal", "licenses", "list.json.gz"), list)
}

// treeRoot is the folder of go.mod above the working directory.
func treeRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}

// write packs the list without a time stamp, and leaves a file alone that holds the
// same list already: other versions of Go may pack it differently.
func write(path string, list []licenses.Package) error {
	content, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(path); err == nil {
		if same, err := licenses.Read(bytes.NewReader(old)); err == nil {
			if oldContent, err := json.Marshal(same); err == nil && bytes.Equal(oldContent, content) {
				return nil
			}
		}
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o644) //nolint:gosec // it is a file of the source tree
}
