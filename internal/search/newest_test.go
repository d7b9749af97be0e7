package search_test

import (
	"cmp"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/search"
	"rathaus/internal/store"
)

// heap is what somebody who read everything would know.
type heap struct {
	docs []search.Doc
}

// found returns the newest documents of scopes that hold the terms, at most limit, and how many there are.
func (h heap) found(scopes []string, terms []search.Term, since, before time.Time, limit int) ([]search.Doc, int) {
	var out []search.Doc
	for _, d := range h.docs {
		if !slices.Contains(scopes, d.Scope) || !search.Contains(d.Text, terms) {
			continue
		}
		if d.At.Before(since) || !before.IsZero() && !d.At.Before(before) {
			continue
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b search.Doc) int { return b.At.Compare(a.At) })
	return out[:min(limit, len(out))], len(out)
}

// makeHeap fills scopes of very different length, of which the largest has several blocks,
// and packs all but their tails.
func makeHeap(t *testing.T, x *search.Index, db *store.DB, random *rand.Rand) (heap, []string) {
	t.Helper()
	words := strings.Fields("Satzung Haushalt Haushaltssatzung Bürgermeister Buergermeisterin Gebühr der und oder bauen Neubau Ufer überall euer")
	var h heap
	var scopes []string
	for i, size := range []int{5300, 700, 40, 3, 1} {
		scope := fmt.Sprintf("room:%d", i)
		scopes = append(scopes, scope)
		var docs []search.Doc
		for n := range size {
			var text []string
			for range 1 + random.Intn(3) {
				text = append(text, words[random.Intn(len(words))])
			}
			switch {
			case n%997 == 1:
				text = append(text, "Xylophon")
			case n%60 == 0:
				text = append(text, "Gebühr und")
			case n%2 == 0:
				text = append(text, "Gebühr für und") // has the words of the phrase, but not the phrase
			}
			at := begin.Add(time.Duration(n+1)*time.Hour/time.Duration(size) + time.Duration(i)*time.Microsecond*1000)
			docs = append(docs, search.Doc{Scope: scope, Place: int64(2*n + 1), At: at.Truncate(time.Millisecond), Author: "ada", Flags: search.IsMessage, Text: strings.Join(text, " ")})
		}
		packed := size - size/3
		for part := range slices.Chunk(docs[:packed], 500) {
			put(t, x, db, part...)
		}
		require.NoError(t, x.Pack(t.Context(), scope))
		put(t, x, db, docs[packed:]...)
		h.docs = append(h.docs, docs...)
	}
	return h, scopes
}

// Requirement row 002-16: the index answers what reading all texts would answer, wherever
// the documents lie: in tails, in one block or in several, few or more than are wanted.
func TestTheIndexFindsWhatReadingEverythingWouldFind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *search.Index, db *store.DB) {
		random := rand.New(rand.NewSource(11))
		h, scopes := makeHeap(t, x, db, random)
		for _, query := range []string{
			"satzung", "haushaltssatzung", "Buergermeister", "bürgermeister gebühr", `"der und"`, "xylophon", "ue", "euer", "er", "e", "überall", "ufer", "neubau bauen", "Kreisverkehr", `"oder euer"`, `"Gebuehr und"`,
		} {
			q, err := search.Parse(query, begin)
			require.NoError(t, err)
			for _, limit := range []int{1, 7, 200} {
				for _, some := range [][]string{scopes, scopes[1:], scopes[:1], scopes[3:]} {
					compare(t, x, h, search.Ask{Scopes: some, Terms: q.Terms, Ordered: true, Limit: limit}, query)
				}
				since := begin.Add(time.Duration(random.Intn(50)) * time.Minute)
				compare(t, x, h, search.Ask{Scopes: scopes, Terms: q.Terms, Ordered: true, Limit: limit, Since: since, Before: since.Add(5 * time.Minute)}, query)
			}
		}
	})
}

func compare(t *testing.T, x *search.Index, h heap, ask search.Ask, query string) {
	t.Helper()
	m, err := x.Find(t.Context(), ask)
	require.NoError(t, err)
	want, all := h.found(ask.Scopes, ask.Terms, ask.Since, ask.Before, ask.Limit)
	slices.SortStableFunc(m.Items, func(a, b search.Match) int { return b.At.Compare(a.At) })
	label := fmt.Sprintf("%q in %v, at most %d", query, ask.Scopes, ask.Limit)
	require.Equal(t, all > ask.Limit, m.More, label)
	require.Len(t, m.Items, len(want), label)
	for i := range want {
		require.Zero(t, cmp.Or(want[i].At.Compare(m.Items[i].At), cmp.Compare(want[i].Scope, m.Items[i].Scope)), "%s: hit %d is %s of %s, not %s of %s",
			label, i, m.Items[i].At, m.Items[i].Scope, want[i].At, want[i].Scope)
	}
}
