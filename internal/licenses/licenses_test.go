package licenses_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/licenses"
)

// What is built in is in the list, and nothing else (000-03).
func TestListHoldsWhatIsInside(t *testing.T) {
	parts, err := licenses.Inventory(t.Context(), "../..")
	require.NoError(t, err)
	list, err := licenses.All()
	require.NoError(t, err)
	var inside, listed []string
	for _, p := range parts {
		inside = append(inside, fmt.Sprintf("%s %s %s", p.Kind, p.Name, p.Version))
	}
	for _, p := range list {
		listed = append(listed, fmt.Sprintf("%s %s %s", p.Kind, p.Name, p.Version))
	}
	require.Equal(t, inside, listed, "run: go generate ./internal/licenses")
}

func TestEveryEntryIsComplete(t *testing.T) {
	list, err := licenses.All()
	require.NoError(t, err)
	require.Greater(t, len(list), 50)
	for _, p := range list {
		require.NotEmpty(t, p.Version, p.Name)
		require.NotEmpty(t, p.License, p.Name)
		require.NotContains(t, p.License, "GPL", p.Name)
		require.Greater(t, len(p.Text), 100, p.Name)
		require.NotContains(t, p.Text, "\x00", p.Name)
		require.False(t, strings.HasPrefix(p.Text, "<"), p.Name)
	}
}

func TestReadRefusesWhatIsNoList(t *testing.T) {
	_, err := licenses.Read(strings.NewReader("no list"))
	require.ErrorContains(t, err, "unpack licence list")
}
