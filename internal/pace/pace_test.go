package pace

import (
	"strconv"
	"testing"
	"time"
)

func TestEachKeyHasABurstAndThenItsPace(t *testing.T) {
	t.Parallel()
	p := New(2, 3)
	now := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	for range 3 {
		if !p.Allow("ada", now) {
			t.Fatal("the burst should be allowed")
		}
	}
	if p.Allow("ada", now) {
		t.Error("what is beyond the burst should not be allowed")
	}
	if !p.Allow("bernd", now) {
		t.Error("another key should not notice")
	}
	if later := now.Add(500 * time.Millisecond); !p.Allow("ada", later) || p.Allow("ada", later) {
		t.Error("after half a second there should be one more, and only one")
	}
}

func TestItRemembersABoundedNumberOfKeys(t *testing.T) {
	t.Parallel()
	p := New(1, 1)
	now := time.Now()
	p.Allow("first", now)
	for i := range maxKeys {
		p.Allow(strconv.Itoa(i), now)
	}
	if len(p.keys) != maxKeys || p.used.Len() != maxKeys {
		t.Errorf("remembers %d and %d keys, want %d", len(p.keys), p.used.Len(), maxKeys)
	}
	if !p.Allow("first", now) {
		t.Error("the key that was unused for longest should be forgotten")
	}
}
