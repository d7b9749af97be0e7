package config

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

// kind is what may stand at a key.
type kind int

const (
	section    kind = iota // keys below
	items                  // a list of sections
	textList               // a list of texts
	scalarText             // string or Secret
	scalarBool
	scalarInt
	scalarDuration
)

// shape is one key as the struct declares it; the struct is the only schema there is.
type shape struct {
	name     string
	kind     kind
	fields   []shape // of a section, or of each item
	fallback any     // default of a leaf, in the form that parse and the file reader produce
}

// schema is the shape of the whole configuration.
func schema() shape { return shapeOf("", reflect.ValueOf(*Default())) }

func shapeOf(name string, v reflect.Value) shape {
	s := shape{name: name}
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		s.kind, s.fallback = scalarDuration, v.Interface()
	case v.Kind() == reflect.Struct:
		s.kind, s.fields = section, fieldsOf(v)
	case v.Type() == reflect.TypeFor[[]OIDCProvider]():
		s.kind, s.fields = items, fieldsOf(reflect.ValueOf(defaultOIDC()))
	case v.Type() == reflect.TypeFor[[]PortalLink]():
		s.kind, s.fields = items, fieldsOf(reflect.ValueOf(defaultLink()))
	case v.Type() == reflect.TypeFor[[]string]():
		s.kind, s.fallback = textList, v.Interface()
	case v.Kind() == reflect.String:
		s.kind, s.fallback = scalarText, v.String()
	case v.Kind() == reflect.Bool:
		s.kind, s.fallback = scalarBool, v.Bool()
	case v.CanInt():
		s.kind, s.fallback = scalarInt, v.Int()
	default:
		panic("config: no shape for " + v.Type().String())
	}
	return s
}

func fieldsOf(v reflect.Value) []shape {
	var fields []shape
	for f, value := range v.Fields() {
		if key := f.Tag.Get("yaml"); key != "-" {
			fields = append(fields, shapeOf(key, value))
		}
	}
	return fields
}

func (s shape) field(name string) (shape, bool) {
	for _, f := range s.fields {
		if f.name == name {
			return f, true
		}
	}
	return shape{}, false
}

// parse reads a scalar as it is written in the file or in a variable.
func (s shape) parse(value string) (any, bool) {
	switch s.kind {
	case scalarText:
		return value, true
	case scalarBool:
		b, err := strconv.ParseBool(value)
		return b, err == nil
	case scalarInt:
		n, err := strconv.ParseInt(strings.ReplaceAll(value, "_", ""), 10, 64)
		return n, err == nil
	case scalarDuration:
		d, err := parseDuration(value)
		return d, err == nil
	default:
		return nil, false
	}
}

// wants says what belongs at a key, for the message about a wrong type.
func (s shape) wants() text {
	switch s.kind {
	case section:
		return say("keys below it", "Schlüssel darunter")
	case items:
		return say("a list of entries (each beginning with \"- \")", "eine Liste von Einträgen (jeder beginnt mit \"- \")")
	case textList:
		return say("a list of texts", "eine Liste von Texten")
	case scalarBool:
		return say("true or false", "true oder false")
	case scalarInt:
		return say("a whole number", "eine ganze Zahl")
	case scalarDuration:
		return say("a duration such as 90s, 12h or 30d", "eine Dauer wie 90s, 12h oder 30d")
	default:
		return say("a text", "ein Text")
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
