package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in the configuration.
type Problem struct {
	Source  string // path of the file, or the environment variable; empty: a default
	Line    int    // 1-based; 0: not in a file
	Key     string // for example server.public_url
	English string
	German  string
}

// In is the problem in a language, "de" or anything else for English, with its place in front.
func (p Problem) In(locale string) string {
	text := p.English
	if locale == "de" {
		text = p.German
	}
	if p.Key != "" {
		text = p.Key + ": " + text
	}
	switch {
	case p.Line > 0:
		return fmt.Sprintf("%s:%d: %s", p.Source, p.Line, text)
	case p.Source != "":
		return p.Source + ": " + text
	}
	return text
}

// Problems is every mistake that was found, in the order of the file.
type Problems []Problem //nolint:errname // it is a list of problems first, and an error because it is not empty

// Error lists all problems in English, one a line.
func (ps Problems) Error() string { return strings.Join(ps.In("en"), "\n") }

// In lists all problems in a language.
func (ps Problems) In(locale string) []string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.In(locale)
	}
	return lines
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line))
	})
}

// text is one message in both languages. The arguments of both are the same, in the same order.
type text struct{ en, de string }

func say(en, de string, args ...any) text {
	return text{en: fmt.Sprintf(en, args...), de: fmt.Sprintf(de, args...)}
}
