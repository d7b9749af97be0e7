// Package module is the contract between the program and its modules: a plain
// value for each, listed in order in internal/app/modules.go.
package module

import (
	"context"
	"io/fs"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/realtime"
)

// Module is one feature of the house. Any field may be left empty.
type Module struct {
	Name       string
	Migrations fs.FS                       // goose SQL, one folder for each dialect: sqlite/, postgres/
	Routes     func(huma.API)              // registers all HTTP operations
	Topics     func(*realtime.Topics)      // registers all socket topics
	Run        func(context.Context) error // all background work; returns when ctx ends
}
