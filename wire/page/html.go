package page

import (
	"bytes"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"github.com/datelinehq/dateline/markup"
)

// maxElements is the number of elements over which a page's main text is not looked for: all of its text is taken.
const maxElements = 100000

// parseHTML reads a saved page. What the page says of itself (JSON-LD, OpenGraph and other meta elements) goes before
// what its text looks like.
func parseHTML(data []byte, opt Options) (Page, error) {
	src := toUTF8(data)
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return deep(src, opt)
	}
	r := htmlReader{h: gather(doc), opt: opt}
	if len(r.h.data) > 0 {
		r.data = r.h.data[0]
	}
	r.address()
	r.words()
	r.times()
	r.people()
	r.terms()
	r.text(doc, src)
	if r.page.Headline == "" {
		return Page{}, &Error{1, "the page has no headline: no <title>, <h1> or og:title", wantPage}
	}
	return r.page, nil
}

// deep reads a page whose elements are nested deeper than can be parsed: its title and its words.
func deep(src string, opt Options) (Page, error) {
	p := Page{Notes: []Note{{0, "The page's elements are nested too deep; its words were taken as they follow each other."}}}
	if m := titleTag.FindStringSubmatch(src); m != nil {
		p.Headline = tidy(html.UnescapeString(m[1]))
	}
	if p.Headline == "" {
		return Page{}, &Error{1, "the page has no headline, and its elements are nested too deep to look for one", wantPage}
	}
	p.Body, _ = markup.FromHTML(src, markup.HTMLOptions{Base: opt.Base})
	p.Printed = markup.Paragraphs(p.Body)
	return p, nil
}

var titleTag = regexp.MustCompile(`(?is)<title[^>]*>([^<]{1,1000})</title`)

// toUTF8 reads a page in the encoding that it names; one that is UTF-8 all through is read as that.
func toUTF8(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data)
	}
	r, err := charset.NewReader(bytes.NewReader(data), "")
	if err == nil {
		if decoded, err := io.ReadAll(r); err == nil {
			return string(decoded)
		}
	}
	return strings.ToValidUTF8(string(data), "\uFFFD")
}

type htmlReader struct {
	h    *head
	data article // the JSON-LD, zero where there is none
	opt  Options
	base *url.URL
	page Page
}

func (r *htmlReader) address() {
	r.page.Address = webAddress(firstOf(r.h.canon, r.h.one("og:url")), r.opt.Base)
	r.base = r.opt.Base
	if r.base == nil && r.page.Address != "" {
		r.base, _ = url.Parse(r.page.Address)
	}
	if u := webAddress(r.h.base, r.base); u != "" {
		r.base, _ = url.Parse(u)
	}
	r.page.Picture = webAddress(firstOf(r.h.one("og:image", "og:image:url", "og:image:secure_url"), r.data.image, r.h.one("twitter:image", "twitter:image:src")), r.base)
}

func (r *htmlReader) words() {
	p := &r.page
	p.SiteName = firstOf(r.h.one("og:site_name", "application-name", "dc.publisher"), r.data.publisher)
	for _, candidate := range []string{r.data.headline, r.h.one("og:title"), r.h.one("twitter:title", "dc.title", "parsely-title"), r.h.title, r.h.first} {
		if p.Headline == "" {
			p.Headline = r.bare(tidy(html.UnescapeString(candidate)))
		}
	}
	description := firstOf(r.data.description, r.h.one("og:description", "description", "twitter:description", "dc.description"))
	if description = tidy(html.UnescapeString(description)); !same(description, p.Headline) {
		p.Standfirst = description
	}
	p.Language = language(firstOf(r.h.lang, r.data.language, r.h.one("content-language", "og:locale")))
	p.Dir = r.h.dir
	if p.Dir != "ltr" && p.Dir != "rtl" {
		p.Dir = ""
	}
	if p.Dir == "" && rightToLeft[strings.ToLower(p.Language[:min(2, len(p.Language))])] {
		p.Dir = "rtl"
	}
}

var (
	rightToLeft = map[string]bool{"ar": true, "he": true, "fa": true, "ur": true, "yi": true, "ps": true, "sd": true, "dv": true}
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)
	separator   = regexp.MustCompile(`\s+(?:[|»«·•–—:-]|::|//|>)\s+`)
)

func language(tag string) string {
	tag = strings.ReplaceAll(tag, "_", "-")
	if !languageTag.MatchString(tag) {
		return ""
	}
	return tag
}

// bare takes the site's name off the end of a title, and off its beginning.
func (r *htmlReader) bare(title string) string {
	for range 3 {
		cuts := separator.FindAllStringIndex(title, -1)
		if len(cuts) == 0 {
			return title
		}
		last, first := cuts[len(cuts)-1], cuts[0]
		switch {
		case r.isSiteName(title[last[1]:]) || (same(title[:last[0]], r.h.first) && r.h.first != ""):
			title = title[:last[0]]
		case r.isSiteName(title[:first[0]]):
			title = title[first[1]:]
		default:
			return title
		}
	}
	return title
}

func (r *htmlReader) isSiteName(s string) bool {
	l := letters(s)
	if l == "" {
		return false
	}
	host := ""
	if u, err := url.Parse(r.page.Address); err == nil {
		host = letters(u.Hostname())
	}
	return l == letters(r.page.SiteName) || l == "the"+letters(r.page.SiteName) || "the"+l == letters(r.page.SiteName) ||
		(len(l) > 2 && host != "" && strings.Contains(host, strings.TrimPrefix(l, "the")))
}

