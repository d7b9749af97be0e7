package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	sqlite3 "modernc.org/sqlite/lib"
)

// Version is the version of a release, set by the linker (see Makefile). Where it
// is empty, Go's own build information says what is known.
var Version string

// Build says which program this is.
type Build struct {
	Version  string    `json:"version"`
	Commit   string    `json:"commit,omitempty"`
	Built    time.Time `json:"commit_time,omitzero"`
	Modified bool      `json:"modified"` // built from a tree with changes beyond the commit
	Go       string    `json:"go"`
	Platform string    `json:"platform"`
	SQLite   string    `json:"sqlite"`
}

// ThisBuild describes the running program.
func ThisBuild() Build {
	v := Build{Version: Version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, SQLite: sqlite3.SQLITE_VERSION}
	if info, ok := debug.ReadBuildInfo(); ok {
		if v.Version == "" && info.Main.Version != "(devel)" {
			v.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			v.set(s.Key, s.Value)
		}
	}
	if v.Version == "" {
		v.Version = "development"
	}
	return v
}

func (v *Build) set(key, value string) {
	switch key {
	case "vcs.revision":
		v.Commit = value
	case "vcs.modified":
		v.Modified = value == "true"
	case "vcs.time":
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			v.Built = t
		}
	}
}

func (p *program) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show version, commit, Go and SQLite",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return p.writeJSON(ThisBuild())
			}
			return p.writeVersion(ThisBuild())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (p *program) writeVersion(v Build) error {
	commit := v.Commit
	if commit == "" {
		commit = "unknown"
	} else if v.Modified {
		commit += " (with changes)"
	}
	_, err := fmt.Fprintf(p.Out, "rathaus %s\ncommit  %s\ngo      %s %s\nsqlite  %s\n", v.Version, commit, v.Go, v.Platform, v.SQLite)
	return err
}

func (p *program) writeJSON(value any) error {
	out, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	_, err = p.Out.Write(append(out, '\n'))
	return err
}
