package doctext_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/doctext"
)

// The test binary is the other process, too.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "read-text" {
		if err := doctext.Main(os.Args[2], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func reader(t *testing.T) doctext.Reader {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	return doctext.Reader{Command: []string{self, "read-text"}}
}

func read(t *testing.T, format doctext.Format, content string) (string, error) {
	t.Helper()
	return reader(t).Text(t.Context(), format, strings.NewReader(content), int64(len(content)))
}

func zipOf(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		require.NoError(t, err)
		_, err = w.Write([]byte(files[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

// pdfOf is a small PDF that shows a text.
func pdfOf(content string) string {
	var b strings.Builder
	var places []int
	object := func(text string) {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(places), text)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, p := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, at)
	return b.String()
}

func TestTextsAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format  doctext.Format
		content string
		want    string
	}{
		{doctext.Plain, "Straßenplan\nZeile", "Straßenplan\nZeile"},
		{doctext.Plain, "Stra\xdfenplan f\xfcr Ostern und alle weiteren Feiertage: \xe4\xf6\xfc", "Straßenplan für Ostern und alle weiteren Feiertage: äöü"},
		{doctext.Docx, zipOf(t, "word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="x"><w:body><w:p><w:r><w:t>Haushalts</w:t></w:r><w:r><w:t>satzung</w:t></w:r></w:p><w:p><w:r><w:t>Gebühren &amp; mehr</w:t></w:r></w:p></w:body></w:document>`), "Haushaltssatzung\nGebühren & mehr"},
		{doctext.Odt, zipOf(t, "mimetype", "x", "content.xml", `<office:document-content><office:body><text:h>Titel</text:h><text:p>Bauhof<text:s/>Sitzung</text:p></office:body></office:document-content>`), "Titel\nBauhof\nSitzung"},
		{doctext.PDF, pdfOf("BT /F1 12 Tf 20 200 Td (Wasserrechnung) Tj ET"), "Wasserrechnung"},
	} {
		got, err := read(t, c.format, c.content)
		require.NoError(t, err, "%s", c.format)
		require.Equal(t, c.want, got, "%s", c.format)
	}
}

// Vulnerability class 16: documents that unpack to far more than they are, or
// never end, are given up within limits.
func TestBombsAreGivenUp(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<a>", 5000) + "x" + strings.Repeat("</a>", 5000)
	many := make([]string, 0, 6000)
	for i := range 3000 {
		many = append(many, fmt.Sprint("f", i), "")
	}
	for name, c := range map[string]struct {
		format  doctext.Format
		content string
	}{
		"a docx of 200 MB":               {doctext.Docx, zipOf(t, "word/document.xml", "<w:p>"+strings.Repeat(" ", 200<<20)+"</w:p>")},
		"a docx of one endless word":     {doctext.Docx, zipOf(t, "word/document.xml", "<w:p>"+strings.Repeat("a", 40<<20)+"</w:p>")},
		"elements in elements":           {doctext.Odt, zipOf(t, "content.xml", deep)},
		"thousands of files":             {doctext.Odt, zipOf(t, append(many, "content.xml", "<p>x</p>")...)},
		"entities that multiply":         {doctext.Docx, zipOf(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:p>&b;</w:p>`)},
		"an entity of the file system":   {doctext.Docx, zipOf(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:p>&a;</w:p>`)},
		"no ZIP":                         {doctext.Docx, "PK\x03\x04 nothing"},
		"no PDF":                         {doctext.PDF, "%PDF-1.7 nothing"},
		"a PDF that refers to itself":    {doctext.PDF, strings.Replace(pdfOf("x"), "/Kids [3 0 R]", "/Kids [2 0 R]", 1)},
		"a PDF with a broken dictionary": {doctext.PDF, strings.Replace(pdfOf("x"), "/Root 1 0 R", "/Root << /Pages [[[[", 1)},
	} {
		began := time.Now()
		text, err := read(t, c.format, c.content)
		require.Less(t, time.Since(began), 40*time.Second, name)
		require.LessOrEqual(t, len(text), doctext.MaxText, name)
		require.NotContains(t, text, "root:", name)
		t.Logf("%s: %d bytes of text, %v", name, len(text), err)
	}
}

func TestFormatsAreToldByContentFirst(t *testing.T) {
	t.Parallel()
	for given, want := range map[[2]string]doctext.Format{
		{"a.pdf", "application/pdf"}: doctext.PDF, {"a.docx", "application/zip"}: doctext.Docx, {"a.txt", "text/plain; charset=utf-8"}: doctext.Plain,
		{"a.docx", "image/png"}: doctext.None, {"a.exe", "application/octet-stream"}: doctext.None, {"LIESMICH.MD", "application/octet-stream"}: doctext.Plain, {"a.pdf", "application/octet-stream"}: doctext.None,
	} {
		require.Equal(t, want, doctext.FormatOf(given[0], given[1]), "%v", given)
	}
}
