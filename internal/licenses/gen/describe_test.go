package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/licenses"
)

func TestPermitted(t *testing.T) {
	for _, good := range []string{"MIT", "(MPL-2.0 OR Apache-2.0)", "GPL-3.0 OR MIT", "MIT AND Apache-2.0"} {
		require.NoError(t, permitted(good), good)
	}
	for _, bad := range []string{"", "GPL", "MIT AND GPL-3.0", "SEE LICENSE IN x"} {
		require.Error(t, permitted(bad), bad)
	}
}

func TestDescribe(t *testing.T) {
	folder := func(files map[string]string) string {
		dir := t.TempDir()
		for name, content := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		}
		return dir
	}
	t.Run("joins licence and notice", func(t *testing.T) {
		dir := folder(map[string]string{"LICENSE.md": "Apache License\n  Version 2.0", "NOTICE": "made by x", "license.go": "package x"})
		one, err := describe(licenses.Part{Name: "x", Kind: licenses.KindGo, Dir: dir})
		require.NoError(t, err)
		require.Equal(t, "Apache-2.0", one.License)
		require.Contains(t, one.Text, "made by x")
		require.NotContains(t, one.Text, "package x")
	})
	t.Run("refuses a module without a licence", func(t *testing.T) {
		_, err := describe(licenses.Part{Name: "x", Kind: licenses.KindGo, Dir: folder(nil)})
		require.Error(t, err)
	})
	t.Run("refuses a licence that does not go with ours", func(t *testing.T) {
		dir := folder(map[string]string{"COPYING": "GNU GENERAL PUBLIC LICENSE\nVersion 3"})
		_, err := describe(licenses.Part{Name: "x", Kind: licenses.KindGo, Dir: dir})
		require.ErrorContains(t, err, `the licence "GPL" is not among those allowed`)
	})
	t.Run("completes an MIT package that ships no text", func(t *testing.T) {
		dir := folder(map[string]string{"package.json": `{"license":"MIT","author":{"name":"Ada"}}`})
		one, err := describe(licenses.Part{Name: "x", Kind: licenses.KindWeb, Dir: dir})
		require.NoError(t, err)
		require.Contains(t, one.Text, "Copyright (c) Ada")
	})
}
