package doctext

import (
	"fmt"
	"io"

	"github.com/ledongthuc/pdf"
)

func pdfText(r io.ReaderAt, size int64) (string, error) {
	doc, err := pdf.NewReader(r, size)
	if err != nil {
		return "", fmt.Errorf("open the PDF: %w", err)
	}
	var out collector
	for n := 1; n <= min(doc.NumPage(), maxPages) && !out.full(); n++ {
		page := doc.Page(n)
		if page.V.IsNull() {
			continue
		}
		text, err := page.GetPlainText(nil)
		if err != nil {
			continue // one page that can't be read does not hide the others
		}
		out.add(text)
		out.add("\n")
	}
	return clean(out.b.String()), nil
}
