package config

import "strings"

// nearest is the name among the fields that a typing mistake makes of name, or nothing.
func nearest(name string, fields []shape) string {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	best, bestDistance := "", 1+max(1, len(name)/3)
	for _, f := range fields {
		if d := distance(name, f.name); d < bestDistance {
			best, bestDistance = f.name, d
		}
	}
	return best
}

// elsewhere is the path of a key of that very name in another section, or nothing if
// there is none or more than one.
func elsewhere(root shape, name string) string {
	var found []string
	var walk func(s shape, path string)
	walk = func(s shape, path string) {
		for _, f := range s.fields {
			at := join(path, f.name)
			if f.name == name {
				found = append(found, at)
			}
			walk(f, at)
		}
	}
	walk(root, "")
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// distance is Levenshtein's: how many letters must be added, removed or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
