package render

import (
	"cmp"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
)

// Article writes an article's page.
func (r *Renderer) Article(p *ArticlePage) []byte {
	css := &r.article
	if script(p.Language) || script(p.Frame.Language) {
		css = &r.scripts
	}
	s := r.sheet(&p.Frame)
	h := head{title: cmp.Or(p.SearchTitle, p.Headline), shared: cmp.Or(p.SocialTitle, p.Headline), description: p.Standfirst, kind: "article", style: css, others: p.Translations}
	if p.Lead != nil {
		h.image = p.Lead.social()
	}
	s.begin(h)
	if !p.Frame.Private && p.Frame.Then == nil {
		s.articleMeta(p)
		s.jsonLD(p)
	}
	s.body(nil)
	s.age(p)
	s.lit(`<article class="article"`)
	s.mark(p.ID, p.Edition)
	s.lit(">\n")
	s.articleHead(p)
	s.about(p)
	s.lead(p.Lead, p.Language)
	s.lit("<div class=\"body\">\n")
	s.retraction(p)
	s.fill(fragment{body: p.Body, language: p.Language, people: p.People, pictures: p.Pictures, opening: s.dateline(p)})
	s.lit("</div>\n")
	s.corrections(p.Corrections, p.Language)
	s.topics(p.Topics)
	s.storyBoxes(p.Stories)
	s.related("nx", s.c.Related, p.Related)
	s.related("mr", s.c.MostRead, p.MostRead)
	s.lit("</article>\n")
	s.embeds(p.Body)
	return s.end()
}

// script says whether a language needs the part of the style sheet for other scripts than the Latin one.
func script(language string) bool {
	switch base, _ := splitTag(language); base {
	case "hi", "ar", "ur":
		return true
	}
	return false
}

func (s *sheet) articleMeta(p *ArticlePage) {
	s.lit(`<meta property="article:published_time" content="`)
	s.b = s.local(p.First).AppendFormat(s.b, time.RFC3339)
	s.lit("\">\n")
	if updated(p.First, p.Updated) {
		s.lit(`<meta property="article:modified_time" content="`)
		s.b = s.local(p.Updated).AppendFormat(s.b, time.RFC3339)
		s.lit("\">\n")
	}
	s.property("article:section", p.Section.Name.Text)
}

// updated says whether the second time is one to show.
func updated(first, updated time.Time) bool { return updated.After(first) }

// age is the notice above an article that is a year old or more, or older than where its running story stands.
func (s *sheet) age(p *ArticlePage) {
	first := s.local(p.First)
	years := wholeYears(first, s.today)
	overtaken := overtaken(p)
	if years < 1 && overtaken == nil || first.IsZero() {
		return
	}
	s.lit("<aside class=\"age\" aria-labelledby=\"ag\">\n<p class=\"year\" aria-hidden=\"true\">")
	s.number(first.Year())
	s.lit("</p>\n<div><h2 id=\"ag\">")
	if years < 1 {
		s.text(put(s.c.ThisIsFrom, "date", s.c.LongDate(first)))
	} else {
		s.text(s.c.wordCount(s.c.Age, years))
		s.lit(" ")
		s.text(put(s.c.AgeFrom, "date", s.c.LongDate(first)))
	}
	s.lit("</h2>")
	if overtaken != nil {
		s.sinceThen(overtaken)
	}
	s.lit("</div></aside>\n")
}

// wordCount is Count with small numbers in words where the language writes them so.
func (c *Catalogue) wordCount(p Plural, n int) string {
	word := Number(n)
	if n < len(c.Numbers) {
		word = c.Numbers[n]
	}
	return put(c.Count(p, n), "word", word)
}

func (s *sheet) articleHead(p *ArticlePage) {
	s.lit("<header class=\"head\">\n")
	s.label(p.Section, p.Label)
	s.headline(p.Headline, p.Standfirst, p.Language)
	s.lit("</header>\n")
}

func (s *sheet) headline(headline, standfirst, language string) {
	s.lit("<h1")
	s.langOf(language)
	s.lit(">")
	s.text(headline)
	s.lit("</h1>\n")
	s.paragraph("stand", standfirst, language)
}

