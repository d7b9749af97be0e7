//go:build linux

package proof_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

// packed is a ZIP of names and contents; the first is not compressed, as OpenDocument wants it.
func packed(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for i := 0; i+1 < len(parts); i += 2 {
		method := zip.Deflate
		if i == 0 {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		require.NoError(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func docx(t *testing.T, body string) []byte {
	t.Helper()
	return packed(t, "[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>`,
		"word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body+`</w:body></w:document>`)
}

func odt(t *testing.T, body string) []byte {
	t.Helper()
	return packed(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml",
		`<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>`+body+`</office:text></office:body></office:document-content>`)
}

// pdf shows one line; kids are the pages it claims to have.
func pdf(line, kids string) []byte {
	var b strings.Builder
	var places []int
	drawn := "BT /F1 12 Tf 20 200 Td (" + line + ") Tj ET"
	b.WriteString("%PDF-1.4\n")
	for _, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [" + kids + "] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(drawn), drawn),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	} {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(places), object)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, p := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, at)
	return []byte(b.String())
}

// attached uploads a file and sends it into a room.
func attached(t *testing.T, p *proof.Process, who proof.Person, room, name string, content []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/api/v1/files/uploads", bytes.NewReader(content))
	require.NoError(t, err)
	for key, value := range map[string]string{
		"Cookie": who.Cookie, "X-Rathaus": "1", "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream",
		"Upload-Length": strconv.Itoa(len(content)), "Upload-Metadata": "filename " + base64.StdEncoding.EncodeToString([]byte(name)),
	} {
		req.Header.Set(key, value)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	place := resp.Header.Get("Location")
	require.NotEmpty(t, place, "%s answered %s", name, resp.Status)
	file := place[strings.LastIndex(place, "/")+1:]
	require.NoError(t, p.Call(t.Context(), who, "POST", "/chat/rooms/"+room+"/messages", map[string]any{"client_id": id.New(), "files": []string{file}}, nil))
}

// filesFound lists the names of the files that somebody finds.
func filesFound(ctx context.Context, t *testing.T, p *proof.Process, who proof.Person, query string) []string {
	t.Helper()
	var out struct {
		Groups []struct {
			Items []struct{ Title []struct{ Text string } }
		}
	}
	require.NoError(t, p.Call(ctx, who, "GET", "/search?kind=file&q="+url.QueryEscape(query), nil, &out))
	var names []string
	for _, g := range out.Groups {
		for _, hit := range g.Items {
			name := ""
			for _, piece := range hit.Title {
				name += piece.Text
			}
			names = append(names, name)
		}
	}
	return names
}

// Requirement row 002-17, vulnerability class 19: the program that people run reads the words of
// documents in a process of its own. What is broken or built to harm is found by
// its name, and harms nobody.
func TestDocumentsAreFoundByAWordInside(t *testing.T) {
	bomb := docx(t, "<w:p><w:t>"+strings.Repeat("Bombenwort ", 5<<20)+"</w:t></w:p>")
	each(t, func(t *testing.T, h *proof.House) {
		crew := people(t, h, 2)
		p := start(t, h)
		room, err := p.Room(t.Context(), "Bauamt", crew[:1])
		require.NoError(t, err)
		for name, content := range map[string][]byte{
			"hostile bomb.docx":    bomb,
			"hostile deep.odt":     odt(t, strings.Repeat("<text:p>", 100_000)+"Tiefenwort"),
			"hostile entities.odt": []byte(strings.Replace(string(odt(t, "x")), "<?xml", "<!DOC", 1)),
			"hostile circle.pdf":   pdf("Kreiswort", "2 0 R"),
			"hostile nothing.pdf":  []byte("%PDF-1.7\nnothing follows"),
			"hostile torn.docx":    docx(t, "<w:p><w:t>Risswort</w:t></w:p>")[:400],
		} {
			attached(t, p, crew[0], room, name, content)
		}
		attached(t, p, crew[0], room, "brief.docx", docx(t, "<w:p><w:r><w:t>Sehr geehrte Frau Müller, die Zaunhöhe</w:t></w:r></w:p><w:p><w:r><w:t>ist genehmigt.</w:t></w:r></w:p>"))
		attached(t, p, crew[0], room, "vermerk.odt", odt(t, "<text:p>Der Sickerschacht läuft über.</text:p>"))
		attached(t, p, crew[0], room, "bescheid.pdf", pdf("Grundsteuerbescheid fuer Flurstueck 12", "3 0 R"))

		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for query, name := range map[string]string{"zaunhoehe": "brief.docx", "Sickerschacht": "vermerk.odt", "steuerbescheid": "bescheid.pdf"} {
			for found := []string(nil); len(found) == 0; found = filesFound(ctx, t, p, crew[0], query) {
				require.NoError(t, ctx.Err(), "%s is not found by %q\n%s", name, query, p.Log())
				<-time.After(200 * time.Millisecond)
			}
			require.Equal(t, []string{name}, filesFound(ctx, t, p, crew[0], query))
			require.Empty(t, filesFound(ctx, t, p, crew[1], query), "by somebody who is not in the room")
		}
		for len(filesFound(ctx, t, p, crew[0], "hostile")) < 6 {
			require.NoError(t, ctx.Err(), "what can't be read is found by its name\n%s", p.Log())
			<-time.After(200 * time.Millisecond)
		}
	})
}
