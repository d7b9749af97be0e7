package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

var begin = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func each(t *testing.T, fn func(t *testing.T, x *search.Index, db *store.DB)) {
	t.Helper()
	storetest.Each(t, []store.Source{search.Source()}, func(t *testing.T, db *store.DB) {
		x, err := search.New(t.Context(), db, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		fn(t, x, db)
	})
}

func put(t *testing.T, x *search.Index, db *store.DB, docs ...search.Doc) {
	t.Helper()
	if err := db.Write(context.Background(), func(tx *gorm.DB) error { return x.Put(tx, docs...) }); err != nil {
		t.Fatal(err)
	}
}

// message is a document of room, sent that many minutes after the beginning.
func message(room string, place int64, author, text string) search.Doc {
	return search.Doc{Scope: room, Place: place, At: begin.Add(time.Duration(place) * time.Minute), Author: author, Flags: search.IsMessage, Text: text}
}

func ask(t *testing.T, x *search.Index, query string, scopes ...string) search.Matches {
	t.Helper()
	q, err := search.Parse(query, begin.AddDate(0, 0, 20))
	if err != nil {
		t.Fatal(err)
	}
	if q.Empty() {
		return search.Matches{}
	}
	m, err := x.Find(t.Context(), search.Ask{Scopes: scopes, Terms: q.Terms, Authors: q.From, Since: q.Since, Before: q.Before, Flags: q.Has, Ordered: true})
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	return m
}

func places(m search.Matches) []int64 {
	var out []int64
	for _, i := range m.Items {
		out = append(out, i.Place)
	}
	return out
}

// golden is what must be found in the four messages of the room, which are
// places 1 to 4, in both states of the index.
var golden = []struct {
	query string
	want  []int64
}{
	{"Bauhof", []int64{1}}, {"sitzung", []int64{1}}, {"beleuchtung", []int64{2}}, {"Strassenbeleuchtung", []int64{2}},
	{"Hauptstraße", []int64{2}}, {"Satzung", []int64{3, 4}}, {"Gebühr", []int64{4}}, {"Gebuehren", []int64{4}},
	{"Bürgermeister", []int64{3}}, {"Burgermeisterin", []int64{3}},
	// Both habits of writing umlauts meet in all directions.
	{"Buergermeisterin", []int64{3}}, {"GEBÜHREN", []int64{4}}, {"gebuhr", []int64{4}}, {"Gebu\u0308hren", []int64{4}},
	{"Baeckerei", []int64{5}}, {"Bäckerei", []int64{5}}, {"Backerei", []int64{5}}, {"Müller", []int64{5}}, {"Mueller", []int64{5}}, {"muller", []int64{5}},
	// Words that look like spelled-out umlauts stay what they are.
	{"Einstellung", []int64{6}}, {"Neueinstellung", []int64{6}}, {"aktuelle", []int64{6}}, {"Feuer", []int64{6}}, {"Bauelement", []int64{6}}, {"element", []int64{6}},
	// Formatting, invisible letters and ligatures do not part words.
	{"Kassensturz", []int64{7}}, {"Kläranlage", []int64{7}}, {"Klaeranlage", []int64{7}}, {"Pflicht", []int64{7}}, {"§ 34", []int64{7}}, {"§34", []int64{7}}, {"👍", []int64{7}},
	// Several words, phrases, short ones.
	{"haushalt gemeinde", []int64{4}}, {"gemeinde haushalt", []int64{4}}, {`"Gebühren der Gemeinde"`, []int64{4}}, {`"Gebuehren der Gemeinde"`, []int64{4}},
	{`"Gemeinde der Gebühren"`, nil}, {`"Satzung"`, nil}, {`"satzungen"`, []int64{3}}, {"„Die Bürgermeisterin“", []int64{3}},
	{"im", []int64{1}}, {"am Dienstag", []int64{1}}, {"x", []int64{7}}, {"Ra", []int64{1}}, {"a.muster@stadt.example", []int64{7}},
	{"Kreisverkehr", nil}, {"satzungsitzung", nil}, {"''", nil},
}

func goldenDocs(room string) []search.Doc {
	var docs []search.Doc
	for i, text := range []string{
		"Die Bauhofsitzung ist am Dienstag im Rathaus",
		"Straßenbeleuchtung in der Hauptstrasse defekt",
		"Die Bürgermeisterin unterschrieb die Satzungen",
		"Haushaltssatzung und Gebühren der Gemeinde",
		"Die Baeckerei Mueller liefert",
		"Neueinstellung, Bauelement und Feuer: aktuelle Fälle",
		"**Klär**anlage: Kassen\u00adsturz nach §34, P\ufb02icht 👍 Plan X an a.muster@stadt.example",
	} {
		docs = append(docs, message(room, int64(i+1), "ada", text))
	}
	return docs
}

// Requirement row 002-17: search that works for German, alike on both databases,
// in the tail of a room and in its blocks.
func TestTheGoldenTableHolds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		put(t, x, db, goldenDocs("room:a")...)
		check := func(t *testing.T) {
			t.Helper()
			for _, g := range golden {
				got := places(ask(t, x, g.query, "room:a"))
				slices.Sort(got)
				if !slices.Equal(got, g.want) {
					t.Errorf("%q finds %v, want %v", g.query, got, g.want)
				}
			}
		}
		t.Run("tail", check)
		var more []search.Doc
		for i := range 600 {
			more = append(more, message("room:a", int64(10+i), "bert", fmt.Sprintf("Protokollzeile %d", i)))
		}
		put(t, x, db, more...)
		if err := x.Pack(t.Context(), "room:a"); err != nil {
			t.Fatal(err)
		}
		t.Run("blocks", check)
	})
}

func TestTheBestAndNewestComeFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		put(t, x, db,
			message("room:a", 1, "ada", "Die Satzung liegt aus"), message("room:a", 2, "ada", "Satzungen gelten"),
			message("room:a", 3, "ada", "Haushaltssatzung"), message("room:b", 4, "ada", "Neue Satzung"),
			message("room:b", 5, "ada", "Satzungsrecht"))
		if got := places(ask(t, x, "satzung", "room:a", "room:b")); !slices.Equal(got, []int64{4, 1, 5, 2, 3}) {
			t.Errorf("order is %v", got)
		}
	})
}

func TestFiltersNarrow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		var docs []search.Doc
		for i := range int64(700) {
			d := message("room:a", i+1, []string{"ada", "bert"}[i%2], "Plan")
			d.At = begin.Add(time.Duration(i) * time.Hour)
			if i%100 == 0 {
				d.Flags |= search.HasImage
			}
			docs = append(docs, d)
		}
		put(t, x, db, docs...)
		for _, packed := range []bool{false, true} {
			if packed {
				if err := x.Pack(t.Context(), "room:a"); err != nil {
					t.Fatal(err)
				}
			}
			for query, want := range map[string]int{
				"plan von:ada hat:bild": 7, "hat:bild": 7, "von:bert hat:bild": 0, "von:niemand": 0, "plan am:3.11.2026": 24,
				"plan nach:2026-11-03 vor:2026-11-05": 24, "seit:3.11. bis:4.11. von:ada": 24, "vor:2026-11-02": 0, "nach:2027": 0,
				"has:image from:ada before:2026-11-07": 2, "von:ada von:bert hat:bild": 7,
			} {
				if got := ask(t, x, query, "room:a"); len(got.Items) != want || got.More {
					t.Errorf("packed %v: %q finds %d (more: %v), want %d", packed, query, len(got.Items), got.More, want)
				}
			}
			if got := ask(t, x, "plan", "room:a"); len(got.Items) != search.MaxMatches || !got.More {
				t.Errorf("a common word gives %d, more %v", len(got.Items), got.More)
			}
		}
	})
}

