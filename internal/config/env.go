package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	envPrefix = "RATHAUS_"
	// maxItems bounds the index of a list entry in the name of a variable.
	maxItems = 100
)

// notKeys are variables of the same prefix that mean something else.
var notKeys = []string{"RATHAUS_CONFIG", "RATHAUS_TEST_", "RATHAUS_DEV_"}

// leaf is one key that a variable can set.
type leaf struct {
	shape shape
	path  []string
}

// environment reads the variables into values by path ("server::listen") and completes the list entries of tree.
type environment struct {
	*reader
	leaves map[string]leaf // by the name of the variable
	lists  map[string]leaf // lists of sections, by the beginning of the name
	values map[string]any
	tree   map[string]any
}

func (r *reader) environment(env []string, tree map[string]any) map[string]any {
	if tree == nil {
		tree = map[string]any{}
	}
	e := environment{reader: r, leaves: map[string]leaf{}, lists: map[string]leaf{}, values: map[string]any{}, tree: tree}
	e.index(r.root, nil)
	variables := map[string]string{} // of two of one name the last counts
	for _, line := range env {
		name, value, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, envPrefix) && !slices.ContainsFunc(notKeys, func(p string) bool { return strings.HasPrefix(name, p) }) {
			variables[name] = value
		}
	}
	for _, name := range slices.SortedFunc(maps.Keys(variables), byNumber) {
		e.variable(name, variables[name])
	}
	return e.values
}

// byNumber sorts entries of a list in the order of their numbers: 2 before 10.
func byNumber(a, b string) int {
	return cmp.Or(cmp.Compare(len(digits(a)), len(digits(b))), cmp.Compare(a, b))
}

func digits(name string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, name)
}

func (e *environment) index(s shape, path []string) {
	for _, f := range s.fields {
		at := append(slices.Clone(path), f.name)
		name := envPrefix + strings.ToUpper(strings.Join(at, "_"))
		switch f.kind {
		case section:
			e.index(f, at)
		case items:
			e.lists[name+"_"] = leaf{f, at}
		default:
			e.leaves[name] = leaf{f, at}
		}
	}
}

func (e *environment) variable(name, value string) {
	e.source = name
	if l, known := e.leaves[name]; known {
		path := strings.Join(l.path, ".")
		e.places[path] = place{source: name}
		if v, ok := e.read(l.shape, path, value); ok {
			e.values[strings.Join(l.path, keyDelimiter)] = v
		}
		return
	}
	for prefix, l := range e.lists {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			e.item(l, rest, value)
			return
		}
	}
	// Platforms invent variables of this kind (RATHAUS_PORT for a service of the
	// name "rathaus"), so only what begins like a section of ours is a mistake.
	first, _, _ := strings.Cut(strings.TrimPrefix(name, envPrefix), "_")
	if _, ours := e.root.field(strings.ToLower(first)); ours {
		e.unknownVariable(name)
	}
}

// item sets one key of one entry, for example 0_CLIENT_ID of auth.oidc.
func (e *environment) item(l leaf, rest, value string) {
	number, key, _ := strings.Cut(rest, "_")
	n, err := strconv.Atoi(number)
	field, known := l.shape.field(strings.ToLower(key))
	if err != nil || n < 0 || n >= maxItems || !known {
		e.unknownVariable(e.source)
		return
	}
	list := e.itemsAt(l.path)
	if n > len(*list) {
		e.report(0, "", say("entry %d is missing, entries are counted from 0 without gaps", "Eintrag %d fehlt, gezählt wird von 0 ohne Lücken", len(*list)))
		return
	}
	at := fmt.Sprintf("%s[%d]", strings.Join(l.path, "."), n)
	if n == len(*list) {
		*list = append(*list, withDefaults(l.shape, nil))
		e.places[at] = place{source: e.source}
	}
	e.places[join(at, field.name)] = place{source: e.source}
	if v, ok := e.read(field, join(at, field.name), value); ok {
		(*list)[n][field.name] = v
	}
	e.values[strings.Join(l.path, keyDelimiter)] = *list
}

// itemsAt is the list at path as the file left it, or as earlier variables did.
func (e *environment) itemsAt(path []string) *[]map[string]any {
	if list, ok := e.values[strings.Join(path, keyDelimiter)].([]map[string]any); ok {
		return &list
	}
	node := e.tree
	for _, name := range path[:len(path)-1] {
		node, _ = node[name].(map[string]any)
	}
	list, _ := node[path[len(path)-1]].([]map[string]any)
	return &list
}

func (e *environment) read(s shape, path, value string) (any, bool) {
	if s.kind == textList {
		return splitList(value), true
	}
	v, ok := s.parse(strings.TrimSpace(value))
	if s.kind == scalarText {
		v = value
	}
	if !ok {
		e.broken[path] = true
		wants := s.wants()
		e.report(0, path, text{en: "expected is " + wants.en, de: "erwartet wird " + wants.de})
	}
	return v, ok
}

func (e *environment) unknownVariable(name string) {
	var known []shape
	for n := range e.leaves {
		known = append(known, shape{name: strings.ToLower(n)})
	}
	slices.SortFunc(known, func(a, b shape) int { return strings.Compare(a.name, b.name) })
	if near := nearest(name, known); near != "" && distance(strings.ToLower(name), near) <= 3 {
		near = strings.ToUpper(near)
		e.broken[strings.Join(e.leaves[near].path, ".")] = true
		e.report(0, "", say("no key of this name, did you mean %s?", "kein Schlüssel dieses Namens, gemeint ist vielleicht %s", near))
		return
	}
	e.report(0, "", say("no key of this name", "kein Schlüssel dieses Namens"))
}

// splitList reads "a, b"; an empty variable is an empty list.
func splitList(value string) []string {
	var list []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
