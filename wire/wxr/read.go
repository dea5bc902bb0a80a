// Package wxr reads WordPress exports (WordPress eXtended RSS 1.0, 1.1 and 1.2) and turns what is in them into
// stories that a newsroom can take over. It reads a file of any length as a stream and keeps one item at a time.
//
// Read gives what stands in the file; a Planner decides what becomes of it; Body turns a post's text into blocks.
package wxr

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Limits of one item, over those of one field.
const (
	maxItem      = 48 << 20 // bytes of all its fields
	maxItemTerms = 10000
)

// Read reads an export and hands what it finds to h. An error in the file is an *Error with its line; reading ends at
// the first. A file is an export when it is RSS with a <channel> and a <wp:wxr_version>, which is how WordPress
// itself tells.
func Read(r io.Reader, h Handler) error {
	utf8, err := decode(r)
	if err != nil {
		return err
	}
	rd := reader{scanner: newScanner(utf8, h.note), h: h}
	return rd.document()
}

type reader struct {
	*scanner
	h    Handler
	site Site
	told bool // Site has been handed over
	size int  // bytes of the item that is being read
}

func (r *reader) document() error {
	root, err := r.root()
	if err != nil {
		return err
	}
	found := false
	err = r.children(root, func(t tag) error {
		if t.name.local != "channel" {
			if !found {
				return &Error{t.line, fmt.Sprintf("<%s> stands where <channel> should", t.raw), "This is not a WordPress export. " + wantExport}
			}
			return r.skip(t)
		}
		found = true
		return r.channel(t)
	})
	if err != nil {
		return err
	}
	if !found {
		return &Error{r.line, "there is no <channel> in the file", wantExport}
	}
	return r.rest()
}

// root reads up to the root element, which must be <rss>.
func (r *reader) root() (tag, error) {
	if !r.fill(1) {
		return tag{}, r.broken(&Error{1, "the file is empty", wantExport})
	}
	if err := r.start(); err != nil {
		return tag{}, err
	}
	t, err := r.next()
	if err != nil {
		return tag{}, err
	}
	if t.eof {
		return tag{}, &Error{t.line, "there is no element in the file", wantExport}
	}
	if t.name.local != "rss" || t.end {
		return tag{}, &Error{t.line, "this is " + foreignRoot(t.name.local) + ", not a WordPress export", wantExport}
	}
	r.declare(t)
	return t, nil
}

// start checks that the file begins like XML.
func (r *reader) start() error {
	for r.fill(1) && strings.IndexByte(" \t\r\n", r.ahead()[0]) >= 0 {
		r.take(1)
	}
	if r.fill(1) && r.ahead()[0] != '<' {
		r.fill(40)
		head := r.ahead()[:min(40, len(r.ahead()))]
		return &Error{r.line, fmt.Sprintf("the file begins with %q and not with XML", strings.ToValidUTF8(string(head), "?")), wantExport}
	}
	return nil
}

func foreignRoot(local string) string {
	switch strings.ToLower(local) {
	case "html", "head", "body", "div", "p":
		return "a web page"
	case "feed":
		return "an Atom feed"
	case "rdf":
		return "an RSS 1.0 feed"
	case "urlset", "sitemapindex":
		return "a sitemap"
	}
	return fmt.Sprintf("an XML document of the kind <%s>", local)
}

// children calls do for each element inside t.
func (r *reader) children(t tag, do func(tag) error) error {
	if t.empty {
		return nil
	}
	for {
		u, err := r.next()
		switch {
		case err != nil:
			return err
		case u.eof:
			return r.ends(t)
		case u.end && u.raw == t.raw:
			return nil
		case u.end:
			return mismatch(t, u)
		}
		if err := do(u); err != nil {
			return err
		}
	}
}

// rest reads what follows the end of the document, where only blanks and comments may stand.
func (r *reader) rest() error {
	t, err := r.next()
	if err != nil || t.eof {
		return err
	}
	return &Error{t.line, fmt.Sprintf("after the end of the export there is more, beginning with <%s>", t.raw),
		"If two exports were joined into one file, import them one by one."}
}

func (r *reader) channel(t tag) error {
	if r.told {
		return &Error{t.line, "there is a second <channel>", "If two exports were joined into one file, import them one by one."}
	}
	r.declare(t)
	r.site.Line = t.line
	if err := r.children(t, r.channelChild); err != nil {
		return err
	}
	return r.tell(t)
}

