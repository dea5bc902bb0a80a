package wxr

import (
	"net/url"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
)

// SectionRule says which of a post's categories is its section. The first of these that applies, going through the
// post's categories in the file's order:
//
//  1. a category that Override sends to a section;
//  2. a category at the top of the tree that is not WordPress' default ("Uncategorized");
//  3. the top category above the first category that is not at the top;
//  4. Default.
//
// All other categories become topics, except WordPress' default and those that Override sends to Drop.
type SectionRule struct {
	Override map[string]string // category's nicename to a section's slug, to Topic or to Drop
	Default  TermRef           // for posts without a category; "news" where it is zero
}

// What Override may say besides a section's slug.
const (
	Topic = "=topic" // the category is a topic, never a section
	Drop  = "=drop"  // the category is left out
)

// defaultCategory are the nicenames under which WordPress' installations in common languages file posts that nobody
// has filed.
var defaultCategory = map[string]bool{
	"uncategorized": true, "uncategorised": true, "uncategorized-en": true, "sin-categoria": true, "sin-categorizar": true,
	"non-classe": true, "allgemein": true, "unkategorisiert": true, "senza-categoria": true, "sem-categoria": true,
	"geen-categorie": true, "niet-gecategoriseerd": true, "ikke-kategoriseret": true, "ukategorisert": true,
	"okategoriserade": true, "bez-kategorii": true, "nezarazene": true, "без-рубрики": true, "غير-مصنف": true,
	"अवर्गीकृत": true, "未分类": true, "未分類": true, "미분류": true,
}

// placed is one of a post's categories with what the rule makes of it.
type placed struct {
	term    ItemTerm
	nice    string // decoded nicename
	section TermRef
	topic   bool
}

func (p *Planner) terms(i Item, s *Story) {
	var cats []placed
	var others []string
	for _, t := range i.Terms {
		switch t.Taxonomy {
		case "category":
			cats = append(cats, p.place(t))
		case "post_tag":
			s.Topics = addTopic(s.Topics, termRef(t.Slug, t.Name))
		case "post_format":
		default:
			if !slices.Contains(others, t.Taxonomy) {
				others = append(others, t.Taxonomy)
			}
		}
	}
	for _, taxonomy := range others {
		p.note(i.Line, NoteTerm, "Terms of the taxonomy %q are not imported.", shorten(taxonomy, 40))
	}
	s.Section = p.section(cats)
	var topics []TermRef
	for _, c := range cats {
		if ref := termRef(c.term.Slug, c.term.Name); c.topic && ref.Slug != s.Section.Slug {
			topics = addTopic(topics, ref)
		}
	}
	for _, t := range s.Topics {
		topics = addTopic(topics, t)
	}
	if len(topics) > dateline.MaxTopics {
		p.note(i.Line, NoteTerm, "The post has %d topics; the first %d are kept.", len(topics), dateline.MaxTopics)
		topics = topics[:dateline.MaxTopics]
	}
	s.Topics = topics
}

func (p *Planner) place(t ItemTerm) placed {
	c := placed{term: t, nice: decodeSlug(t.Slug)}
	override, ok := p.opt.Sections.Override[c.nice]
	switch {
	case ok && override == Drop:
	case ok && override == Topic:
		c.topic = true
	case ok:
		c.section = TermRef{Slug: override, Name: PlainText(t.Name)}
	default:
		c.topic = !defaultCategory[c.nice]
	}
	return c
}

func (p *Planner) section(cats []placed) TermRef {
	for _, c := range cats {
		if c.section.Slug != "" {
			return c.section
		}
	}
	for _, c := range cats {
		if p.free(c) && p.parent(c.term.Slug) == "" {
			return sectionRef(c.term.Slug, c.term.Name)
		}
	}
	for _, c := range cats {
		if top := p.top(c.term.Slug); p.free(c) && !defaultCategory[decodeSlug(top.Slug)] {
			if override := p.opt.Sections.Override[decodeSlug(top.Slug)]; override == "" {
				return sectionRef(top.Slug, top.Name)
			} else if override != Topic && override != Drop {
				return TermRef{Slug: override, Name: PlainText(top.Name)}
			}
		}
	}
	if p.opt.Sections.Default.Slug == "" {
		return TermRef{Slug: "news", Name: "News"}
	}
	return p.opt.Sections.Default
}

// free reports whether the rule may make a section of a category.
func (p *Planner) free(c placed) bool {
	return c.topic && p.opt.Sections.Override[c.nice] == "" && termRef(c.term.Slug, c.term.Name).Slug != ""
}

func (p *Planner) parent(slug string) string { return p.categories[slug].Parent }

// top follows a category's parents to the top; a loop ends at the last one before it closes.
func (p *Planner) top(slug string) Term {
	at := p.categories[slug]
	for range maxDepth {
		up, ok := p.categories[at.Parent]
		if at.Parent == "" || !ok {
			break
		}
		at = up
	}
	return at
}

func termRef(slug, name string) TermRef {
	ref := TermRef{Slug: Slug(slug), Name: cut(PlainText(name), dateline.MaxName)}
	if ref.Slug == "" {
		ref.Slug = Slug(ref.Name)
	}
	if ref.Name == "" {
		ref.Name = decodeSlug(slug)
	}
	return ref
}

// sectionRef is termRef for a section, which may not have the name of one of the site's own routes.
func sectionRef(slug, name string) TermRef {
	ref := termRef(slug, name)
	if dateline.Reserved(ref.Slug) {
		ref.Slug += "-section"
	}
	return ref
}

func addTopic(list []TermRef, t TermRef) []TermRef {
	if t.Slug == "" {
		return list
	}
	for _, have := range list {
		if have.Slug == t.Slug || strings.EqualFold(have.Name, t.Name) {
			return list
		}
	}
	return append(list, t)
}

// addresses keeps the addresses at which the site answered, of what was public.
func (p *Planner) addresses(i Item, s *Story) {
	if s.State != StatePublished {
		return
	}
	address, why := p.own(i.Link)
	if why != "" {
		p.note(i.Line, NoteAddress, "The address %q is not kept: %s.", shorten(i.Link, 120), why)
	}
	s.Address = address
	if former, _ := p.own(i.GUID); former != "" && former != address && strings.Contains(former, "?") && isPostQuery(former) {
		s.Former = append(s.Former, former)
	}
}

// own returns path and query of an address of the site's own, or why it is none.
func (p *Planner) own(raw string) (address, why string) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case raw == "" || err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return "", "it is not a web address"
	case !p.hosts[bareHost(u.Host)]:
		return "", "it is on another host than the site"
	}
	address = u.EscapedPath()
	if address == "" {
		address = "/"
	}
	if u.RawQuery != "" {
		address += "?" + u.RawQuery
	}
	if address == "/" {
		return "", "it is the site's own front"
	}
	if dateline.ValidAddress(address) != nil {
		return "", "it cannot be an address"
	}
	return address, ""
}

func isPostQuery(address string) bool {
	_, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	return err == nil && (values.Get("p") != "" || values.Get("page_id") != "")
}

func hostOf(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	return bareHost(u.Host)
}

func bareHost(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
