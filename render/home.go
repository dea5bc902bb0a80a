package render

import (
	"strings"

	"github.com/datelinehq/dateline"
)

// Home writes the paper's front.
func (r *Renderer) Home(p *HomePage) []byte {
	s := r.sheet(&p.Frame, len(r.whole.element)+roughly)
	h := head{description: p.Motto.Text, kind: "website", style: &r.whole, others: p.Frame.Languages}
	if p.Lead != nil && p.Lead.Picture != nil {
		h.image = p.Lead.Picture.Address
	}
	s.begin(h)
	s.body(func() { s.nameplate(p) })
	s.leadIn(p)
	s.storyBand(p.Stories)
	for i := range p.Bands {
		s.homeBand(i, &p.Bands[i])
	}
	if p.Lead == nil && len(p.Latest) == 0 && len(p.Bands) == 0 {
		s.paragraph("lede", s.c.NothingYet, "")
	}
	return s.end()
}

func (s *sheet) nameplate(p *HomePage) {
	s.lit("<h1 class=\"plate\"")
	s.paperLang()
	s.lit("><a href=\"/\">")
	s.text(s.f.Paper)
	s.lit("</a></h1>")
	if p.Changed.IsZero() {
		s.lit("\n")
		return
	}
	s.lit("<p class=\"ear\">")
	at, sentence := s.local(p.Changed), s.c.LastChanged
	words := Clock(at)
	if daysBefore(at, s.today) != 0 {
		sentence, words = s.c.LastChangedOn, s.c.DateTime(at)
	}
	s.around(sentence, "{time}", func() { s.instant(at, words) })
	s.lit("</p>\n")
}

// around writes a sentence of the catalogue with something else than words at one of its places.
func (s *sheet) around(sentence, place string, inside func()) {
	before, after, found := strings.Cut(sentence, place)
	s.text(before)
	if found {
		inside()
	}
	s.text(after)
}

// leadIn is the head of the front: the lead, four articles beside it, and the latest.
func (s *sheet) leadIn(p *HomePage) {
	if p.Lead == nil && len(p.Beside) == 0 && len(p.Latest) == 0 {
		return
	}
	s.lit("<div class=\"lead-in\">\n")
	if p.Lead != nil {
		s.bigCard(p.Lead)
	}
	if len(p.Beside) > 0 {
		s.lit("<div>\n")
		for i := range p.Beside {
			s.besideCard(&p.Beside[i])
		}
		s.lit("</div>\n")
	}
	s.latest(p.Latest)
	s.lit("</div>\n")
}

// bigCard is the lead: its picture, which most visits show first, is not lazy.
func (s *sheet) bigCard(c *Card) {
	s.openCard("card big", c)
	s.label(c.Section, c.Label)
	s.cardHeadline("h2", c)
	s.lit("\n")
	s.paragraph("", c.Standfirst, c.Language)
	s.cardTime(c)
	s.cardPicture(c, bigSizes, false)
	s.lit("</article>\n")
}

func (s *sheet) besideCard(c *Card) {
	s.openCard("card", c)
	s.label(c.Section, c.Label)
	s.cardHeadline("h2", c)
	s.paragraph("", c.Standfirst, c.Language)
	s.cardTime(c)
	s.lit("</article>\n")
}

// latest goes by the time of the latest change. The zone stands once, in the heading.
func (s *sheet) latest(list []Card) {
	if len(list) == 0 {
		return
	}
	s.lit("<section class=\"latest\" aria-labelledby=\"lt\"><h2 id=\"lt\">")
	s.text(s.c.Latest)
	s.lit(" <small>")
	s.text(ZoneAbbreviation(s.today))
	s.lit("</small></h2><ul class=\"plain\">\n")
	for i := range list {
		s.latestItem(&list[i])
	}
	s.lit("</ul></section>\n")
}

func (s *sheet) latestItem(c *Card) {
	at := c.First
	if updated(c.First, c.Updated) {
		at = c.Updated
	}
	at = s.local(at)
	words := at.Format("15:04")
	s.lit("<li")
	if daysBefore(at, s.today) != 0 {
		words = s.c.day(at, s.today)
		s.lit(` class="day"`)
	}
	s.mark(c.ID, c.Edition)
	s.lit(">")
	s.instant(at, words)
	s.lit("<a")
	s.link("href", c.Address)
	s.lit(">")
	if c.Change.Wrong() && updated(c.First, c.Updated) {
		s.element("span", "red", s.c.Changes[c.Change]+":")
		s.lit(" ")
	}
	if c.Label == dateline.LabelPaid {
		s.text(capital(s.kind(c.Label)) + ": ")
	}
	s.inLanguage(c.Headline, c.Language)
	s.lit("</a></li>\n")
}

// homeBand is a section's part of the front, in its layout.
func (s *sheet) homeBand(n int, b *Band) {
	if len(b.Cards) == 0 {
		return
	}
	s.band(func() { s.lit("s"); s.number(n) }, func() {
		s.anchor(Link{Name: b.Section.Name, Address: b.Section.Address}, "")
	})
	switch {
	case b.Layout == LayoutList:
		s.lit("<div class=\"rows\">\n")
		for i := range b.Cards {
			c := &b.Cards[i]
			s.row(c, func() { s.cardLabel(c) }, func() { s.shortTime(c) })
		}
	case b.Layout == LayoutWide && len(b.Cards) > 1:
		s.lit("<div class=\"cards\">\n")
		s.card("card wide", "h3", &b.Cards[0], wideSizes)
		s.lit("<div>\n")
		for i := range b.Cards[1:] {
			s.headlineCard(&b.Cards[i+1])
		}
		s.lit("</div>\n")
	default:
		s.lit("<div class=\"cards\">\n")
		for i := range b.Cards {
			s.card("card", "h3", &b.Cards[i], cardSizes)
		}
	}
	s.lit("</div></section>\n")
}

// headlineCard is an article of which only the headline stands.
func (s *sheet) headlineCard(c *Card) {
	s.openCard("card", c)
	s.cardLabel(c)
	s.cardHeadline("h3", c)
	s.cardTime(c)
	s.lit("</article>\n")
}
