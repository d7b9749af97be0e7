package directory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rathaus/internal/directory"
)

func TestSearchFindsGermanNamesHoweverTyped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, n := range []directory.NewUser{
			{Name: "Käthe Müller-Lüdenscheidt", Email: "k.mueller@stadt.example", Unit: "Bauamt"},
			{Name: "Jörg Goethe", Title: "Straßenmeister"},
			{Name: "Zoë Strauß", Email: "zoe_strauss@stadt.example"},
			{Name: "René 100%", Email: "rene@kreis.example"},
		} {
			h.create(n)
		}
		for query, want := range map[string][]string{
			"müller":         {"Käthe Müller-Lüdenscheidt"},
			"MUELLER":        {"Käthe Müller-Lüdenscheidt"},
			"muller":         {"Käthe Müller-Lüdenscheidt"},
			"mu\u0308ll":     {"Käthe Müller-Lüdenscheidt"}, // decomposed
			"lüd käthe":      {"Käthe Müller-Lüdenscheidt"},
			"müller-l":       {"Käthe Müller-Lüdenscheidt"},
			"bauamt müller":  {"Käthe Müller-Lüdenscheidt"},
			"ller":           nil, // words begin so, they do not contain it
			"göthe":          {"Jörg Goethe"},
			"joerg":          {"Jörg Goethe"},
			"strassenm":      {"Jörg Goethe"},
			"straß":          {"Jörg Goethe"},
			"strauss":        {"Zoë Strauß"},
			"zoe":            {"Zoë Strauß"},
			"zoe_":           {"Zoë Strauß"},
			"rene":           {"René 100%"},
			"100%":           {"René 100%"},
			"%":              nil,
			"_":              nil,
			`\`:              nil,
			"'; --":          nil,
			"k.mueller@stad": {"Käthe Müller-Lüdenscheidt"},
			"müller goethe":  nil,
			"\x00":           {"Jörg Goethe", "Käthe Müller-Lüdenscheidt", "René 100%", "Zoë Strauß"},
			"":               {"Jörg Goethe", "Käthe Müller-Lüdenscheidt", "René 100%", "Zoë Strauß"},
		} {
			found, err := h.Search(t.Context(), query, 10)
			if err != nil || !slices.Equal(names(found), want) {
				t.Errorf("%q finds %v (%v), want %v", query, names(found), err, want)
			}
		}
		for _, query := range []string{strings.Repeat("x", 101), "\xff"} {
			_, err := h.Search(t.Context(), query, 10)
			wantCode(t, err, "directory.query_too_long", "a query that is no query")
		}
	})
}

func TestListGoesThroughEverybodyInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var want []string
		for n := range 23 {
			want = append(want, h.person(fmt.Sprintf("Person %02d", n/2)).ID)
		}
		h.person("Ärger")
		h.person("zuletzt")
		var seen []string
		var order []string
		cursor := ""
		for {
			page, err := h.List(t.Context(), directory.Filter{}, cursor, 5)
			h.must(err)
			if len(page.Items) > 5 {
				t.Fatalf("a page of five holds %d", len(page.Items))
			}
			for _, u := range page.Items {
				seen, order = append(seen, u.ID), append(order, u.Name)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if len(seen) != 25 || order[0] != "Ärger" || order[24] != "zuletzt" {
			t.Errorf("the list goes %v", order)
		}
		if !slices.Equal(seen[1:24], want) {
			t.Error("people of the same name are not in order of their ids, or somebody is missing")
		}
		for _, cursor := range []string{"!", "bm90aGluZw", "eyJuIjoiXHUwMDAwIiwiaSI6IiJ9"} {
			_, err := h.List(t.Context(), directory.Filter{}, cursor, 5)
			wantCode(t, err, "cursor_invalid", cursor)
		}
	})
}
