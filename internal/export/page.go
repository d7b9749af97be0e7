package export

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"sync"
	"time"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

//go:embed page.html page.css
var looks embed.FS

// press is what turns words into pages. It is large and made when the first
// export needs it.
type press struct {
	page     *template.Template
	markdown goldmark.Markdown
	allowed  *bluemonday.Policy
	called   *regexp.Regexp // a mention: its target means nothing outside of the portal
}

var thePress = sync.OnceValue(func() press {
	css := template.CSS(mustRead("page.css")) //nolint:gosec // our own file
	return press{
		page:     template.Must(template.New("page.html").Funcs(template.FuncMap{"css": func() template.CSS { return css }}).ParseFS(looks, "page.html")),
		markdown: goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithHardWraps())),
		allowed:  policy(),
		called:   regexp.MustCompile(`\[([^\]\n]{1,200})\]\((?:person|group|all|here|room):[^)\n]{1,80}\)`),
	}
})

func mustRead(name string) string {
	b, err := looks.ReadFile(name)
	if err != nil {
		panic("export: " + err.Error())
	}
	return string(b)
}

// policy lets through what people write with Markdown, and no picture: it would
// be loaded from elsewhere.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "geo")
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	return p
}

// Prose renders a text of Markdown. The result is cleaned.
func Prose(text string) template.HTML {
	var b bytes.Buffer
	with := thePress()
	if err := with.markdown.Convert(with.called.ReplaceAll([]byte(text), []byte("**$1**")), &b); err != nil {
		return template.HTML("<p>" + template.HTMLEscapeString(text) + "</p>") //nolint:gosec // escaped
	}
	return template.HTML(with.allowed.SanitizeBytes(b.Bytes())) //nolint:gosec // cleaned
}

// Page is a page of an archive. Everything in it but Prose is escaped.
type Page struct {
	Lang    string
	Title   string
	About   string
	Links   []Link // above the entries
	Entries []Entry
	Footer  string
}

// Link leads to another file of the archive, from where the page lies.
type Link struct {
	Href string
	Text string
	Note string
}

// Entry is a message, or a line of the house if Note is set.
type Entry struct {
	Anchor string
	Author string
	At     string
	Day    string // set where a day begins
	Note   string
	Marks  []string
	Title  string
	Prose  template.HTML
	Files  []FileLink
	Poll   []string
}

// FileLink is a file of an entry.
type FileLink struct {
	Href  string
	Name  string
	Note  string
	Image bool
}

// Write renders the page.
func (p Page) Write(w io.Writer) error {
	if err := thePress().page.Execute(w, p); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// Moment renders a time for people of a language.
func Moment(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 Jan 2006, 15:04 MST")
	}
	return t.Format("02.01.2006, 15:04 MST")
}

// Day renders the day of a time.
func Day(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("02.01.2006")
}