// paragraph writes words in a language as a paragraph; nothing where there are none.
func (s *sheet) paragraph(class lit, words, language string) {
	if words == "" {
		return
	}
	s.lit("<p")
	if class != "" {
		s.lit(` class="`)
		s.lit(class)
		s.lit(`"`)
	}
	s.langOf(language)
	s.lit(">")
	s.text(words)
	s.lit("</p>\n")
}

// label is the line above a headline: the section, and what kind of piece it is unless it is news.
func (s *sheet) label(section Link, label dateline.Label) {
	kind := s.kind(label)
	if section.Name.Text == "" && kind == "" {
		return
	}
	s.lit("<p class=\"label\">")
	s.anchor(Link{Name: section.Name, Address: section.Address}, "")
	if section.Name.Text != "" && kind != "" {
		s.text(s.c.Comma + kind)
	} else {
		s.text(capital(kind))
	}
	s.lit("</p>\n")
}

func (s *sheet) kind(label dateline.Label) string {
	if label == "" || label == dateline.LabelNews {
		return ""
	}
	return s.c.Labels[label]
}

// capital begins a word of the catalogue that stands alone with a capital, in scripts that have them.
func capital(word string) string {
	r, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + word[size:]
}

// about is the margin: who, where, when, and why it was last changed.
func (s *sheet) about(p *ArticlePage) {
	s.lit("<div class=\"about\">\n")
	s.byline(p.Byline)
	s.paragraph("", p.Dateline.Place, p.Language)
	s.lit("<dl class=\"times\">\n")
	if updated(p.First, p.Updated) {
		s.updatedTime(p)
	}
	s.term(s.c.FirstPublished, p.First)
	s.lit("</dl>\n")
	if p.History != "" && p.Edition > 0 {
		s.hist(s.c.Count(s.c.SeeWhatChanged, p.Edition), p.History)
	}
	if o := p.Coverage; o != nil {
		s.lit("<p class=\"hist\">")
		s.linkedHeadline(put(s.c.Live.OfCoverage, "time", s.clock(o.At)), Name{Text: o.Headline, Language: o.Language}, o.Address)
		s.lit("</p>\n")
	}
	s.translations(p.Translations, p.Language)
	s.lit("</div>\n")
}

func (s *sheet) hist(words, address string) {
	s.lit("<p class=\"hist\">")
	s.anchor(Link{Name: Name{Text: words}, Address: address}, "")
	s.lit("</p>\n")
}

func (s *sheet) updatedTime(p *ArticlePage) {
	if p.Change.Wrong() {
		s.lit("<div class=\"wrong\"><dt>")
	} else {
		s.lit("<div><dt>")
	}
	s.text(s.c.Updated)
	s.lit("</dt> <dd>")
	s.instant(p.Updated, "")
	if p.Note != "" {
		s.lit("<p>")
		s.element("b", "", s.c.Changes[p.Change]+":")
		s.lit(" ")
		s.inLanguage(p.Note, p.Language)
		s.lit("</p>")
	}
	s.lit("</dd></div>\n")
}

// inLanguage writes words, marked where they are not in the page's language.
func (s *sheet) inLanguage(words, language string) {
	s.name(Name{Text: words, Language: language})
}

func (s *sheet) term(words string, at time.Time) {
	s.lit("<div><dt>")
	s.text(words)
	s.lit("</dt> <dd>")
	s.instant(at, "")
	s.lit("</dd></div>\n")
}

func (s *sheet) byline(credits []Credit) {
	if len(credits) == 0 {
		return
	}
	s.lit("<p class=\"by\">")
	s.text(s.c.By)
	for i, b := range credits {
		switch {
		case i > 0 && i == len(credits)-1:
			s.text(s.c.And)
		case i > 0:
			s.text(s.c.Comma)
		}
		if b.Removed || b.Name.Text == "" {
			s.text(s.c.NameRemoved)
			continue
		}
		s.anchor(Link{Name: b.Name, Address: b.Address}, "")
	}
	s.lit("</p>\n")
}

