//go:build linux

package proof_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rathaus/internal/config"
	"rathaus/internal/proof"
)

// The pages that tell people what to type.
var pages = []string{"README.md", "CONTRIBUTING.md", "docs/install.md", "docs/operations.md"}

// fence finds a code block and its language.
var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```")

type block struct{ page, kind, text string }

func blocks(t *testing.T) []block {
	t.Helper()
	var all []block
	for _, page := range pages {
		b, err := os.ReadFile(filepath.Join("..", "..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fence.FindAllStringSubmatch(string(b), -1) {
			all = append(all, block{page, m[1], m[2]})
		}
	}
	return all
}

// TestCommandsInTheDocumentsWork runs every rathaus command of the pages for
// the IT lead, as it stands there, on a trial installation.
func TestCommandsInTheDocumentsWork(t *testing.T) {
	t.Parallel()
	program, dir := binary(t), t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	media, err := proof.FreePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	trial := fmt.Sprintf("data:\n  dir: %s/data\nserver:\n  listen: 127.0.0.1:0\n  metrics_listen: 127.0.0.1:0\nmeet:\n  udp_port: %[2]s\n  tcp_port: %[2]s\n", dir, media[0])
	if err := os.WriteFile(file, []byte(trial), 0o600); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, b := range blocks(t) {
		for line := range strings.SplitSeq(b.text, "\n") {
			words := split(line)
			if len(words) < 2 || words[0] != "rathaus" || strings.Contains(line, "…") {
				continue
			}
			ran++
			for i := range words {
				words[i] = strings.ReplaceAll(words[i], "/etc/rathaus/config.yaml", file)
			}
			if slices.Contains(words, "disable") { // needs somebody who is there
				run(t, program, dir, file, "user", "create", words[len(words)-1])
			}
			run(t, program, dir, file, words[1:]...)
		}
	}
	if ran < 5 {
		t.Errorf("only %d commands were found in the documents", ran)
	}
}

func run(t *testing.T, program, dir, file string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RATHAUS_CONFIG="+file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("rathaus %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// split takes a command line apart; double quotes hold words together.
func split(line string) []string {
	var words []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func TestConfigurationInTheDocumentsIsValid(t *testing.T) {
	t.Parallel()
	found := 0
	for _, b := range blocks(t) {
		if b.kind != "yaml" {
			continue
		}
		found++
		file := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(file, []byte(b.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := config.Load(config.Source{File: file})
		if err == nil {
			continue
		}
		for line := range strings.SplitSeq(err.Error(), "\n") { // files that only the town has
			if line != "" && !strings.Contains(line, "no such file") && !strings.Contains(line, "does not exist") {
				t.Errorf("%s: %s", b.page, line)
			}
		}
	}
	if found == 0 {
		t.Error("the documents should show a configuration")
	}
}

func TestTargetsInTheDocumentsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks(t) {
		for line := range strings.SplitSeq(b.text, "\n") {
			words := strings.Fields(line)
			if len(words) > 1 && words[0] == "make" && !strings.Contains(string(makefile), "\n"+words[1]+":") {
				t.Errorf("%s: make %s is no target", b.page, words[1])
			}
		}
	}
}
