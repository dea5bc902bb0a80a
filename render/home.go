package render

import (
	"strings"

	"github.com/datelinehq/dateline"
)

// Home writes the paper's front.
func (r *Renderer) Home(p *HomePage) []byte {
	s := r.sheet(&p.Frame)
	h := head{description: p.Motto.Text, kind: "website", style: &r.whole, others: p.Frame.Languages, searched: true}
	if p.Lead != nil && p.Lead.Picture != nil {
		h.image = p.Lead.Picture.social()
	}
	s.begin(h)
	s.body(func() { s.nameplate(p) })
	s.front(&p.Front, p.Latest)
	if p.Lead == nil && len(p.Latest) == 0 && len(p.Bands) == 0 {
		s.paragraph("lede", s.c.NothingYet, "")
	}
	return s.end()
}

// front writes what is arranged: the strip, what is on air, the lead and what stands beside it, and the bands.
func (s *sheet) front(f *Front, latest []Card) {
	s.breaking(f.Strip)
	for i := range f.OnAir {
		s.onAir(&f.OnAir[i])
	}
	s.leadIn(f, latest)
	for i := range f.Bands {
		s.frontBand(i, &f.Bands[i])
	}
}

func (s *sheet) breaking(b *Strip) {
	if b == nil {
		return
	}
	s.lit("<p class=\"strip2\">")
	s.element("span", "live", s.c.Breaking)
	s.lit(" ")
	s.anchor(Link{Name: b.Text, Address: b.Address}, "")
	s.lit("</p>\n")
}

// onAir is the line of a live coverage with its newest entry.
func (s *sheet) onAir(l *OnAir) {
	s.lit("<p class=\"strip2\">")
	class := lit("off")
	if l.State == dateline.LiveOn {
		class = "live"
	}
	s.element("span", class, s.liveWord(l.State))
	s.lit(" ")
	s.anchor(Link{Name: l.Headline, Address: l.Address}, "")
	if !l.At.IsZero() {
		s.lit(" <span class=\"new\">")
		s.instant(l.At, s.clock(l.At))
		if l.Latest.Name.Text != "" {
			s.lit(" ")
			s.anchor(l.Latest, "")
		}
		s.lit("</span>")
	}
	s.lit("</p>\n")
}

func (s *sheet) nameplate(p *HomePage) {
	s.lit("<h1 class=\"plate\"")
	s.paperLang()
	s.lit("><a")
	s.link("href", s.way("/"))
	s.lit(">")
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
func (s *sheet) leadIn(p *Front, latest []Card) {
	if p.Lead == nil && len(p.Beside) == 0 && len(latest) == 0 {
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
	s.latest(latest)
	s.lit("</div>\n")
}

// bigCard is the lead: its picture, which most visits show first, is not lazy.
func (s *sheet) bigCard(c *Card) {
	s.openCard("card big", c)
	s.fullLabel(c)
	s.cardHeadline("h2", c)
	s.lit("\n")
	s.paragraph("", c.Standfirst, c.Language)
	s.cardTime(c)
	s.cardPicture(c, bigSizes, false)
	s.lit("</article>\n")
}

func (s *sheet) besideCard(c *Card) {
	s.openCard("card", c)
	s.fullLabel(c)
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
	s.text(ZoneAbbreviation(s.local(s.f.Today)))
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
	if c.Live {
		s.element("span", "red", s.c.Live.Live+":")
		s.lit(" ")
	}
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

// frontBand is a part of the front, in its layout.
func (s *sheet) frontBand(n int, b *Band) {
	if len(b.Stories) > 0 {
		s.storyBand(n, b)
		return
	}
	if len(b.Cards) == 0 {
		return
	}
	s.band(func() { s.lit("s"); s.number(n) }, func() { s.bandHeading(b) })
	label := s.cardLabel
	if b.Mixed {
		label = s.plainLabel
	}
	switch {
	case b.Layout == LayoutList:
		s.lit("<div class=\"rows\">\n")
		for i := range b.Cards {
			c := &b.Cards[i]
			s.row(c, func() { label(c) }, func() { s.shortTime(c) })
		}
	case b.Layout == LayoutWide && len(b.Cards) > 1:
		s.lit("<div class=\"cards\">\n")
		s.card("card wide", "h3", &b.Cards[0], wideSizes, label)
		s.lit("<div>\n")
		for i := range b.Cards[1:] {
			s.headlineCard(&b.Cards[i+1], label)
		}
		s.lit("</div>\n")
	default:
		s.lit("<div class=\"cards\">\n")
		for i := range b.Cards {
			s.card("card", "h3", &b.Cards[i], cardSizes, label)
		}
	}
	s.lit("</div></section>\n")
}

func (s *sheet) bandHeading(b *Band) {
	switch b.Named {
	case NamedLatest:
		s.text(s.c.Latest)
	case NamedMostRead:
		s.text(s.c.MostRead)
	case NamedLive:
		s.text(s.c.Live.Live)
	case NamedStories:
		s.text(s.c.RunningStories)
	default:
		s.anchor(b.Heading, "")
	}
}

// headlineCard is an article of which only the headline stands.
func (s *sheet) headlineCard(c *Card, label func(*Card)) {
	s.openCard("card", c)
	label(c)
	s.cardHeadline("h3", c)
	s.cardTime(c)
	s.lit("</article>\n")
}