func (r *htmlReader) times() {
	p := &r.page
	p.FirstPublished = r.instant(r.data.published,
		r.h.one("article:published_time", "article:published", "og:article:published_time", "og:published_time"),
		r.h.one("datepublished", "parsely-pub-date", "sailthru.date", "article:publicationdate", "pubdate", "publish-date", "publishdate", "publication_date"),
		r.h.timeOf("datepublished"), r.h.one("date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dcterms.issued", "ptime"))
	p.Updated = r.instant(r.data.modified,
		r.h.one("article:modified_time", "article:modified", "og:article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod", "dcterms.modified", "utime"),
		r.h.timeOf("datemodified"))
	if p.Updated.Equal(p.FirstPublished) {
		p.Updated = time.Time{}
	}
	if !p.FirstPublished.IsZero() && p.Updated.Before(p.FirstPublished) && !p.Updated.IsZero() {
		p.Updated = time.Time{}
		p.Notes = append(p.Notes, Note{0, "The page says it was updated before it was published; the former was dropped."})
	}
}

// instant reads the first of several dates that has a time of day, or failing that the first that is one.
func (r *htmlReader) instant(candidates ...string) time.Time {
	var best time.Time
	for _, text := range candidates {
		at, day, guessed, ok := parseDate(text, r.opt.Zone)
		if !ok || (day && !best.IsZero()) {
			continue
		}
		best = at
		if !day {
			if guessed {
				r.page.Notes = append(r.page.Notes, Note{0, "A time has no zone; it was read in the newsroom's."})
			}
			break
		}
	}
	return best
}

func (r *htmlReader) people() {
	sites := []string{r.page.SiteName, r.data.publisher}
	for _, printed := range [][]string{
		r.data.authors, r.h.all("author", "byl", "dc.creator", "parsely-author", "article:author_name"),
		r.h.all("article:author", "og:article:author", "dcterms.creator", "creator"), r.h.author,
	} {
		if r.page.Persons = persons(printed, sites...); len(r.page.Persons) > 0 {
			return
		}
	}
}

const maxTopics = 20

func (r *htmlReader) terms() {
	p := &r.page
	p.Section = r.h.one("article:section", "og:article:section", "parsely-section", "section", "dc.subject")
	if p.Section == "" && len(r.data.section) > 0 {
		p.Section = r.data.section[0]
	}
	p.Section = sectionName(p.Section)
	for _, list := range [][]string{r.h.meta["article:tag"], r.h.meta["og:article:tag"], r.data.keywords, r.h.meta["news_keywords"], r.h.meta["keywords"]} {
		if p.Topics = r.topics(list); len(p.Topics) > 0 {
			return
		}
	}
}

// sectionName makes words of a section that is given as a path, such as /world/middle_east.
func sectionName(s string) string {
	if !strings.HasPrefix(s, "/") {
		return s
	}
	parts := strings.Split(strings.Trim(s, "/"), "/")
	return strings.NewReplacer("_", " ", "-", " ").Replace(parts[len(parts)-1])
}

func (r *htmlReader) topics(list []string) (out []string) {
	seen := map[string]bool{letters(r.page.SiteName): true, letters(r.page.Headline): true, "null": true, "": true}
	for _, entry := range list {
		for _, s := range strings.FieldsFunc(entry, func(c rune) bool { return c == ',' || c == ';' }) {
			s = tidy(html.UnescapeString(s))
			if key := letters(s); !seen[key] && len(s) <= 100 && len(out) < maxTopics {
				seen[key] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// text finds the main text and makes blocks of it.
func (r *htmlReader) text(doc *html.Node, src string) {
	parser := readability.NewParser()
	parser.KeepClasses = true
	parser.MaxElemsToParse = maxElements
	parser.DisableJSONLD = true
	var out strings.Builder
	found, err := parser.ParseAndMutate(doc, r.base)
	if err == nil && found.Node != nil {
		err = found.RenderHTML(&out)
	}
	body := out.String()
	if err != nil || strings.TrimSpace(body) == "" {
		body = src
		r.page.Notes = append(r.page.Notes, Note{0, "The main text could not be told from the rest of the page; all of it was taken."})
	}
	if len(r.page.Persons) == 0 {
		r.page.Persons = persons([]string{found.Byline()}, r.page.SiteName)
	}
	node, notes := markup.FromHTML(body, markup.HTMLOptions{Base: r.base, Lang: r.page.Language, Picture: r.opt.Picture})
	for _, n := range notes {
		r.page.Notes = append(r.page.Notes, Note{0, "Left out of the text: " + n.What + "."})
	}
	node.Content = r.withoutHead(node.Content, r.page.Headline)
	r.page.Printed = markup.Paragraphs(node)
	node.Content = r.withoutHead(node.Content, r.page.Standfirst)
	r.page.Body = node
}

// withoutHead drops a first block that says what is printed above the text already.
func (r *htmlReader) withoutHead(blocks []markup.Node, said string) []markup.Node {
	if len(blocks) == 0 || said == "" || !same(markup.Text(markup.Node{Type: markup.TypeDoc, Content: blocks[:1]}), said) {
		return blocks
	}
	return blocks[1:]
}
