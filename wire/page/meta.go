package page

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// head is what a page says of itself outside its text.
type head struct {
	meta   map[string][]string // by lower-case name, property or itemprop
	times  []timeTag
	title  string
	first  string // the first <h1>
	author []string
	lang   string
	dir    string
	base   string
	canon  string
	data   []article // JSON-LD
}

type timeTag struct{ role, value string }

// maxMeta bounds what is kept of any one name.
const maxMeta = 50

func gather(doc *html.Node) *head {
	h := &head{meta: map[string][]string{}}
	h.node(doc)
	return h
}

func (h *head) node(n *html.Node) {
	if n.Type == html.ElementNode && n.Namespace == "" {
		h.element(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		h.node(c)
	}
}

func (h *head) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html, atom.Body:
		h.lang = firstOf(h.lang, attr(n, "lang"), attr(n, "xml:lang"))
		h.dir = firstOf(h.dir, strings.ToLower(attr(n, "dir")))
	case atom.Title:
		h.title = firstOf(h.title, words(n))
	case atom.H1:
		h.first = firstOf(h.first, words(n))
	case atom.Base:
		h.base = firstOf(h.base, attr(n, "href"))
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") {
			h.canon = firstOf(h.canon, attr(n, "href"))
		}
	case atom.Meta:
		h.addMeta(n)
	case atom.Time:
		h.addTime(n)
	case atom.Script:
		if strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") && n.FirstChild != nil && len(h.data) < maxMeta {
			h.data = append(h.data, readLinked(n.FirstChild.Data)...)
		}
	}
	h.addAuthor(n)
}

func (h *head) addMeta(n *html.Node) {
	value := tidy(attr(n, "content"))
	if value == "" {
		return
	}
	for _, key := range []string{"name", "property", "itemprop"} {
		if name := strings.ToLower(attr(n, key)); name != "" && len(h.meta[name]) < maxMeta {
			h.meta[name] = append(h.meta[name], value)
		}
	}
}

func (h *head) addTime(n *html.Node) {
	value := firstOf(attr(n, "datetime"), attr(n, "content"), words(n))
	role := strings.ToLower(attr(n, "itemprop"))
	if role == "" && hasAttr(n, "pubdate") {
		role = "datepublished"
	}
	if role == "" {
		role = classRole(attr(n, "class"))
	}
	if value != "" && len(h.times) < maxMeta {
		h.times = append(h.times, timeTag{role, value})
	}
}

func classRole(class string) string {
	class = strings.ToLower(class)
	switch {
	case strings.Contains(class, "updated") || strings.Contains(class, "modified"):
		return "datemodified"
	case strings.Contains(class, "published"):
		return "datepublished"
	}
	return ""
}

func (h *head) addAuthor(n *html.Node) {
	rel, prop := strings.ToLower(attr(n, "rel")), strings.ToLower(attr(n, "itemprop"))
	if n.DataAtom != atom.Meta && (rel == "author" || prop == "author") && len(h.author) < 10 {
		if text := words(n); text != "" && len(text) < 200 {
			h.author = append(h.author, text)
		}
	}
}

// one returns the first value of the first name that has any.
func (h *head) one(names ...string) string {
	for _, name := range names {
		if v := h.meta[name]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func (h *head) all(names ...string) []string {
	for _, name := range names {
		if v := h.meta[name]; len(v) > 0 {
			return v
		}
	}
	return nil
}

func (h *head) timeOf(role string) string {
	for _, t := range h.times {
		if t.role == role {
			return t.value
		}
	}
	return ""
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key || (a.Namespace != "" && a.Namespace+":"+a.Key == key) {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// words returns the text inside an element as one line.
func words(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.DataAtom == atom.Script || n.DataAtom == atom.Style {
			return
		}
		if n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil && b.Len() < 4096; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return tidy(b.String())
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// webAddress resolves an address and returns it when it is one of the web.
func webAddress(raw string, base *url.URL) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || raw == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	return u.String()
}
