package feed

import "time"

// RSS writes a channel as RSS 2.0, with the extensions readers expect: Atom's link to the feed itself and Dublin Core's
// creator, since RSS's own author has to be an e-mail address.
func RSS(c *Channel) []byte {
	s := sink{b: make([]byte, 0, 1024+1024*len(c.Items))}
	s.raw(declaration, `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">`, "\n<channel>\n")
	s.tag(" ", "title", c.Title)
	s.tag(" ", "link", c.Home)
	subtitle := c.Subtitle
	if subtitle == "" {
		subtitle = c.Title // description is required
	}
	s.tag(" ", "description", subtitle)
	s.tag(" ", "language", c.Language)
	s.tag(" ", "lastBuildDate", rfc822(c.Updated))
	s.tag(" ", "docs", "https://www.rssboard.org/rss-specification")
	s.raw(` <atom:link`)
	s.attr("rel", "self")
	s.attr("type", "application/rss+xml")
	s.attr("href", c.Self)
	s.raw("/>\n")
	for i := range c.Items {
		s.item(&c.Items[i])
	}
	s.raw("</channel>\n</rss>\n")
	return s.b
}

func (s *sink) item(i *Item) {
	s.raw(" <item>", Mark(i.ID, i.Edition), "\n")
	s.tag("  ", "title", orBlank(i.title()))
	s.tag("  ", "link", i.Address)
	s.tag("  ", `guid isPermaLink="false"`, URN(i.ID))
	s.tag("  ", "pubDate", rfc822(i.First))
	for _, a := range i.Authors {
		s.tag("  ", "dc:creator", a)
	}
	if i.Language != "" {
		s.tag("  ", "dc:language", i.Language)
	}
	s.rssCategory("section", i.Section)
	for _, t := range i.Topics {
		s.rssCategory("topic", t)
	}
	if i.Label.Key != "" {
		s.rssCategory("label", string(i.Label.Key))
	}
	if i.Status != "" {
		s.raw("  <category")
		s.attr("domain", StatusScheme)
		s.raw(">")
		s.text(i.Status)
		s.raw("</category>\n")
	}
	s.tag("  ", "description", i.summary())
	if i.Updated.After(i.First) {
		s.tag("  ", "atom:updated", stamp(i.Updated))
	}
	s.raw(" </item>\n")
}

// StatusScheme is IPTC's scheme of codes for how certain it is that an event occurs.
const StatusScheme = "http://cv.iptc.org/newscodes/eventoccurstatus/"

func (s *sink) rssCategory(domain, term string) {
	if term == "" {
		return
	}
	s.raw("  <category")
	s.attr("domain", "urn:dateline:"+domain)
	s.raw(">")
	s.text(term)
	s.raw("</category>\n")
}

// rfc822 writes an instant as RSS wants it: RFC 822 with a year of four digits.
func rfc822(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000") }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// orBlank stands in where an element is required and its text is empty.
func orBlank(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
