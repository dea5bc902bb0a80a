package feed

// Atom writes a channel as an Atom feed (RFC 4287); what was deleted is marked as RFC 6721, section 3, has it.
func Atom(c *Channel) []byte {
	s := sink{b: make([]byte, 0, 1024+1024*len(c.Items))}
	s.raw(declaration, `<feed xmlns="http://www.w3.org/2005/Atom"`)
	if len(c.Deleted) > 0 {
		s.attr("xmlns:at", "http://purl.org/atompub/tombstones/1.0")
	}
	s.attr("xml:lang", c.Language)
	s.raw(">\n")
	s.tag(" ", "id", c.ID)
	s.tag(" ", "title", c.Title)
	s.tag(" ", "subtitle", c.Subtitle)
	s.tag(" ", "updated", stamp(c.Updated))
	s.link("self", "application/atom+xml", c.Self)
	s.link("alternate", "text/html", c.Home)
	// An entry without an author takes the feed's (section 4.1.1).
	s.raw(" <author><name>")
	s.text(c.Title)
	s.raw("</name></author>\n", " <generator>Dateline</generator>\n")
	for i := range c.Items {
		s.entry(c, &c.Items[i])
	}
	for _, d := range c.Deleted {
		s.raw(" <at:deleted-entry")
		s.attr("ref", URN(d.ID))
		s.attr("when", stamp(d.At))
		s.raw("/>\n")
	}
	s.raw("</feed>\n")
	return s.b
}

func (s *sink) link(rel, kind, href string) {
	s.raw(" <link")
	s.attr("rel", rel)
	s.attr("type", kind)
	s.attr("href", href)
	s.raw("/>\n")
}

func (s *sink) entry(c *Channel, i *Item) {
	s.raw(" <entry")
	if i.Language != "" && i.Language != c.Language {
		s.attr("xml:lang", i.Language)
	}
	s.raw(">", Mark(i.ID, i.Edition), "\n")
	s.tag("  ", "id", URN(i.ID))
	s.tag("  ", "title", orBlank(i.title()))
	s.raw(" ")
	s.link("alternate", "text/html", i.Address)
	s.tag("  ", "published", stamp(i.First))
	s.tag("  ", "updated", stamp(later(i.First, i.Updated)))
	for _, a := range i.Authors {
		s.raw("  <author><name>")
		s.text(orBlank(a))
		s.raw("</name></author>\n")
	}
	s.category("section", i.Section, "")
	for _, t := range i.Topics {
		s.category("topic", t, "")
	}
	if i.Label.Key != "" {
		s.category("label", string(i.Label.Key), i.Label.Word)
	}
	if i.Status != "" {
		s.raw("  <category")
		s.attr("scheme", StatusScheme)
		s.attr("term", i.Status)
		s.raw("/>\n")
	}
	s.tag("  ", `summary type="text"`, i.summary())
	s.raw(" </entry>\n")
}

// category writes a term under a scheme of this program, so that a reader can tell sections from topics and labels.
func (s *sink) category(scheme, term, word string) {
	if term == "" {
		return
	}
	s.raw("  <category")
	s.attr("scheme", "urn:dateline:"+scheme)
	s.attr("term", term)
	if word != "" {
		s.attr("label", word)
	}
	s.raw("/>\n")
}
