package render

import (
	"time"

	"github.com/datelinehq/dateline"
)

// The widths at which cards show pictures.
const (
	bigSizes  lit = "(min-width:70rem) 41rem,(min-width:48rem) 93vw,100vw"
	wideSizes lit = "(min-width:70rem) 40rem,(min-width:40rem) 93vw,100vw"
	cardSizes lit = "(min-width:70rem) 19rem,(min-width:40rem) 45vw,7rem"
	rowSizes  lit = "(min-width:40rem) 13rem,7rem"
)

// cardHeadline writes a card's headline as the link to its article.
func (s *sheet) cardHeadline(tag lit, c *Card) {
	s.openHeadline(tag, c)
	s.text(c.Headline)
	s.closeHeadline(tag)
}

func (s *sheet) openHeadline(tag lit, c *Card) {
	s.lit("<")
	s.lit(tag)
	s.lit("><a")
	s.link("href", c.Address)
	s.langOf(c.Language)
	s.lit(">")
}

func (s *sheet) closeHeadline(tag lit) {
	s.lit("</a></")
	s.lit(tag)
	s.lit(">")
}

// cardPicture writes a card's picture as a second link to its article, which neither the keyboard nor a screen reader
// meets: the headline is the link.
func (s *sheet) cardPicture(c *Card, sizes lit, lazy bool) {
	if c.Picture == nil {
		return
	}
	s.lit("<a")
	s.link("href", c.Address)
	s.lit(` tabindex="-1" aria-hidden="true">`)
	s.image(c.Picture, sizes, nil, lazy)
	s.lit("</a>")
}

// card writes an article of a front. Its picture stands above the headline.
func (s *sheet) card(class, tag lit, c *Card, sizes lit, label func(*Card)) {
	s.openCard(class, c)
	s.cardPicture(c, sizes, true)
	label(c)
	s.cardHeadline(tag, c)
	s.paragraph("", c.Standfirst, c.Language)
	s.cardTime(c)
	s.lit("</article>\n")
}

func (s *sheet) openCard(class lit, c *Card) {
	s.lit(`<article class="`)
	s.lit(class)
	s.lit(`"`)
	s.mark(c.ID, c.Edition)
	s.lit(">")
}

// cardLabel names what kind of piece it is where the section is already said.
func (s *sheet) cardLabel(c *Card) {
	if c.Kicker != "" {
		s.kicker(c)
		return
	}
	if kind := s.kind(c.Label); kind != "" || c.Live {
		s.lit("<p class=\"label\">")
		s.liveMark(c)
		s.text(capital(kind))
		s.lit("</p>")
	}
}

// liveMark says of a card that it is of a live coverage, before what else its label says.
func (s *sheet) liveMark(c *Card) {
	if c.Live {
		s.element("span", "live", s.c.Live.Live)
		s.lit(" ")
	}
}

// fullLabel names section and kind.
func (s *sheet) fullLabel(c *Card) {
	if c.Kicker != "" {
		s.kicker(c)
		return
	}
	if !c.Live {
		s.label(c.Section, c.Label)
		return
	}
	s.lit("<p class=\"label\">")
	s.liveMark(c)
	s.anchor(c.Section, "")
	s.lit("</p>\n")
}

// plainLabel names section and kind without leading anywhere: in a band it would stand too near to other links.
func (s *sheet) plainLabel(c *Card) {
	plain := *c
	plain.Section.Address = ""
	s.fullLabel(&plain)
}

// kicker stands in place of section and label. It hides nothing that somebody paid for.
func (s *sheet) kicker(c *Card) {
	s.lit("<p class=\"label\">")
	s.liveMark(c)
	s.text(c.Kicker)
	if c.Label == dateline.LabelPaid {
		s.text(s.c.Comma + s.kind(c.Label))
	}
	s.lit("</p>\n")
}

// cardTime says when, no finer than today's date allows: the hour today, then the day.
func (s *sheet) cardTime(c *Card) {
	s.lit("<p class=\"when\">")
	s.shortTime(c)
	s.lit("</p>")
}

