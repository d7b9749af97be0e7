package config

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the tiles, so that the start page stays one look.
const (
	MaxPortalLinks = 24
	maxLinkName    = 60   // letters
	maxLinkText    = 120  // letters
	maxLinkAddress = 2000 // bytes
)

// PortalIcons are the pictures that a tile can show.
var PortalIcons = []string{
	"book", "calendar", "chart", "clock", "cloud", "euro", "file", "form", "globe", "landmark",
	"link", "mail", "map", "phone", "scale", "ticket", "tool", "users",
}

func (c *checker) portal() {
	links := c.cfg.Portal.Links
	if len(links) > MaxPortalLinks {
		c.fail(itemKey("portal.links", MaxPortalLinks), say("is one too many, there can be %d", "ist einer zu viel, möglich sind %d", MaxPortalLinks))
	}
	for i, l := range links[:min(len(links), MaxPortalLinks)] {
		at := itemKey("portal.links", i)
		if l.Name == "" {
			c.fail(at+".name", say("is missing", "fehlt"))
		}
		c.line(at+".name", l.Name, maxLinkName)
		c.line(at+".text", l.Text, maxLinkText)
		c.linkAddress(at+".address", l.Address)
		c.oneOf(at+".icon", l.Icon, PortalIcons...)
	}
}

// line demands one line of at most so many letters.
func (c *checker) line(key, value string, most int) {
	if utf8.RuneCountInString(value) > most || strings.ContainsFunc(value, unicode.IsControl) {
		c.fail(key, say("must be one line of at most %d characters", "muss eine Zeile mit höchstens %d Zeichen sein", most))
	}
}

// linkAddress accepts where a browser may be sent: http or https, without a
// password that everybody would see.
func (c *checker) linkAddress(key, address string) {
	if address == "" {
		c.fail(key, say("is missing", "fehlt"))
		return
	}
	u, err := url.Parse(address)
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
	if !web || len(address) > maxLinkAddress || strings.ContainsFunc(address, unicode.IsSpace) {
		c.fail(key, say("%q is not an address that begins with https:// or http://", "%q ist keine Adresse, die mit https:// oder http:// beginnt", address))
	}
}
