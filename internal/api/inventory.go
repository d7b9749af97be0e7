package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
)

// Route is a row of the inventory of the HTTP interface.
type Route struct {
	Method      string
	Path        string // below Base
	OperationID string
	Level       access.Level
}

// Inventory lists every operation, sorted by path and method.
func Inventory(a huma.API) []Route {
	var all []Route
	for path, item := range a.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete, item.Head, item.Options} {
			if op != nil {
				all = append(all, Route{op.Method, path, op.OperationID, levelOf(op)})
			}
		}
	}
	slices.SortFunc(all, func(x, y Route) int {
		return strings.Compare(x.Path+" "+x.Method, y.Path+" "+y.Method)
	})
	return all
}

// Check returns an error that names every operation without a level and every
// operation id that is used twice.
func Check(a huma.API) error {
	seen := map[string]bool{}
	var bad []string
	for _, r := range Inventory(a) {
		if r.Level == access.Deny {
			bad = append(bad, r.Method+" "+r.Path+" has no level")
		}
		if seen[r.OperationID] {
			bad = append(bad, "operation id "+r.OperationID+" is used twice")
		}
		seen[r.OperationID] = true
	}
	if len(bad) > 0 {
		return fmt.Errorf("routes: %s", strings.Join(bad, "; "))
	}
	return nil
}
