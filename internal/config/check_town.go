package config

import (
	"path/filepath"
	"regexp"
	"strings"
)

// maxTownName is in letters.
const maxTownName = 80

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func (c *checker) town() {
	t := c.cfg.Town
	c.line("town.name", t.Name, maxTownName)
	c.oneOf("town.locale", t.Locale, "de", "en")
	c.oneOf("town.formality", t.Formality, "sie", "du")
	if !colour.MatchString(t.Accent) {
		c.fail("town.accent", say("%q is not a colour, write it as \"#1f5f8b\" (with quotes)", "%q ist keine Farbe, Schreibweise: \"#1f5f8b\" (mit Anführungszeichen)", t.Accent))
	}
	c.coatOfArms(t.CoatOfArms)
}

func (c *checker) coatOfArms(path string) {
	if path == "" {
		return
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".svg", ".png", ".webp":
	default:
		c.fail("town.coat_of_arms", say("must be an SVG, PNG or WebP file", "muss eine SVG-, PNG- oder WebP-Datei sein"))
		return
	}
	if err := readable(path); err != nil {
		c.fail("town.coat_of_arms", unreadable(path, err))
	}
}