func (s *sheet) translations(list []Translation, own string) {
	first := true
	for _, t := range list {
		if t.Language == own {
			continue
		}
		if first {
			s.lit("<p class=\"hist\">")
			s.text(s.c.OtherLanguages)
			first = false
		}
		s.lit(" ")
		s.translation(t)
	}
	if !first {
		s.lit("</p>\n")
	}
}

func (s *sheet) lead(p *Picture, language string) {
	if p == nil {
		return
	}
	s.lit("<figure class=\"lead\">")
	s.image(p, "(min-width:70rem) 61rem,(min-width:48rem) 93vw,100vw", appendText(nil, p.Alt), false)
	s.lit("\n")
	s.caption(p.Caption, s.c.PictureBy, p.Credit, language)
	s.lit("</figure>\n")
}

// caption writes a caption, in the article's language, and the credit after it in one paragraph.
func (s *sheet) caption(caption, by, credit, language string) {
	if caption == "" && credit == "" {
		return
	}
	s.lit("<figcaption>")
	if caption != "" {
		s.inLanguage(caption, language)
	}
	if credit != "" {
		if caption != "" {
			s.lit(" ")
		}
		s.element("small", "", put(by, "credit", credit))
	}
	s.lit("</figcaption>")
}

// image writes a picture in its widths, as WebP for those who read that. Lazy ones lie below what is seen first; the first of the
// others is the largest thing that is seen at first, and goes before the fonts.
func (s *sheet) image(p *Picture, sizes lit, alt escaped, lazy bool) {
	if len(p.WebP) > 0 {
		s.lit(`<picture><source type="image/webp"`)
		s.srcset(p.WebP, sizes)
		s.lit(">")
	}
	s.lit("<img")
	s.link("src", p.Address)
	s.srcset(p.Sources, sizes)
	if p.Width > 0 && p.Height > 0 {
		s.lit(` width="`)
		s.number(p.Width)
		s.lit(`" height="`)
		s.number(p.Height)
		s.lit(`"`)
	}
	s.lit(` alt="`)
	s.b = append(s.b, alt...)
	s.lit(`"`)
	if lazy {
		s.lit(` loading="lazy"`)
	} else if !s.hurried {
		s.lit(` fetchpriority="high"`)
		s.hurried = true
	}
	s.lit(">")
	if len(p.WebP) > 0 {
		s.lit("</picture>")
	}
}

// srcset lists the addresses of a picture's widths, and how wide it will be shown.
func (s *sheet) srcset(list []PictureWidth, sizes lit) {
	if len(list) == 0 {
		return
	}
	s.lit(` srcset="`)
	for i, w := range list {
		if i > 0 {
			s.lit(", ")
		}
		s.url(w.Address)
		s.lit(" ")
		s.number(w.Width)
		s.lit("w")
	}
	s.lit(`" sizes="`)
	s.lit(sizes)
	s.lit(`"`)
}

// dateline is what opens the text: place, day and agency.
func (s *sheet) dateline(p *ArticlePage) string {
	d := p.Dateline
	if d.Place == "" && d.Agency == "" {
		return ""
	}
	c, ok := CatalogueFor(p.Language)
	if !ok {
		c = s.c
	}
	words := c.DayMonth(s.local(p.First))
	if d.Place != "" {
		words = d.Place + c.Comma + words
	}
	if d.Agency != "" {
		words += " (" + d.Agency + ")"
	}
	return words
}

// retraction is the notice above the text of an article that was retracted.
func (s *sheet) retraction(p *ArticlePage) {
	for _, c := range p.Corrections {
		if c.Change != dateline.ChangeRetraction {
			continue
		}
		s.lit("<section class=\"fixes head-note\" aria-labelledby=\"rt\"><h2 id=\"rt\">")
		s.text(put(s.c.Retracted, "paper", s.f.Paper))
		s.lit("</h2>")
		s.paragraph("", c.Note, p.Language)
		s.lit("<p>")
		s.text(s.c.RetractedBelow)
		s.lit("</p></section>\n")
		return
	}
}

