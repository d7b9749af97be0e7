// Package doctext reads the words of documents, so that they can be found: plain
// text, Markdown, CSV, docx, odt and PDF.
//
// What comes in was written by anybody. Every format has hard limits on what is
// read, unpacked and returned; XML knows no entities but its own five. Formats
// with an inner life are read by another process ([Reader]), which is ended when it
// takes too long or too much memory: a document that breaks it costs one document.
//
// Goroutines: none of its own.
package doctext

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// Limits of one document.
const (
	MaxInput   = 25 << 20  // bytes of a file that is looked into
	MaxText    = 128 << 10 // bytes of text that are kept
	maxEntries = 2000      // files in a ZIP
	maxEntry   = 48 << 20  // bytes of the one that is read, unpacked
	maxRatio   = 300       // unpacked to packed, where that is more than a megabyte
	maxDepth   = 256       // elements inside each other
	maxPages   = 400       // of a PDF
)

// Format says how a document is read.
type Format string

// The formats.
const (
	None  Format = ""
	Plain Format = "plain"
	Docx  Format = "docx"
	Odt   Format = "odt"
	PDF   Format = "pdf"
)

// FormatOf tells the format by the media type of the content, and where that says
// nothing by the ending of the name.
func FormatOf(name, mediaType string) Format {
	ending := strings.ToLower(path.Ext(name))
	switch {
	case mediaType == "application/pdf":
		return PDF
	case strings.HasPrefix(mediaType, "application/vnd.openxmlformats-officedocument.wordprocessingml"):
		return Docx
	case strings.HasPrefix(mediaType, "application/vnd.oasis.opendocument.text"):
		return Odt
	case strings.HasPrefix(mediaType, "text/plain"), strings.HasPrefix(mediaType, "text/csv"), strings.HasPrefix(mediaType, "text/markdown"):
		return Plain
	case mediaType == "application/zip" || mediaType == "application/octet-stream" || mediaType == "":
		return map[string]Format{".docx": Docx, ".odt": Odt, ".txt": Plain, ".md": Plain, ".csv": Plain}[ending]
	}
	return None
}

// ErrTooLarge is the answer to documents beyond a limit.
var ErrTooLarge = errors.New("the document is larger than what is looked into")

// Text reads the words of a document in this process.
func Text(format Format, r io.ReaderAt, size int64) (text string, err error) {
	defer func() {
		if p := recover(); p != nil {
			text, err = "", fmt.Errorf("the document breaks its reader: %v", p)
		}
	}()
	if size > MaxInput {
		return "", ErrTooLarge
	}
	switch format {
	case Plain:
		return plainText(r, size)
	case Docx:
		return zipped(r, size, "word/document.xml", docxBreaks)
	case Odt:
		return zipped(r, size, "content.xml", odtBreaks)
	case PDF:
		return pdfText(r, size)
	case None:
	}
	return "", fmt.Errorf("no reader for format %q", format)
}

// plainText takes what is valid of the beginning.
func plainText(r io.ReaderAt, size int64) (string, error) {
	b, err := io.ReadAll(io.NewSectionReader(r, 0, min(size, MaxText)))
	if err != nil {
		return "", fmt.Errorf("read a text: %w", err)
	}
	if !utf8.Valid(b) {
		b = fromLatin(b)
	}
	return clean(string(b)), nil
}

// fromLatin reads old German texts, unless it is no text at all.
func fromLatin(b []byte) []byte {
	if cut := strings.ToValidUTF8(string(b), ""); len(b)-len(cut) < utf8.UTFMax {
		return []byte(cut) // a letter was cut in two at the end
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

// clean drops what a database cannot keep.
func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
}

// collector keeps text up to the limit.
type collector struct{ b strings.Builder }

func (c *collector) full() bool { return c.b.Len() >= MaxText }

func (c *collector) add(s string) {
	c.b.WriteString(s[:min(len(s), MaxText-c.b.Len())])
}
