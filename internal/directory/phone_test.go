package directory_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/directory"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// Requirement row 003-16: by room and by phone number, however it is written.
func TestSearchFindsRoomsAndNumbersHoweverWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, n := range []directory.NewUser{
			{Name: "Käthe Müller", Phone: "07231 39-1234", Room: "Zimmer 12", Unit: "Bauamt"},
			{Name: "Jörg Goethe", Phone: "+49 (0)7231/39 56 78", Room: "Rathaus II, 3.07"},
			{Name: "Ülkü Zander", Phone: "0049 171 5551234"},
			{Name: "Wien", Phone: "+43 1 234567", Room: "1234"},
		} {
			h.create(n)
		}
		for query, want := range map[string][]string{
			"07231391234":        {"Käthe Müller"},
			"07231/39-1234":      {"Käthe Müller"},
			"+49 7231 39 1234":   {"Käthe Müller"},
			"49 7231 391234":     {"Käthe Müller"}, // the sign is lost
			"0049 (0) 7231 39":   {"Jörg Goethe", "Käthe Müller"},
			"1234":               {"Käthe Müller", "Ülkü Zander", "Wien"}, // the end of a number, or a room
			"müller 07231 39 12": {"Käthe Müller"},
			"07231 39 goethe":    {"Jörg Goethe"},
			"goethe 07231 391":   nil,
			"5678":               {"Jörg Goethe"},
			"0171":               {"Ülkü Zander"},
			"0043 1 23":          {"Wien"},
			"zimmer 12":          {"Käthe Müller"},
			"rathaus 3.07":       {"Jörg Goethe"},
			"39":                 nil, // too short for a number
			"+":                  nil,
			"%%%":                nil,
		} {
			found, err := h.Search(t.Context(), query, 10)
			if err != nil || !slices.Equal(names(found), want) {
				t.Errorf("%q finds %v (%v), want %v", query, names(found), err, want)
			}
		}
		page, err := h.List(t.Context(), directory.Filter{Staff: true, Query: "5678"}, "", 10)
		h.must(err)
		h.must(h.SetRole(t.Context(), page.Items[0].ID, access.RoleGuest))
		if page, err = h.List(t.Context(), directory.Filter{Staff: true, Query: "5678"}, "", 10); err != nil || len(page.Items) != 0 {
			t.Errorf("a guest of the town stands among its people: %v %v", names(page.Items), err)
		}
	})
}

// first is the directory as it was before rooms and deputies.
func first(t *testing.T) []store.Source {
	t.Helper()
	old := fstest.MapFS{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		name := dialect + "/00100_directory.sql"
		b, err := fs.ReadFile(directory.Source().FS, name)
		if err != nil {
			t.Fatal(err)
		}
		old[name] = &fstest.MapFile{Data: b}
	}
	return []store.Source{{Name: "directory", FS: old}}
}

func TestNumbersFromBeforeAreFoundAfterTheMigration(t *testing.T) {
	t.Parallel()
	storetest.Each(t, first(t), func(t *testing.T, db *store.DB) {
		at := time.Now().UTC()
		for _, phone := range []string{"07231 / 39-1234", "+49 (0)7231 39.1234", "0049 7231 391234"} {
			err := db.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Exec(`INSERT INTO users (id, name, sort_name, words, role, phone, created_at, updated_at)
					VALUES (?, 'Ada', 'ada', ' ada', 'member', ?, ?, ?)`, id.New(), phone, at, at).Error
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Migrate(t.Context(), []store.Source{directory.Source()}); err != nil {
			t.Fatal(err)
		}
		found, err := open(t, db).Search(t.Context(), "07231 391234", 10)
		if err != nil || len(found) != 3 {
			t.Errorf("found %d of three numbers (%v)", len(found), err)
		}
		if len(found) > 0 && (found[0].Room != "" || found[0].DeputyID != "") {
			t.Errorf("a person from before has a room or a deputy: %+v", found[0])
		}
	})
}
