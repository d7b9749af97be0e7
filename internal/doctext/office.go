package doctext

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// Elements after which words are apart.
var (
	docxBreaks = map[string]bool{"p": true, "tab": true, "br": true, "tc": true, "tr": true}
	odtBreaks  = map[string]bool{"p": true, "h": true, "tab": true, "line-break": true, "s": true, "table-cell": true}
)

// zipped reads the text of one XML file of a ZIP.
func zipped(r io.ReaderAt, size int64, name string, breaks map[string]bool) (string, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", fmt.Errorf("open the document: %w", err)
	}
	if len(z.File) > maxEntries {
		return "", ErrTooLarge
	}
	for _, f := range z.File {
		if f.Name == name {
			return xmlText(f, breaks)
		}
	}
	return "", fmt.Errorf("the document has no %s", name)
}

func xmlText(f *zip.File, breaks map[string]bool) (text string, err error) {
	const small = 1 << 20
	if f.UncompressedSize64 > maxEntry || f.UncompressedSize64 > small && f.UncompressedSize64 > maxRatio*max(f.CompressedSize64, 1) {
		return "", ErrTooLarge
	}
	file, err := f.Open()
	if err != nil {
		return "", fmt.Errorf("open %s: %w", f.Name, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	d := xml.NewDecoder(io.LimitReader(file, maxEntry))
	d.Strict = true
	d.Entity = nil // the document's own entities are unknown, and nothing is fetched
	return collect(d, breaks)
}

func collect(d *xml.Decoder, breaks map[string]bool) (string, error) {
	var out collector
	for depth := 0; !out.full(); {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("read the document: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return "", ErrTooLarge
			}
		case xml.EndElement:
			if depth--; breaks[t.Name.Local] {
				out.add("\n")
			}
		case xml.CharData:
			out.add(string(t))
		}
	}
	return clean(out.b.String()), nil
}
