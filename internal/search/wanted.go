package search

import (
	"slices"
	"strings"
)

// prepare works out which grams the blocks are asked for, and the condition of
// the documents. Both let pass what does not match, for holds to see.
func (q *question) prepare() {
	var b strings.Builder
	budget := max(leastGrams, manyGrams/max(1, len(q.terms)))
	for _, t := range q.terms {
		plain, second := someGrams(t.Plain, budget), gramsOfWords(t.Second, budget)
		switch {
		case t.Second == t.Plain:
			q.groups = append(q.groups, plain, nil)
			b.WriteString(" AND " + q.text(t.Plain))
		case t.secondTells():
			if len(second) > 0 {
				q.groups = append(q.groups, second, nil)
			}
			b.WriteString(" AND " + q.text(pieces(t.Second)...))
		default:
			if len(second) > 0 {
				q.groups = append(q.groups, plain, second)
			}
			b.WriteString(" AND (" + q.text(t.Plain) + " OR " + q.text(pieces(t.Second)...) + ")")
		}
	}
	wanted := q.flags
	if len(q.terms)+len(q.authors) > 0 {
		wanted &^= kinds // all documents of a scope are of one kind
	}
	for _, g := range wanted.grams() {
		q.groups = append(q.groups, []gram{g}, nil)
	}
	if q.flags != 0 {
		b.WriteString(" AND d.flags & ? = ?")
		q.args = append(q.args, int64(q.flags), int64(q.flags))
	}
	if len(q.authors) > 0 {
		b.WriteString(" AND d.author IN ?")
		q.args = append(q.args, q.authors)
	}
	q.condition = b.String()
	for _, g := range q.groups {
		q.grams = append(q.grams, g...)
	}
	for _, no := range q.authors {
		q.grams = append(q.grams, authorGram(no))
	}
	slices.Sort(q.grams)
	q.grams = slices.Compact(q.grams)
}

// text is a condition: the document's text holds all of these words.
func (q *question) text(words ...string) string {
	conditions := make([]string, len(words))
	for i, w := range words {
		conditions[i] = q.contains + "(d.text, ?) > 0"
		q.args = append(q.args, w)
	}
	return "(" + strings.Join(conditions, " AND ") + ")"
}

// secondTells reports whether whatever holds the plain form of a term holds the
// second one, too. It may not where the letters in front of a term decide whether its first
// e belongs to an umlaut.
func (t Term) secondTells() bool {
	return !strings.HasPrefix(t.Plain, "e") && !strings.HasPrefix(t.Plain, "ue")
}

// pieces parts the second form of a phrase into words, which do not stand
// beside each other in the index.
func pieces(s string) []string {
	if words := strings.Fields(s); len(words) > 1 {
		return words
	}
	return []string{s}
}

// gramsOfWords is someGrams for the second form.
func gramsOfWords(s string, most int) []gram {
	var out []gram
	words := pieces(s)
	for _, w := range words {
		out = append(out, someGrams(w, max(2, most/len(words)))...)
	}
	return out
}

// match returns the places of one block that hold the grams of the question.
func (q *question) match(grams map[gram]*set) *set {
	all := new(set)
	for i := range all {
		all[i] = ^uint64(0)
	}
	for i := 0; i < len(q.groups); i += 2 {
		one := conjunction(q.groups[i], grams)
		if second := q.groups[i+1]; second != nil {
			one.or(conjunction(second, grams))
		}
		all.and(one)
	}
	if len(q.authors) > 0 {
		some := new(set)
		for _, no := range q.authors {
			if s := grams[authorGram(no)]; s != nil {
				some.or(s)
			}
		}
		all.and(some)
	}
	return all
}

func conjunction(wanted []gram, grams map[gram]*set) *set {
	out := new(set)
	for i, g := range wanted {
		s := grams[g]
		switch {
		case s == nil:
			return new(set)
		case i == 0:
			*out = *s
		default:
			out.and(s)
		}
	}
	return out
}
