package app_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The import law of the house (docs/architecture.md).

type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Doc          string
	Standard     bool
	DepOnly      bool
}

var features = []string{"auth", "chat", "pads", "meet", "admin"}

func isFeature(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "rathaus/"), "/")
	return strings.HasPrefix(path, "rathaus/") && slices.Contains(features, first)
}

func featureOf(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "rathaus/"), "/")
	return first
}

func packages(t *testing.T) []pkg {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Doc", "./...")
	cmd.Dir = root
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list the packages: %v", err)
	}
	var all []pkg
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportLaw(t *testing.T) {
	t.Parallel()
	mayImportFeatures := []string{"rathaus/internal/app", "rathaus/internal/cli", "rathaus/internal/testkit"}
	for _, p := range packages(t) {
		for _, imp := range p.Imports {
			switch {
			case isFeature(p.ImportPath) && isFeature(imp) && featureOf(p.ImportPath) != featureOf(imp):
				t.Errorf("%s imports %s: no feature imports a feature", p.ImportPath, imp)
			case strings.HasPrefix(p.ImportPath, "rathaus/internal/") && isFeature(imp) && !under(p.ImportPath, mayImportFeatures):
				t.Errorf("%s imports %s: only app, cli and testkit import features", p.ImportPath, imp)
			case slices.Contains([]string{"rathaus/internal/access", "rathaus/internal/fault"}, p.ImportPath) && strings.Contains(imp, "."):
				t.Errorf("%s imports %s: access and fault import only the standard library", p.ImportPath, imp)
			case under(p.ImportPath, []string{"rathaus/meet/sfu", "rathaus/meet/turn"}) && !mediaImport(imp):
				t.Errorf("%s imports %s: the media packages import pion, sockets and the standard library only", p.ImportPath, imp)
			}
		}
	}
}

func under(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return path == r || strings.HasPrefix(path, r+"/") })
}

func mediaImport(imp string) bool {
	return !strings.Contains(imp, ".") && !strings.HasPrefix(imp, "rathaus/") ||
		strings.HasPrefix(imp, "github.com/pion/") || under(imp, []string{"rathaus/meet/sfu", "golang.org/x/net", "golang.org/x/sys"})
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.Doc == "" && p.ImportPath != "rathaus" {
			t.Errorf("%s has no package documentation", p.ImportPath)
		}
	}
}
