package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFileBytes bounds the configuration file and every file it names.
const maxFileBytes = 1 << 20

// place is where a value was written.
type place struct {
	source string
	line   int
}

// reader turns a YAML file into a tree that holds only known keys with values of the right type.
// What does not fit is reported and left out, so that the rest can be checked as well.
type reader struct {
	root     shape
	source   string
	places   map[string]place
	broken   map[string]bool // keys that were meant but could not be read
	problems Problems
}

func newReader(root shape) *reader {
	return &reader{root: root, places: map[string]place{}, broken: map[string]bool{}}
}

// file reads the configuration file at path.
func (r *reader) file(path string) map[string]any {
	r.source = path
	content, err := readLimited(path)
	if err != nil {
		r.report(0, "", say("cannot be read: %v", "lässt sich nicht lesen: %v", err))
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		r.report(second.Line, "", say("a second document begins; only one is read", "ein zweites Dokument beginnt; gelesen wird nur eines"))
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
	}
	return r.section(r.root, document.Content[0], "")
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax reports what the YAML parser could not read at all.
func (r *reader) syntax(err error) {
	message := err.Error()
	match := yamlLine.FindStringSubmatch(message)
	line := 0
	if match != nil {
		message = strings.TrimPrefix(message, match[0])
		if n, err := strconv.Atoi(match[1]); err == nil {
			line = n
		}
	}
	r.report(line, "", say("is not valid YAML: %s", "ist kein gültiges YAML: %s", message))
}

func (r *reader) section(s shape, node *yaml.Node, path string) map[string]any {
	node = follow(node)
	if isNull(node) {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		r.wrong(s, node, path)
		return nil
	}
	tree := map[string]any{}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		at := join(path, key.Value)
		if first, again := seen[key.Value]; again {
			r.report(key.Line, at, say("is already set in line %d", "ist schon in Zeile %d gesetzt", first))
			continue
		}
		seen[key.Value] = key.Line
		field, known := s.field(key.Value)
		if !known {
			r.unknown(s, key, path)
			continue
		}
		r.places[at] = place{r.source, key.Line}
		if v := r.value(field, value, at); v != nil {
			tree[field.name] = v
		}
	}
	return tree
}

// value is what stands at a key, or nil if there is nothing or nothing that fits.
func (r *reader) value(s shape, node *yaml.Node, path string) any {
	node = follow(node)
	if isNull(node) {
		return nil
	}
	switch s.kind {
	case section:
		if tree := r.section(s, node, path); tree != nil {
			return tree
		}
		return nil
	case items, textList:
		return r.list(s, node, path)
	default:
		return r.scalar(s, node, path)
	}
}

func (r *reader) list(s shape, node *yaml.Node, path string) any {
	if node.Kind != yaml.SequenceNode {
		return r.wrong(s, node, path)
	}
	if s.kind == items {
		list := make([]map[string]any, 0, len(node.Content))
		for i, item := range node.Content {
			at := fmt.Sprintf("%s[%d]", path, i)
			r.places[at] = place{r.source, item.Line}
			list = append(list, withDefaults(s, r.section(shape{kind: section, fields: s.fields}, item, at)))
		}
		return list
	}
	list := make([]string, 0, len(node.Content))
	for i, item := range node.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		r.places[at] = place{r.source, item.Line}
		if v, ok := r.scalar(shape{kind: scalarText}, follow(item), at).(string); ok {
			list = append(list, v)
		}
	}
	return list
}

func (r *reader) scalar(s shape, node *yaml.Node, path string) any {
	if node.Kind != yaml.ScalarNode || !tagFits(s.kind, node.ShortTag()) {
		return r.wrong(s, node, path)
	}
	value, ok := s.parse(node.Value)
	if !ok {
		return r.wrong(s, node, path)
	}
	return value
}

// tagFits keeps YAML's types apart. A text may look like a number (a password, a port), not like true or false.
func tagFits(k kind, tag string) bool {
	switch k {
	case scalarBool:
		return tag == "!!bool"
	case scalarInt:
		return tag == "!!int"
	case scalarDuration:
		return tag == "!!str"
	default:
		return tag != "!!bool" && tag != "!!binary"
	}
}

func (r *reader) wrong(s shape, node *yaml.Node, path string) any {
	r.broken[path] = true
	wants := s.wants()
	r.report(node.Line, path, text{
		en: "has the wrong type, expected is " + wants.en,
		de: "hat den falschen Typ, erwartet wird " + wants.de,
	})
	return nil
}

func (r *reader) unknown(s shape, key *yaml.Node, path string) {
	at := join(path, key.Value)
	near := nearest(key.Value, s.fields)
	if near == "" {
		near = elsewhere(r.root, key.Value)
		if near == "" {
			r.report(key.Line, at, say("is unknown", "ist unbekannt"))
			return
		}
	} else {
		r.broken[join(path, near)] = true
	}
	r.report(key.Line, at, say("is unknown, did you mean %s?", "ist unbekannt, gemeint ist vielleicht %s", near))
}

func (r *reader) report(line int, key string, t text) {
	r.problems = append(r.problems, Problem{Source: r.source, Line: line, Key: key, English: t.en, German: t.de})
}

// withDefaults fills what an item of a list leaves out.
func withDefaults(s shape, tree map[string]any) map[string]any {
	if tree == nil {
		tree = map[string]any{}
	}
	for _, f := range s.fields {
		if _, set := tree[f.name]; !set {
			tree[f.name] = f.fallback
		}
	}
	return tree
}

func follow(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null"
}

func readLimited(path string) (content []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	content, err = io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err == nil && len(content) > maxFileBytes {
		err = fmt.Errorf("%s is larger than %d bytes", path, maxFileBytes)
	}
	return content, err
}