func (s *sheet) shortTime(c *Card) {
	if s.wrongTime(c, s.today) {
		return
	}
	first := s.local(c.First)
	words := Clock(first)
	if daysBefore(first, s.today) != 0 {
		words = s.c.nearDay(first, s.today)
	}
	s.instant(first, words)
}

// wrongTime says when an article was corrected, clarified or retracted, and reports whether it was. said is a day that need
// not be named again.
func (s *sheet) wrongTime(c *Card, said time.Time) bool {
	if !updated(c.First, c.Updated) || !c.Change.Wrong() {
		return false
	}
	s.updatedAt(c, said)
	s.text(s.c.Comma)
	s.element("span", "red", s.c.WithChange[c.Change])
	return true
}

func (s *sheet) updatedAt(c *Card, said time.Time) {
	at := s.local(c.Updated)
	words := Clock(at)
	if daysBefore(at, said) != 0 {
		words = s.c.day(at, s.today) + s.c.Comma + words
	}
	s.instant(at, put(s.c.UpdatedAt, "time", words))
}

// row writes an article of a list, with its label and its time.
func (s *sheet) row(c *Card, label, when func()) {
	class := lit("row")
	if c.Picture != nil {
		class = "row pic"
	}
	s.openCard(class, c)
	s.lit("<div>")
	label()
	s.cardHeadline("h3", c)
	s.paragraph("", c.Standfirst, c.Language)
	s.lit("<p class=\"when\">")
	when()
	s.lit("</p></div>")
	if c.Picture != nil {
		s.image(c.Picture, rowSizes, nil, true)
	}
	s.lit("</article>\n")
}

// rowTime is the hour of first publication, under whose day the row stands, or of an update, with its day where that is
// another.
func (s *sheet) rowTime(c *Card) {
	first := s.local(c.First)
	if s.wrongTime(c, first) {
		return
	}
	if updated(c.First, c.Updated) {
		s.updatedAt(c, first)
		return
	}
	s.instant(first, Clock(first))
}

// days writes rows under the days of their first publication, each day's name in the margin.
func (s *sheet) days(rows []Card) {
	var day time.Time
	for i := range rows {
		c := &rows[i]
		first := s.local(c.First)
		if d := date(first); i == 0 || !d.Equal(day) {
			if i > 0 {
				s.lit("</div></section>\n")
			}
			day = d
			s.openDay(first, i)
		}
		s.row(c, func() { s.cardLabel(c) }, func() { s.rowTime(c) })
	}
	if len(rows) > 0 {
		s.lit("</div></section>\n")
	}
}

func (s *sheet) openDay(day time.Time, n int) {
	id := func() { s.lit("d"); s.number(n) }
	s.band(id, func() {
		s.anchor(Link{Name: Name{Text: s.c.LongDate(day)}, Address: s.way(dateline.DayAddress(day, day.Location()))}, "")
	})
	s.lit("<div class=\"rows\">\n")
}

// band opens a part of a front or list with its heading in the margin.
func (s *sheet) band(id, heading func()) {
	s.lit("<section class=\"band\" aria-labelledby=\"")
	id()
	s.lit("\"><h2 id=\"")
	id()
	s.lit("\">")
	heading()
	s.lit("</h2>")
}

// pager leads to the newest page and the next older one.
func (s *sheet) pager(newest, older, olderWords string) {
	if newest == "" && older == "" {
		return
	}
	s.lit("<nav class=\"pager indent\"")
	s.attr("aria-label", s.c.Pages)
	s.lit(">")
	if newest != "" {
		s.anchor(Link{Name: Name{Text: s.c.Newest}, Address: newest}, "")
	} else {
		s.lit("<span></span>")
	}
	if older != "" {
		s.lit("<a")
		s.link("href", older)
		s.lit(` rel="next">`)
		s.text(olderWords)
		s.lit("</a>")
	}
	s.lit("</nav>\n")
}
