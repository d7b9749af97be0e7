package licenses

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the list
	"encoding/json"
	"fmt"
	"io"
)

//go:generate go run ./gen

//go:embed list.json.gz
var packed []byte

// maxListBytes bounds the unpacked list.
const maxListBytes = 16 << 20

// The values of Package.Kind.
const (
	KindGo  = "go"  // compiled into the program
	KindWeb = "web" // part of the web application
)

// Package is one piece of software inside.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
	License string `json:"license"` // SPDX expression
	Text    string `json:"text"`    // licence texts and notices as their authors ship them
}

// All lists the software inside, ordered by kind and name. It unpacks the list on
// each call: it is wanted rarely, and so it does not stay in memory.
func All() ([]Package, error) { return Read(bytes.NewReader(packed)) }

// Read reads a packed list.
func Read(r io.Reader) ([]Package, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("unpack licence list: %w", err)
	}
	var list []Package
	if err := json.NewDecoder(io.LimitReader(unpacked, maxListBytes)).Decode(&list); err != nil {
		return nil, fmt.Errorf("read licence list: %w", err)
	}
	return list, nil
}
