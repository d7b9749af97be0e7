package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"rathaus/internal/licenses"
)

// allowed are the licences that may be inside a work under the EUPL-1.2.
var allowed = []string{
	"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0",
	"ISC", "MIT", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unlicense", "Zlib",
}

// licenceFile matches the files whose text must travel with the program.
var licenceFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|notice|patents)([-._].*)?$`)

// marks are phrases that tell licences apart, the more specific first.
var marks = []struct{ spdx, phrase string }{
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"Apache-2.0", "apache license version 2.0"},
	{"Apache-2.0", "apache license, version 2.0"},
	{"GPL", "gnu general public license"},
	{"GPL", "gnu lesser general public license"},
	{"OFL-1.1", "sil open font license version 1.1"},
	{"BSD-3-Clause", "endorse or promote products derived from"},
	{"BSD-2-Clause", "redistributions in binary form must reproduce"},
	{"MIT", "permission is hereby granted, free of charge"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software"},
	{"ISC", "permission to use, copy, modify, and distribute this software"},
	{"Unlicense", "this is free and unencumbered software"},
}

// known are modules whose licence file holds more than one licence.
var known = map[string]string{"go.yaml.in/yaml/v3": "MIT AND Apache-2.0"}

// inReadme are npm packages that name their licence in their readme only.
var inReadme = map[string]string{"combine-errors": "MIT"}

func describe(part licenses.Part) (licenses.Package, error) {
	one := licenses.Package{Name: part.Name, Version: part.Version, Kind: part.Kind}
	texts, err := licenceTexts(part.Dir)
	if err != nil {
		return one, err
	}
	one.Text = strings.Join(texts, "\n\n"+strings.Repeat("-", 72)+"\n\n")
	if part.Kind == licenses.KindWeb {
		one.License, err = declared(part.Dir)
		if said := inReadme[part.Name]; err == nil && one.License == "" {
			one.License = said
		}
		if one.Text == "" {
			one.Text = standardText(one.License, part)
		}
	} else if one.License = known[part.Name]; one.License == "" {
		one.License, err = recognised(texts)
	}
	if err != nil {
		return one, err
	}
	if one.Text == "" {
		return one, errors.New("has no licence text in " + part.Dir)
	}
	return one, permitted(one.License)
}

// licenceTexts reads the licence files of a folder, also those in LICENSES/.
func licenceTexts(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, entry := range entries {
		if strings.EqualFold(entry.Name(), "licenses") && entry.IsDir() {
			more, err := filepath.Glob(filepath.Join(dir, entry.Name(), "*.txt"))
			if err != nil {
				return nil, err
			}
			for _, path := range more {
				content, err := os.ReadFile(path)
				if err != nil {
					return nil, err
				}
				texts = append(texts, normalise(content))
			}
			continue
		}
		if entry.IsDir() || !licenceFile.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, normalise(content))
	}
	return texts, nil
}

func normalise(content []byte) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(string(content), "?"), "\r\n", "\n"))
}

var spaces = regexp.MustCompile(`\s+`)

// recognised names the licence of a Go module by the first file that one of the marks fits.
func recognised(texts []string) (string, error) {
	for _, text := range texts {
		plain := strings.ToLower(spaces.ReplaceAllString(text, " "))
		for _, m := range marks {
			if strings.Contains(plain, m.phrase) {
				return m.spdx, nil
			}
		}
	}
	return "", errors.New("its licence is not recognised")
}

// declared is the licence that package.json names.
func declared(dir string) (string, error) {
	content, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", fmt.Errorf("%w (is ui/node_modules installed?)", err)
	}
	var manifest struct{ License string }
	if err := json.Unmarshal(content, &manifest); err != nil {
		return "", fmt.Errorf("read package.json: %w", err)
	}
	return manifest.License, nil
}

// permitted looks for a licence of an "A OR B" expression that goes with the EUPL.
func permitted(expression string) error {
	for choice := range strings.SplitSeq(strings.Trim(expression, "()"), " OR ") {
		all := true
		for one := range strings.SplitSeq(choice, " AND ") {
			all = all && slices.Contains(allowed, strings.TrimSpace(one))
		}
		if all {
			return nil
		}
	}
	return fmt.Errorf("the licence %q is not among those allowed", expression)
}
