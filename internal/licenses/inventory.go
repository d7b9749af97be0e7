package licenses

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Part is a piece of software that the source tree builds in, and where its files are.
type Part struct {
	Name, Version, Kind, Dir string
}

// platforms are those the program is built for; each brings modules of its own.
var platforms = []string{"linux", "windows", "darwin"}

// bundled are packages that npm calls tools, but whose code ends up in the web application.
var bundled = []string{"svelte", "openapi-fetch", "openapi-typescript-helpers"}

// Inventory lists what the tree at root builds in. It needs the go command, but no network.
func Inventory(ctx context.Context, root string) ([]Part, error) {
	goParts, err := goInventory(ctx, root)
	if err != nil {
		return nil, err
	}
	webParts, err := webInventory(root)
	if err != nil {
		return nil, err
	}
	parts := append(goParts, webParts...)
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	return slices.Compact(parts), nil
}

func goInventory(ctx context.Context, root string) ([]Part, error) {
	version, goRoot, err := goItself(ctx, root)
	if err != nil {
		return nil, err
	}
	parts := []Part{{"Go standard library", version, KindGo, goRoot}}
	seen := map[string]bool{}
	for _, platform := range platforms {
		out, err := run(ctx, root, []string{"GOOS=" + platform, "GOARCH=amd64", "CGO_ENABLED=0"},
			"go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(out)) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) == 3 && !seen[fields[0]] {
				seen[fields[0]] = true
				parts = append(parts, Part{fields[0], fields[1], KindGo, fields[2]})
			}
		}
	}
	return parts, nil
}

func goItself(ctx context.Context, root string) (version, dir string, err error) {
	out, err := run(ctx, root, nil, "go", "env", "GOROOT")
	if err != nil {
		return "", "", err
	}
	out2, err := run(ctx, root, nil, "go", "list", "-m", "-f", "{{.GoVersion}}")
	if err != nil {
		return "", "", err
	}
	return strings.TrimSpace(string(out2)), strings.TrimSpace(string(out)), nil
}

func run(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // only the go command, with words from here
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, stderr.String())
	}
	return out, nil
}

// webInventory reads the lock file, so that it also works where nothing is installed.
func webInventory(root string) ([]Part, error) {
	content, err := os.ReadFile(filepath.Join(root, "ui", "package-lock.json"))
	if err != nil {
		return nil, fmt.Errorf("read lock file: %w", err)
	}
	var lock struct {
		Packages map[string]struct {
			Version string
			Dev     bool
		}
	}
	if err := json.Unmarshal(content, &lock); err != nil {
		return nil, fmt.Errorf("read lock file: %w", err)
	}
	var parts []Part
	for path, entry := range lock.Packages {
		_, name, isPackage := cutLast(path, "node_modules/")
		inside := !entry.Dev || slices.Contains(bundled, name)
		if isPackage && inside && !strings.HasPrefix(name, "@types/") {
			parts = append(parts, Part{name, entry.Version, KindWeb, filepath.Join(root, "ui", filepath.FromSlash(path))})
		}
	}
	return parts, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
