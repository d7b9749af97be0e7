package auth

import (
	"testing"

	"rathaus/internal/fault"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

func TestWhoIsUnknownIsNotFoundWhateverTheNameLooksLike(t *testing.T) {
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		for _, who := range []string{"zoe", "zoe@nowhere.example", "@@", ""} {
			_, err := h.service.Find(t.Context(), who)
			if f := fault.From(err); f == nil || f.Code != "directory.user_not_found" {
				t.Errorf("Find(%q) gives %v, want directory.user_not_found", who, err)
			}
		}
	})
}
