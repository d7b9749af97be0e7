package main

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

// A checkout in which nothing was built still has a page to show.
func TestWebApplicationHasAPage(t *testing.T) {
	app, err := webApplication()
	require.NoError(t, err)
	page, err := fs.ReadFile(app, "index.html")
	require.NoError(t, err)
	require.Contains(t, string(page), "<title>Rathaus</title>")
}