// corrections stand at the foot of the text, newest first, under the word for them.
func (s *sheet) corrections(list []Correction, language string) {
	if len(list) == 0 {
		return
	}
	s.lit("<section class=\"fixes\" aria-labelledby=\"fx\"><h2 id=\"fx\">")
	if len(list) == 1 {
		s.text(s.c.Changes[list[0].Change])
	} else {
		s.text(s.c.Corrections)
	}
	s.lit("</h2>\n<ul>")
	for _, c := range list {
		s.lit("<li>")
		s.instant(c.At, "")
		s.lit(" ")
		if len(list) > 1 {
			s.element("b", "", s.c.Changes[c.Change]+":")
			s.lit(" ")
		}
		s.inLanguage(c.Note, language)
		if c.Paragraph != "" {
			s.lit(" ")
			s.anchor(Link{Name: Name{Text: s.c.TheParagraph}, Address: c.Paragraph}, "")
		}
		if c.Address != "" {
			s.lit(" ")
			s.anchor(Link{Name: Name{Text: s.c.SeeTheChange}, Address: c.Address}, "")
		}
		s.lit("</li>\n")
	}
	s.lit("</ul></section>\n")
}

func (s *sheet) topics(list []Link) {
	if len(list) == 0 {
		return
	}
	s.lit("<section class=\"topics\" aria-labelledby=\"tp\"><h2 id=\"tp\">")
	s.text(s.c.Topics)
	s.lit("</h2><ul>")
	for _, t := range list {
		s.lit("<li>")
		s.anchor(t, "")
		s.lit("</li>")
	}
	s.lit("</ul></section>\n")
}

// related lists further articles under a heading.
func (s *sheet) related(id lit, heading string, list []Card) {
	if len(list) == 0 {
		return
	}
	s.lit("<section class=\"next\" aria-labelledby=\"")
	s.lit(id)
	s.lit("\"><h2 id=\"")
	s.lit(id)
	s.lit("\" class=\"label\">")
	s.text(heading)
	s.lit("</h2>\n<ul>")
	for i := range list {
		c := &list[i]
		s.lit("<li")
		s.mark(c.ID, c.Edition)
		s.lit(">")
		s.cardHeadline("h3", c)
		s.lit("<p class=\"when\">")
		first := s.local(c.First)
		s.instant(first, s.c.nearDay(first, s.today)+s.c.Comma+Clock(first))
		s.lit("</p></li>\n")
	}
	s.lit("</ul></section>\n")
}

// Page writes a page's page.
func (r *Renderer) Page(p *PagePage) []byte {
	css := &r.article
	if script(p.Language) || script(p.Frame.Language) {
		css = &r.scripts
	}
	s := r.sheet(&p.Frame)
	s.begin(head{title: cmp.Or(p.SearchTitle, p.Headline), shared: cmp.Or(p.SocialTitle, p.Headline), description: p.Standfirst, kind: "website", style: css, others: p.Translations})
	s.body(nil)
	s.lit(`<article class="article"`)
	s.mark(p.ID, p.Edition)
	s.lit(">\n<header class=\"head\">\n")
	s.headline(p.Headline, p.Standfirst, p.Language)
	s.lit("</header>\n")
	s.pageAbout(p)
	s.lead(p.Lead, p.Language)
	s.lit("<div class=\"body\">\n")
	s.fill(fragment{body: p.Body, language: p.Language, people: p.People, pictures: p.Pictures})
	s.lit("</div>\n</article>\n")
	s.embeds(p.Body)
	return s.end()
}

func (s *sheet) pageAbout(p *PagePage) {
	if p.Updated.IsZero() && p.History == "" {
		return
	}
	s.lit("<div class=\"about\">\n")
	if !p.Updated.IsZero() {
		s.lit("<dl class=\"times\">\n")
		s.term(s.c.Updated, p.Updated)
		s.lit("</dl>\n")
	}
	if p.History != "" && p.Edition > 0 {
		s.hist(s.c.Count(s.c.SeeWhatChanged, p.Edition), p.History)
	}
	s.translations(p.Translations, p.Language)
	s.lit("</div>\n")
}
