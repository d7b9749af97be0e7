package licenses

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"
)

// Bill is a software bill of materials as CycloneDX 1.6 describes it.
type Bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     BillMetadata `json:"metadata"`
	Components   []Component  `json:"components"`
	Dependencies []Dependency `json:"dependencies"`
}

// BillMetadata says what the bill is about. It has no time, so that one state of
// the program always gives the same bill.
type BillMetadata struct {
	Component Component `json:"component"`
}

// Component is a piece of software in a bill.
type Component struct {
	Type     string          `json:"type"`
	Ref      string          `json:"bom-ref"`
	Name     string          `json:"name"`
	Version  string          `json:"version"`
	Licenses []LicenceChoice `json:"licenses"`
	Purl     string          `json:"purl"`
}

// LicenceChoice is either a licence or an expression of several.
type LicenceChoice struct {
	License    *LicenceID `json:"license,omitempty"`
	Expression string     `json:"expression,omitempty"`
}

// LicenceID is a licence by its name in the list of SPDX.
type LicenceID struct {
	ID string `json:"id"`
}

// Dependency says what a component is made of.
type Dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// NewBill makes the bill of the program in the given version.
func NewBill(version string, inside []Package) Bill {
	program := Component{
		Type: "application", Name: "rathaus", Version: version,
		Licenses: licenceChoice("EUPL-1.2"), Purl: purl("generic", "rathaus", version),
	}
	program.Ref = program.Purl
	bill := Bill{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:   BillMetadata{Component: program},
		Components: make([]Component, 0, len(inside)),
	}
	all := Dependency{Ref: program.Ref, DependsOn: make([]string, 0, len(inside))}
	sum := sha256.New()
	fmt.Fprintln(sum, program.Purl)
	for _, p := range inside {
		c := component(p)
		bill.Components = append(bill.Components, c)
		all.DependsOn = append(all.DependsOn, c.Ref)
		fmt.Fprintln(sum, c.Purl)
	}
	bill.Dependencies = []Dependency{all}
	bill.SerialNumber = serial(sum.Sum(nil))
	return bill
}

func component(p Package) Component {
	c := Component{Type: "library", Name: p.Name, Version: p.Version, Licenses: licenceChoice(p.License)}
	switch {
	case p.Kind == KindWeb:
		c.Purl = purl("npm", p.Name, p.Version)
	case strings.Contains(p.Name, " "): // Go itself
		c.Purl = purl("golang", "std", p.Version)
	default:
		c.Purl = purl("golang", p.Name, p.Version)
	}
	c.Ref = c.Purl
	return c
}

func licenceChoice(spdx string) []LicenceChoice {
	if strings.ContainsAny(spdx, " (") {
		return []LicenceChoice{{Expression: spdx}}
	}
	return []LicenceChoice{{License: &LicenceID{spdx}}}
}

// purl writes a package URL; the parts of a name are escaped one by one.
func purl(kind, name, version string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(part), "@", "%40")
	}
	return "pkg:" + kind + "/" + strings.Join(parts, "/") + "@" + url.PathEscape(version)
}

// serial makes a UUID (version 8) of a hash.
func serial(sum []byte) string {
	b := append([]byte(nil), sum[:16]...)
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
