package id_test

import (
	"slices"
	"strings"
	"testing"

	"rathaus/internal/id"
)

func TestIdentifiersSortByCreation(t *testing.T) {
	t.Parallel()
	var ids []string
	for range 1000 {
		ids = append(ids, id.New())
	}
	if !slices.IsSorted(ids) {
		t.Error("identifiers made one after the other should sort in that order")
	}
}

func TestValidAcceptsOneSpellingOnly(t *testing.T) {
	t.Parallel()
	good := id.New()
	bad := []string{"", strings.ToUpper(good), "{" + good + "}", strings.ReplaceAll(good, "-", ""), good + " ", "../" + good}
	if !id.Valid(good) {
		t.Errorf("a fresh identifier %q should be valid", good)
	}
	for _, s := range bad {
		if id.Valid(s) && s != good {
			t.Errorf("%q should not be valid", s)
		}
	}
}

func TestBytesRoundTrip(t *testing.T) {
	t.Parallel()
	want := id.New()
	b, err := id.Bytes(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := id.FromBytes(b); got != want {
		t.Errorf("round trip gave %q, want %q", got, want)
	}
	if _, err := id.Bytes("nonsense"); err == nil {
		t.Error("nonsense should have no bytes")
	}
}

func TestTokensAreLongAndStoredHashed(t *testing.T) {
	t.Parallel()
	a, b := id.Token(), id.Token()
	if a == b || len(a) != 43 {
		t.Errorf("tokens should differ and carry 256 bits: %q %q", a, b)
	}
	if h := id.Hash(a); len(h) != 64 || strings.Contains(h, a) {
		t.Errorf("hash %q should be 64 hex digits without the secret", h)
	}
}
