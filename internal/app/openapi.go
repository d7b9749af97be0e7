package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/realtime"
)

// addSocket puts the messages of the socket into the API document: one
// component for each payload, and lists by topic kind in the extensions
// x-socket-operations and x-socket-events, from which the web application's
// types are generated.
func addSocket(a huma.API, topics *realtime.Topics) {
	doc := a.OpenAPI()
	operations := map[string]any{}
	for _, op := range topics.Inventory() {
		if op.In == nil {
			continue
		}
		operations[op.Kind+"."+op.Name] = map[string]any{
			"level": op.Level.String(),
			"in":    reference(doc, op.In, op.Kind+op.Name+"In"),
			"out":   reference(doc, op.Out, op.Kind+op.Name+"Out"),
		}
	}
	events := map[string]any{}
	types := topics.EventTypes()
	for _, name := range slices.Sorted(maps.Keys(types)) {
		if types[name] != nil {
			events[name] = reference(doc, types[name], strings.ReplaceAll(name, ".", ""))
		}
	}
	if doc.Extensions == nil {
		doc.Extensions = map[string]any{}
	}
	doc.Extensions["x-socket-operations"] = operations
	doc.Extensions["x-socket-events"] = events
}

func reference(doc *huma.OpenAPI, t reflect.Type, hint string) *huma.Schema {
	return doc.Components.Schemas.Schema(t, true, hint)
}

// Document returns the API document as indented JSON.
func (p *Program) Document() ([]byte, error) {
	b, err := json.MarshalIndent(p.api.Huma.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("marshal the API document: %w", err)
	}
	return b, nil
}