// Nothing that is changed or deleted is found again, wherever it lies.
func TestChangesAndDeletionsAreFollowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		var docs []search.Doc
		for i := range int64(600) {
			docs = append(docs, message("room:a", i+1, "ada", fmt.Sprintf("Eintrag Kennwort%03d", i)))
		}
		put(t, x, db, docs...)
		if err := x.Pack(t.Context(), "room:a"); err != nil {
			t.Fatal(err)
		}
		put(t, x, db, message("room:a", 8, "ada", "Ganz anderes"), message("room:a", 599, "ada", "Ganz anderes"))
		err := db.Write(t.Context(), func(tx *gorm.DB) error { return search.RemovePlaces(tx, "room:a", 6, 600, 9999) })
		if err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string][]int64{
			"Kennwort007": nil, "Kennwort598": nil, "Kennwort005": nil, "Kennwort599": nil, "Kennwort006": {7}, "anderes": {599, 8},
		} {
			if got := places(ask(t, x, query, "room:a")); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", query, got, want)
			}
		}
		if err := db.Write(t.Context(), func(tx *gorm.DB) error { return search.RemoveScope(tx, "room:a") }); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"search_docs", "search_grams", "search_scopes"} {
			var n int
			if err := db.Read(t.Context()).Raw("SELECT count(*) FROM " + table).Row().Scan(&n); err != nil || n != 0 {
				t.Errorf("%s still has %d rows (%v)", table, n, err)
			}
		}
	})
}

// Vulnerability classes 25 and 30: no query is part of a statement, and none
// takes long.
func TestHostileQueriesAreOnlyWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		put(t, x, db, goldenDocs("room:a")...)
		for _, query := range []string{
			`"`, `""`, `*`, `%`, `%%%%`, `_`, `'; DROP TABLE search_docs; --`, `" OR 1=1`, `NEAR(a b)`, `text:die`, `a AND b OR NOT c`, `(((((`, `\`, `{"$ne":1}`,
			`von:`, `von:"`, `in:"' OR ''='"`, `vor:99999999999999`, `nach:-1`, `hat:alles`, `vor:31.2.`, strings.Repeat("a", search.MaxQuery), strings.Repeat("ä ", search.MaxQuery/2),
			strings.Repeat("\u0301", search.MaxQuery), strings.Repeat("%_", search.MaxQuery/2), "\u202e\u200b", strings.Repeat("von:x ", 30), "🏳️‍🌈", "ﷺﷺﷺﷺ",
		} {
			began := time.Now()
			for _, m := range ask(t, x, query, "room:a").Items {
				if m.Scope != "room:a" {
					t.Errorf("%q leaves its scope", query)
				}
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("%q takes %s", query, took)
			}
		}
		for _, query := range []string{strings.Repeat("a", search.MaxQuery+1), "\xff\xfe"} {
			if _, err := search.Parse(query, begin); err == nil {
				t.Errorf("%q is accepted", query)
			}
		}
		if got := places(ask(t, x, "Bauhof", "room:a")); len(got) == 0 {
			t.Error("the index is gone")
		}
	})
}

func TestForeignScopesAreNeverLookedAt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		put(t, x, db, goldenDocs("room:a")...)
		put(t, x, db, goldenDocs("room:b")...)
		for _, m := range ask(t, x, "die", "room:b", "room:unknown").Items {
			if m.Scope != "room:b" {
				t.Errorf("found in %s", m.Scope)
			}
		}
		if got := ask(t, x, "die"); len(got.Items) != 0 || got.More {
			t.Error("somebody without rooms finds something")
		}
	})
}

func TestTheIndexIsEmptiedWhenAskedTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		put(t, x, db, goldenDocs("room:a")...)
		if err := search.AskForRebuild(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		fresh, err := search.New(t.Context(), db, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(t, fresh, "Bauhof", "room:a"); len(got.Items) != 0 || fresh.Epoch() != 1 {
			t.Errorf("still %d hits, epoch %d", len(got.Items), fresh.Epoch())
		}
	})
}