func (r *reader) channelChild(t tag) error {
	switch t.name {
	case name{"wp", "author"}:
		return r.author(t)
	case name{"wp", "category"}, name{"wp", "tag"}, name{"wp", "term"}:
		return r.term(t)
	case name{"", "item"}:
		if err := r.tell(t); err != nil {
			return err
		}
		return r.item(t)
	}
	return r.siteField(t)
}

func (r *reader) siteField(t tag) error {
	fields := map[name]*string{
		{"", "title"}: &r.site.Title, {"", "link"}: &r.site.Link, {"", "description"}: &r.site.Description,
		{"", "language"}: &r.site.Language, {"", "generator"}: &r.site.Generator, {"", "pubDate"}: &r.site.PubDate,
		{"wp", "wxr_version"}: &r.site.Version, {"wp", "base_site_url"}: &r.site.SiteURL, {"wp", "base_blog_url"}: &r.site.BlogURL,
	}
	return r.into(t, fields)
}

// into reads a field that is in the list, and passes over another element.
func (r *reader) into(t tag, fields map[name]*string) error {
	to, ok := fields[t.name]
	if !ok {
		return r.skip(t)
	}
	text, err := r.field(t, true)
	if err != nil {
		return err
	}
	r.size += len(text)
	if text = strings.TrimSpace(text); text != "" {
		*to = text
	}
	return nil
}

var version = regexp.MustCompile(`^1\.(\d{1,2})(\.\d+)?$`)

// tell checks the export's version and hands over the site, once.
func (r *reader) tell(at tag) error {
	if r.told {
		return nil
	}
	r.told = true
	m := version.FindStringSubmatch(r.site.Version)
	switch {
	case r.site.Version == "" && !r.isExport():
		return &Error{r.site.Line, "this is an RSS feed, not a WordPress export", wantExport}
	case r.site.Version == "":
		return &Error{r.site.Line, "the export does not name its version: <channel> has no <wp:wxr_version>",
			"Export again, or add <wp:wxr_version>1.2</wp:wxr_version> after <channel> if you know that nothing else is missing."}
	case m == nil:
		return &Error{r.site.Line, fmt.Sprintf("the export's version is %q; 1.0, 1.1 and 1.2 are known", shorten(r.site.Version, 20)),
			"Export again from WordPress 3.0 or newer."}
	}
	if n, _ := strconv.Atoi(m[1]); n > 2 {
		r.h.note(at.line, NoteVersion, fmt.Sprintf("The export is of version %s; what is new since 1.2 is not known and was passed over.", r.site.Version))
	}
	return r.h.site(r.site)
}

// isExport reports whether a namespace of WordPress' exports is declared.
func (r *reader) isExport() bool {
	for _, space := range r.ns {
		if wpSpace.MatchString(space) {
			return true
		}
	}
	return false
}

func (r *reader) author(t tag) error {
	a := Author{Line: t.line}
	fields := map[name]*string{
		{"wp", "author_login"}: &a.Login, {"wp", "author_email"}: &a.Email, {"wp", "author_display_name"}: &a.DisplayName,
		{"wp", "author_first_name"}: &a.FirstName, {"wp", "author_last_name"}: &a.LastName,
	}
	if err := r.children(t, func(u tag) error { return r.into(u, fields) }); err != nil {
		return err
	}
	return r.h.author(a)
}

func (r *reader) term(t tag) error {
	m := Term{Line: t.line, Taxonomy: map[string]string{"category": "category", "tag": "post_tag"}[t.name.local]}
	fields := map[name]*string{
		{"wp", "category_nicename"}: &m.Slug, {"wp", "category_parent"}: &m.Parent, {"wp", "cat_name"}: &m.Name,
		{"wp", "category_description"}: &m.Description, {"wp", "tag_slug"}: &m.Slug, {"wp", "tag_name"}: &m.Name,
		{"wp", "tag_description"}: &m.Description, {"wp", "term_taxonomy"}: &m.Taxonomy, {"wp", "term_slug"}: &m.Slug,
		{"wp", "term_parent"}: &m.Parent, {"wp", "term_name"}: &m.Name, {"wp", "term_description"}: &m.Description,
	}
	if err := r.children(t, func(u tag) error { return r.into(u, fields) }); err != nil {
		return err
	}
	return r.h.term(m)
}
